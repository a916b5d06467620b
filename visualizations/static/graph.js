// The graph: where everything stands, what steps back, and the frame in which one sees it. A stage draws it: first
// the still picture, then vis-network on its canvas. Both answer moveTo, frame, getScale, toScreen, place,
// refresh and resize.

const narrowScreen = matchMedia('(max-width: 760px)');
let palette = {};
let stage = null;

function readPalette() {
  const names = new Set(['--background', '--text', '--card', '--outline', '--accent', ...page.looks.map((look) => look.color)]);
  const style = getComputedStyle(document.documentElement);
  palette = Object.fromEntries([...names].map((name) => [name, style.getPropertyValue(name).trim()]));
}

// Nodes and edges that matter for what is chosen; the others step back.
function focusOf() {
  if (state.path) return { nodes: new Set(state.path.flatMap((id) => [edges.get(id).from, edges.get(id).to])), edges: new Set(state.path) };
  if (state.edge) { const edge = edges.get(state.edge); return { nodes: new Set([edge.from, edge.to]), edges: new Set([edge.id]) }; }
  if (state.node) { const near = edgesOf.get(state.node).filter(isEdgeShown); return { nodes: new Set([state.node, ...near.map((edge) => otherEnd(edge, state.node))]), edges: new Set(near.map((edge) => edge.id)) }; }
  return null;
}
let focus = null;
const stepsBack = (id) => Boolean(focus) && !focus.nodes.has(id);

// How a line is drawn just now, and without any choice.
const CROWDED = 400; // edges, of which each steps back a little
const plainPaint = (edge) => ({ stroke: palette[looks.get(edge.look).color], width: lineWidth(edge), opacity: 1 });
function paintOf(edge) {
  const { stroke, width } = plainPaint(edge);
  const isMarked = state.path ? state.path.includes(edge.id) : state.edge === edge.id;
  return {
    stroke: isMarked && !looks.get(edge.look).double ? palette['--accent'] : stroke,
    width: width + (isMarked ? 1.5 : 0),
    opacity: focus && !focus.edges.has(edge.id) ? 0.15 : edges.size > CROWDED && !focus ? 0.3 : 1,
  };
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
  return labelPlan(stage.getScale(), places, halfWidth);
}

// How many neighbours are folded away or not yet open, as it stands beside a node.
function moreOf(id) {
  const more = state.near.size || state.folded.size ? unseenNeighbours(id) : 0;
  return more ? `+${more}` : '';
}

function placeOf(node) {
  const [x, y] = narrowScreen.matches ? node.narrow : [node.x, node.y];
  return { x, y };
}

const placeAll = () => { places = Object.fromEntries(nodeRows.map((node) => [node.id, placeOf(node)])); };

// Lines: quadratic curves from the middle of a node to where the arrowhead begins, as vis-network draws them.

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

// How far along a curve the square around the shape at its end begins.
function entry(from, via, to) {
  let low = 0, high = 1;
  for (let turn = 0; turn < 12; turn++) {
    const middle = (low + high) / 2;
    const { x, y } = pointAt(from, via, to, middle);
    if (Math.max(Math.abs(x - to.x), Math.abs(y - to.y)) > SIZE + 1) low = middle;
    else high = middle;
  }
  return high;
}

const arrowScale = (edge) => (looks.get(edge.look).double ? 0.15 : 0.5);
const ARROWHEAD = [[0, 0], [-1, 0.3], [-0.9, 0], [-1, -0.3]];

function headAt(tip, angle, length) {
  const corner = ([x, y]) => ({ x: tip.x + length * (x * Math.cos(angle) - y * Math.sin(angle)), y: tip.y + length * (x * Math.sin(angle) + y * Math.cos(angle)) });
  return ARROWHEAD.map(corner);
}
const headLength = (edge, width) => 15 * arrowScale(edge) + 3 * width;

// Start, middle point and end of a line of this width, and the corners of its arrowhead.
function lineOf(edge, width) {
  const from = places[edge.from], to = places[edge.to];
  const via = controlPoint(from, to, edge.bend);
  const last = entry(from, via, to);
  const tip = pointAt(from, via, to, last);
  const before = pointAt(from, via, to, last - headLength(edge, width) / distance(from, to));
  const head = headAt(tip, Math.atan2(tip.y - before.y, tip.x - before.x), headLength(edge, width));
  return { path: `M${svgPoint(from)}Q${svgPoint(via)} ${svgPoint(head[2])}`, from, via, end: head[2], head };
}

// A line from a node to itself: a circle behind the node, as vis-network draws it. Its bend says in turns where it
// stands, anticlockwise from the right.
const LOOP = 20;
const onCircle = ({ x, y }, radius, turn) => ({ x: x + radius * Math.cos(2 * Math.PI * turn), y: y - radius * Math.sin(2 * Math.PI * turn) });
const toBorder = (angle) => Math.min(Math.abs(SIZE / Math.cos(angle)), Math.abs(SIZE / Math.sin(angle))) + 1;
const loopAngle = (edge) => 2 * Math.PI * edge.bend;
const middleOfLoop = (edge) => onCircle(places[edge.from], toBorder(loopAngle(edge)), edge.bend);

// How far around its circle a loop enters its node, searched from where and as long as vis-network does.
function loopEntry(edge) {
  const place = places[edge.from], middle = middleOfLoop(edge);
  let low = loopAngle(edge), high = low + Math.PI, turn = 0;
  for (let step = 0; step < 10; step++) {
    turn = (low + high) / 2;
    const point = onCircle(middle, LOOP, turn);
    const inside = toBorder(Math.atan2(place.y - point.y, place.x - point.x)) - distance(point, place);
    if (Math.abs(inside) < 0.05) break;
    if (inside > 0) low = turn;
    else high = turn;
  }
  return turn;
}

function loopOf(edge, width) {
  const { x, y } = middleOfLoop(edge), turn = loopEntry(edge);
  const arc = `a${LOOP} ${LOOP} 0 1 0 `;
  const head = headAt(onCircle({ x, y }, LOOP, turn), (0.4 - 2 * turn) * Math.PI, headLength(edge, width));
  return { path: `M${svgPoint({ x: x - LOOP, y })}${arc}${2 * LOOP} 0${arc}${-2 * LOOP} 0`, head };
}

const short = (number) => Number(number.toFixed(1));
const svgPoint = ({ x, y }) => `${short(x)} ${short(y)}`;
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

// A line as points, without what lies under the shapes at its ends.
function pointsOf(edge, width = lineWidth(edge)) {
  const fractions = Array.from({ length: 41 }, (_, index) => index / 40);
  const from = places[edge.from];
  const { via, end } = edge.from === edge.to ? {} : lineOf(edge, width);
  const points = fractions.map(end ? (t) => pointAt(from, via, end, t) : (t) => onCircle(middleOfLoop(edge), LOOP, edge.bend - 0.5 + t));
  return points.filter((point) => distance(point, from) > SIZE + 3);
}

// The line that passes a point closest, if it passes near.
const NEAR = 7; // pixels
function edgeNear(place) {
  const away = (edge) => Math.min(...pointsOf(edge).map((point) => distance(point, place)));
  const [nearest] = [...edges.values()].filter(isEdgeShown).map((edge) => ({ edge, away: away(edge) })).sort((a, b) => a.away - b.away);
  return nearest && nearest.away * stage.getScale() < NEAR ? nearest.edge : null;
}

// The frame

// The boxes of shape and label, measured as drawn.
function labelBoxes(grow = 1) {
  return nodeRows.filter(isNodeShown).map((node) => ({ id: node.id, ...labelRoom(node, places[node.id], halfWidth(node), grow) }));
}

function boundsOf(boxes) {
  if (!boxes.length) return { left: -200, right: 200, top: -100, bottom: 100 }; // everything is filtered away
  return {
    left: Math.min(...boxes.map((box) => box.left)), right: Math.max(...boxes.map((box) => box.right)),
    top: Math.min(...boxes.map((box) => box.top)), bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

const FOOT = 48; // the zoom buttons stand here
const HEAD = page.view.pictures.length > 1 ? 44 : 0; // and here the tabs

// What is drawn small has labels that reach farther, so that it is drawn smaller yet: a few turns settle it.
const FIT_TURNS = 5;
function fitTo(ids, largest = 1.25) {
  if (!stage) return;
  const area = find('graph');
  let scale = largest, bounds = null;
  for (let turn = 0; turn < FIT_TURNS; turn++) {
    const wanted = labelBoxes(growthAt(scale)).filter((box) => !ids || ids.has(box.id));
    if (!wanted.length) return;
    bounds = boundsOf(wanted);
    scale = Math.max(0.005, Math.min(largest, (area.clientWidth - 20) / (bounds.right - bounds.left), (area.clientHeight - 16 - FOOT - HEAD) / (bounds.bottom - bounds.top)));
    if (scale >= LEGIBLE) break;
  }
  const { left, right, top, bottom } = bounds;
  stage.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 + (FOOT - HEAD) / 2 / scale }, scale });
}

// How large a node can be in the middle with its neighbours in sight, unless they are far away.
function scaleAround(id) {
  const { left, right, top, bottom } = boundsOf(labelBoxes().filter((box) => focus.nodes.has(box.id)));
  const { x, y } = places[id], { clientWidth, clientHeight } = find('graph');
  const fits = Math.min(clientWidth / Math.max(right - x, x - left), (clientHeight - 2 * FOOT) / Math.max(bottom - y, y - top)) / 2.1;
  return Math.max(0.5, Math.min(fits, Math.max(stage.getScale(), 0.9)));
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
  stage.resize();
  fitTo(null);
}

const zoomBy = (factor) => stage.moveTo({ scale: stage.getScale() * factor });

function isInView(id) {
  if (!stage) return true;
  const { x, y } = stage.toScreen(places[id]);
  const area = find('graph');
  return x > 30 && y > 20 && x < area.clientWidth - 30 && y < area.clientHeight - 40;
}

// Draw again what depends on choice, filter or theme.
let drawnState = '';
const stateNow = () => JSON.stringify([state.node, state.edge, state.path, [...state.hidden], [...state.near], [...state.folded], document.documentElement.dataset.theme]);

function refresh() {
  if (!stage || drawnState === stateNow()) return;
  drawnState = stateNow();
  forgetSight();
  focus = focusOf();
  stage.refresh();
}

function startGraph() {
  find('zoom-in').addEventListener('click', () => zoomBy(1.3));
  find('zoom-out').addEventListener('click', () => zoomBy(1 / 1.3));
  find('fit').addEventListener('click', () => fitTo(null));
  narrowScreen.addEventListener('change', () => { placeAll(); plan.key = ''; if (stage) { stage.place(); fitHeight(); } });
  placeAll();
  if (!document.querySelector('.drawing')) setHeight();
}
