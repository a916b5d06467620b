// The keyboard in the graph: arrows walk, Enter opens one statement after another, + and - expand and collapse.

const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
let walker = null; // the node where the keyboard stands
let turn = -1; // which of its edges Enter opened last

// The neighbour that lies most in a direction; where none does, the nearest node that way.
function neighbourTowards(id, [dx, dy]) {
  const linked = new Set(edgesOf.get(id).filter(isEdgeShown).map((edge) => otherEnd(edge, id)));
  const candidates = nodeRows.filter((node) => node.id !== id && isNodeShown(node)).map((node) => {
    const x = places[node.id].x - places[id].x, y = places[node.id].y - places[id].y;
    const away = Math.hypot(x, y);
    return { id: node.id, away, along: (x * dx + y * dy) / away, isLinked: linked.has(node.id) };
  }).filter((candidate) => candidate.along > 0.5);
  candidates.sort((a, b) => b.isLinked - a.isLinked || a.away / a.along - b.away / b.along);
  return candidates.length ? candidates[0].id : null;
}

function onGraphKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') { walker = null; clear(); return; }
  if (event.key === 'Enter' && walker) { openNext(); return; }
  if (event.key === '+' && walker && canExpand(walker)) { expand(walker); return; }
  if (event.key === '-' && walker && canCollapse(walker)) { collapse(walker); return; }
  if (!DIRECTIONS[event.key]) return;
  event.preventDefault();
  const next = walker && inSight().has(walker) ? neighbourTowards(walker, DIRECTIONS[event.key]) : busiestNode();
  if (next) openNode(next, { centre: !isInView(next) });
}

function busiestNode() {
  const [first, ...others] = nodeRows.filter(isNodeShown);
  return others.reduce((best, node) => (edgesOf.get(node.id).length > edgesOf.get(best.id).length ? node : best), first)?.id;
}

function openNext() {
  const shown = edgesOf.get(walker).filter(isEdgeShown);
  if (!shown.length) return;
  turn = (turn + 1) % shown.length;
  openEdge(shown[turn].id);
}

function startKeyboard() {
  find('graph').addEventListener('keydown', onGraphKey);
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.matches('input, textarea');
    if (event.key === 'Escape' && !isTyping && event.target !== find('graph')) clear();
    if (event.key === '/' && !isTyping) { event.preventDefault(); find('search').focus(); }
  });
}
