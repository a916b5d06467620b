// The matrix: rows and columns are concepts, a cell says who says so. Arrows walk through the cells that say something.

const cellName = (cell) => `${cell.row} ${cell.column}`;
const matrixCells = new Map((page.matrix ? page.matrix.cells : []).map((cell) => [cellName(cell), cell]));

function cellButton(cell, row, column) {
  const tags = cell.tags.map((tag) => make('span', { class: `tag border${looks.get(tag.look).color}${looks.get(tag.look).double ? ' double' : ''}` }, tag.text));
  const name = `${labelOf(cell.row)}, ${column.label}: ${cell.tags.map((tag) => `${tag.text} (${looks.get(tag.look).label})`).join('; ')}`;
  return make('button', { type: 'button', tabindex: -1, 'data-cell': cellName(cell), 'aria-label': name, title: name, 'data-row': row, 'data-column': column.place, onclick: () => openCell(cellName(cell)) }, ...tags);
}

function matrixTable() {
  const columns = page.matrix.columns.map(([id, label], place) => ({ id, label, place }));
  const head = make('tr', {}, make('th', { scope: 'col' }, make('span', { class: 'unseen' }, 'Row')), ...columns.map((column) => make('th', { scope: 'col' }, make('span', {}, isolate(column.label)))));
  const rows = page.matrix.rows.map((row, place) => make('tr', {},
    make('th', { scope: 'row' }, kindSwatch(nodes.get(row).kind), ' ', isolate(labelOf(row))),
    ...columns.map((column) => {
      const cell = matrixCells.get(`${row} ${column.id}`);
      return make('td', {}, cell ? cellButton(cell, place, column) : '');
    })));
  return make('table', { 'aria-label': page.view.title }, make('thead', {}, head), make('tbody', {}, ...rows));
}

function openCell(name) {
  choose({ cell: name });
}

function onMatrixKey(event) {
  const here = event.target.closest('[data-cell]');
  if (!here || !DIRECTIONS[event.key]) return;
  event.preventDefault();
  const [dx, dy] = DIRECTIONS[event.key];
  const away = (one) => ({ one, x: one.dataset.column - here.dataset.column, y: one.dataset.row - here.dataset.row });
  const ahead = [...find('matrix').querySelectorAll('[data-cell]')].map(away)
    .filter(({ x, y }) => x * dx + y * dy > 0)
    .sort((a, b) => Math.abs(a.x * dy) + Math.abs(a.y * dx) - Math.abs(b.x * dy) - Math.abs(b.y * dx) || Math.abs(a.x + a.y) - Math.abs(b.x + b.y));
  if (ahead.length) focusCell(ahead[0].one);
}

function focusCell(cell) {
  for (const one of find('matrix').querySelectorAll('[tabindex="0"][data-cell]')) one.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
}

// Cells whose statements are all filtered away fade.
function refreshMatrix() {
  for (const one of find('matrix').querySelectorAll('[data-cell]')) {
    one.setAttribute('aria-pressed', String(one.dataset.cell === state.cell));
    one.classList.toggle('faint', !matrixCells.get(one.dataset.cell).edges.some((id) => passesFilters(edges.get(id))));
  }
}

function startMatrix() {
  if (!page.matrix) return;
  const key = make('p', { class: 'hint' }, ...page.matrix.key.map(([word, says]) => make('span', { class: 'key' }, make('b', {}, word), ` ${says}`)));
  find('matrix').append(make('div', { class: 'scroll' }, matrixTable()), key);
  find('matrix').querySelector('[data-cell]').tabIndex = 0;
  find('matrix').addEventListener('keydown', onMatrixKey);
}
