// Choosing, the pictures and the theme; then the start.

function choose(change, { fit = false } = {}) {
  Object.assign(state, { node: null, edge: null, path: null, cell: null, region: null }, change);
  changed({ fit });
}

// On a narrow screen, and below a report, the picture may be out of sight.
function scrollToPicture() {
  if (narrowScreen.matches || page.report) find('graph').scrollIntoView({ block: 'nearest' });
}

function openNode(id, { centre = true } = {}) {
  if (walker !== id) { walker = id; turn = -1; }
  reveal(id);
  state.picture = 'graph';
  choose({ node: id });
  if (centre && !(narrowScreen.matches && isInView(id))) stage.moveTo({ position: places[id], scale: scaleAround(id) });
  if (centre) scrollToPicture();
}

function openEdge(id, { centre = true, reveal: isRevealing = false } = {}) {
  const edge = edges.get(id);
  for (const end of [edge.from, edge.to]) reveal(end);
  state.hidden.delete('relation:' + edge.relation);
  state.hidden.delete('look:' + edge.look);
  if (!isRevealing) state.picture = 'graph';
  choose({ edge: id });
  if (centre && !(isInView(edge.from) && isInView(edge.to))) fitTo(new Set([edge.from, edge.to]), stage.getScale());
  if (centre && page.report && !isRevealing) scrollToPicture();
  if (isRevealing) { find('panel').scrollIntoView({ block: 'nearest' }); find('panel').focus({ preventScroll: true }); }
}

function openPath(from, to) {
  const steps = findPath(from, to);
  state.picture = 'graph';
  choose({ path: steps && steps.length ? steps : null });
  if (steps && steps.length) fitTo(focus.nodes, 1.1);
  else fillPanel(make('h2', {}, 'Path'), make('p', {}, steps ? 'Both are the same concept.' : `No path joins ${labelOf(from)} and ${labelOf(to)} in what is shown.`));
}

function clear() {
  choose({});
}

// Whatever was chosen or filtered: show it and write it into the address.
function changed({ fit = false } = {}) {
  showPicture();
  refresh();
  refreshMatrix();
  refreshBody();
  showFilters();
  document.querySelector('main').toggleAttribute('data-chosen', Boolean(state.path || state.edge || state.node || state.cell || state.region));
  if (fit) fitTo(null);
  if (state.path) showPath(state.path);
  else if (state.edge) showEdge(state.edge);
  else if (state.node) showNode(state.node);
  else if (state.cell) showCell(matrixCells.get(state.cell));
  else if (state.region) showRegion(state.region);
  else showWelcome();
  if (addressOf() !== addressNow()) location.hash = addressOf();
}

// The pictures

const PICTURE_NAMES = { graph: 'Graph', matrix: 'Matrix', body: 'Body map' };

let shownPicture = state.picture;
function showPicture() {
  document.querySelector('main').dataset.picture = state.picture;
  for (const tab of document.querySelectorAll('[data-tab]')) tab.setAttribute('aria-pressed', String(tab.dataset.tab === state.picture));
  if (state.picture === 'graph' && !stage) still.start();
  else if (stage && shownPicture !== state.picture && narrowScreen.matches) fitHeight();
  shownPicture = state.picture;
}

function startPictures() {
  if (page.view.pictures.length < 2) { find('tabs').remove(); return; }
  find('tabs').append(...page.view.pictures.map((name) => button(PICTURE_NAMES[name], () => { state.picture = name; choose({}); }, { 'data-tab': name })));
}

// The theme: the button's, else the system's; paper is light. Browsers tell of print and of the scheme in any order.

const wishesDark = matchMedia('(prefers-color-scheme: dark)');
const onPaper = matchMedia('print');
let chosenDark = null;

function setTheme() {
  const isDark = !onPaper.matches && (chosenDark ?? wishesDark.matches);
  root.dataset.theme = isDark ? 'dark' : 'light';
  find('theme').setAttribute('aria-pressed', String(isDark));
  readPalette();
  if (stage) refresh();
}

function startTheme() {
  setTheme();
  wishesDark.addEventListener('change', setTheme);
  onPaper.addEventListener('change', () => {
    setTheme();
    if (onPaper.matches) find('graph').after(paperOfGraph());
    else document.querySelectorAll('.paper').forEach((one) => one.remove());
  });
  find('theme').addEventListener('click', () => { chosenDark = root.dataset.theme !== 'dark'; setTheme(); });
}

// The picture is there and can be clicked before vis-network is unpacked; a crowd waits for its canvas. Where the page
// opens with another picture, the graph waits until it is asked for.
async function start() {
  startTheme();
  startPictures();
  startLegend();
  startSearch();
  startPath();
  startMatrix();
  startBody();
  startReport();
  startTable();
  startExport();
  startKeyboard();
  startGraph();
  const isDrawn = nodes.size > MOST_STILL && (await takeCanvas());
  delete root.dataset.asked;
  if (!isDrawn && state.picture === 'graph') still.start();
  document.removeEventListener('click', onEarlyClick);
  window.addEventListener('hashchange', () => followAddress());
  followAddress({ isFirst: true });
  window.osteograph = { get network() { return network; }, state, page, nodes, edges, openNode, openEdge, openPath, clear, search, findPath, labelBoxes, svgText, csvText, pngCanvas, inSight, currentPlan, get places() { return places; }, toScreen: (place) => stage.toScreen(place), frame: () => stage.frame(), curveOf: (id) => pointsOf(edges.get(id)) };
  if (!isDrawn && !document.querySelector('.brought')) await nextFrame(); // the picture goes to the screen first
  root.dataset.shown = root.dataset.ready = 'yes';
  await nextFrame();
  addRows(0);
  if (!isDrawn) (window.requestIdleCallback || setTimeout)(takeCanvas);
}

async function takeCanvas() {
  try {
    await startCanvas();
    await nextFrame();
    root.dataset.canvas = 'yes';
    return true;
  } catch (error) {
    fillPanel(make('p', {}, `The picture cannot be dragged and zoomed: this browser does not unpack its library (${error}). The table holds the same statements.`));
    return false;
  }
}

start();
