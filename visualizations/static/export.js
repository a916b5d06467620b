// Pictures to take away: SVG with real text, PNG as seen.

function save(blob, ending) {
  const link = make('a', { download: `osteograph-${page.view.name}.${ending}`, href: URL.createObjectURL(blob) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 5000);
}

// Words in lines of so many letters.
function inLines(text, most) {
  return text.split(' ').reduce((lines, word) => {
    const longer = `${lines[lines.length - 1]} ${word}`;
    return longer.length > most + 1 ? [...lines, word] : [...lines.slice(0, -1), longer];
  }, ['']).map((line) => line.trim()).filter(Boolean);
}

// A picture with its title and notice above it.
function framed({ left, right, top, bottom }, ...parts) {
  const heading = inLines(page.view.title, Math.max(20, (right - left) / 10));
  const above = 40 + 20 * heading.length;
  const [x, y, width, height] = [left - 20, top - above, right - left + 40, bottom - top + above + 20].map(Math.round);
  const title = makeSvg('text', { 'font-size': 16, 'font-weight': 'bold', fill: palette['--text'] },
    ...heading.map((line, index) => makeSvg('tspan', { x: x + 12, y: y + 24 + 20 * index }, xmlText(line))));
  const picture = makeSvg('svg', { viewBox: [x, y, width, height].join(' '), width, height, 'font-family': 'system-ui, sans-serif', 'font-size': 13 },
    makeSvg('title', {}, xmlText(page.view.title)), makeSvg('desc', {}, xmlText(`${page.view.description} ${page.notice}`)),
    makeSvg('rect', { x, y, width, height, fill: palette['--background'] }), title,
    makeSvg('text', { x: x + 12, y: y + 23 + 20 * heading.length, fill: palette['--text'] }, xmlText(page.notice)), ...parts);
  return new XMLSerializer().serializeToString(picture);
}

function partsOfGraph() {
  const shown = nodeRows.filter(isNodeShown);
  return [...[...edges.values()].filter(isEdgeShown).map((edge) => svgEdge(edge, plainPaint(edge))), ...shown.map((node) => svgShape(node)), ...shown.map((node) => svgLabel(node))];
}

const svgOfGraph = () => framed(boundsOf(labelBoxes()), ...partsOfGraph());

// For paper, where a canvas would be cut off or squeezed.
function paperOfGraph() {
  const { left, right, top, bottom } = boundsOf(labelBoxes());
  return makeSvg('svg', { class: 'paper', viewBox: [left, top, right - left, bottom - top].join(' '), width: right - left, height: bottom - top }, ...partsOfGraph());
}

// The skeleton as it is coloured now, with what the shades say.
function svgOfBody() {
  const seen = find('body').querySelector('svg');
  const copy = seen.cloneNode(true);
  const painted = [...seen.querySelectorAll('path, rect')];
  [...copy.querySelectorAll('path, rect')].forEach((part, index) => {
    const style = getComputedStyle(painted[index]);
    part.removeAttribute('class');
    for (const name of ['fill', 'stroke', 'stroke-width']) part.setAttribute(name, style.getPropertyValue(name).replaceAll('"', ''));
  });
  for (const part of copy.querySelectorAll('[data-region]')) for (const name of ['class', 'role', 'tabindex', 'aria-pressed']) part.removeAttribute(name);
  const lines = page.body.levels.map(([level, words]) => `${words}: ${page.body.regions.filter(({ name }) => findingOf(state.scope, name).level === level).map(({ label }) => label).join(', ') || 'none'}`);
  const text = [scopeLabel(state.scope), ...lines].map((line, index) => makeSvg('text', { x: 0, y: 580 + 18 * index, fill: palette['--text'] }, xmlText(line)));
  return framed({ left: 0, right: 720, top: 0, bottom: 580 + 18 * lines.length }, makeSvg('g', { stroke: palette['--outline'] }, ...copy.childNodes), ...text);
}

function svgOfMatrix() {
  const high = 30, wide = 70, side = 230;
  const { rows, columns, cells } = page.matrix;
  const head = 24 + 6.3 * Math.max(...columns.map(([, label]) => label.length));
  const x = (column) => side + wide * columns.findIndex(([name]) => name === column);
  const y = (row) => head + high * rows.indexOf(row);
  const text = (words, attributes) => makeSvg('text', { fill: palette['--text'], ...attributes }, xmlText(words));
  const tag = ({ text: words, look }, left, top, height) => [
    makeSvg('rect', { x: left + 2, y: top, width: wide - 4, height: height - 1, fill: palette['--card'] }),
    makeSvg('rect', { x: left + 2, y: top, width: looks.get(look).double ? 6 : 4, height: height - 1, fill: palette[looks.get(look).color] }),
    text(words, { x: left + wide / 2 + 2, y: top + height / 2 + 4, 'text-anchor': 'middle', 'font-size': 11 }),
  ];
  return framed({ left: 0, right: side + wide * columns.length + 120, top: 0, bottom: head + high * rows.length },
    ...rows.map((row) => text(labelOf(row), { x: 0, y: y(row) + high / 2 + 5 })),
    ...columns.map(([column, label]) => text(label, { x: x(column) + wide / 2 + 5, y: head - 8, transform: `rotate(-60 ${x(column) + wide / 2 + 5} ${head - 8})` })),
    ...cells.flatMap((cell) => cell.tags.flatMap((one, index) => tag(one, x(cell.column), y(cell.row) + 2 + (index * (high - 4)) / cell.tags.length, (high - 4) / cell.tags.length))));
}

const svgText = () => ({ graph: svgOfGraph, matrix: svgOfMatrix, body: svgOfBody })[state.picture]();

// What is seen as a canvas: the graph itself where it has one, or a drawing.
async function pngCanvas() {
  const seen = state.picture === 'graph' && network ? find('graph').querySelector('canvas') : await imageOf(svgText());
  const canvas = make('canvas', { width: seen.width, height: seen.height });
  const context = canvas.getContext('2d');
  context.fillStyle = palette['--background'];
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(seen, 0, 0);
  return canvas;
}

async function imageOf(svg) {
  const image = new Image();
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg);
  await image.decode();
  return image;
}

function startExport() {
  find('save-svg').addEventListener('click', () => save(new Blob([svgText()], { type: 'image/svg+xml' }), 'svg'));
  find('save-png').addEventListener('click', async () => (await pngCanvas()).toBlob((blob) => save(blob, 'png')));
}
