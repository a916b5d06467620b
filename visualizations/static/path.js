// The shortest path between two concepts along shown edges, whatever their direction.

function findPath(from, to) {
  const arrivedBy = new Map([[from, null]]);
  const queue = [from];
  while (queue.length && !arrivedBy.has(to)) {
    const here = queue.shift();
    for (const edge of edgesOf.get(here).filter(isEdgeShown)) {
      const next = otherEnd(edge, here);
      if (!arrivedBy.has(next)) { arrivedBy.set(next, edge); queue.push(next); }
    }
  }
  if (!arrivedBy.has(to)) return null;
  const steps = [];
  for (let here = to; arrivedBy.get(here); here = otherEnd(arrivedBy.get(here), here)) steps.unshift(arrivedBy.get(here).id);
  return steps;
}

function conceptNamed(text) {
  const hits = search(text);
  return hits.length ? hits[0].id : null;
}

function onPathAsked(event) {
  event.preventDefault();
  const from = conceptNamed(find('path-from').value);
  const to = conceptNamed(find('path-to').value);
  if (!from || !to) { clear(); fillPanel(make('h2', {}, 'Path'), make('p', {}, 'Name two concepts of this view.')); return; }
  openPath(from, to);
}

function startPath() {
  find('path-box').addEventListener('toggle', () => find('names').replaceChildren(...page.concepts.map((concept) => make('option', { value: concept.label }))));
  find('path-form').addEventListener('submit', onPathAsked);
}
