"""The screening of a cohort as one expression, from entries and values to flags, for any engine that ibis speaks to.

Entries are rows ``patient, concept, state, days_ago``; values are ``patient, scale, low, high, low_open, high_open,
day, side``. Numbers of concepts and scales are those of :class:`.tables.CohortTables`, states those of :mod:`.states`.
Nothing here knows a rule: what follows from what stands in the tables that the rule engine filled.

A concept in a state is one number, a fact, and what a reason says of a treatment is another, a cause: so rows are
narrow, and joined by one small whole number. Only patients with a treatment that can be flagged are looked at.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from ..screening.facts import WINDOWS
from .source import HIGH, LOW
from .states import CONSIDERED, PAST, PRESENT, STATES, WITHIN
from .tables import CohortTables, Table

Keep = Callable[[Table], Table]
FLAG_COLUMNS = (
    "patient", "treatment", "concept", "strength", "origin", "rule", "rule_part", "unconfirmed", "proof",
)  # fmt: skip
_BY_MEASURE = ["patient", "measure"]


@ibis.udf.agg.builtin  # type: ignore[untyped-decorator]
def bit_or(bits: int) -> int:  # type: ignore[empty-body]
    """All bits of a group, by the function that both engines have under this name; ibis knows it for one alone."""


def flags_of(
    entries: Table,
    values: Table,
    tables: CohortTables,
    keep: Keep = lambda table: table,
    *,
    patients: Table | None = None,
    treatments: Table | None = None,
) -> Table:
    """All flags: one row for each patient, treatment, what is flagged, strength and rule part.

    ``keep`` may have an engine run a step of which several others make use, so that it is run once. With ``patients``,
    each once, only these have flags. ``treatments`` are the entries that are treatments, where that is known sooner.
    """
    considered = keep(_considered(entries if treatments is None else treatments, tables))
    treated = keep(_treated(considered, tables, patients))
    entries = _that_matter(entries.mutate(fact=_fact(entries.concept, entries.state)), treated, tables.heeded)
    facts = all_facts(entries.drop("fact"), _that_matter(values, treated, tables.heeded_scales), tables, keep)
    pairs = keep(facts.join(considered, "patient").semi_join(tables.pairs, ["fact", "treatment"]))
    found = _by_entry(pairs, tables).union(_by_clause(pairs, considered, tables))
    return _best(found, tables, keep).join(tables.causes, "cause").select(*FLAG_COLUMNS)


def _considered(entries: Table, tables: CohortTables) -> Table:
    """The treatments that are given or planned, each once for a patient."""
    now = entries.filter(entries.state.isin(CONSIDERED)).select("patient", treatment="concept")
    return now.semi_join(tables.treatments, "treatment").distinct()


def _treated(considered: Table, tables: CohortTables, patients: Table | None) -> Table:
    """Patients with a treatment that may be flagged, each once, with the bits of all these treatments.

    Each once, so that DuckDB looks them up by place and not by hash.
    """
    bits = considered.join(tables.bits, "treatment")
    treated = bits.group_by("patient").agg(bits=bit_or(bits.bit))
    return treated if patients is None else treated.join(patients, "patient")


def _that_matter(rows: Table, treated: Table, heeded: Table) -> Table:
    """The rows that may matter to a treatment of their patient: most matter to none."""
    columns = rows.columns
    found = rows.join(heeded, list(set(columns) & set(heeded.columns))).join(treated, "patient")
    return found.filter((found.by & found.bits) != 0).select(*columns)


def all_facts(entries: Table, values: Table, tables: CohortTables, keep: Keep) -> Table:
    """Entries and all that numbers, repeated doses and tumours add to them: ``patient, fact``."""
    held = keep(entries.select("patient", fact=_fact(entries.concept, _with_window(entries))))
    if tables.grading.since:
        held = held.union(_repeated(entries, tables))
    held = held.union(keep(_graded(values, tables, keep)))
    return held.union(_implied(held, tables, keep))


def _fact(concept: ir.Column, state: ir.Column | int) -> ir.Column:
    """The number of a concept in a state, as :meth:`.tables.CohortTables.fact` counts."""
    return (concept * len(STATES) + state).cast("int32")


def _with_window(entries: Table) -> ir.Column:
    """Past treatments by how long ago they ended."""
    past = entries.state == PAST
    cases = [
        (past & entries.days_ago.between(0, limit), ibis.literal(number, "int32"))
        for limit, number in zip(WINDOWS, WITHIN, strict=True)
    ]
    return ibis.cases(*cases, else_=entries.state)


# Numbers


def _graded(values: Table, tables: CohortTables, keep: Keep) -> Table:
    """The conditions that the latest value of each measure gives; values that contradict one another give none.

    Values contradict one another where a condition is given by some of the latest ones and not by all. A measure of
    which no value could give anything is left out at once: most of what a laboratory finds is as usual. Few of the
    others have several values, among which the latest have to be found and compared.
    """
    known = keep(_judged(values.join(tables.scales, "scale")))
    telling = keep(known.filter(~known.calm).drop("calm"))
    beside = keep(known.filter(known.calm).drop("calm").semi_join(telling, _BY_MEASURE))
    every = telling.union(beside)
    several = every.group_by(_BY_MEASURE).agg(values=every.count())
    several = keep(several.filter(several["values"] > 1))
    given = _given(every.anti_join(several, _BY_MEASURE), tables)
    return given.union(_agreed(every.semi_join(several, _BY_MEASURE), tables, keep)).select("patient", "fact")


def _judged(known: Table) -> Table:
    """Plausible values, with whether they are calm as a column: a join that has to compare takes DuckDB far longer."""
    plausible = known.filter(_is_plausible(known.low, known) & _is_plausible(known.high, known))
    return plausible.mutate(calm=_is_calm(plausible)).drop("least", "most", "calm_above", "calm_below")


def _is_calm(known: Table) -> ir.BooleanValue:
    """Whether a value lies where no limit reaches, nor any limit of the record's own."""
    inside = (known.low > known.calm_above) & (known.high < known.calm_below)
    return inside.fill_null(False) & ~known.side.isin((LOW, HIGH)).fill_null(False)


def _given(values: Table, tables: CohortTables) -> Table:
    """What each value gives by itself."""
    graded = values.join(tables.limits, "scale")
    return graded.filter(_is_met(graded)).select(*_BY_MEASURE, "fact")


def _agreed(values: Table, tables: CohortTables, keep: Keep) -> Table:
    """What the latest values of each measure give, without the measures whose latest values do not agree."""
    days = values.group_by(_BY_MEASURE).agg(last=values.day.max())
    dated = values.join(days, _BY_MEASURE)
    latest = keep(dated.filter(dated.day.isnull() | (dated.day == dated["last"])).drop("last"))
    given = keep(_given(latest, tables))
    counted = latest.group_by(_BY_MEASURE).agg(every=latest.count())
    several = given.join(counted.filter(counted.every > 1), _BY_MEASURE)
    by_some = several.group_by([*_BY_MEASURE, "every", "fact"]).agg(by=several.count())
    return given.anti_join(by_some.filter(by_some.by < by_some.every), _BY_MEASURE)


def _is_plausible(end: ir.Column, known: Table) -> ir.BooleanValue:
    return end.isnull() | end.between(known.least, known.most)


def _is_met(graded: Table) -> ir.BooleanValue:
    """Whether all that a value may stand for keeps to a limit; or, for usual limits, its side by the record's own."""
    within = _is_within(graded, graded.low, graded.high, graded.low_open, graded.high_open)
    by_side = graded.side == graded.limit_side
    return ibis.ifelse(graded.usual & graded.side.notnull(), by_side, within)


def _is_within(
    limits: Table, low: ir.Column, high: ir.Column, low_open: ir.BooleanValue, high_open: ir.BooleanValue
) -> ir.BooleanValue:
    below = (high < limits.below) | ((high == limits.below) & high_open)
    above = (low > limits.above) | ((low == limits.above) & low_open)
    return (
        (limits.below.isnull() | below.fill_null(False))
        & (limits.at_most.isnull() | (high <= limits.at_most).fill_null(False))
        & (limits.above.isnull() | above.fill_null(False))
        & (limits.at_least.isnull() | (low >= limits.at_least).fill_null(False))
    )


def _repeated(entries: Table, tables: CohortTables) -> Table:
    """What the time since a dose in the past gives, where the same treatment is given or planned again."""
    again = entries.filter(entries.state.isin(CONSIDERED)).select("patient", "concept").distinct()
    past = entries.filter(entries.state.isin([PAST, *WITHIN]), entries.days_ago.notnull())
    past = past.semi_join(again, ["patient", "concept"]).join(tables.since, "concept")
    days = past.days_ago.cast("float64")
    closed = ibis.literal(False)
    past = past.filter((days >= 0) & (days <= past.most) & _is_within(past, days, days, closed, closed))
    return past.select("patient", fact=_fact(past.gives, PRESENT))


# Tumours


def _implied(held: Table, tables: CohortTables, keep: Keep) -> Table:
    """The cancers that metastatic diseases come from, and what the only primary and its metastases certainly are."""
    origins = keep(held.join(tables.origins, "fact").select("patient", fact="cancer"))
    held = held.union(origins)
    primaries = keep(held.join(tables.primaries, "fact").select("patient", "primary").distinct())
    broader = primaries.join(tables.narrower, "primary").select("patient", "primary", concept="narrow")
    broader = broader.semi_join(primaries.rename(concept="primary"), ["patient", "concept"])
    narrowest = primaries.anti_join(broader, ["patient", "primary"])
    only = narrowest.group_by("patient").agg(primary=narrowest.primary.min(), primaries=narrowest.count())
    only = only.filter(only.primaries == 1).select("patient", "primary")
    now = held.join(tables.presents, "fact").join(only, "patient").select("patient", "primary", "asked").distinct()
    asked = now.join(tables.follows, ["primary", "asked"])
    met = asked.group_by(["patient", "gives", "needed"]).agg(met=asked.count())
    gives = keep(met.filter(met.met == met.needed).select("patient", fact="gives"))
    return origins.union(gives).union(gives.join(tables.origins, "fact").select("patient", fact="cancer"))


# Flags


def _by_entry(pairs: Table, tables: CohortTables) -> Table:
    return pairs.join(tables.by_entry, ["fact", "treatment"]).select("patient", "verdict", "cause")


def _by_clause(pairs: Table, considered: Table, tables: CohortTables) -> Table:
    """What is said in circumstances that are met together; what the treatment meets all by itself does not count."""
    places = pairs.join(tables.places, ["fact", "treatment"])
    met = places.group_by(["patient", "cause"]).agg(
        met=bit_or(places.place), first=places.concept.min(), last=places.concept.max()
    )
    said = met.join(tables.by_clause, "cause")
    said = said.filter(said.met == said.needed, (said["first"] != said.flagged) | (said["last"] != said.flagged))
    columns = ["patient", "treatment", "verdict", "cause"]
    beside = said.filter(~said.alone).select(columns)
    alone = said.filter(said.alone).select(columns)
    alone = alone.anti_join(_not_alone(alone, considered, tables), ["patient", "treatment"])
    return beside.union(alone).drop("treatment")


def _not_alone(alone: Table, considered: Table, tables: CohortTables) -> Table:
    asked = alone.select("patient", "treatment").distinct()
    others = considered.select("patient", rival="treatment")
    rivals = asked.join(tables.rivals, "treatment").semi_join(others, ["patient", "rival"])
    return rivals.select("patient", "treatment").distinct()


def _best(found: Table, tables: CohortTables, keep: Keep) -> Table:
    """Each verdict once, for its best cause; what only repeats its rule, weaker and unconfirmed, is left out."""
    best = keep(found.group_by(["patient", "verdict"]).agg(cause=found.cause.min()).drop("verdict"))
    beside = keep(best.join(tables.repeating, "cause"))
    strongest = beside.group_by(["patient", "group"]).agg(strongest=beside["rank"].min())
    weaker = beside.filter(beside.unconfirmed).join(strongest, ["patient", "group"])
    weaker = weaker.filter(weaker.strongest < weaker["rank"])
    repeats = weaker.anti_join(beside.filter(~beside.unconfirmed), ["patient", "line"])
    return best.anti_join(repeats, ["patient", "cause"])
