// The proof of what rules derived, step by step, down to given facts that say whose word they are.

// Each origin has a sign and a frame of its own, so that nothing hangs on colour.
const ORIGINS = {
  article: ['¶', 'article'], label: ['§', 'label or guideline'], curator: ['⌂', 'curators'], schema: ['≡', 'schema'],
  record: ['○', 'record'], query: ['◇', 'the query'], derived: ['∴', 'derived by a rule'],
};

function originBadge(origin) {
  const [sign, words] = ORIGINS[origin];
  return make('span', { class: 'origin origin-' + origin }, make('span', { 'aria-hidden': 'true' }, sign + ' '), words);
}

function proofBody(statement) {
  const [first, ...others] = statement.proofs;
  return [
    definitions(statement.qualifiers),
    make('p', { class: 'outside' }, 'No source says this in so many words: rules conclude it. Each step names its rule.'),
    proofList(first),
    ...others.map((proof, index) => make('details', { class: 'other-proof' }, make('summary', {}, `Another minimal proof (${index + 2})`), proofList(proof))),
    statement.more ? make('p', { class: 'quiet' }, `${statement.more}: see osteograph explain.`) : '',
  ];
}

const proofList = (place) => make('ol', { class: 'proof' }, stepItem(page.steps[place], new Set()));

// What was told above is not opened a second time.
function stepItem(step, told) {
  if (!step.rule) return givenItem(step, told);
  return make('li', { class: 'derived' },
    make('p', {}, originBadge('derived'), ' ', isolate(step.words)),
    make('p', { class: 'because' }, 'because: ', page.rules[step.rule], ' ', make('code', {}, step.rule)),
    make('ol', {}, ...step.premises.map((place) => stepItem(page.steps[place], told)),
      ...(step.absent || []).map((words) => make('li', {}, make('span', { class: 'origin origin-absent' }, 'nothing says'), ' ', isolate(words)))));
}

function givenItem(given, told) {
  const item = make('li', { class: 'given' }, make('p', {}, originBadge(given.origin), ' ', isolate(given.words), given.where ? make('span', { class: 'quiet' }, ' ', isolate(given.where)) : ''));
  for (const name of given.grounds || []) item.append(told.has(name) ? make('p', { class: 'quiet' }, 'As above.') : groundBox(grounds.get(name)));
  (given.grounds || []).forEach((name) => told.add(name));
  return item;
}

function wordsOfGround({ rule, claims }) {
  if (!rule) return `Rests on ${count(claims.length, 'claim')} with passages`;
  return rule.citations.length ? `Rests on ${count(rule.citations.length, 'citation')}` : 'Not verified: no text was opened';
}

function groundBox(ground) {
  const edge = edgeOfStatement.get(ground.id);
  return make('details', { class: 'ground', 'data-ground': ground.id }, make('summary', {}, wordsOfGround(ground)),
    make('p', {}, isolate(ground.words)), ...bodyOf(ground).slice(1),
    edge ? make('p', {}, button('Show its line', () => openEdge(edge))) : '',
    make('p', { class: 'quiet' }, linkTo(ground.iri, ground.id)));
}
