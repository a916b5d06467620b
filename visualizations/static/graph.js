// The picture: vis-network with our positions, our shapes and no physics.

const narrowScreen = matchMedia('(max-width: 760px)');
let palette = {};
let network = null;
let nodeSet = null;
let edgeSet = null;

function readPalette() {
  const names = new Set(['--background', '--text', '--card', '--outline', '--accent', ...page.looks.map((look) => look.color)]);
  palette = Object.fromEntries([...names].map((name) => [name, color(name)]));
}

// Nodes and edges that matter for what is chosen; the others step back.
function focusOf() {
  if (state.path) return { nodes: new Set(state.path.flatMap((id) => [edges.get(id).from, edges.get(id).to])), edges: new Set(state.path) };
  if (state.edge) { const edge = edges.get(state.edge); return { nodes: new Set([edge.from, edge.to]), edges: new Set([edge.id]) }; }
  if (state.node) { const near = edgesOf.get(state.node).filter(isEdgeShown); return { nodes: new Set([state.node, ...near.map((edge) => otherEnd(edge, state.node))]), edges: new Set(near.map((edge) => edge.id)) }; }
  return null;
}
let focus = null;

function tracePolygon(context, kind, x, y, size) {
  context.beginPath();
  outlineOf(kind).forEach(([dx, dy], index) => (index ? context.lineTo(x + dx * size, y + dy * size) : context.moveTo(x + dx * size, y + dy * size)));
  context.closePath();
}

function drawShape(context, node, x, y, isChosen) {
  context.globalAlpha = focus && !focus.nodes.has(node.id) ? 0.3 : 1;
  tracePolygon(context, node.kind, x, y, SIZE * Math.max(1, currentPlan().grow / 2));
  context.fillStyle = kinds.get(node.kind).color;
  context.fill();
  context.lineWidth = isChosen ? 3.5 : 1.5;
  context.strokeStyle = isChosen ? palette['--accent'] : palette['--outline'];
  context.setLineDash([]);
  context.stroke();
}

const halfWidths = new Map();
const ruler = document.createElement('canvas').getContext('2d');
ruler.font = FONT;
function halfWidth(node) {
  if (!halfWidths.has(node.id)) halfWidths.set(node.id, Math.max(SIZE, ...node.label.split('\n').map((line) => ruler.measureText(line).width / 2)));
  return halfWidths.get(node.id);
}

let places = {};
function currentPlan() {
  return labelPlan(network ? network.getScale() : 1, places, halfWidth);
}

function drawLabel(context, node, x, y, isChosen) {
  const { ids, grow } = currentPlan();
  if (!ids.has(node.id)) return;
  context.globalAlpha = focus && !focus.nodes.has(node.id) ? 0.4 : 1;
  context.font = (isChosen ? 'bold ' : '') + FONT.replace('13px', `${13 * grow}px`);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 4 * grow;
  context.strokeStyle = palette['--background'];
  context.fillStyle = palette['--text'];
  node.label.split('\n').forEach((line, index) => {
    const height = y + SIZE + 2 + LINE_HEIGHT * grow * (index + 0.5);
    context.strokeText(line, x, height);
    context.fillText(line, x, height);
  });
}

// How many neighbours are folded away or not yet open.
function drawMore(context, node, x, y) {
  const more = state.near.size || state.folded.size ? unseenNeighbours(node.id) : 0;
  if (!more) return;
  context.font = 'bold ' + FONT;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = palette['--accent'];
  context.fillText(`+${more}`, x + SIZE + 2, y - SIZE + 2);
}

function renderNode({ ctx, id, x, y, state: { selected } }) {
  const node = nodes.get(id);
  return {
    drawNode: () => { drawShape(ctx, node, x, y, selected); drawMore(ctx, node, x, y); },
    drawExternalLabel: () => drawLabel(ctx, node, x, y, selected),
    nodeDimensions: { width: 2 * SIZE, height: 2 * SIZE },
  };
}

function placeOf(node) {
  const [x, y] = narrowScreen.matches ? node.narrow : [node.x, node.y];
  return { x, y };
}

function nodeItem(node) {
  const { x, y } = placeOf(node);
  const title = `${concepts.get(node.id).label} (${kinds.get(node.kind).label})`;
  return { id: node.id, x, y, label: node.label, title, shape: 'custom', size: SIZE, ctxRenderer: renderNode, hidden: !isNodeShown(node) };
}

const CROWDED = 400; // edges, of which each steps back a little

function edgeItem(edge) {
  const look = looks.get(edge.look);
  const isFaint = focus && !focus.edges.has(edge.id);
  const isMarked = state.path ? state.path.includes(edge.id) : state.edge === edge.id;
  const paint = isMarked && !look.double ? palette['--accent'] : palette[look.color];
  return {
    id: edge.id, from: edge.from, to: edge.to, dashes: dashesOf(look), width: lineWidth(edge) + (isMarked ? 1.5 : 0),
    arrows: { to: { enabled: true, scaleFactor: arrowScale(edge) } },
    title: wordsOf(edge),
    color: { color: paint, highlight: paint, hover: paint, opacity: isFaint ? 0.15 : edges.size > CROWDED && !focus ? 0.3 : 1 },
    smooth: { enabled: true, type: edge.bend < 0 ? 'curvedCCW' : 'curvedCW', roundness: Math.abs(edge.bend) },
    hidden: !isEdgeShown(edge),
  };
}

// The middle point of the curve that vis-network draws for a bend.
function controlPoint(from, to, bend) {
  const bow = Math.abs(bend);
  const angle = Math.atan2(from.y - to.y, to.x - from.x) + (bend < 0 ? 0.5 - bow * 0.5 : 0.5 + bow * 0.5) * Math.PI;
  const reach = (bow * 0.5 + 0.5) * Math.hypot(to.x - from.x, to.y - from.y);
  return { x: from.x + reach * Math.sin(angle), y: from.y + reach * Math.cos(angle) };
}

function pointAt(from, via, to, t) {
  const s = 1 - t;
  return { x: s * s * from.x + 2 * s * t * via.x + t * t * to.x, y: s * s * from.y + 2 * s * t * via.y + t * t * to.y };
}

// The stretch of a curve between the shapes at its ends, as points.
function curve(edge, clearStart, clearEnd) {
  const from = places[edge.from];
  const to = places[edge.to];
  const via = controlPoint(from, to, edge.bend);
  return sample(from, via, to).filter((point) => distance(point, from) >= clearStart && distance(point, to) >= clearEnd);
}

const sample = (from, via, to) => Array.from({ length: 41 }, (_, index) => pointAt(from, via, to, index / 40));
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
const arrowScale = (edge) => (looks.get(edge.look).double ? 0.15 : 0.5);

// The line inside a doubled one. vis-network ends its lines where the arrowhead begins, so this one ends there too.
function innerLine(edge) {
  const from = places[edge.from];
  const head = 15 * arrowScale(edge) + 3 * lineWidth(edge);
  const end = curve(edge, 0, SIZE + 0.9 * head).pop();
  if (!end) return [];
  return sample(from, controlPoint(from, places[edge.to], edge.bend), end).filter((point) => distance(point, from) > SIZE + 3);
}

function drawInnerLines(context) {
  for (const edge of edges.values()) {
    if (!looks.get(edge.look).double || !isEdgeShown(edge) || edge.from === edge.to) continue;
    context.beginPath();
    innerLine(edge).forEach((point, index) => (index ? context.lineTo(point.x, point.y) : context.moveTo(point.x, point.y)));
    context.lineWidth = 1.8;
    context.setLineDash([]);
    context.strokeStyle = palette['--background'];
    context.stroke();
  }
}

// The boxes of shape and label, measured as drawn.
function labelBoxes() {
  return nodeRows.filter(isNodeShown).map((node) => ({ id: node.id, ...labelRoom(node, places[node.id], halfWidth(node), 1) }));
}

function boundsOf(boxes) {
  return {
    left: Math.min(...boxes.map((box) => box.left)), right: Math.max(...boxes.map((box) => box.right)),
    top: Math.min(...boxes.map((box) => box.top)), bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

const FOOT = 48; // the zoom buttons stand here
const HEAD = page.view.pictures.length > 1 ? 44 : 0; // and here the tabs

function fitTo(ids, largest = 1.25) {
  const wanted = labelBoxes().filter((box) => !ids || ids.has(box.id));
  if (!wanted.length) return;
  const { left, right, top, bottom } = boundsOf(wanted);
  const area = find('graph');
  const scale = Math.max(0.03, Math.min(largest, (area.clientWidth - 20) / (right - left), (area.clientHeight - 16 - FOOT - HEAD) / (bottom - top)));
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 + (FOOT - HEAD) / 2 / scale }, scale, animation: false });
  allowPanning();
}

// On a narrow screen the picture is as tall as it needs, and a finger scrolls the page until one zooms in.
function setHeight() {
  const isFixed = narrowScreen.matches && state.picture === 'graph';
  find('picture').style.height = '';
  if (!isFixed) return;
  const { left, right, top, bottom } = boundsOf(labelBoxes());
  const scale = Math.min(1, (find('picture').clientWidth - 20) / (right - left));
  find('picture').style.height = `${Math.min(Math.round((bottom - top) * scale + 20 + FOOT + HEAD), 4 * innerHeight)}px`;
}

function fitHeight() {
  setHeight();
  network.setSize('100%', '100%');
  network.redraw();
  fitTo(null);
}

let restingScale = null;
function allowPanning() {
  if (restingScale === null || !narrowScreen.matches) restingScale = network.getScale();
  const isFree = !narrowScreen.matches || network.getScale() > restingScale * 1.05;
  if (isFree !== find('graph').classList.contains('still')) return; // setting options takes long
  network.setOptions({ interaction: { dragView: isFree, dragNodes: isFree, zoomView: isFree } });
  find('graph').classList.toggle('still', !isFree);
}

function zoomBy(factor) {
  network.moveTo({ scale: network.getScale() * factor, animation: false });
  allowPanning();
}

function isInView(id) {
  const { x, y } = network.canvasToDOM(places[id]);
  const area = find('graph');
  return x > 30 && y > 20 && x < area.clientWidth - 30 && y < area.clientHeight - 40;
}

// The items that differ from what was drawn last: a large graph takes its time for each.
const drawnItems = new Map();
function onlyChanged(items) {
  return items.filter((item) => {
    const looks = JSON.stringify([item.hidden, item.color, item.width]);
    const isNew = drawnItems.get(item.id) !== looks;
    drawnItems.set(item.id, looks);
    return isNew;
  });
}

// Draw again what depends on choice, filter or theme.
let drawnState = '';
const stateNow = () => JSON.stringify([state.node, state.edge, state.path, [...state.hidden], [...state.near], [...state.folded], document.documentElement.dataset.theme]);

function refresh() {
  if (drawnState === stateNow()) return;
  drawnState = stateNow();
  forgetSight();
  focus = focusOf();
  nodeSet.update(onlyChanged(nodeRows.map((node) => ({ id: node.id, hidden: !isNodeShown(node) }))));
  edgeSet.update(onlyChanged([...edges.values()].map(edgeItem)));
  if (state.node) network.selectNodes([state.node], false);
  else if (state.edge) network.setSelection({ nodes: [], edges: [state.edge] }, { highlightEdges: false });
  else network.unselectAll();
  network.redraw();
}

function readPlaces() {
  places = network.getPositions();
  plan.key = '';
}

function startGraph() {
  readPalette();
  places = Object.fromEntries(nodeRows.map((node) => [node.id, placeOf(node)]));
  nodeSet = new vis.DataSet(nodeRows.map(nodeItem));
  edgeSet = new vis.DataSet(onlyChanged([...edges.values()].map(edgeItem)));
  onlyChanged(nodeRows.map((node) => ({ id: node.id, hidden: !isNodeShown(node) })));
  drawnState = stateNow();
  setHeight();
  network = new vis.Network(find('graph'), { nodes: nodeSet, edges: edgeSet }, {
    autoResize: true,
    physics: { enabled: false },
    layout: { improvedLayout: false },
    edges: { selectionWidth: 0, hoverWidth: 0.8, arrowStrikethrough: false },
    interaction: { hover: true, tooltipDelay: 250, keyboard: false, selectConnectedEdges: false, hoverConnectedEdges: false, hideEdgesOnDrag: edges.size > 1500, hideEdgesOnZoom: edges.size > 1500 },
  });
  network.on('afterDrawing', drawInnerLines);
  network.on('click', ({ nodes: [node], edges: [edge] }) => (node ? openNode(node, { centre: false }) : edge ? openEdge(edge, { centre: false }) : clear()));
  network.on('doubleClick', ({ nodes: [node] }) => { if (node) (canExpand(node) ? expand : collapse)(node); });
  network.on('dragEnd', readPlaces);
  network.on('hoverNode', () => { find('graph').classList.add('pointing'); });
  network.on('blurNode', () => { find('graph').classList.remove('pointing'); });
  find('zoom-in').addEventListener('click', () => zoomBy(1.3));
  find('zoom-out').addEventListener('click', () => zoomBy(1 / 1.3));
  find('fit').addEventListener('click', () => fitTo(null));
  narrowScreen.addEventListener('change', () => { restingScale = null; nodeSet.update(nodeRows.map(nodeItem)); readPlaces(); fitHeight(); });
  fitTo(null);
}
