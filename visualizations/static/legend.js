// The legend: one checkbox for each kind, look and relation, with counts; what is unchecked leaves the picture.

function startLegend() {
  for (const kind of page.kinds) addFilter('kinds', 'kind:' + kind.name, kind.label, [...nodes.values()].filter((node) => node.kind === kind.name).length, kindSwatch(kind.name));
  for (const look of page.looks) addFilter('looks', 'look:' + look.name, look.label, [...edges.values()].filter((edge) => edge.look === look.name).length, lookSwatch(look.name));
  const relations = new Map([...edges.values()].map((edge) => [edge.relation, edge.words]));
  for (const [relation, words] of [...relations].sort((a, b) => (a[1] < b[1] ? -1 : 1))) {
    addFilter('relations', 'relation:' + relation, words, [...edges.values()].filter((edge) => edge.relation === relation).length, '');
  }
  if (narrowScreen.matches) find('legend-box').open = false;
}

function addFilter(place, key, label, number, swatch) {
  if (!number) return;
  const box = make('input', { type: 'checkbox', 'data-filter': key });
  box.checked = true;
  box.addEventListener('change', () => { setHidden(key, !box.checked); });
  find(place).append(make('label', {}, box, swatch, make('span', {}, `${label} `, make('span', { class: 'quiet' }, `(${number})`))));
}

function setHidden(key, isHidden) {
  if (isHidden) state.hidden.add(key);
  else state.hidden.delete(key);
  changed();
}

function showFilters() {
  for (const box of document.querySelectorAll('[data-filter]')) box.checked = !state.hidden.has(box.dataset.filter);
}
