// What is shown: filters, the neighbourhoods that are open, and which labels there is room for.

// Everything within some steps of the open nodes; everything at all where none is.
function reached() {
  if (!state.near.size) return new Set(nodes.keys());
  const seen = new Set();
  for (const [start, depth] of state.near) {
    let ring = new Set([start]);
    seen.add(start);
    for (let step = 0; step < depth; step++) {
      ring = new Set([...ring].flatMap((id) => edgesOf.get(id).map((edge) => otherEnd(edge, id))));
      ring.forEach((id) => seen.add(id));
    }
  }
  return seen;
}

const neighboursOf = (id) => new Set(edgesOf.get(id).map((edge) => otherEnd(edge, id)).filter((other) => other !== id));

// The neighbours that hang on a node alone.
function leavesOf(id, seen) {
  return [...neighboursOf(id)].filter((other) => seen.has(other) && [...neighboursOf(other)].every((end) => end === id || !seen.has(end)));
}

let sightSeen = null;
let sightVersion = 0;
function forgetSight() {
  sightSeen = null;
  sightVersion += 1;
}

function inSight() {
  if (sightSeen) return sightSeen;
  const seen = reached();
  const folded = [...state.folded].filter((id) => seen.has(id)).flatMap((id) => leavesOf(id, seen));
  folded.forEach((id) => seen.delete(id));
  sightSeen = seen;
  return seen;
}

const isNodeShown = (node) => !state.hidden.has('kind:' + node.kind) && inSight().has(node.id);
const passesFilters = (edge) =>
  !state.hidden.has('relation:' + edge.relation) && !state.hidden.has('look:' + edge.look) &&
  !state.hidden.has('kind:' + nodes.get(edge.from).kind) && !state.hidden.has('kind:' + nodes.get(edge.to).kind);
const isEdgeShown = (edge) => passesFilters(edge) && inSight().has(edge.from) && inSight().has(edge.to);
const unseenNeighbours = (id) => [...neighboursOf(id)].filter((other) => !inSight().has(other)).length;

// Make sure that a node can be seen, whatever hides it.
function reveal(id) {
  state.hidden.delete('kind:' + nodes.get(id).kind);
  if (!inSight().has(id) && state.near.size) state.near.set(id, 1);
  forgetSight();
  if (!inSight().has(id)) state.folded.clear();
  forgetSight();
}

function expand(id) {
  state.folded.delete(id);
  if (state.near.size) state.near.set(id, Math.max(state.near.get(id) || 0, 1));
  changed({ fit: true });
}

function collapse(id) {
  if (state.near.size > 1 && state.near.has(id)) state.near.delete(id);
  else state.folded.add(id);
  changed({ fit: true });
}

function showOnlyAround(id, depth) {
  state.near = new Map([[id, depth]]);
  state.folded.clear();
  changed({ fit: true });
}

function showAll() {
  state.near.clear();
  state.folded.clear();
  changed({ fit: true });
}

const canExpand = (id) => unseenNeighbours(id) > 0;
const canCollapse = (id) => (state.near.size > 1 && state.near.has(id)) || (!state.folded.has(id) && leavesOf(id, inSight()).length > 0);

// Labels thin out by rank as one zooms out: they keep a size that can be read, and those with most statements stay.
const LEGIBLE = 0.7;
const growthAt = (scale) => Math.min(Math.max(LEGIBLE / scale, 1), 60);
const shapeSize = (grow) => SIZE * Math.max(1, Math.min(grow, 8) / 2);
const plan = { key: '', ids: new Set(), grow: 1 };

function labelPlan(scale, places, halfOf) {
  const key = `${scale.toFixed(2)} ${sightVersion} ${state.node} ${state.edge} ${state.path}`;
  if (plan.key === key) return plan;
  Object.assign(plan, { key, grow: growthAt(scale), ids: new Set() });
  const shown = nodeRows.filter(isNodeShown);
  if (scale >= LEGIBLE) shown.forEach((node) => plan.ids.add(node.id));
  else ranked(shown).reduce((taken, node) => (takeRoom(taken, labelRoom(node, places[node.id], halfOf(node), plan.grow)) && plan.ids.add(node.id), taken), new Map());
  return plan;
}

function ranked(shown) {
  const rank = (node) => (focus && focus.nodes.has(node.id) ? 1e6 : 0) + edgesOf.get(node.id).length;
  return [...shown].sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1));
}

const labelRoom = (node, { x, y }, half, grow) =>
  ({ left: x - half * grow, right: x + half * grow, top: y - SIZE, bottom: y + SIZE + 2 + LINE_HEIGHT * grow * node.label.split('\n').length });

// Take a box in a grid of boxes, if no other is in the way.
const GRID = 400;
function takeRoom(taken, box) {
  const cells = [];
  for (let column = Math.floor(box.left / GRID); column <= box.right / GRID; column++) {
    for (let row = Math.floor(box.top / GRID); row <= box.bottom / GRID; row++) cells.push(`${column} ${row}`);
  }
  const isFree = cells.every((cell) => (taken.get(cell) || []).every((other) => other.left >= box.right || box.left >= other.right || other.top >= box.bottom || box.top >= other.bottom));
  if (isFree) cells.forEach((cell) => taken.set(cell, [...(taken.get(cell) || []), box]));
  return isFree;
}
