// What a statement rests on: claims and passages of articles, citations of labels and guidelines, both sides of conflicts.

const isArticle = (statement) => statement.says === 'article';

function statementCard(statement) {
  return make('article', { class: 'card look-' + statement.look, 'data-statement': statement.id },
    make('p', { class: 'words' }, isolate(statement.words)), ...bodyOf(statement),
    statement.iri ? make('p', { class: 'quiet' }, linkTo(statement.iri, statement.id)) : '',
    statement.iri ? sparqlBox(sparqlOfStatement(statement)) : '');
}

function bodyOf(statement) {
  if (statement.proofs) return proofBody(statement);
  if (statement.rule) return ruleBody(statement.rule);
  if (statement.look === 'derived') return [make('p', {}, originBadge('derived')), make('p', { class: 'outside' }, statement.more)];
  if (statement.look === 'query') return queryBody(statement);
  if (statement.look === 'recorded') return [make('p', {}, originBadge('record')), definitions(statement.qualifiers)];
  return isArticle(statement) ? articleBody(statement) : linkBody();
}

function queryBody({ qualifiers }) {
  return [make('p', {}, originBadge('query')), make('p', { class: 'outside' }, 'No source, rule or curator of this graph says this: it is a link of the query, which rests on nothing here.'), definitions(qualifiers)];
}

function linkBody() {
  return [make('p', {}, originBadge('curator')), make('p', { class: 'outside' }, 'A link of the hierarchy or the schema: set by the curators, it rests on no passage.')];
}

function articleBody(statement) {
  return [
    make('p', {}, originBadge('article')),
    definitions([['Standing', statement.standing], ['Origin', statement.origin], ...statement.qualifiers]),
    ...statement.claims.map(claimBlock),
    ...statement.conflicts.map((name) => conflictBlock(conflicts.get(name), statement)),
  ];
}

function claimBlock(claim) {
  return make('div', { class: 'claim' },
    make('p', {}, make('strong', {}, isolate(page.sources[claim.article].title))),
    make('p', {}, isolate(claim.paraphrase)),
    definitions([['Polarity', claim.polarity], ['Certainty', claim.certainty], ['Basis', claim.basis], ['Note', claim.note], ['Claim', claim.curie]]),
    ...claim.passages.map((name) => passageBlock(page.passages[name], page.sources[claim.article].file)));
}

function passageBlock(passage, file) {
  return make('div', { class: 'passage' }, definitions([
    ['Section', passage.section], ['Passage', passage.curie], ['Position', `${passage.start}–${passage.end} in ${file}`],
    ['SHA-256', make('code', { class: 'digest' }, passage.sha256)],
  ]));
}

const isOpposed = (conflict) => ['contradiction', 'fault of a source'].includes(conflict.kind);

// Opposing sides stand open; agreement and refinement are there for those who look.
function conflictBlock(conflict, statement) {
  if (!conflict) return '';
  const isOpen = isOpposed(conflict) || ['contested', 'tension', 'contradiction'].includes(statement.look);
  const block = make('details', { class: 'conflict' },
    make('summary', {}, `${conflict.kind} (${conflict.id})`),
    make('p', {}, isolate(conflict.explanation)),
    make('ul', {}, ...conflict.members.map((member) => sideItem(member, statement))),
    definitions([['Assessment', conflict.assessment], ['On the word of', conflict.citations]]));
  block.open = isOpen;
  return block;
}

const titleOf = (member) => member.source || page.sources[member.article].title;

function sideItem(side, statement) {
  const member = { ...grounds.get(side.statement), ...side };
  const mark = member.outcome ? make('strong', { class: 'contested' }, ` ${member.outcome}`) : '';
  const here = member.statement === statement.id ? ' (this statement)' : '';
  const edge = edgeOfStatement.get(member.statement);
  const words = edge && !here ? make('button', { type: 'button', class: 'inline', onclick: () => openEdge(edge) }, isolate(member.words)) : isolate(member.words);
  return make('li', {}, words, here, mark, make('span', { class: 'quiet' }, ` ${titleOf(member)}, ${member.claim}, ${member.standing}`));
}

function ruleBody(rule) {
  return [
    make('p', {}, originBadge('label')),
    make('p', { class: 'outside' }, 'From a label or guideline, not from an article.'),
    definitions([
      ['Strength', make('strong', {}, rule.strength)], ['Condition', rule.condition], ['Effect', rule.effects], ['Indication', rule.indications],
      ['Jurisdiction', rule.jurisdictions.length ? rule.jurisdictions : 'not said'], ['Threshold', rule.threshold], ['Time', rule.time_window], ['Except', rule.exception],
      ['Frequency', rule.frequency], ['Members inherit', rule.members_inherit], ['Verified', rule.verified ? 'yes' : 'no: not verified'], ['Rule', rule.label],
    ]),
    ...rule.citations.map((name) => page.citations[name]).map((citation) => make('div', { class: 'claim' },
      make('p', {}, make('strong', {}, isolate(citation.title))),
      definitions([['Publisher', citation.publisher], ['Issued', citation.issued], ['Section', citation.section], ['Identifier', citation.identifier], ['Citation', citation.curie]]))),
  ];
}
