// The panel: what is known of the chosen node or edge, down to the passages.

function linkTo(iri, text) {
  if (!/^https?:\/\//i.test(iri)) return make('code', {}, text);
  return make('a', { href: iri, target: '_blank', rel: 'noreferrer noopener' }, text);
}

const nodeButton = (id) => make('button', { type: 'button', class: 'inline', 'data-node': id, onclick: () => openNode(id) }, isolate(brief(labelOf(id))));

// Pairs of term and value; pairs without a value are left out.
function definitions(pairs) {
  const list = make('dl', {});
  for (const [term, value] of pairs) {
    if (!value || (Array.isArray(value) && !value.length)) continue;
    list.append(make('dt', {}, term), make('dd', {}, Array.isArray(value) ? isolate(value.join(', ')) : typeof value === 'string' ? isolate(value) : value));
  }
  return list;
}

const WELCOME = {
  graph: 'Choose a node or a line to see what it rests on. The table below says the same without a picture.',
  matrix: 'Choose a cell to see who says so, and what it rests on. An empty cell is not a no.',
  body: 'Choose a bone to see what is said of it. Nothing is coloured without a statement.',
};

function showWelcome() {
  const passages = Object.keys(page.passages).length;
  const rules = new Set(page.statements.flatMap((statement) => (statement.rule ? [statement.rule.curie] : []))).size;
  const sources = [passages ? `${count(passages, 'passage')} of the articles` : '', rules ? `${count(rules, 'rule')} of labels and guidelines` : ''].filter(Boolean);
  fillPanel(
    make('p', {}, page.view.description),
    make('p', {}, `${count(nodes.size, 'concept')} and ${count(statements.size, 'statement')}${sources.length ? ', resting on ' + sources.join(' and on ') : ''}.`),
    make('p', {}, WELCOME[state.picture]),
    sightButtons(null),
    disagreements(),
    page.view.sparql ? sparqlBox(page.view.sparql) : '',
  );
}

// What the sources disagree on, in words; each opens the first statement of it that the page has.
function disagreements() {
  const open = page.conflicts.filter(isOpposed).filter((conflict) => conflict.members.some((side) => edgeOfStatement.has(side.statement)));
  if (!open.length) return '';
  const item = (conflict) => {
    const edge = edgeOfStatement.get(conflict.members.find((side) => edgeOfStatement.has(side.statement)).statement);
    return make('li', {}, make('strong', { class: 'contested' }, conflict.kind), ': ', button(isolate(conflict.explanation), () => openEdge(edge), { class: 'inline' }));
  };
  const list = make('details', { class: 'disagreements' }, make('summary', {}, `${count(open.length, 'disagreement')} among the sources`), make('ul', {}, ...open.map(item)));
  list.open = open.length <= 12;
  return list;
}

function fillPanel(...children) {
  const panel = find('panel');
  panel.replaceChildren(...children);
  if (document.documentElement.dataset.ready) panel.scrollTop = 0;
}

// A node

function showNode(id) {
  const concept = concepts.get(id);
  fillPanel(
    make('h2', {}, isolate(concept.label)),
    make('p', { class: 'kind' }, kindSwatch(concept.kind), ' ' + kinds.get(concept.kind).label),
    concept.definition ? make('p', {}, isolate(concept.definition)) : '',
    sightButtons(id),
    definitions([['Also called', namesOf(concept)], ['Identifier', concept.iri ? linkTo(concept.iri, concept.id) : '']]),
    ...statementGroups(id),
    mappingList(concept),
    concept.iri ? sparqlBox(sparqlOfConcept(concept)) : '',
  );
}

// What can be opened and folded around a node, or everywhere.
function sightButtons(id) {
  const offers = [];
  if (id && canExpand(id)) offers.push(button(`Expand (+${unseenNeighbours(id)})`, () => expand(id), { 'data-do': 'expand' }));
  if (id && canCollapse(id)) offers.push(button('Collapse', () => collapse(id), { 'data-do': 'collapse' }));
  if (id && nodes.size > 8) for (const depth of [1, 2]) offers.push(button(`Only ${count(depth, 'step')} around`, () => showOnlyAround(id, depth), { 'data-do': 'around-' + depth }));
  if (state.near.size || state.folded.size) offers.push(button('Show all', showAll, { 'data-do': 'all' }));
  return offers.length && state.picture === 'graph' ? make('div', { class: 'group offers' }, ...offers) : '';
}

// A few names, and the others to be opened, so that they do not stand before what is said.
const NAMES_AT_ONCE = 5;
function namesOf(concept) {
  const names = concept.synonyms.map(([name, scope]) => (scope === 'exact' ? name : `${name} (${scope})`));
  if (names.length <= NAMES_AT_ONCE + 1) return names;
  const others = names.slice(NAMES_AT_ONCE);
  return make('div', {}, isolate(names.slice(0, NAMES_AT_ONCE).join(', ')),
    make('details', {}, make('summary', {}, `${others.length} more names`), isolate(others.join(', '))));
}

function mappingList(concept) {
  if (!concept.mappings.length) return '';
  const items = concept.mappings.map(([relation, iri, notation, label]) =>
    make('li', {}, make('span', { class: 'quiet' }, relation + ' '), linkTo(iri, notation || iri), label ? ' ' : '', isolate(label)));
  return make('details', {}, make('summary', {}, count(items.length, 'mapping')), make('ul', { class: 'plain' }, ...items));
}

// The statements of a node by relation, its own first; those it is the object of are led by an arrow.
function statementGroups(id) {
  const groups = new Map();
  for (const edge of [...edgesOf.get(id)].sort((a, b) => (b.from === id) - (a.from === id))) {
    const heading = edge.from === id ? edge.words : `← ${edge.words}`;
    groups.set(heading, [...(groups.get(heading) || []), edge]);
  }
  return [...groups].map(([heading, members]) =>
    make('section', { class: 'relation' }, make('h3', {}, heading), make('ul', { class: 'plain' }, ...members.map((edge) => edgeRow(edge, id)))));
}

const proofsOf = (edge) => edge.statements.reduce((sum, name) => sum + (statements.get(name).proofs || []).length, 0);

function edgeRow(edge, id) {
  const words = edge.look === 'curated' ? 'curators' : edge.look === 'query' ? 'query' : edge.look === 'recorded' ? 'record' : edge.look === 'derived' ? count(proofsOf(edge), 'proof') : edge.look === 'label' ? (edge.weight ? count(edge.weight, 'citation') : 'not verified') : count(edge.weight, 'passage');
  const name = `Evidence (${words}): ${wordsOf(edge)}`;
  return make('li', {}, nodeButton(otherEnd(edge, id)), ' ',
    make('button', { type: 'button', class: 'evidence', 'data-edge': edge.id, 'aria-label': name, onclick: () => openEdge(edge.id) }, lookSwatch(edge.look), words));
}

// A path: every step with its evidence

function showPath(steps) {
  fillPanel(make('h2', {}, `Path of ${count(steps.length, 'step')}`), ...steps.map((id) => {
    const edge = edges.get(id);
    return make('section', { class: 'step' }, make('h3', {}, nodeButton(edge.from), ` ${edge.words} `, nodeButton(edge.to)),
      ...cardsOf(edge.statements));
  }));
}

// An edge: its statements

function showEdge(id) {
  const edge = edges.get(id);
  fillPanel(
    make('h2', {}, nodeButton(edge.from), ` ${edge.words} `, nodeButton(edge.to)),
    make('p', { class: 'kind' }, lookSwatch(edge.look), ' ', looks.get(edge.look).label),
    ...cardsOf(edge.statements),
  );
}

const cardsOf = (names) => names.map((name) => statementCard(statements.get(name)));

// A cell of the matrix and a bone of the body map: all statements about it

function showCell(cell) {
  const heading = concepts.has(cell.column) ? [nodeButton(cell.row), ' and ', nodeButton(cell.column)] : [nodeButton(cell.row), `: ${looks.get(cell.column).label}`];
  fillPanel(make('h2', {}, ...heading), ...cardsOf([...new Set(cell.edges.flatMap((id) => edges.get(id).statements))]));
}

function showRegion(name) {
  const region = page.body.regions.find((one) => one.name === name);
  const { level, statements: names } = findingOf(state.scope, name);
  fillPanel(
    make('h2', {}, region.label),
    make('p', {}, make('strong', {}, `${scopeLabel(state.scope)}: ${levelLabel(level)}.`)),
    names.length ? '' : make('p', {}, 'Not mentioned does not mean that it does not happen.'),
    ...cardsOf(names),
  );
}
