// The graph on the canvas of vis-network, with our positions, our shapes and no physics: to be dragged and zoomed.

let network = null;
let nodeSet = null;
let edgeSet = null;

function tracePolygon(context, kind, x, y, size) {
  context.beginPath();
  outlineOf(kind).forEach(([dx, dy], index) => (index ? context.lineTo(x + dx * size, y + dy * size) : context.moveTo(x + dx * size, y + dy * size)));
  context.closePath();
}

function drawShape(context, node, x, y, isChosen) {
  context.globalAlpha = stepsBack(node.id) ? 0.3 : 1;
  tracePolygon(context, node.kind, x, y, shapeSize(currentPlan().grow));
  context.fillStyle = kinds.get(node.kind).color;
  context.fill();
  context.lineWidth = isChosen ? 3.5 : 1.5;
  context.strokeStyle = isChosen ? palette['--accent'] : palette['--outline'];
  context.setLineDash([]);
  context.stroke();
}

function drawLabel(context, node, x, y, isChosen) {
  const { ids, grow } = currentPlan();
  if (!ids.has(node.id)) return;
  context.globalAlpha = stepsBack(node.id) ? 0.4 : 1;
  context.font = (isChosen ? 'bold ' : '') + fontOf(grow);
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

function drawMore(context, node, x, y) {
  const more = moreOf(node.id);
  if (!more) return;
  const { grow } = currentPlan();
  context.font = 'bold ' + fontOf(grow);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = palette['--accent'];
  context.fillText(more, x + shapeSize(grow) + 2, y - SIZE + 2);
}

function renderNode({ ctx, id, x, y, state: { selected } }) {
  const node = nodes.get(id);
  return {
    drawNode: () => { drawInnerLines(ctx); drawShape(ctx, node, x, y, selected); drawMore(ctx, node, x, y); },
    drawExternalLabel: () => drawLabel(ctx, node, x, y, selected),
    nodeDimensions: { width: 2 * SIZE, height: 2 * SIZE },
  };
}

function nodeItem(node) {
  const { x, y } = places[node.id];
  const title = `${concepts.get(node.id).label} (${kinds.get(node.kind).label})`;
  return { id: node.id, x, y, label: node.label, title, shape: 'custom', size: SIZE, ctxRenderer: renderNode, hidden: !isNodeShown(node) };
}

// What most edges have; vis-network takes its time for every option that an edge has of its own.
const USUAL_EDGE = {
  arrows: { to: { enabled: true, scaleFactor: 0.5 } },
  smooth: { enabled: true, type: 'curvedCW', roundness: 0 },
  selectionWidth: 0, hoverWidth: 0.8, arrowStrikethrough: false,
};

function edgeItem(edge) {
  const { stroke, width, opacity } = paintOf(edge), look = looks.get(edge.look);
  const item = { id: edge.id, from: edge.from, to: edge.to, width, title: wordsOf(edge), color: { color: stroke, highlight: stroke, hover: stroke, opacity }, hidden: !isEdgeShown(edge) };
  if (look.dashes.length) item.dashes = look.dashes;
  if (look.double) item.arrows = { to: { enabled: true, scaleFactor: arrowScale(edge) } };
  if (edge.from === edge.to) item.selfReference = { size: LOOP, angle: loopAngle(edge), renderBehindTheNode: true };
  else if (edge.bend) item.smooth = { enabled: true, type: edge.bend < 0 ? 'curvedCCW' : 'curvedCW', roundness: Math.abs(edge.bend) };
  return item;
}

// The lines inside doubled ones: once in a frame, with the first node, so that they lie over lines and below labels.
let hasInnerLines = false;
function drawInnerLines(context) {
  if (hasInnerLines) return;
  hasInnerLines = true;
  context.globalAlpha = 1;
  for (const edge of edges.values()) {
    if (!looks.get(edge.look).double || !isEdgeShown(edge)) continue;
    context.beginPath();
    if (edge.from === edge.to) { const { x, y } = middleOfLoop(edge); context.arc(x, y, LOOP, 0, 2 * Math.PI); }
    else pointsOf(edge, paintOf(edge).width).forEach((point, index) => (index ? context.lineTo(point.x, point.y) : context.moveTo(point.x, point.y)));
    context.lineWidth = 1.8;
    context.setLineDash([]);
    context.strokeStyle = palette['--background'];
    context.stroke();
  }
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

const canvas = {
  refresh() {
    nodeSet.update(onlyChanged(nodeRows.map((node) => ({ id: node.id, hidden: !isNodeShown(node) }))));
    edgeSet.update(onlyChanged([...edges.values()].map(edgeItem)));
    this.select();
    this.redraw();
  },
  // vis-network ends its lines where arrowheads began in the frame before, so that the second is right; a crowd has no
  // lines so wide that it shows, and is drawn once, with the next frame.
  redraw() {
    if (nodes.size > MOST_STILL) { network.body.emitter.emit('_requestRedraw'); return; }
    network.redraw();
    network.redraw();
  },
  select() {
    if (state.node) network.selectNodes([state.node], false);
    else if (state.edge) network.setSelection({ nodes: [], edges: [state.edge] }, { highlightEdges: false });
    else network.unselectAll();
  },
  place() { nodeSet.update(nodeRows.map(nodeItem)); restingScale = null; },
  moveTo(view) { network.moveTo({ ...view, animation: false }); allowPanning(); },
  frame: () => ({ scale: network.getScale(), position: network.getViewPosition() }),
  getScale: () => network.getScale(),
  toScreen: (place) => network.canvasToDOM(place),
  resize() { network.setSize('100%', '100%'); network.redraw(); },
};

// On a narrow screen, a picture that is seen whole stays where it is, until two fingers take it.
let restingScale = null;
function allowPanning() {
  if (restingScale === null || !narrowScreen.matches) restingScale = network.getScale();
  setFree(!narrowScreen.matches || network.getScale() > restingScale * 1.05);
}

function setFree(isFree) {
  if (isFree !== find('graph').classList.contains('still')) return; // setting options takes long
  network.setOptions({ interaction: { dragView: isFree, dragNodes: isFree, zoomView: isFree } });
  find('graph').classList.toggle('still', !isFree);
}

function readPlaces() {
  places = network.getPositions();
  plan.key = '';
}

// vis-network stands packed in the page; the policy of the page admits what comes out by its digest.
async function unpackLibrary() {
  const packed = Uint8Array.from(atob(find('library-data').textContent), (mark) => mark.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  runScript(await new Response(stream).text());
}

function makeNetwork() {
  nodeSet = new vis.DataSet(nodeRows.map(nodeItem));
  edgeSet = new vis.DataSet(onlyChanged([...edges.values()].map(edgeItem)));
  onlyChanged(nodeRows.map((node) => ({ id: node.id, hidden: !isNodeShown(node) })));
  network = new vis.Network(find('graph'), { nodes: nodeSet, edges: edgeSet }, {
    autoResize: true,
    physics: { enabled: false },
    layout: { improvedLayout: false },
    edges: USUAL_EDGE,
    interaction: { hover: true, tooltipDelay: 250, keyboard: false, selectConnectedEdges: false, hoverConnectedEdges: false, hideEdgesOnDrag: edges.size > 1500, hideEdgesOnZoom: edges.size > 1500 },
  });
  network.on('beforeDrawing', () => { hasInnerLines = false; });
  network.on('click', ({ nodes: [node], edges: [edge] }) => (node ? openNode(node, { centre: false }) : edge ? openEdge(edge, { centre: false }) : clear()));
  network.on('doubleClick', ({ nodes: [node] }) => { if (node) (canExpand(node) ? expand : collapse)(node); });
  network.on('dragEnd', readPlaces);
  find('graph').addEventListener('touchstart', ({ touches }) => { if (touches.length > 1) setFree(true); }, { passive: true, capture: true });
  find('graph').addEventListener('touchend', ({ touches }) => { if (!touches.length) allowPanning(); }, { passive: true });
  network.on('hoverNode', () => { find('graph').classList.add('pointing'); });
  network.on('blurNode', () => { find('graph').classList.remove('pointing'); });
}

// The canvas takes over where the still picture stands, and shows the same frame with the same choice.
async function startCanvas() {
  await unpackLibrary();
  makeNetwork();
  const before = stage;
  stage = canvas;
  drawnState = stateNow();
  fitTo(null);
  if (before) {
    stage.moveTo(before.frame());
    stage.select();
    before.remove();
  }
  stage.redraw();
}
