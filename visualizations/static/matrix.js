// The matrix: rows and columns are concepts, a cell says who says so. Arrows walk through the cells that say something.

const cellName = (cell) => `${cell.row} ${cell.column}`;
const matrixCells = new Map((page.matrix ? page.matrix.cells : []).map((cell) => [cellName(cell), cell]));

const allCells = () => [...find('matrix').querySelectorAll('[data-cell]')];

function onMatrixClick({ target }) {
  const cell = target.closest('[data-cell]');
  if (cell) choose({ cell: cell.dataset.cell });
}

const placeInTable = ({ parentElement: box }) => ({ x: box.cellIndex, y: box.parentElement.rowIndex });

function onMatrixKey(event) {
  const here = event.target.closest('[data-cell]');
  if (!here || !DIRECTIONS[event.key]) return;
  event.preventDefault();
  const [dx, dy] = DIRECTIONS[event.key];
  const start = placeInTable(here);
  const away = (one) => ({ one, x: placeInTable(one).x - start.x, y: placeInTable(one).y - start.y });
  const ahead = allCells().map(away)
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
  for (const one of allCells()) {
    one.setAttribute('aria-pressed', String(one.dataset.cell === state.cell));
    one.classList.toggle('faint', !matrixCells.get(one.dataset.cell).edges.some((id) => passesFilters(edges.get(id))));
  }
}

function startMatrix() {
  if (!page.matrix) return;
  for (const one of allCells()) one.title = one.ariaLabel;
  allCells()[0].tabIndex = 0;
  find('matrix').addEventListener('click', onMatrixClick);
  find('matrix').addEventListener('keydown', onMatrixKey);
}
