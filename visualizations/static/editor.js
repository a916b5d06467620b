// The SPARQL editor: YASGUI with completion, prefixes and examples from our own endpoint, a graph view and a chart.
'use strict';
(() => {
  const endpoint = new URL('sparql', document.baseURI).href;
  const DATASET = '<https://w3id.org/osteograph/dataset>';
  const TERMS = {
    class: `SELECT DISTINCT ?term ?label { ${DATASET} void:classPartition/void:class ?term OPTIONAL { ?term rdfs:label ?label } }`,
    property: `SELECT DISTINCT ?term ?label { ${DATASET} void:classPartition/void:propertyPartition/void:property ?term OPTIONAL { ?term rdfs:label ?label } }`,
    prefix: 'SELECT ?prefix ?namespace { ?declaration sh:prefix ?prefix ; sh:namespace ?namespace } ORDER BY ?prefix',
  };

  async function rows(query) {
    const answer = await fetch(`${endpoint}?query=${encodeURIComponent(query)}`, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(await answer.text());
    const bindings = (await answer.json()).results.bindings;
    return bindings.map((row) => Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value])));
  }

  // Terms of our VoID only; a term is found by its IRI and by its label.
  function completer(kind, from, terms) {
    Yasgui.Yasqe.forkAutocompleter(from, {
      name: `our-${kind}`,
      bulk: false,
      autoShow: false,
      persistenceId: null,
      get: async (yasqe, token) => {
        const typed = (token?.autocompletionString || '').toLowerCase();
        const found = terms.filter((row) => row.term.toLowerCase().includes(typed) || (row.label || '').toLowerCase().includes(typed));
        return found.map((row) => row.term).sort();
      },
    }, false);
    return `our-${kind}`;
  }

  function prefixCompleter(prefixes) {
    Yasgui.Yasqe.forkAutocompleter('prefixes', {
      name: 'our-prefixes',
      persistenceId: null,
      get: async () => prefixes.map((row) => `${row.prefix}: <${row.namespace}>`),
    }, false);
    return 'our-prefixes';
  }

  function element(name, attributes = {}, text = '') {
    const svg = ['svg', 'rect', 'text', 'g', 'title'].includes(name);
    const made = svg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  }

  const icon = (letter) => element('span', { 'aria-hidden': 'true' }, letter);
  const short = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
  const local = (iri) => short(iri.replace(/^.*[/#]/, '') || iri);

  function triples(results) {
    if (typeof results.getStatements === 'function' && results.getStatements()?.length) {
      return results.getStatements().map((s) => [s.subject, s.predicate, s.object].map((t) => t.value ?? t.id ?? String(t)));
    }
    const names = results.getVariables() || [];
    if (names.length !== 3) return [];
    return (results.getBindings() || []).filter((row) => names.every((n) => row[n])).map((row) => names.map((n) => row[n].value));
  }

  // Subjects and objects as nodes: of a CONSTRUCT, or of a SELECT with three columns.
  class GraphView {
    priority = 3;
    label = 'Graph';
    constructor(yasr) { this.yasr = yasr; }
    getIcon() { return icon('◉'); }
    canHandleResults() { return Boolean(this.yasr.results) && triples(this.yasr.results).length > 0; }
    draw() {
      const place = element('div', { class: 'graph-view', role: 'img', 'aria-label': 'The answer as a graph; the table holds the same' });
      this.yasr.resultsEl.replaceChildren(place);
      const all = triples(this.yasr.results).slice(0, 500);
      const names = [...new Set(all.flatMap(([s, , o]) => [s, o]))];
      const ids = new Map(names.map((name, index) => [name, index]));
      const nodes = names.map((name, id) => ({ id, label: /^https?:/.test(name) ? local(name) : short(name), shape: 'box' }));
      const edges = all.map(([s, p, o]) => ({ from: ids.get(s), to: ids.get(o), label: local(p), arrows: 'to' }));
      const options = { layout: { randomSeed: 7 }, physics: { stabilization: { iterations: 300 } }, nodes: { color: { background: '#f6f7f9', border: '#535b66' } } };
      this.network = new vis.Network(place, { nodes, edges }, options);
      this.network.once('stabilized', () => this.network.setOptions({ physics: false }));
    }
  }

  // Bars: the first column that is not a number names them, the first that is gives their length.
  class ChartView {
    priority = 2;
    label = 'Chart';
    constructor(yasr) { this.yasr = yasr; }
    getIcon() { return icon('▤'); }
    columns() {
      const first = this.yasr.results?.getBindings()?.[0] || {};
      const names = this.yasr.results?.getVariables() || [];
      const number = names.find((n) => first[n] && /(integer|decimal|double|float)$/.test(first[n].datatype || ''));
      return [names.find((n) => n !== number), number];
    }
    canHandleResults() { const [label, number] = this.columns(); return Boolean(label && number); }
    draw() {
      const [label, number] = this.columns();
      const bars = this.yasr.results.getBindings().filter((row) => row[number] && row[label]).slice(0, 60);
      const most = Math.max(...bars.map((row) => Number(row[number].value)), 0) || 1;
      const svg = element('svg', { class: 'chart', role: 'img', 'aria-label': `${number} by ${label}`, width: 760, height: bars.length * 24 + 8 });
      bars.forEach((row, index) => {
        const width = Math.max(0, (Number(row[number].value) / most) * 440);
        const bar = element('g');
        bar.append(
          element('text', { x: 240, y: index * 24 + 17, 'text-anchor': 'end' }, row[label].type === 'uri' ? local(row[label].value) : short(row[label].value)),
          element('rect', { x: 250, y: index * 24 + 4, width, height: 16 }),
          element('text', { x: 256 + width, y: index * 24 + 17 }, row[number].value),
        );
        svg.append(bar);
      });
      this.yasr.resultsEl.replaceChildren(svg);
    }
  }

  async function start() {
    const [classes, properties, prefixes] = await Promise.all([rows(TERMS.class), rows(TERMS.property), rows(TERMS.prefix)]);
    Yasgui.Yasqe.defaults.autocompleters = [
      'variables', prefixCompleter(prefixes), completer('classes', 'class', classes), completer('properties', 'property', properties),
    ];
    Yasgui.Yasr.registerPlugin('Graph', GraphView);
    Yasgui.Yasr.registerPlugin('Chart', ChartView);
    const first = document.querySelector('#examples button');
    Yasgui.Yasqe.defaults.value = first ? first.dataset.query : 'SELECT * { ?s ?p ?o } LIMIT 10';
    const yasgui = new Yasgui(document.getElementById('yasgui'), {
      requestConfig: { endpoint, method: 'POST', headers: () => ({}) },
      endpointCatalogueOptions: { getData: () => [{ endpoint }] },
      copyEndpointOnNewTab: false,
      persistenceId: null,
      yasr: { prefixes: Object.fromEntries(prefixes.map((row) => [row.prefix, row.namespace])), pluginOrder: ['table', 'response', 'Graph', 'Chart'] },
    });
    document.getElementById('examples').addEventListener('click', (event) => {
      const query = event.target.closest('button')?.dataset.query;
      if (!query) return;
      yasgui.getTab().getYasqe().setValue(query);
      yasgui.getTab().getYasqe().query();
      document.getElementById('yasgui').scrollIntoView();
    });
    document.getElementById('filter').addEventListener('input', (event) => {
      const words = event.target.value.toLowerCase().split(/\s+/);
      for (const item of document.querySelectorAll('#examples li')) {
        item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
      }
    });
    const names = { autocomplete: 'Address of the endpoint', tableFilter: 'Filter the rows' };
    const nameControls = () => {
      for (const input of document.querySelectorAll('#yasgui input:not([aria-label]), #yasgui textarea:not([aria-label])')) {
        input.setAttribute('aria-label', Object.entries(names).find(([name]) => input.classList.contains(name))?.[1] || 'SPARQL query');
      }
    };
    nameControls();
    window.editor = yasgui;
    document.documentElement.dataset.ready = 'true';
  }

  start().catch((error) => { document.getElementById('yasgui').textContent = `The editor could not start: ${error.message}`; });
})();
