"""A patient's record, screened, as a page: a report that can be read and printed, and the graph of what it rests on.

The report is for reading from top to bottom: emergencies, each treatment with its flags by strength, what could not be
judged, what is missing, what was not understood, and which treatments remain. In the graph, every entry of the record
hangs on the patient, and every flag is a derived line from what it rests on to the treatment, with its proof.

Educational, not medical advice; reviewed by no clinician. The page holds the record: keep it as you keep that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from osteograph.ontology.namespaces import SCHEMA, shorten
from osteograph.queries.inference.evidence import PATIENT
from osteograph.queries.inference.knowledge import Scope
from osteograph.queries.inference.telling import others
from osteograph.queries.screening.record import Entry, Record
from osteograph.queries.screening.remaining import Remaining, remaining
from osteograph.queries.screening.reports import SILENT, TIMES, part_sources, summary
from osteograph.queries.screening.screening import RAISED, Finding, Screener, Screening, TreatmentResult, told_by_record

from .collecting import DERIVED, collect_conflicts, collect_grounds, collect_nodes, edge_id
from .content import Content, Edge, Node, Statement
from .layout import arrange
from .page import Page
from .proofs import tell
from .views import View

RECORDED = "the patient's record"
_WHO = Node("patient", "", "the patient", "patient", "", (), ())
_AGAINST = {  # the relation between what a finding rests on and the treatment, by its strength
    "contraindicated": "contraindicates",
    "not recommended": "advisesAgainst",
    "caution": "callsForCautionWith",
    "raised risk": "raisesRiskWith",
}
_WIDTHS = {"contraindicated": 6, "not recommended": 4, "caution": 2}  # of lines; all else is thin
_OF_PATIENT = {
    "missing indication": "lacksIndicationFor",
    "emergency": "hasEmergency",
    "possible emergency": "hasPossibleEmergency",
    "same substance twice": "hasSubstanceTwice",
}
_ENTRIES = {  # what an entry says of the patient, by its kind and time
    ("condition", "now"): "presents",
    ("condition", "past"): "had",
    ("condition", "planned"): "is to have",
    ("treatment", "now"): "receives",
    ("treatment", "past"): "received",
    ("treatment", "planned"): "is to receive",
}
_COLUMNS = (
    ("condition", "metastasis", "lesion", "complication", "cancer", "harm", "site"),
    ("patient",),
    ("treatment", "test", "cell", "route", "source", "value", "other"),
)


def draw_patient(screener: Screener, record: Record) -> Page:
    """The page of a record; its title says how the scope of the screener narrows whose word counts."""
    screening = screener.screen(record)
    told = _Findings(screening)
    content = _content(screening, told)
    narrowed = _narrowed(screener.knowledge.scope)
    view = View(
        "patient",
        f"Screening of {record.name or 'a record'}{f' ({narrowed})' if narrowed else ''}",
        "What the record says, what rules derive from it for the treatments on it, and why.",
        "",
        columns=_COLUMNS,
        layout="columns",
    )
    report = _report(screening, told, remaining(screener, record)) | {"narrowed": narrowed}
    return Page(view, content, arrange(content, view), report=report)


def _narrowed(scope: Scope) -> str:
    """How a scope narrows whose word counts, in words; nothing where all do.

    >>> _narrowed(Scope("labels", frozenset({"US", "EU"}), verified_only=True))
    'labels and guidelines alone; in force in EU or US, or not saying where; verified rules alone'
    """
    whose = {"articles": "the articles alone", "labels": "labels and guidelines alone"}.get(scope.sources, "")
    where = " or ".join(sorted(scope.jurisdictions))
    told = (
        whose,
        f"in force in {where}, or not saying where" if where else "",
        "verified rules alone" if scope.verified_only else "",
    )
    return "; ".join(filter(None, told))


@dataclass(frozen=True)
class _Finding:
    """A finding with the statement that tells it, and the ends of its edges."""

    statement: Statement
    relation: str
    sources: tuple[str, ...]
    target: str


class _Findings:
    """The findings of a screening that have an edge, in the order of the report."""

    def __init__(self, screening: Screening) -> None:
        self.screening = screening
        self.all: list[_Finding] = []
        self.names: dict[int, str] = {}
        for finding in (*screening.emergencies, *screening.possible_emergencies, *screening.substances_twice):
            self._add(finding, finding.concept)
        for treatment in screening.treatments:
            for finding in (*treatment.flags, *treatment.missing_indications, *treatment.raised_risks):
                self._add(finding, treatment.entry.concept)

    def ids(self, findings: Sequence[Finding]) -> list[str]:
        """The ids of the statements of findings."""
        return [self.names[id(finding)] for finding in findings]

    def _add(self, finding: Finding, concept: str) -> None:
        name = self.names[id(finding)] = f"finding-{len(self.all) + 1}"
        reasons = told_by_record(finding.proof, self.screening.evidence) if finding.strength in _AGAINST else []
        sources = tuple(iri for iri in dict.fromkeys(reasons) if iri != concept) or (PATIENT,)
        relation = SCHEMA + (_AGAINST | _OF_PATIENT)[finding.strength]
        statement = self._statement(name, finding, relation, concept)
        self.all.append(_Finding(statement, relation, sources, concept))

    def _statement(self, name: str, finding: Finding, relation: str, concept: str) -> Statement:
        words = self.screening.evidence.name
        step = tell(finding.proof, self.screening.evidence)
        reason = f", because of {finding.words}" if finding.words else ""
        return Statement(
            id=name, iri="", look="derived", words=f"{words(f'<{concept}>')}: {finding.strength}{reason}", says=DERIVED,
            subject=finding.words or "the patient", relation=words(f"<{relation}>"), object=words(f"<{concept}>"),
            standing=finding.strength, origin="", qualifiers=tuple(self._qualifiers(finding)), proofs=(step,),
            more=others(finding.more, are_all=finding.complete),
        )  # fmt: skip

    def _qualifiers(self, finding: Finding) -> Iterator[tuple[str, str]]:
        words = self.screening.evidence.name
        effects = dict.fromkeys(effect for part in finding.parts for effect in part.effects)
        yield "Strength", finding.strength
        if effects:
            yield "Effect", ", ".join(words(f"<{effect}>") for effect in effects)
        yield "On the word of", part_sources(finding)
        if finding.unconfirmed:
            most = "" if finding.strength == RAISED else ": a caution at most"
            yield "Inheritance", SILENT.capitalize() + most
        for exception in dict.fromkeys(words for part in finding.parts for words in part.exceptions):
            yield "Exception that may apply", exception


# The graph


def _content(screening: Screening, told: _Findings) -> Content:
    store = screening.knowledge.store
    entries = _by_statement(screening)
    ends = {entry.concept for entry in entries.values()}
    ends |= {end for one in told.all for end in (*one.sources, one.target)}
    statements = (*(one.statement for one in told.all), *(_recorded(name, e, screening) for name, e in entries.items()))
    edges = {edge.id: edge for edge in (*_entry_edges(entries), *_finding_edges(told))}
    grounds = collect_grounds(store, statements)
    return Content(
        nodes=(_WHO, *collect_nodes(store, ends - {PATIENT})),
        edges=tuple(edges[name] for name in sorted(edges)),
        statements=statements,
        conflicts=collect_conflicts(store, grounds),
        grounds=grounds,
    )


def _by_statement(screening: Screening) -> Mapping[str, Entry]:
    return {f"entry-{number}": entry for number, entry in enumerate(screening.record.entries, 1)}


def _relation(entry: Entry) -> str:
    return _ENTRIES.get((entry.kind, entry.time), "has on record")


def _recorded(name: str, entry: Entry, screening: Screening) -> Statement:
    """An entry of the record as it is named there, and as what it was understood."""
    label = screening.evidence.name(f"<{entry.concept}>")
    told = {
        "Named there": entry.words,
        "Measured": entry.measured,
        "Estimated": "yes" if entry.estimated else "",
        "Days ago": f"{entry.days_ago:f}" if entry.days_ago is not None else "",
        "Place": entry.where,
    }
    return Statement(
        id=name, iri="", look="recorded", words=f"the patient {_relation(entry)} {label}", says=RECORDED,
        subject="the patient", relation=_relation(entry), object=label, standing="", origin="",
        qualifiers=tuple((key, value) for key, value in told.items() if value),
    )  # fmt: skip


def _entry_edges(entries: Mapping[str, Entry]) -> Iterator[Edge]:
    """One line for all entries that say the same of a concept."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name, entry in entries.items():
        groups.setdefault((entry.concept, _relation(entry)), []).append(name)
    for (concept, relation), names in groups.items():
        yield Edge(
            id=edge_id(PATIENT, relation, concept, "recorded"), source="patient", target=shorten(concept),
            relation=f"record:{relation}", label=relation, look="recorded", weight=1, statements=tuple(names),
        )  # fmt: skip


def _finding_edges(told: _Findings) -> Iterator[Edge]:
    """One line for all findings of one strength between the same two things."""
    groups: dict[tuple[str, str, str], list[_Finding]] = {}
    for one in told.all:
        for source in one.sources:
            groups.setdefault((source, one.relation, one.target), []).append(one)
    for (source, relation, target), members in groups.items():
        first = members[0].statement
        yield Edge(
            id=edge_id(source, relation, target, "derived"),
            source="patient" if source == PATIENT else shorten(source),
            target=shorten(target),
            relation=shorten(relation),
            label=first.relation,
            look="derived",
            weight=_WIDTHS.get(first.standing, 1),
            statements=tuple(one.statement.id for one in members),
        )


# The report


def _report(screening: Screening, told: _Findings, left: Remaining) -> dict[str, object]:
    alerts = [
        ("Emergency, by an article", screening.emergencies),
        ("Possible emergency, by an article", screening.possible_emergencies),
        ("The same substance twice", screening.substances_twice),
    ]
    return {
        "summary": summary(screening),
        "strengths": _counts(screening),
        "alerts": [{"title": title, "findings": told.ids(found)} for title, found in alerts if found],
        "treatments": [_treatment(each, screening, told) for each in screening.treatments],
        "checks": _named(screening.other_checks, screening),
        "entries": list(_by_statement(screening)),
        "leftovers": [asdict(leftover) for leftover in screening.record.leftovers],
        "remaining": list(_remaining(left, screening)),
    }


def _counts(screening: Screening) -> list[str]:
    """How many flags and raised risks there are of each strength, the strongest first."""
    found = [one for each in screening.treatments for one in (*each.flags, *each.raised_risks)]
    counts = Counter(one.strength for one in found)
    return [f"{counts[strength]} × {strength}" for strength in _AGAINST if counts[strength]]


def _treatment(result: TreatmentResult, screening: Screening, told: _Findings) -> dict[str, object]:
    return {
        "label": result.label,
        "time": " and ".join(dict.fromkeys(TIMES[entry.time] for entry in result.entries)),
        "named": "; ".join(dict.fromkeys(entry.words for entry in result.entries)),
        "where": "; ".join(entry.where for entry in result.entries),
        "flags": told.ids(result.flags),
        "missing": told.ids(result.missing_indications),
        "risks": told.ids(result.raised_risks),
        "address": _named(result.address_first, screening),
        "checks": _named(result.missing_checks, screening),
        "unjudged": [{"reason": one.reason, "parts": list(one.parts)} for one in result.unjudged],
    }


def _named(findings: Sequence[Finding], screening: Screening) -> list[str]:
    return sorted({screening.evidence.name(f"<{finding.concept}>") for finding in findings})


def _remaining(left: Remaining, screening: Screening) -> Iterator[dict[str, object]]:
    groups = {
        "Remain: nothing here contraindicates or advises against them": left.remain,
        "An indication is missing": left.not_indicated,
        "Not recommended": left.not_recommended,
        "Contraindicated": left.contraindicated,
    }
    for title, results in groups.items():
        if results:
            yield {"title": title, "treatments": [_left(result, screening) for result in results]}


def _left(result: TreatmentResult, screening: Screening) -> dict[str, object]:
    said = [*result.flags, *result.missing_indications, *result.raised_risks]
    told = [f"{each.strength}: {each.words} [{part_sources(each)}]" for each in said]
    return {"label": result.label, "told": list(dict.fromkeys(told)), "first": _named(result.address_first, screening)}
