// Shapes of the kinds and lines of the looks, drawn the same way on the canvas, in the legend and in the SVG file.

const SIZE = 11;
const LINE_HEIGHT = 15;
const FONT = '13px system-ui, sans-serif';

const fontOf = (grow) => FONT.replace('13px', `${13 * grow}px`);

const outlineOf = (kind) => kinds.get(kind).outline;
const toPoints = (kind, x, y, size) =>
  outlineOf(kind).map(([dx, dy]) => `${(x + dx * size).toFixed(1)},${(y + dy * size).toFixed(1)}`).join(' ');

const lineWidth = (edge) => 1 + 0.5 * Math.min(Math.max(edge.weight, 1) - 1, 5) + (looks.get(edge.look).double ? 3.5 : 0);

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
  const look = looks.get(name);
  const line = (width, className) =>
    makeSvg('line', { x1: 1, y1: 7, x2: 35, y2: 7, 'stroke-width': width, 'stroke-dasharray': look.dashes.join(' ') || 'none', class: className });
  const paint = 'paint' + look.color;
  const lines = look.double ? [line(5, paint), line(1.6, 'paint--background')] : [line(2, paint)];
  return makeSvg('svg', { width: 36, height: 14, viewBox: '0 0 36 14', 'aria-hidden': 'true', class: 'swatch' }, ...lines);
}
