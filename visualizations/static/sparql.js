// The query behind what is shown, to be copied. IRIs are written so that none can end before its bracket.

const PREFIXES = 'PREFIX bmo: <https://w3id.org/osteograph/schema/>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n';
const sparqlIri = (iri) => `<${iri.replace(/[\u0000-\u0020<>"{}|^`\\]/g, (mark) => encodeURIComponent(mark))}>`;

function sparqlOfConcept(concept) {
  const iri = sparqlIri(concept.iri);
  return `${PREFIXES}# Statements of articles about ${concept.id.replace(/\s/g, ' ')}
SELECT DISTINCT ?statement ?words ?standing
WHERE {
  { ?statement bmo:subject ${iri} } UNION { ?statement bmo:object ${iri} }
  ?statement rdfs:label ?words ; bmo:standing/rdfs:label ?standing .
}
ORDER BY ?words ?statement
`;
}

function sparqlOfStatement(statement) {
  const chosen = `VALUES ?statement { ${sparqlIri(statement.iri)} }`;
  if (statement.rule) return `${PREFIXES}# What this part of a safety rule rests on
SELECT DISTINCT ?statement ?rule ?strength ?citation ?title
WHERE {
  ${chosen}
  ?rule bmo:hasRulePart ?statement .
  ?statement bmo:strength/rdfs:label ?strength .
  OPTIONAL { ?statement bmo:citation ?citation . ?citation rdfs:label ?title }
}
ORDER BY ?rule ?citation
`;
  if (statement.look === 'derived') return `${PREFIXES}PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX obo: <http://purl.obolibrary.org/obo/>
# The rules that conclude this, and the rule parts and statements that they used
SELECT DISTINCT ?statement ?derivation ?rule ?says ?used
WHERE {
  ${chosen}
  ?derivation bmo:concludes ?statement ; bmo:usesRule ?rule ; prov:used ?used .
  ?rule obo:IAO_0000115 ?says .
}
ORDER BY ?derivation ?used
`;
  return `${PREFIXES}# What this statement rests on
SELECT DISTINCT ?statement ?words ?claim ?polarity ?paraphrase ?passage ?section ?start ?end ?sha256
WHERE {
  ${chosen}
  ?statement rdfs:label ?words .
  ?claim bmo:states ?statement ; bmo:polarity/rdfs:label ?polarity ; bmo:paraphrase ?paraphrase ; bmo:restsOn ?passage .
  ?passage bmo:sectionName ?section ; bmo:start ?start ; bmo:end ?end ; bmo:sha256 ?sha256 .
}
ORDER BY ?claim ?start
`;
}

function sparqlBox(query) {
  const told = make('span', { class: 'quiet', role: 'status' });
  const copy = button('Copy as SPARQL', async () => { told.textContent = (await copyText(query)) ? ' Copied.' : ' Select the text and copy it.'; }, { 'data-do': 'copy' });
  return make('details', { class: 'sparql' }, make('summary', {}, 'SPARQL'), make('p', {}, copy, told), make('pre', { tabindex: 0, 'aria-label': 'SPARQL query' }, query));
}

// The clipboard, or where the browser keeps it shut, the older way.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make('textarea', { class: 'unseen', 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    const isDone = document.execCommand('copy');
    area.remove();
    return isDone;
  }
}
