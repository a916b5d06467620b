// The body map: a skeleton whose regions are coloured by what is said of them in the chosen scope, and by nothing else.

const NOTHING = { level: 'none', statements: [] };
const labelIn = (pairs, name) => pairs.find(([one]) => one === name)[1];
const scopeLabel = (scope) => labelIn(page.body.scopes, scope);
const levelLabel = (level) => labelIn(page.body.levels, level);
const findingOf = (scope, region) => (page.body.findings[scope] || {})[region] || NOTHING;
const regionParts = (name) => [...document.querySelectorAll('#body svg [data-region]')].filter((part) => part.dataset.region === name);

function openRegion(name) {
  choose({ region: name });
}

function setScope(scope) {
  state.scope = scope;
  changed();
}

function refreshBody() {
  if (!page.body) return;
  for (const { name, label } of page.body.regions) {
    const { level } = findingOf(state.scope, name);
    for (const part of regionParts(name)) {
      part.setAttribute('class', `region ${level}`);
      part.setAttribute('aria-pressed', String(state.region === name));
      part.setAttribute('aria-label', `${label}: ${levelLabel(level)}`);
      part.querySelector('title').textContent = `${label}: ${levelLabel(level)}`;
    }
  }
  for (const box of document.querySelectorAll('[name="scope"]')) box.checked = box.value === state.scope;
  find('bones').replaceChildren(...page.body.levels.map(([level, words]) => levelList(level, words)).filter(Boolean));
}

// The same in words: which regions are of which level.
function levelList(level, words) {
  const members = page.body.regions.filter(({ name }) => findingOf(state.scope, name).level === level);
  if (!members.length) return null;
  const items = members.map(({ name, label }) => make('li', {}, button(label, () => openRegion(name), { class: 'inline' })));
  return make('div', {}, make('h3', {}, make('span', { class: `level ${level}`, 'aria-hidden': 'true' }), ` ${words}`), make('ul', { class: 'plain bones' }, ...items));
}

function startBody() {
  if (!page.body) return;
  for (const part of document.querySelectorAll('#body svg [data-region]')) {
    part.addEventListener('click', () => openRegion(part.dataset.region));
    part.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); openRegion(part.dataset.region); } });
  }
  find('scopes').addEventListener('change', ({ target }) => setScope(target.value));
}
