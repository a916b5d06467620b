// The graph as SVG: to be saved, and the still picture that is there at once, until vis-network is unpacked and has drawn
// the very same on its canvas. In the meantime nodes and lines can be clicked, and all else works on it too.

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
  const points = toPoints(node.kind, x, y, SIZE * Math.max(1, grow / 2));
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
  const { x, y } = places[node.id];
  return makeSvg('text', { x: x + SIZE + 2, y: short(y - SIZE + 2 + DROP), 'font-weight': 'bold', fill: palette['--accent'] }, moreOf(node.id));
}

const MOST_STILL = 149; // nodes; more are drawn faster by the canvas

// What a click opens; a line can be hit a little beside it.
const opening = (element, kind, id) => { element.dataset[kind] = id; return element; };

function openingEdge(edge) {
  const group = opening(svgEdge(edge, paintOf(edge)), 'edge', edge.id);
  group.append(makeSvg('path', { d: group.querySelector('path').getAttribute('d'), fill: 'none', stroke: 'none', 'stroke-width': 12, 'pointer-events': 'stroke' }));
  return group;
}

const still = {
  drawing: null,
  scale: 1,
  position: { x: 0, y: 0 },
  start() {
    this.drawing = makeSvg('g', {});
    const middle = makeSvg('svg', { x: '50%', y: '50%', overflow: 'visible' }, this.drawing);
    const picture = makeSvg('svg', { id: 'still', width: '100%', height: '100%', 'aria-hidden': 'true' }, middle);
    picture.addEventListener('click', onStillClick);
    find('graph').after(picture);
    stage = this;
  },
  refresh() {
    const { ids, grow } = currentPlan();
    const shown = nodeRows.filter(isNodeShown);
    const how = (node, opacity) => ({ grow, isChosen: state.node === node.id, opacity: stepsBack(node.id) ? opacity : 1 });
    this.drawing.replaceChildren(
      ...[...edges.values()].filter(isEdgeShown).map(openingEdge),
      ...shown.map((node) => opening(svgShape(node, how(node, 0.3)), 'node', node.id)),
      ...shown.filter((node) => moreOf(node.id)).map(svgMore),
      ...shown.filter((node) => ids.has(node.id)).map((node) => opening(svgLabel(node, how(node, 0.4)), 'node', node.id)));
  },
  moveTo({ scale = this.scale, position = this.position }) {
    const isOtherPlan = Math.min(scale, LEGIBLE) !== Math.min(this.scale, LEGIBLE);
    Object.assign(this, { scale, position });
    this.drawing.setAttribute('transform', `scale(${scale}) translate(${-position.x} ${-position.y})`);
    if (isOtherPlan) this.refresh();
  },
  frame() { return { scale: this.scale, position: this.position }; },
  getScale() { return this.scale; },
  toScreen({ x, y }) {
    const area = find('graph');
    return { x: area.clientWidth / 2 + (x - this.position.x) * this.scale, y: area.clientHeight / 2 + (y - this.position.y) * this.scale };
  },
  place() { this.refresh(); },
  resize() {},
  remove() { find('still').remove(); },
};

function onStillClick({ target }) {
  const part = target.closest('[data-node], [data-edge]');
  find('graph').focus({ preventScroll: true });
  if (!part) clear();
  else if (part.dataset.node) openNode(part.dataset.node, { centre: false });
  else openEdge(part.dataset.edge, { centre: false });
}
