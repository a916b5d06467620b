// The address of the page: everything that was chosen, so that a link shows the same again and back and forward work.

const addressNow = () => location.hash.replace(/^#/, '');

// A large neighbourhood opens one step around its centre.
const LARGE = 60;
const isLarge = nodes.has(page.view.centre) && nodes.size > LARGE;
const nearAtFirst = () => (isLarge ? new Map([[page.view.centre, 1]]) : new Map());
const nearText = (near) => [...near].map(([id, depth]) => `${depth} ${id}`).sort().join('\n');

function addressOf() {
  const parts = new URLSearchParams();
  if (state.picture !== page.view.pictures[0]) parts.set('picture', state.picture);
  if (state.scope !== 'any') parts.set('scope', state.scope);
  if (state.node) parts.set('node', state.node);
  if (state.edge) parts.set(...nameOfEdge(state.edge));
  if (state.cell) parts.set('cell', state.cell);
  if (state.region) parts.set('region', state.region);
  for (const step of state.path || []) parts.append('path', step);
  for (const key of [...state.hidden].sort()) parts.append('hide', key);
  if (nearText(state.near) !== nearText(nearAtFirst())) parts.set('near', nearText(state.near));
  for (const id of [...state.folded].sort()) parts.append('fold', id);
  return parts.toString();
}

// An edge is named by its first statement, or by itself where that statement draws another edge first.
function nameOfEdge(id) {
  const [first] = edges.get(id).statements;
  return edgeOfStatement.get(first) === id ? ['statement', first] : ['edge', id];
}

function edgeNamed(name) {
  return edges.has(name) ? name : edgeOfStatement.get(name) || null;
}

function readNear(text) {
  const pairs = text.split('\n').map((line) => [line.slice(line.indexOf(' ') + 1), Number.parseInt(line, 10)]);
  return new Map(pairs.filter(([id, depth]) => nodes.has(id) && depth > 0 && depth < 10));
}

// What an address names and the page does not have is passed over.
function readAddress() {
  const parts = new URLSearchParams(addressNow());
  const known = (name, has) => (has(parts.get(name)) ? parts.get(name) : null);
  state.picture = known('picture', (name) => page.view.pictures.includes(name)) || page.view.pictures[0];
  state.scope = known('scope', (name) => Boolean(page.body) && page.body.scopes.some(([scope]) => scope === name)) || 'any';
  state.hidden = new Set(parts.getAll('hide').filter((key) => document.querySelector(`[data-filter="${CSS.escape(key)}"]`)));
  state.near = parts.has('near') ? readNear(parts.get('near')) : nearAtFirst();
  state.folded = new Set(parts.getAll('fold').filter((id) => nodes.has(id)));
  const path = parts.getAll('path').filter((id) => edges.has(id));
  return {
    path: path.length ? path : null,
    edge: edgeNamed(parts.get('edge') || parts.get('statement') || ''),
    node: known('node', (id) => nodes.has(id)),
    cell: known('cell', (name) => matrixCells.has(name)),
    region: known('region', (name) => Boolean(page.body) && page.body.regions.some((region) => region.name === name)),
  };
}

function followAddress({ isFirst = false } = {}) {
  if (!isFirst && addressNow() === addressOf()) return;
  if (isFirst && !addressNow() && edgeOfStatement.has(page.view.statement)) location.replace('#' + new URLSearchParams({ statement: page.view.statement }));
  const { path, edge, node, cell, region } = readAddress();
  const fit = isFirst && (state.near.size || state.folded.size);
  if (path) choose({ path });
  else if (edge) openEdge(edge);
  else if (node) openNode(node, { centre: !isInView(node) });
  else if (cell) choose({ cell });
  else if (region) choose({ region });
  else choose({}, { fit });
}
