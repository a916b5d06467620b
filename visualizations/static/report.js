// The report of a patient's screening: to be read from top to bottom, and printed with every proof open.

function startReport() {
  if (!page.report) return;
  find('width-hint').textContent = 'The wider a line, the stronger the flag.';
  const { summary, narrowed, strengths, alerts, treatments, checks, entries, leftovers, remaining } = page.report;
  find('report').append(
    make('p', {}, make('strong', {}, isolate(summary))),
    narrowed ? make('p', {}, make('span', { class: 'outside' }, `Whose word counts here: ${narrowed}. What others say was not judged.`)) : '',
    strengths.length ? make('p', {}, strengths.join(', ')) : '',
    ...alerts.map((alert) => make('section', { class: 'alert' }, make('h3', {}, alert.title), ...alert.findings.map((name) => findingBox(name, true)))),
    ...treatments.map(treatmentReport),
    treatments.length ? '' : make('p', {}, 'No treatment is given or planned on this record, so none is judged.'),
    listOf('Asked for by the conditions, not on record', checks),
    make('h3', {}, 'What the record says'), entryList(entries),
    ...leftoverList(leftovers),
    ...remainingList(remaining),
  );
  find('to-picture').addEventListener('click', () => { find('picture').scrollIntoView(); find('graph').focus({ preventScroll: true }); });
  window.addEventListener('beforeprint', openForPrint);
  window.addEventListener('afterprint', closeAfterPrint);
}

function listOf(title, names) {
  if (!names.length) return '';
  return make('div', { class: 'told' }, make('h4', {}, title), make('p', {}, isolate(names.join(', '))));
}

function treatmentReport({ label, time, named, where, flags, missing, risks, address, checks, unjudged }) {
  return make('section', { class: 'treatment' },
    make('h3', {}, isolate(label), make('span', { class: 'quiet' }, ` ${time}; on record as `, isolate(named), ', ', isolate(where))),
    flags.length ? '' : make('p', {}, 'No flag. That is not the same as safe: read what could not be judged.'),
    ...[...flags, ...missing, ...risks].map((name) => findingBox(name)),
    listOf('Put right first', address),
    listOf('Checks asked for, not on record', checks),
    ...(unjudged.length ? [make('h4', {}, 'Could not be judged'), make('ul', {}, ...unjudged.map(({ reason, parts }) => make('li', {}, isolate(reason), make('span', { class: 'quiet' }, ` (${parts.join(', ')})`))))] : []));
}

const strengthName = (strength) => 'strength-' + strength.replaceAll(' ', '-');

// A finding with its strength in words, what it rests on, and its proof to be opened.
function findingBox(name, isAlert = false) {
  const statement = statements.get(name);
  const qualifiers = new Map(statement.qualifiers);
  const effect = qualifiers.has('Effect') ? ` → ${qualifiers.get('Effect')}` : '';
  return make('details', { class: `finding ${strengthName(statement.standing)}`, 'data-finding': name },
    make('summary', {}, make('strong', { class: 'strength' }, statement.standing.toUpperCase()), ' ', isolate(isAlert ? `${statement.object}, because of ${statement.subject}` : statement.subject + effect),
      make('span', { class: 'quiet' }, ` [${qualifiers.get('On the word of')}]`),
      qualifiers.has('Inheritance') ? make('em', {}, ` ${qualifiers.get('Inheritance')}`) : ''),
    ...bodyOf(statement),
    make('p', { class: 'offers' }, button('Show in the picture', () => openEdge(edgeOfStatement.get(name), { reveal: true }))));
}

function entryList(entries) {
  const items = entries.map((name) => statements.get(name)).map((entry) => {
    const { Place: place, Measured: measured, 'Named there': named } = Object.fromEntries(entry.qualifiers);
    return make('li', {}, `${entry.relation} `, make('strong', {}, isolate(entry.object)), measured ? ` (${measured})` : '',
      make('span', { class: 'quiet' }, ' ', isolate(`${named}, ${place}`)));
  });
  return items.length ? make('ul', {}, ...items) : make('p', {}, 'Nothing that was understood.');
}

function leftoverList(leftovers) {
  if (!leftovers.length) return [];
  return [make('h3', {}, 'Not understood or set aside'), make('p', {}, 'Nothing was judged from these.'),
    make('ul', {}, ...leftovers.map(({ words, where, reason }) => make('li', {}, isolate(words), make('span', { class: 'quiet' }, ' ', isolate(where), ': '), isolate(reason))))];
}

function remainingList(groups) {
  const items = ({ label, told, first }) => make('li', {}, make('strong', {}, isolate(label)),
    told.length ? make('span', {}, '; ', isolate(told.join('; '))) : '', first.length ? make('span', { class: 'quiet' }, '; put right first: ', isolate(first.join(', '))) : '');
  return [make('h3', {}, 'Treatments that remain'), make('p', {}, 'Treatments that the sources speak of, each supposed by itself on top of the record. To remain is not to be advised.'),
    ...groups.map(({ title, treatments }) => make('details', { class: 'remaining' }, make('summary', {}, `${title} (${treatments.length})`), make('ul', {}, ...treatments.map(items))))];
}

// Paper cannot be clicked: what is closed is opened for it, and closed again.
let openedForPrint = [];
function openForPrint() {
  openedForPrint = [...find('report').querySelectorAll('details:not([open])')].filter((one) => !one.matches('.sparql'));
  for (const one of openedForPrint) one.open = true;
}

function closeAfterPrint() {
  for (const one of openedForPrint) one.open = false;
}
