// The graph as SVG: to be saved, and the still picture, until vis-network is unpacked and has drawn the very same on its
// canvas. In the meantime nodes and lines can be clicked, and all else works on it too. Most pages bring it along.

// Text that XML admits: no control characters, no lone surrogates.
const xmlText = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

function svgEdge(edge, { stroke, width, opacity }) {
  const group = makeSvg('g', { opacity }, makeSvg('title', {}, xmlText(wordsOf(edge))));
  const look = looks.get(edge.look);
  const { path: d, head } = edge.from === edge.to ? loopOf(edge, width) : lineOf(edge, width);
  const line = (paint, thick) => makeSvg('path', { d, fill: 'none', stroke: paint, 'stroke-width': thick, 'stroke-dasharray': look.dashes.join(' ') || 'none' });
  group.append(line(stroke, width), makeSvg('polygon', { points: head.map(svgPoint).join(' '), fill: stroke }));
  if (look.double) group.append(line(palette['--background'], 1.8));
  return group;
}

function svgShape(node, { grow = 1, isChosen = false, opacity = 1 } = {}) {
  const { x, y } = places[node.id];
  const points = toPoints(node.kind, x, y, shapeSize(grow));
  const outline = { stroke: palette[isChosen ? '--accent' : '--outline'], 'stroke-width': isChosen ? 3.5 : 1.5 };
  return makeSvg('g', { opacity }, makeSvg('title', {}, xmlText(labelOf(node.id))), makeSvg('polygon', { points, fill: kinds.get(node.kind).color, ...outline }));
}

// How far the baseline lies below the middle of a line, as a canvas has it.
const ascentFrom = (baseline) => { ruler.textBaseline = baseline; return ruler.measureText('x').fontBoundingBoxAscent; };
const DROP = ascentFrom('alphabetic') - ascentFrom('middle');

function svgLabel(node, { grow = 1, isChosen = false, opacity = 1 } = {}) {
  const { x, y } = places[node.id];
  const lines = node.label.split('\n').map((line, index) => makeSvg('tspan', { x, y: short(y + SIZE + 2 + (LINE_HEIGHT * (index + 0.5) + DROP) * grow) }, xmlText(line)));
  return makeSvg('text', {
    'text-anchor': 'middle', 'font-size': 13 * grow, 'font-weight': isChosen ? 'bold' : 'normal', opacity,
    fill: palette['--text'], stroke: palette['--background'], 'stroke-width': 4 * grow, 'stroke-linejoin': 'round', 'paint-order': 'stroke',
  }, ...lines);
}

function svgMore(node) {
  const { x, y } = places[node.id], { grow } = currentPlan();
  return makeSvg('text', { x: x + shapeSize(grow) + 2, y: short(y - SIZE + 2 + DROP * grow), 'font-size': 13 * grow, 'font-weight': 'bold', fill: palette['--accent'] }, moreOf(node.id));
}

const MOST_STILL = 149; // nodes; more are drawn faster by the canvas

// What a click opens.
const opening = (element, kind, id) => { element.dataset[kind] = id; return element; };

const still = {
  picture: null,
  start() {
    const brought = [...document.querySelectorAll('.drawing')];
    const fitting = brought.find((one) => one.matches(narrowScreen.matches ? '.narrow' : '.wide'));
    for (const one of brought) if (one !== fitting) one.remove();
    stage = this;
    if (fitting) this.keep(fitting);
    else this.draw();
    this.picture.id = 'still';
    for (const part of [this.picture, find('graph')]) part.addEventListener('click', onStillClick);
  },
  // The picture that the page brought along stays as it is, as long as nothing else is to be seen.
  keep(picture) {
    this.picture = picture;
    if (narrowScreen.matches) find('picture').style.height = `${find('picture').clientHeight}px`;
    if (this.getScale() >= LEGIBLE) drawnState = stateNow();
  },
  draw() {
    this.picture = makeSvg('svg', { class: 'drawing free', 'aria-hidden': 'true' });
    find('graph').after(this.picture);
    fitTo(null);
  },
  refresh() {
    const { ids, grow } = currentPlan();
    const shown = nodeRows.filter(isNodeShown);
    const how = (node, opacity) => ({ grow, isChosen: state.node === node.id, opacity: stepsBack(node.id) ? opacity : 1 });
    this.picture.replaceChildren(
      ...[...edges.values()].filter(isEdgeShown).map((edge) => opening(svgEdge(edge, paintOf(edge)), 'edge', edge.id)),
      ...shown.map((node) => opening(svgShape(node, how(node, 0.3)), 'node', node.id)),
      ...shown.filter((node) => moreOf(node.id)).map(svgMore),
      ...shown.filter((node) => ids.has(node.id)).map((node) => opening(svgLabel(node, how(node, 0.4)), 'node', node.id)));
  },
  moveTo(view) {
    const before = this.frame(), { scale, position: { x, y } } = { ...before, ...view };
    const { clientWidth, clientHeight } = find('graph');
    const wide = clientWidth / scale, high = clientHeight / scale;
    this.picture.classList.add('free');
    this.picture.setAttribute('viewBox', [x - wide / 2, y - high / 2, wide, high].join(' '));
    if (Math.min(scale, LEGIBLE) !== Math.min(before.scale, LEGIBLE)) this.refresh();
  },
  frame() {
    const { a: scale, e, f } = this.picture.getScreenCTM();
    const { left, top, width, height } = find('graph').getBoundingClientRect();
    return { scale, position: { x: (left + width / 2 - e) / scale, y: (top + height / 2 - f) / scale } };
  },
  getScale() { return this.picture.getScreenCTM().a; },
  toScreen({ x, y }) {
    const { scale, position } = this.frame();
    const { clientWidth, clientHeight } = find('graph');
    return { x: clientWidth / 2 + (x - position.x) * scale, y: clientHeight / 2 + (y - position.y) * scale };
  },
  place() { this.refresh(); },
  resize() {},
  remove() {
    this.picture.remove();
    find('graph').removeEventListener('click', onStillClick);
  },
};

// What lies under the pointer; a line can be hit a little beside it.
function partUnder({ target, clientX, clientY }) {
  const part = target.closest('[data-node], [data-edge]');
  if (part) return part.dataset;
  const { scale, position } = still.frame();
  const { left, top, width, height } = find('graph').getBoundingClientRect();
  const edge = edgeNear({ x: position.x + (clientX - left - width / 2) / scale, y: position.y + (clientY - top - height / 2) / scale });
  return edge ? { edge: edge.id } : {};
}

function onStillClick(event) {
  const { node, edge } = partUnder(event);
  find('graph').focus({ preventScroll: true });
  if (node) openNode(node, { centre: false });
  else if (edge) openEdge(edge, { centre: false });
  else clear();
}
