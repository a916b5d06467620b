'use strict';
// The data of the page and how things are found in them. Nothing here touches the picture.

const find = (id) => document.getElementById(id);
const readBlock = (id) => JSON.parse(find(id).textContent);

const page = readBlock('meta-data');
const concepts = new Map(page.concepts.map((concept) => [concept.id, concept]));
const statements = new Map(page.statements.map((statement) => [statement.id, statement]));
const conflicts = new Map(page.conflicts.map((conflict) => [conflict.id, conflict]));
const kinds = new Map(page.kinds.map((kind) => [kind.name, kind]));
const nodeRows = readBlock('nodes-data');
const nodes = new Map(nodeRows.map((node) => [node.id, node]));
const edges = new Map(readBlock('edges-data').map((edge) => [edge.id, edge]));

const edgesOf = new Map(nodeRows.map((node) => [node.id, []]));
const edgeOfStatement = new Map();
for (const edge of edges.values()) {
  edge.words = page.relations[edge.relation];
  edgesOf.get(edge.from).push(edge);
  if (edge.to !== edge.from) edgesOf.get(edge.to).push(edge);
  for (const id of edge.statements) if (!edgeOfStatement.has(id)) edgeOfStatement.set(id, edge.id);
}

// What the reader chose; the address of the page is made of it.
const state = { node: null, edge: null, path: null, hidden: new Set() };

const labelOf = (id) => concepts.get(id).label;
const otherEnd = (edge, id) => (edge.from === id ? edge.to : edge.from);
const isNodeShown = (node) => !state.hidden.has('kind:' + node.kind);
const isEdgeShown = (edge) =>
  isNodeShown(nodes.get(edge.from)) && isNodeShown(nodes.get(edge.to)) &&
  !state.hidden.has('relation:' + edge.relation) && !state.hidden.has('look:' + edge.look);

// Text for comparison: no case, no accents.
function fold(text) {
  return text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
}

// An element with attributes and children; strings become text, never markup.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'onclick') element.addEventListener('click', value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ''));
  return element;
}

// A name in its own direction, so that right-to-left marks in it turn nothing else around.
const isolate = (text) => make('bdi', {}, text);
const count = (number, one, many) => `${number} ${number === 1 ? one : many || one + 's'}`;
