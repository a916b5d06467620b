// Choosing, the address of the page, the keyboard and the theme; then the start.

let walker = null; // the node where the keyboard stands
let turn = -1; // which of its edges Enter opened last

function choose(change) {
  Object.assign(state, { node: null, edge: null, path: null }, change);
  changed();
}

function openNode(id, { centre = true } = {}) {
  if (walker !== id) { walker = id; turn = -1; }
  state.hidden.delete('kind:' + nodes.get(id).kind);
  choose({ node: id });
  if (centre && !(narrowScreen.matches && isInView(id))) network.moveTo({ position: network.getPositions([id])[id], scale: Math.max(network.getScale(), 0.9), animation: false });
  if (narrowScreen.matches && centre) find('graph').scrollIntoView({ block: 'nearest' });
}

function openEdge(id, { centre = true, reveal = false } = {}) {
  const edge = edges.get(id);
  for (const end of [edge.from, edge.to]) state.hidden.delete('kind:' + nodes.get(end).kind);
  state.hidden.delete('relation:' + edge.relation);
  state.hidden.delete('look:' + edge.look);
  choose({ edge: id });
  if (centre && !(isInView(edge.from) && isInView(edge.to))) fitTo(new Set([edge.from, edge.to]), network.getScale());
  if (reveal) { find('panel').scrollIntoView({ block: 'nearest' }); find('panel').focus({ preventScroll: true }); }
}

function openPath(from, to) {
  const steps = findPath(from, to);
  choose({ path: steps && steps.length ? steps : null });
  if (steps && steps.length) fitTo(focus.nodes, 1.1);
  else fillPanel(make('h2', {}, 'Path'), make('p', {}, steps ? 'Both are the same concept.' : `No path joins ${labelOf(from)} and ${labelOf(to)} in what is shown.`));
}

function clear() {
  choose({});
}

// Whatever was chosen or filtered: show it and write it into the address.
function changed() {
  refresh();
  showFilters();
  if (state.path) showPath(state.path);
  else if (state.edge) showEdge(state.edge);
  else if (state.node) showNode(state.node);
  else showWelcome();
  if (addressOf() !== addressNow()) location.hash = addressOf();
}

// The address

const addressNow = () => location.hash.replace(/^#/, '');

function addressOf() {
  const parts = new URLSearchParams();
  if (state.node) parts.set('node', state.node);
  if (state.edge) parts.set(...nameOfEdge(state.edge));
  if (state.path) parts.set('path', state.path.join('|'));
  if (state.hidden.size) parts.set('hide', [...state.hidden].sort().join(','));
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

function followAddress() {
  if (addressNow() === addressOf()) return;
  const parts = new URLSearchParams(addressNow());
  state.hidden = new Set((parts.get('hide') || '').split(',').filter((key) => document.querySelector(`[data-filter="${CSS.escape(key)}"]`)));
  const steps = (parts.get('path') || '').split('|').filter((id) => edges.has(id));
  const node = nodes.has(parts.get('node')) ? parts.get('node') : null;
  const edge = edgeNamed(parts.get('edge') || parts.get('statement') || '');
  if (steps.length) choose({ path: steps });
  else if (edge) openEdge(edge);
  else if (node) openNode(node, { centre: !isInView(node) });
  else choose({});
}

// The keyboard

const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

// The neighbour that lies most in a direction; where none does, the nearest node that way.
function neighbourTowards(id, [dx, dy]) {
  const places = network.getPositions();
  const linked = new Set(edgesOf.get(id).filter(isEdgeShown).map((edge) => otherEnd(edge, id)));
  const candidates = nodeRows.filter((node) => node.id !== id && isNodeShown(node)).map((node) => {
    const x = places[node.id].x - places[id].x, y = places[node.id].y - places[id].y;
    const distance = Math.hypot(x, y);
    return { id: node.id, distance, along: (x * dx + y * dy) / distance, isLinked: linked.has(node.id) };
  }).filter((candidate) => candidate.along > 0.5);
  candidates.sort((a, b) => b.isLinked - a.isLinked || a.distance / a.along - b.distance / b.along);
  return candidates.length ? candidates[0].id : null;
}

function onGraphKey(event) {
  if (event.key === 'Escape') { walker = null; clear(); return; }
  if (event.key === 'Enter' && walker) { openNext(); return; }
  if (!DIRECTIONS[event.key]) return;
  event.preventDefault();
  const next = walker ? neighbourTowards(walker, DIRECTIONS[event.key]) : busiestNode();
  if (next) openNode(next, { centre: !isInView(next) });
}

function busiestNode() {
  return nodeRows.filter(isNodeShown).reduce((best, node) => (edgesOf.get(node.id).length > edgesOf.get(best.id).length ? node : best)).id;
}

function openNext() {
  const shown = edgesOf.get(walker).filter(isEdgeShown);
  if (!shown.length) return;
  turn = (turn + 1) % shown.length;
  openEdge(shown[turn].id);
}

// The theme

function setTheme(isDark) {
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  find('theme').setAttribute('aria-pressed', String(isDark));
  readPalette();
  if (network) refresh();
}

function startTheme() {
  const wish = matchMedia('(prefers-color-scheme: dark)');
  setTheme(wish.matches);
  wish.addEventListener('change', () => setTheme(wish.matches));
  find('theme').addEventListener('click', () => setTheme(document.documentElement.dataset.theme !== 'dark'));
}

startTheme();
startGraph();
startLegend();
startSearch();
startPath();
startTable();
startExport();
find('graph').addEventListener('keydown', onGraphKey);
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && event.target === document.body) clear(); });
window.addEventListener('hashchange', followAddress);
showWelcome();
followAddress();
requestAnimationFrame(() => requestAnimationFrame(() => { document.documentElement.dataset.ready = 'yes'; }));
window.osteograph = { network, state, page, nodes, edges, openNode, openEdge, openPath, clear, search, findPath, labelBoxes, svgText, csvText, pngCanvas, curveOf: (id) => curve(edges.get(id), network.getPositions(), SIZE, SIZE) };
