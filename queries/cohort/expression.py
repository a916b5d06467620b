"""The screening of a cohort as one expression, from entries and values to flags, for any engine that ibis speaks to.

Entries are rows ``patient, concept, state, days_ago``; values are ``patient, scale, low, high, low_open, high_open,
day, side``. Numbers of concepts and scales are those of :class:`.tables.CohortTables`, states those of :mod:`.states`.
Nothing here knows a rule: what follows from what stands in the tables that the rule engine filled.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from ..screening.facts import WINDOWS
from .source import HIGH, LOW
from .states import CONDITIONS, CONSIDERED, HOLDING_NOW, PAST, PRESENT, WITHIN
from .tables import CohortTables, Table

Keep = Callable[[Table], Table]
FLAG_COLUMNS = (
    "patient", "treatment", "concept", "strength", "origin", "rule", "rule_part", "unconfirmed", "proof",
)  # fmt: skip


def flags_of(entries: Table, values: Table, tables: CohortTables, keep: Keep = lambda table: table) -> Table:
    """All flags: one row for each patient, treatment, what is flagged, strength and rule part.

    ``keep`` may have an engine run a step of which several others make use, so that it is run once.
    """
    held = keep(all_entries(entries, values, tables, keep))
    considered = keep(_considered(held))
    found = _by_entry(held, considered, tables).union(_by_clause(held, considered, tables))
    return _named(_best(found, tables, keep), tables)


def all_entries(entries: Table, values: Table, tables: CohortTables, keep: Keep) -> Table:
    """Entries and all that numbers, repeated doses and tumours add to them: ``patient, concept, state``."""
    entries = entries.mutate(state=_with_window(entries))
    held = entries.select("patient", "concept", "state")
    if tables.grading.since:
        held = held.union(_repeated(entries, tables))
    held = keep(held.union(_graded(values, tables, keep)))
    return held.union(_implied(held, tables, keep))


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
    which no value could give anything is left out at once: most of what a laboratory finds is as usual.
    """
    by_measure = ["patient", "measure"]
    known = values.join(tables.scales, "scale")
    plausible = known.filter(_is_plausible(known.low, known), _is_plausible(known.high, known))
    plausible = keep(plausible.mutate(calm=_is_calm(plausible)).drop("least", "most", "calm_above", "calm_below"))
    telling = plausible.filter(~plausible.calm).select(by_measure).distinct()
    latest = keep(_latest(keep(plausible.drop("calm").semi_join(telling, by_measure)), by_measure))
    graded = latest.join(tables.limits, "scale")
    given = keep(graded.filter(_is_met(graded)).select(*by_measure, "concept", "state"))
    return given.anti_join(_doubted(latest, given, by_measure), by_measure).select("patient", "concept", "state")


def _is_calm(known: Table) -> ir.BooleanValue:
    """Whether a value lies where no limit reaches, nor any limit of the record's own."""
    inside = (known.low > known.calm_above) & (known.high < known.calm_below)
    return inside.fill_null(False) & ~known.side.isin((LOW, HIGH)).fill_null(False)


def _latest(values: Table, by_measure: list[str]) -> Table:
    days = values.group_by(by_measure).agg(last=values.day.max())
    dated = values.join(days, by_measure)
    return dated.filter(dated.day.isnull() | (dated.day == dated["last"]))


def _doubted(latest: Table, given: Table, by_measure: list[str]) -> Table:
    """The measures of which several values are the latest and do not agree."""
    counted = latest.group_by(by_measure).agg(every=latest.count())
    several = given.join(counted.filter(counted.every > 1), by_measure)
    by_some = several.group_by([*by_measure, "every", "concept", "state"]).agg(by=several.count())
    return by_some.filter(by_some.by < by_some.every).select(by_measure).distinct()


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
    return past.select("patient", concept=past.gives, state=ibis.literal(PRESENT, "int32"))


# Tumours


def _implied(held: Table, tables: CohortTables, keep: Keep) -> Table:
    """The cancers that metastatic diseases come from, and what the only primary and its metastases certainly are."""
    spread = held.filter(held.state.isin(HOLDING_NOW)).join(tables.origins, "concept")
    origins = spread.select("patient", concept="cancer", state=ibis.literal(PRESENT, "int32"))
    held = keep(held.union(origins))
    conditions = held.filter(held.state.isin(CONDITIONS))
    primaries = keep(conditions.semi_join(tables.primaries, "concept").select("patient", primary="concept").distinct())
    broader = primaries.join(tables.narrower, "primary").select("patient", "primary", concept="narrow")
    broader = broader.semi_join(primaries.rename(concept="primary"), ["patient", "concept"])
    narrowest = primaries.anti_join(broader, ["patient", "primary"])
    only = narrowest.group_by("patient").agg(primary=narrowest.primary.min(), primaries=narrowest.count())
    only = only.filter(only.primaries == 1).select("patient", "primary")
    now = held.filter(held.state.isin(HOLDING_NOW)).join(tables.presents, "concept")
    asked = only.join(now.select("patient", "asked").distinct(), "patient").join(tables.follows, ["primary", "asked"])
    met = asked.group_by(["patient", "gives", "needed"]).agg(met=asked.count())
    met = met.filter(met.met == met.needed)
    return origins.union(met.select("patient", concept="gives", state=ibis.literal(PRESENT, "int32")))


# Flags


def _considered(held: Table) -> Table:
    return held.filter(held.state.isin(CONSIDERED)).select("patient", treatment="concept").distinct()


def _by_entry(held: Table, considered: Table, tables: CohortTables) -> Table:
    telling = held.semi_join(tables.by_entry, ["state", "concept"])
    paired = telling.join(considered, "patient").join(tables.by_entry, ["state", "concept", "treatment"])
    return paired.select("patient", "treatment", "said", "reason")


def _by_clause(held: Table, considered: Table, tables: CohortTables) -> Table:
    """What is said in circumstances that are met together; what the treatment meets all by itself does not count."""
    asked = considered.join(tables.by_clause, "treatment")
    places = held.join(tables.meets, ["state", "concept"]).semi_join(asked, ["patient", "clause"])
    met = places.group_by(["patient", "clause", "size"]).agg(
        places=places.place.nunique(), first=places.concept.min(), last=places.concept.max()
    )
    said = met.filter(met.places == met["size"]).join(asked, ["patient", "clause"])
    said = said.filter((said["first"] != said.flagged) | (said["last"] != said.flagged))
    columns = ["patient", "treatment", "said", "reason"]
    beside = said.filter(~said.alone).select(columns)
    alone = said.filter(said.alone).select(columns)
    return beside.union(alone.anti_join(_not_alone(alone, considered, tables), ["patient", "treatment"]))


def _not_alone(alone: Table, considered: Table, tables: CohortTables) -> Table:
    asked = alone.select("patient", "treatment").distinct()
    others = considered.select("patient", rival="treatment")
    rivals = asked.join(tables.rivals, "treatment").semi_join(others, ["patient", "rival"])
    return rivals.select("patient", "treatment").distinct()


def _best(found: Table, tables: CohortTables, keep: Keep) -> Table:
    """Each thing said once, for its best reason; what only repeats its rule, weaker and unconfirmed, is left out."""
    each = keep(found.group_by(["patient", "treatment", "said"]).agg(reason=found.reason.min()))
    each = each.join(tables.proofs, "reason").join(tables.said, "said")
    of_rule = ["patient", "treatment", "rule"]
    unsure = each.filter(each.unconfirmed)
    beside = each.semi_join(unsure, of_rule)
    strongest = beside.group_by(of_rule).agg(strongest=beside["rank"].min())
    weaker = unsure.join(strongest, of_rule)
    weaker = weaker.filter(weaker.strongest < weaker["rank"])
    repeats = weaker.anti_join(each.filter(~each.unconfirmed), [*of_rule, "rank", "flagged"])
    return each.anti_join(repeats, ["patient", "treatment", "said"])


def _named(best: Table, tables: CohortTables) -> Table:
    named = best.rename(treatment_number="treatment").join(tables.treatment_names, "treatment_number")
    return named.select(*FLAG_COLUMNS)
