"""The built graph as one object: everything the command line does, from Python.

>>> kg = load()
>>> [row["frequency"] for row in kg.ask("lesion-types-by-cancer", cancer="breast cancer").dicts() if "frequency" in row]
['often']
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from osteograph.ontology.errors import GraphMissing
from osteograph.queries.catalog import ask, find_question
from osteograph.queries.opening import DATA, default_folder, open_graph
from osteograph.queries.stores.base import Answer, Store

if TYPE_CHECKING:
    from datetime import date
    from types import TracebackType

    import networkx
    import pyoxigraph
    import rdflib

    from osteograph.queries.cohort.running import Progress
    from osteograph.queries.cohort.summary import Outcome
    from osteograph.queries.derived import Derived
    from osteograph.queries.explanation import Explanation
    from osteograph.queries.inference.knowledge import Scope
    from osteograph.queries.screening.screening import Screener, Screening


class KnowledgeGraph:
    """A built graph to be asked, explained and handed over to other libraries. Close it, or use it in ``with``."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self._screener: Screener | None = None  # what is derived of the graph is derived once

    def ask(self, question: str, **parameters: str) -> Answer:
        """Answer a named question; concepts may be given by IRI, CURIE, label or synonym.

        Raises UnknownName for questions and concepts that do not exist, BadParameter for parameters that do not fit.
        """
        return ask(self.store, find_question(question), parameters)

    def sparql(self, query: str) -> Answer:
        """Answer a SPARQL 1.1 query over the union of all named graphs. Raises QueryRefused where it may not run."""
        return self.store.query(query)

    def explain(self, *parts: str) -> list[Explanation]:
        """Explain a statement or rule part by IRI or CURIE, or all statements with a subject, predicate and object."""
        from osteograph.queries.explanation import explain

        if len(parts) not in (1, 3):
            raise TypeError("explain takes a statement, or a subject, a predicate and an object")
        return explain(self.store, *parts)

    def prove(self, subject: str, predicate: str, obj: str) -> Derived:
        """The minimal proofs of what rules derive. Raises NotDerived where they do not derive it."""
        from osteograph.queries.derived import derive

        return derive(self.store, (subject, predicate, obj))

    def screen(self, record: str | Path | bytes, *, today: date | None = None, scope: Scope | None = None) -> Screening:
        """Screen a patient's record: a FHIR R4 bundle or the small form, as a file or as bytes.

        Educational, not medical advice. Raises ProblemsFound where the record is not what it should be.
        """
        from osteograph.queries.screening.reading import read_record

        return self._screener_within(scope).screen(read_record(record, self.store, today=today))

    def _screener_within(self, scope: Scope | None) -> Screener:
        from osteograph.queries.inference.knowledge import Knowledge, Scope
        from osteograph.queries.screening.screening import Screener

        wanted = scope or Scope()
        if self._screener is None or wanted != self._screener.knowledge.scope:
            self._screener = Screener(Knowledge(self.store, wanted))
        return self._screener

    def screen_cohort(
        self,
        cohort: str | Path,
        output: str | Path,
        *,
        today: date | None = None,
        scope: Scope | None = None,
        progress: Progress = lambda step: None,
        **options: Any,
    ) -> Outcome:
        """Screen all patients of a cohort into a folder; ``options`` are the other fields of :class:`.running.Wish`.

        Educational, not medical advice. Raises ProblemsFound where the files are no cohort, BadParameter where the
        folder holds another run, ToolMissing where the extra ``cohort`` is not installed.
        """
        from osteograph.queries.cohort.needs import refuse_missing
        from osteograph.queries.inference.knowledge import Knowledge

        refuse_missing("cohort")
        from osteograph.queries.cohort.running import Wish, screen_cohort

        wish = Wish(Path(cohort), Path(output), today or date.today(), **options)
        return screen_cohort(Knowledge(self.store, scope), wish, progress)

    def view(self, name: str, *, depth: int = 1, form: str = "html", **parameters: str) -> bytes:
        """A view as one HTML page, or as a picture (``svg``, ``png``): ``kg.view("treatment", treatment="Xgeva")``.

        Raises UnknownName for views and concepts that do not exist, BadParameter for parameters that do not fit,
        ToolMissing for ``png`` where resvg is not installed.
        """
        from osteograph.visualizations.html import show
        from osteograph.visualizations.views import fill_view, find_view

        return show(self.store, fill_view(self.store, find_view(name), parameters, depth=depth), form)

    def view_query(self, query: str, *, form: str = "html") -> bytes:
        """What a CONSTRUCT, or a SELECT with a column of statements, finds, drawn as :meth:`view` draws."""
        from osteograph.visualizations.html import show
        from osteograph.visualizations.views import query_view

        return show(self.store, query_view(query), form)

    def view_patient(
        self, record: str | Path | bytes, *, today: date | None = None, scope: Scope | None = None, form: str = "html"
    ) -> bytes:
        """The screening of a patient's record as a page: a report with proofs, and the graph of what it rests on.

        Takes what :meth:`screen` takes, and raises what it raises. The page holds the record.
        """
        from osteograph.queries.screening.reading import read_record
        from osteograph.visualizations.html import write_page
        from osteograph.visualizations.patient import draw_patient

        read = read_record(record, self.store, today=today)
        return write_page(draw_patient(self._screener_within(scope), read), form)

    def quads(self) -> list[pyoxigraph.Quad]:
        """All quads of the build, in the order of its files."""
        import pyoxigraph

        return list(pyoxigraph.parse(path=str(self.folder / DATA), format=pyoxigraph.RdfFormat.N_QUADS))

    def to_rdflib(self) -> rdflib.Dataset:
        """The whole graph as an rdflib dataset whose default graph is the union of its named graphs."""
        import rdflib

        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(source=str(self.folder / DATA), format="nquads")
        return dataset

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """The statements between concepts as a networkx multigraph; see :mod:`osteograph.queries.network`."""
        from osteograph.queries.network import to_networkx

        return to_networkx(self.store)

    def to_owlready(self) -> Any:
        """The ontology file of the build as an owlready2 ontology, in a world of its own."""
        from osteograph.graph_builder.reasoner import load_ontology

        return load_ontology(self.folder / "osteograph.owl")

    def close(self) -> None:
        """Give back the memory that the graph holds."""
        self.store.close()

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def load(folder: str | Path | None = None, *, on_disk: bool | None = None) -> KnowledgeGraph:
    """Open a built graph.

    ``on_disk`` opens it at once, for few questions; otherwise it is read into memory, where each takes a third of the
    time, unless so much is imported that memory would not hold it.

    Without a folder it is the one that ``OSTEOGRAPH_HOME`` names, else the one in the user's data folder, which is
    built at the first call (some ten seconds). Raises GraphMissing where a named folder holds no build.
    """
    place = Path(folder) if folder is not None else default_folder()
    try:
        return KnowledgeGraph(open_graph(place, on_disk=on_disk), place)
    except GraphMissing:
        if folder is not None:
            raise
    from osteograph.graph_builder.build import build

    build(place)
    return KnowledgeGraph(open_graph(place, on_disk=on_disk), place)
