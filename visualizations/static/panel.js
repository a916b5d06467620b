// The panel: what is known of the chosen node or edge, down to the passages.

function linkTo(iri, text) {
  if (!/^https?:\/\//i.test(iri)) return make('code', {}, text);
  return make('a', { href: iri, target: '_blank', rel: 'noreferrer noopener' }, text);
}

const nodeButton = (id) => make('button', { type: 'button', class: 'inline', 'data-node': id, onclick: () => openNode(id) }, isolate(labelOf(id)));

// Pairs of term and value; pairs without a value are left out.
function definitions(pairs) {
  const list = make('dl', {});
  for (const [term, value] of pairs) {
    if (!value || (Array.isArray(value) && !value.length)) continue;
    list.append(make('dt', {}, term), make('dd', {}, Array.isArray(value) ? isolate(value.join(', ')) : typeof value === 'string' ? isolate(value) : value));
  }
  return list;
}

function showWelcome() {
  const passages = new Set(page.statements.flatMap((statement) => statement.claims.flatMap((claim) => claim.passages.map((passage) => passage.curie))));
  const rules = page.statements.filter((statement) => statement.rule).length;
  fillPanel(
    make('p', {}, page.view.description),
    make('p', {}, `${count(nodes.size, 'concept')} and ${count(statements.size, 'statement')}, resting on ${count(passages.size, 'passage')} of the two articles${rules ? ` and on ${count(rules, 'rule')} of labels and guidelines (dashed)` : ''}.`),
    make('p', {}, 'Choose a node or a line to see what it rests on. The table below says the same without a picture.'),
  );
}

function fillPanel(...children) {
  const panel = find('panel');
  panel.replaceChildren(...children);
  panel.scrollTop = 0;
}

// A node

function showNode(id) {
  const concept = concepts.get(id);
  fillPanel(
    make('h2', {}, isolate(concept.label)),
    make('p', { class: 'kind' }, kindSwatch(concept.kind), ' ' + kinds.get(concept.kind).label),
    concept.definition ? make('p', {}, isolate(concept.definition)) : '',
    definitions([['Also called', synonymList(concept)], ['Identifier', linkTo(concept.iri, concept.id)]]),
    ...statementGroups(id),
    mappingList(concept),
  );
}

function synonymList(concept) {
  return concept.synonyms.map(([name, scope]) => (scope === 'exact' ? name : `${name} (${scope})`));
}

function mappingList(concept) {
  if (!concept.mappings.length) return '';
  const items = concept.mappings.map(([relation, iri, notation, label]) =>
    make('li', {}, make('span', { class: 'quiet' }, relation + ' '), linkTo(iri, notation || iri), label ? ' ' : '', isolate(label)));
  return make('details', {}, make('summary', {}, count(items.length, 'mapping')), make('ul', { class: 'plain' }, ...items));
}

// The statements of a node by relation; those it is the object of are led by an arrow.
function statementGroups(id) {
  const groups = new Map();
  for (const edge of edgesOf.get(id)) {
    const heading = edge.from === id ? edge.words : `← ${edge.words}`;
    groups.set(heading, [...(groups.get(heading) || []), edge]);
  }
  return [...groups].map(([heading, members]) =>
    make('section', { class: 'relation' }, make('h3', {}, heading), make('ul', { class: 'plain' }, ...members.map((edge) => edgeRow(edge, id)))));
}

function edgeRow(edge, id) {
  const words = edge.look === 'label' ? count(edge.weight, 'citation') : count(edge.weight, 'passage');
  const name = `Evidence: ${labelOf(edge.from)} ${edge.words} ${labelOf(edge.to)}`;
  return make('li', {}, nodeButton(otherEnd(edge, id)), ' ',
    make('button', { type: 'button', class: 'evidence', 'data-edge': edge.id, 'aria-label': name, onclick: () => openEdge(edge.id) }, lookSwatch(edge.look), words));
}

// An edge: its statements

function showEdge(id) {
  const edge = edges.get(id);
  fillPanel(
    make('h2', {}, nodeButton(edge.from), ` ${edge.words} `, nodeButton(edge.to)),
    make('p', { class: 'kind' }, lookSwatch(edge.look), ' ', page.looks.find((look) => look.name === edge.look).label),
    ...edge.statements.map((name) => statementCard(statements.get(name))),
  );
}

function statementCard(statement) {
  const body = statement.rule ? ruleBody(statement.rule) : articleBody(statement);
  return make('article', { class: 'card look-' + statement.look, 'data-statement': statement.id },
    make('p', { class: 'words' }, isolate(statement.words)), ...body,
    make('p', { class: 'quiet' }, linkTo(statement.iri, statement.id)));
}

function articleBody(statement) {
  return [
    definitions([['Standing', statement.standing], ['Origin', statement.origin], ...statement.qualifiers]),
    ...statement.claims.map(claimBlock),
    ...statement.conflicts.map((name) => conflictBlock(conflicts.get(name), statement)),
  ];
}

function claimBlock(claim) {
  return make('div', { class: 'claim' },
    make('p', {}, make('strong', {}, isolate(claim.source))),
    make('p', {}, isolate(claim.paraphrase)),
    definitions([['Polarity', claim.polarity], ['Certainty', claim.certainty], ['Basis', claim.basis], ['Note', claim.note], ['Claim', claim.curie]]),
    ...claim.passages.map((passage) => make('div', { class: 'passage' },
      definitions([['Section', passage.section], ['Passage', passage.curie], ['Position', `${passage.start}–${passage.end} in ${claim.file}`], ['SHA-256', make('code', { class: 'digest' }, passage.sha256)]]))));
}

// Opposing sides stand open; agreement and refinement are there for those who look.
function conflictBlock(conflict, statement) {
  if (!conflict) return '';
  const isOpen = ['contradiction', 'fault of a source'].includes(conflict.kind) || statement.look === 'contested';
  const block = make('details', { class: 'conflict' },
    make('summary', {}, `${conflict.kind} (${conflict.id})`),
    make('p', {}, isolate(conflict.explanation)),
    make('ul', {}, ...conflict.members.map((member) => sideItem(member, statement))),
    definitions([['Assessment', conflict.assessment], ['On the word of', conflict.citations]]));
  block.open = isOpen;
  return block;
}

function sideItem(member, statement) {
  const mark = member.outcome ? make('strong', { class: 'contested' }, ` ${member.outcome}`) : '';
  const here = member.statement === statement.id ? ' (this statement)' : '';
  const edge = edgeOfStatement.get(member.statement);
  const words = edge && !here ? make('button', { type: 'button', class: 'inline', onclick: () => openEdge(edge) }, isolate(member.words)) : isolate(member.words);
  return make('li', {}, words, here, mark, make('span', { class: 'quiet' }, ` ${member.source}, ${member.claim}, ${member.standing}`));
}

function ruleBody(rule) {
  return [
    make('p', { class: 'outside' }, 'From a label or guideline, not from an article.'),
    definitions([
      ['Strength', make('strong', {}, rule.strength)], ['Condition', rule.condition], ['Effect', rule.effects], ['Indication', rule.indications],
      ['Jurisdiction', rule.jurisdictions.length ? rule.jurisdictions : 'not said'], ['Threshold', rule.threshold], ['Time', rule.time_window], ['Except', rule.exception],
      ['Frequency', rule.frequency], ['Members inherit', rule.members_inherit], ['Verified', rule.verified ? 'yes' : 'no: not verified'], ['Rule', rule.label],
    ]),
    ...rule.citations.map((citation) => make('div', { class: 'claim' },
      make('p', {}, make('strong', {}, isolate(citation.title))),
      definitions([['Publisher', citation.publisher], ['Issued', citation.issued], ['Section', citation.section], ['Identifier', citation.identifier], ['Citation', citation.curie]]))),
  ];
}

// A path: every step with its evidence

function showPath(steps) {
  fillPanel(make('h2', {}, `Path of ${count(steps.length, 'step')}`), ...steps.map((id) => {
    const edge = edges.get(id);
    return make('section', { class: 'step' }, make('h3', {}, nodeButton(edge.from), ` ${edge.words} `, nodeButton(edge.to)),
      ...edge.statements.map((name) => statementCard(statements.get(name))));
  }));
}
