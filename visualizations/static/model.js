// The data of the page and how things are found in them. Nothing here touches the picture.

const find = (id) => document.getElementById(id);
const readBlock = (id) => JSON.parse(find(id).textContent);
const byName = (items) => new Map(items.map((item) => [item.name, item]));
const byId = (items) => new Map(items.map((item) => [item.id, item]));

const page = readBlock('meta-data');
for (const concept of page.concepts) concept.mappings = concept.mappings.map(([relation, space, local, notation, label]) => [relation, page.namespaces[space] + local, notation, label]);
const iriOf = (curie) => page.prefixes[curie.slice(0, curie.indexOf(':'))] + curie.slice(curie.indexOf(':') + 1);
for (const thing of [...page.concepts, ...page.statements, ...page.grounds]) if (thing.iri === true) thing.iri = iriOf(thing.id);
for (const said of [...page.statements, ...page.grounds]) said.words ??= `${said.subject} ${said.relation} ${said.object}`;
const concepts = byId(page.concepts);
const statements = byId(page.statements);
const grounds = new Map([...statements, ...byId(page.grounds)]);
const conflicts = byId(page.conflicts);
const kinds = byName(page.kinds);
const looks = byName(page.looks);
const nodeRows = readBlock('nodes-data');
const nodes = byId(nodeRows);
const edges = byId(readBlock('edges-data'));

const edgesOf = new Map(nodeRows.map((node) => [node.id, []]));
const edgeOfStatement = new Map();
for (const edge of edges.values()) {
  edge.words = page.relations[edge.relation];
  edgesOf.get(edge.from).push(edge);
  if (edge.to !== edge.from) edgesOf.get(edge.to).push(edge);
  for (const id of edge.statements) if (!edgeOfStatement.has(id)) edgeOfStatement.set(id, edge.id);
}

// What the reader chose; the address of the page is made of it. `near` maps nodes to how many steps around them are
// shown (all, where it is empty), `folded` are nodes whose outlying neighbours are folded away.
const state = {
  picture: page.view.pictures[0], scope: 'any', node: null, edge: null, path: null, cell: null, region: null,
  hidden: new Set(), near: new Map(), folded: new Set(),
};

const labelOf = (id) => concepts.get(id).label;
const otherEnd = (edge, id) => (edge.from === id ? edge.to : edge.from);
const wordsOf = (edge) => `${labelOf(edge.from)} ${edge.words} ${labelOf(edge.to)}`;

// Text for comparison: no case, no accents.
function fold(text) {
  return text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
}

// An element with attributes and children; strings become text, never markup.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'onclick') element.addEventListener('click', value);
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ''));
  return element;
}

const button = (words, onclick, attributes = {}) => make('button', { type: 'button', onclick, ...attributes }, words);

// A name in its own direction, so that right-to-left marks in it turn nothing else around.
const isolate = (text) => make('bdi', {}, text);

// A name as far as a list has room for it; its own panel has it whole.
const brief = (text) => (text.length > 300 ? `${Array.from(text).slice(0, 280).join('')} …` : text);
const count = (number, one, many) => `${number} ${number === 1 ? one : many || one + 's'}`;
