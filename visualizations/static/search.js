// Search by label, synonym or identifier: every word must occur in one of the names.

let searchIndex = null; // made when it is first asked
const makeIndex = () => page.concepts.map((concept) => ({
  id: concept.id,
  names: [concept.label, concept.id, ...concept.synonyms.map(([name]) => name), ...concept.mappings.map((mapping) => mapping[2])].filter(Boolean).map((name) => [fold(name), name]),
}));

// How well a concept fits, and the name by which it does: whole names first, then beginnings, then the rest.
function matchOf({ names }, wanted) {
  let best = null;
  names.forEach(([folded, name], index) => {
    if (!wanted.split(/\s+/).every((word) => folded.includes(word))) return;
    const score = (folded === wanted ? 0 : folded.startsWith(wanted) ? 10 : 20) + (index ? 1 : 0) + folded.length / 1000;
    if (!best || score < best.score) best = { score, name };
  });
  return best;
}

function search(text) {
  const wanted = fold(text.trim());
  if (!wanted) return [];
  searchIndex ??= makeIndex();
  return searchIndex.map((entry) => ({ id: entry.id, match: matchOf(entry, wanted) })).filter((hit) => hit.match)
    .sort((a, b) => a.match.score - b.match.score).slice(0, 12);
}

let marked = -1;

function showHits(hits) {
  const list = find('hits');
  marked = hits.length ? 0 : -1;
  list.replaceChildren(...hits.map((hit, index) => hitItem(hit, index)));
  list.hidden = !hits.length;
  find('search').setAttribute('aria-expanded', String(hits.length > 0));
  markHit();
}

function hitItem({ id, match }, index) {
  const concept = concepts.get(id);
  const also = match.name === concept.label ? '' : make('span', { class: 'quiet' }, ' = ', isolate(brief(match.name)));
  const item = make('li', { role: 'option', id: 'hit-' + index, 'data-node': id }, kindSwatch(concept.kind), ' ', isolate(brief(concept.label)), also);
  item.addEventListener('pointerdown', (event) => { event.preventDefault(); takeHit(id); });
  return item;
}

function markHit() {
  [...find('hits').children].forEach((item, index) => item.setAttribute('aria-selected', String(index === marked)));
  if (marked < 0) find('search').removeAttribute('aria-activedescendant');
  else find('search').setAttribute('aria-activedescendant', 'hit-' + marked);
}

function takeHit(id) {
  showHits([]);
  openNode(id);
}

function onSearchKey(event) {
  const items = [...find('hits').children];
  if (event.key === 'Escape') { showHits([]); clear(); }
  if (!items.length) return;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    marked = (marked + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length;
    markHit();
  } else if (event.key === 'Enter') takeHit(items[Math.max(marked, 0)].dataset.node);
}

function startSearch() {
  find('search').addEventListener('input', (event) => showHits(search(event.target.value)));
  find('search').addEventListener('keydown', onSearchKey);
  find('search').addEventListener('blur', () => showHits([]));
}
