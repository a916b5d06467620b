// Pictures to take away: SVG with real text, PNG as seen.

function save(blob, ending) {
  const link = make('a', { download: `osteograph-${page.view.name}.${ending}`, href: URL.createObjectURL(blob) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 5000);
}

// Text that XML admits: no control characters, no lone surrogates.
const xmlText = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

function svgEdge(edge) {
  const look = looks.get(edge.look);
  const points = curve(edge, SIZE + 2, SIZE + 8);
  const title = makeSvg('title', {}, xmlText(wordsOf(edge)));
  if (points.length < 2) return makeSvg('g', {}, title);
  const path = 'M' + points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
  const line = (width, stroke) => makeSvg('path', { d: path, fill: 'none', stroke, 'stroke-width': width, 'stroke-dasharray': look.dashes.join(' ') || 'none' });
  const lines = [line(lineWidth(edge), palette[look.color])];
  if (look.double) lines.push(line(1.8, palette['--background']));
  return makeSvg('g', {}, title, ...lines, makeSvg('polygon', { points: arrowHead(points), fill: palette[look.color] }));
}

function arrowHead(points) {
  const [before, end] = points.slice(-2);
  const angle = Math.atan2(end.y - before.y, end.x - before.x);
  const corner = (reach, turn) => `${(end.x + reach * Math.cos(angle + turn)).toFixed(1)},${(end.y + reach * Math.sin(angle + turn)).toFixed(1)}`;
  return [corner(7, 0), corner(5, 2.3), corner(5, -2.3)].join(' ');
}

function svgNode(node, { x, y }) {
  const text = makeSvg('text', { x, y: y + SIZE + 2, 'text-anchor': 'middle', fill: palette['--text'], stroke: palette['--background'], 'stroke-width': 3, 'paint-order': 'stroke' });
  node.label.split('\n').forEach((line, index) => text.append(makeSvg('tspan', { x, y: y + SIZE + 13 + LINE_HEIGHT * index }, xmlText(line))));
  const outline = makeSvg('polygon', { points: toPoints(node.kind, x, y, SIZE), fill: kinds.get(node.kind).color, stroke: palette['--outline'], 'stroke-width': 1.5 });
  return makeSvg('g', {}, makeSvg('title', {}, xmlText(labelOf(node.id))), outline, text);
}

function svgText() {
  const bounds = boundsOf(labelBoxes());
  const left = bounds.left - 20, right = bounds.right + 20, top = bounds.top - 50, bottom = bounds.bottom + 20;
  const heading = makeSvg('text', { x: left + 12, y: top + 22, 'font-size': 16, 'font-weight': 'bold', fill: palette['--text'] }, xmlText(page.view.title));
  const notice = makeSvg('text', { x: left + 12, y: top + 40, fill: palette['--text'] }, xmlText(page.notice));
  const picture = makeSvg('svg', { viewBox: [left, top, right - left, bottom - top].map(Math.round).join(' '), width: Math.round(right - left), height: Math.round(bottom - top), 'font-family': 'system-ui, sans-serif', 'font-size': 13 },
    makeSvg('title', {}, xmlText(page.view.title)), makeSvg('desc', {}, xmlText(`${page.view.description} ${page.notice}`)),
    makeSvg('rect', { x: left, y: top, width: right - left, height: bottom - top, fill: palette['--background'] }), heading, notice,
    ...[...edges.values()].filter(isEdgeShown).map((edge) => svgEdge(edge)),
    ...nodeRows.filter(isNodeShown).map((node) => svgNode(node, places[node.id])));
  return new XMLSerializer().serializeToString(picture);
}

function pngCanvas() {
  const seen = find('graph').querySelector('canvas');
  const canvas = make('canvas', { width: seen.width, height: seen.height });
  const context = canvas.getContext('2d');
  context.fillStyle = palette['--background'];
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(seen, 0, 0);
  return canvas;
}

function startExport() {
  find('save-svg').addEventListener('click', () => save(new Blob([svgText()], { type: 'image/svg+xml' }), 'svg'));
  find('save-png').addEventListener('click', () => pngCanvas().toBlob((blob) => save(blob, 'png')));
}
