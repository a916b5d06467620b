// The table: every statement as a row; the equal path for those who do not use the picture.

const COLUMNS = ['statement', 'subject', 'relation', 'object', 'says', 'standing', 'rests on', 'words'];

function restsOn(statement) {
  if (statement.rule) return statement.rule.citations.map((name) => `${page.citations[name].title} (${name})`);
  if (statement.proofs) return groundsOf(statement);
  if (statement.look === 'recorded') return [new Map(statement.qualifiers).get('Place')];
  return [...new Set(statement.claims.flatMap((claim) => claim.passages))];
}

// The statements and rule parts that the shortest proof of a derived statement rests on.
function groundsOf(statement) {
  const below = (step) => (step.premises ? step.premises.flatMap((place) => below(page.steps[place])) : step.grounds || []);
  return [...new Set(below(page.steps[statement.proofs[0]]))];
}

const standingOf = (statement) => (statement.rule ? statement.rule.strength + (statement.rule.verified ? '' : ' (not verified)') : statement.standing || '');

function tableRow(statement) {
  const open = make('button', { type: 'button', class: 'inline', 'data-statement': statement.id, onclick: () => openEdge(edgeOfStatement.get(statement.id), { reveal: true }) }, isolate(brief(statement.subject)));
  const object = make('td', {}, isolate(brief(statement.object)));
  if (statement.qualifiers.length) object.append(make('span', { class: 'quiet' }, ` (${statement.qualifiers.map((pair) => pair.join(': ')).join('; ')})`));
  return make('tr', {}, make('th', { scope: 'row' }, open), make('td', {}, statement.relation), object,
    make('td', {}, statement.says), make('td', {}, standingOf(statement)), make('td', {}, isolate(restsOn(statement).join(', '))));
}

// A few hundred rows at a time, so that a large graph is ready before its table is long.
const ROWS_AT_ONCE = 300;
function addRows(start) {
  find('table').tBodies[0].append(...page.statements.slice(start, start + ROWS_AT_ONCE).map(tableRow));
  if (start + ROWS_AT_ONCE < page.statements.length) setTimeout(() => addRows(start + ROWS_AT_ONCE), 20);
}

function startTable() {
  find('table-count').textContent = count(statements.size, 'statement') + '.';
  find('to-table').addEventListener('click', () => { find('table-box').scrollIntoView(); find('table-title').focus({ preventScroll: true }); });
  find('save-csv').addEventListener('click', () => save(new Blob([csvText()], { type: 'text/csv' }), 'csv'));
}

// A cell that a spreadsheet would take for a formula is led by an apostrophe.
function csvCell(value) {
  const text = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvText() {
  const rows = page.statements.map((s) => [s.id, s.subject, s.relation, s.object, s.says, standingOf(s), restsOn(s).join('; '), s.words]);
  return [COLUMNS, ...rows].map((row) => row.map(csvCell).join(',') + '\r\n').join('');
}
