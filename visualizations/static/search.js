// Search by label, synonym or identifier: every word, or its singular, must occur in one of the names.

// Text for comparison, which spells as in American English too.
const spell = (text) => fold(text).replace(/[ao]e|[æœ]/g, 'e').replace(/our/g, 'or');

// The words that a name may have for a word of the reader; small words need not be there.
const SMALL_WORDS = new Set(['a', 'an', 'and', 'by', 'from', 'in', 'of', 'on', 'the', 'to', 'with']);
const SINGULARS = [[/s$/, ''], [/es$/, ''], [/es$/, 'is'], [/ies$/, 'y'], [/ae$/, 'a']];
const formsOf = (word) => [word, ...SINGULARS.filter(([ending]) => word.length > 3 && ending.test(word)).map(([ending, singular]) => word.replace(ending, singular))].map(spell);
function wordsWanted(text) {
  const words = fold(text.trim()).split(/\s+/);
  const large = words.filter((word) => !SMALL_WORDS.has(word));
  return (large.length ? large : words).map(formsOf);
}

let searchIndex = null; // made when it is first asked
const makeIndex = () => page.concepts.map((concept) => ({
  id: concept.id,
  names: [concept.label, concept.id, ...concept.synonyms.map(([name]) => name), ...concept.mappings.map((mapping) => mapping[2])].filter(Boolean).map((name) => [spell(name), name]),
}));

// How well a concept fits, and the name by which it does: whole names first, then beginnings, then the rest.
function matchOf({ names }, wanted, words) {
  let best = null;
  names.forEach(([folded, name], index) => {
    if (!words.every((forms) => forms.some((form) => folded.includes(form)))) return;
    const score = (folded === wanted ? 0 : folded.startsWith(wanted) ? 10 : words.every(([word]) => folded.includes(word)) ? 20 : 30) + (index ? 1 : 0) + folded.length / 1000;
    if (!best || score < best.score) best = { score, name };
  });
  return best;
}

function search(text) {
  const wanted = spell(text.trim());
  if (!wanted) return [];
  const words = wordsWanted(text);
  searchIndex ??= makeIndex();
  return searchIndex.map((entry) => ({ id: entry.id, match: matchOf(entry, wanted, words) })).filter((hit) => hit.match)
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
