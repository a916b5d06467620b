// Outlines of the kinds, drawn the same way on the canvas, in the legend and in the SVG file.

const SIZE = 11;
const LINE_HEIGHT = 15;
const FONT = '13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

function ring(corners, turn, radius = 1) {
  return Array.from({ length: corners }, (_, index) => {
    const angle = turn + (2 * Math.PI * index) / corners;
    const reach = Array.isArray(radius) ? radius[index % radius.length] : radius;
    return [reach * Math.cos(angle), reach * Math.sin(angle)];
  });
}

const UP = -Math.PI / 2;
const ARM = 0.36;
const OUTLINES = {
  circle: ring(28, 0, 0.92),
  square: [[-0.82, -0.82], [0.82, -0.82], [0.82, 0.82], [-0.82, 0.82]],
  diamond: ring(4, UP, 1.1),
  pentagon: ring(5, UP, 1.02),
  hexagon: ring(6, 0, 1.02),
  triangle: [[0, -1], [1, 0.8], [-1, 0.8]],
  wedge: [[-1, -0.8], [1, -0.8], [0, 1]],
  star: ring(10, UP, [1.15, 0.52]),
  cross: [[-ARM, -1], [ARM, -1], [ARM, -ARM], [1, -ARM], [1, ARM], [ARM, ARM], [ARM, 1], [-ARM, 1], [-ARM, ARM], [-1, ARM], [-1, -ARM], [-ARM, -ARM]],
  bar: [[-1.1, -0.45], [1.1, -0.45], [1.1, 0.45], [-1.1, 0.45]],
  hourglass: [[-0.95, -0.95], [0.95, -0.95], [0.3, 0], [0.95, 0.95], [-0.95, 0.95], [-0.3, 0]],
  pill: [...ring(24, UP, 0.6).slice(0, 13).map(([x, y]) => [x + 0.5, y]), ...ring(24, -UP, 0.6).slice(0, 13).map(([x, y]) => [x - 0.5, y])],
};

const outlineOf = (kind) => OUTLINES[kinds.get(kind).shape];
const toPoints = (kind, x, y, size) =>
  outlineOf(kind).map(([dx, dy]) => `${(x + dx * size).toFixed(1)},${(y + dy * size).toFixed(1)}`).join(' ');

// How each look is drawn; `double` draws a second line inside the first.
const LOOKS = {
  stated: { dashes: false, color: '--edge' },
  hedged: { dashes: [2, 4], color: '--edge-light' },
  denied: { dashes: [10, 3, 2, 3], color: '--edge-light' },
  contested: { dashes: false, color: '--contested', double: true },
  label: { dashes: [8, 5], color: '--edge-label' },
  derived: { dashes: [8, 5], color: '--edge-derived' },
};
const lineWidth = (edge) => 1 + 0.5 * Math.min(Math.max(edge.weight, 1) - 1, 5) + (LOOKS[edge.look].double ? 3.5 : 0);
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const SVG_SPACE = 'http://www.w3.org/2000/svg';
function makeSvg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG_SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function kindSwatch(kind) {
  const outline = makeSvg('polygon', { points: toPoints(kind, 10, 10, 8), fill: kinds.get(kind).color, class: 'outline' });
  return makeSvg('svg', { width: 20, height: 20, viewBox: '0 0 20 20', 'aria-hidden': 'true', class: 'swatch' }, outline);
}

function lookSwatch(name) {
  const look = LOOKS[name];
  const line = (width, className) =>
    makeSvg('line', { x1: 1, y1: 7, x2: 35, y2: 7, 'stroke-width': width, 'stroke-dasharray': look.dashes ? look.dashes.join(' ') : 'none', class: className });
  const lines = look.double ? [line(5, 'look-' + name), line(1.6, 'look-inner')] : [line(2, 'look-' + name)];
  return makeSvg('svg', { width: 36, height: 14, viewBox: '0 0 36 14', 'aria-hidden': 'true', class: 'swatch' }, ...lines);
}
