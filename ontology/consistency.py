"""What one table says about another: dangling names, cycles, wrong types, positions outside the article.

Each check is a function from the whole curation to problems, so that a new one is a function more.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from .errors import Problem, nearest
from .graded import check_graded
from .model import Claim, Concept, Curation, Literal, Passage
from .schema import Schema

MANY = 24  # a list of allowed values up to this length is shown whole

Check = Callable[[Curation, Schema], Iterator[Problem]]


def find_inconsistencies(curation: Curation, schema: Schema) -> list[Problem]:
    """Run every check of this module."""
    return [problem for check in CHECKS for problem in check(curation, schema)]


def passages_seal(passages: Iterable[Passage]) -> str:
    """The digest that ``sources.tsv`` keeps of the passages of a source: a changed position or digest breaks it."""
    rows = sorted(passages, key=lambda passage: passage.name)
    text = "".join(f"{p.name}\t{p.start}\t{p.end}\t{p.sha256}\n" for p in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def _unknown(file: str, line: int, column: str, kind: str, name: str, known: Iterable[str]) -> Problem:
    choices = sorted(known)
    hint = nearest(name, choices) or (choices if len(choices) <= MANY else [])
    remedy = f"write {' or '.join(hint)}" if hint else f"use a {kind} that exists, or add {name!r} first"
    return Problem(file, line, column, f"unknown {kind} {name!r}", remedy)


def _missing(
    file: str, line: int, cells: Mapping[str, Sequence[str]], kind: str, known: Mapping[str, object]
) -> Iterator[Problem]:
    """Names in the given cells that the other table does not have."""
    for column, names in cells.items():
        for name in names:
            if name and name not in known:
                yield _unknown(file, line, column, kind, name, known)


def check_passages(curation: Curation, schema: Schema) -> Iterator[Problem]:
    """Positions lie inside their source, follow one another and are sealed."""
    by_source: dict[str, list[Passage]] = defaultdict(list)
    for passage in curation.passages.values():
        source = curation.sources.get(passage.source)
        if source is None:
            yield _unknown("passages.tsv", passage.line, "source", "source", passage.source, curation.sources)
            continue
        by_source[source.name].append(passage)
        cells = {"list_of": (passage.list_of,)}
        yield from _missing("passages.tsv", passage.line, cells, "passage", curation.passages)
        if not passage.name.startswith(f"{source.name}-"):
            message = f"passage {passage.name!r} is not named after its source {source.name!r}"
            yield Problem("passages.tsv", passage.line, "passage", message, f"name it {source.name}-s…")
        if not 0 <= passage.start < passage.end <= source.length:
            message = f"{passage.start} to {passage.end} is no stretch of a text of {source.length} code points"
            yield Problem("passages.tsv", passage.line, "end", message, "cut the source again, or correct the position")
    for source in curation.sources.values():
        rows = by_source[source.name]
        yield from _overlaps(rows)
        if passages_seal(rows) != source.passages_sha256:
            message = "the passages of the source do not match their seal: a position or a digest was changed"
            remedy = f"restore passages.tsv, or, if the change is meant, write {passages_seal(rows)}"
            yield Problem("sources.tsv", source.line, "passages_sha256", message, remedy)


def _overlaps(passages: Sequence[Passage]) -> Iterator[Problem]:
    ordered = sorted(passages, key=lambda passage: passage.start)
    for before, after in pairwise(ordered):
        if after.start < before.end:
            message = f"the passage overlaps {before.name}"
            yield Problem("passages.tsv", after.line, "start", message, "let one passage end where the next begins")


def check_concepts(curation: Curation, schema: Schema) -> Iterator[Problem]:
    """Types exist, labels and definitions are unique, the hierarchy is sound."""
    for concept in curation.concepts.values():
        for name in concept.types:
            if "Concept" not in schema.ancestors(name):
                classes = [known for known in schema.classes if "Concept" in schema.ancestors(known)]
                yield _unknown("concepts.tsv", concept.line, "types", "class of concepts", name, classes)
        cells = {
            "kind_of": concept.kind_of,
            "part_of": concept.part_of,
            "active_substance": (concept.active_substance,),
            "primary_cancer": (concept.primary_cancer,),
            "site": (concept.site,),
            "risk_factor_for": (concept.risk_factor_for,),
        }
        yield from _missing("concepts.tsv", concept.line, cells, "concept", curation.concepts)
        yield from _foreign_parents(concept, curation, schema)
    yield from _repeated(curation, "label", lambda concept: concept.label.casefold())
    yield from _repeated(curation, "definition", lambda concept: concept.definition)
    yield from _cycles(curation, "kind_of", lambda concept: concept.kind_of)
    yield from _cycles(curation, "part_of", lambda concept: concept.part_of)


def _foreign_parents(concept: Concept, curation: Curation, schema: Schema) -> Iterator[Problem]:
    """A kind and what it is a kind of stand under a common class directly below Concept."""
    mine = schema.top_branches(concept.types)
    if not mine:  # its types are unknown, which is told already
        return
    for name in concept.kind_of:
        parent = curation.concepts.get(name)
        theirs = schema.top_branches(parent.types) if parent else set()
        if parent and theirs and not mine & theirs:
            message = f"{concept.name} and {name} share no top branch ({', '.join(sorted(mine))} against "
            message += f"{', '.join(sorted(theirs))})"
            yield Problem("concepts.tsv", concept.line, "kind_of", message, "drop the kind_of, or correct the types")


def _repeated(curation: Curation, column: str, value: Callable[[Concept], str]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for concept in curation.concepts.values():
        other = seen.setdefault(value(concept), concept.name)
        if other != concept.name:
            message = f"the {column} is that of {other} too"
            yield Problem("concepts.tsv", concept.line, column, message, "tell the two apart, or merge them")


def _cycles(curation: Curation, column: str, parents: Callable[[Concept], Sequence[str]]) -> Iterator[Problem]:
    """Each circle of a hierarchy, reported at the first of its concepts."""
    finished: set[str] = set()
    for start in curation.concepts:
        trail: list[str] = []
        ahead = [iter([start])]
        while ahead:
            name = next(ahead[-1], None)
            if name is None:  # all parents of the last concept of the trail are seen
                ahead.pop()
                finished.update(trail[-1:])
                del trail[-1:]
            elif name in trail:
                ring = [*trail[trail.index(name) :], name]
                message = f"the hierarchy runs in a circle: {' → '.join(ring)}"
                line = curation.concepts[min(ring)].line
                yield Problem("concepts.tsv", line, column, message, "remove one of the links")
            elif name not in finished and name in curation.concepts:
                trail.append(name)
                ahead.append(iter(parents(curation.concepts[name])))


def check_names(curation: Curation, schema: Schema) -> Iterator[Problem]:
    """An exact synonym belongs to one concept and is no other concept's label; time spans belong to time spans."""
    labels = {concept.label.casefold(): concept.name for concept in curation.concepts.values()}
    owners: dict[str, str] = {}
    for synonym in curation.synonyms:
        yield from _missing("synonyms.tsv", synonym.line, {"concept": (synonym.concept,)}, "concept", curation.concepts)
        if synonym.scope != "exact":
            continue
        folded = synonym.synonym.casefold()
        for other in {labels.get(folded), owners.setdefault(folded, synonym.concept)} - {None, synonym.concept}:
            message = f"{synonym.synonym!r} names {other} too"
            yield Problem("synonyms.tsv", synonym.line, "synonym", message, "make the scope related, or drop the row")
    for span in curation.timespans.values():
        concept = curation.concepts.get(span.concept)
        if concept is None or "TimeSpan" not in concept.types:
            message = f"{span.concept!r} is no concept of type TimeSpan"
            yield Problem("timespans.tsv", span.line, "concept", message, "give the concept the type TimeSpan")
        if span.minimum is not None and span.maximum is not None and span.minimum > span.maximum:
            yield Problem(
                "timespans.tsv", span.line, "minimum", "the bounds are crossed", "write the smaller one first"
            )


def check_claims(curation: Curation, schema: Schema) -> Iterator[Problem]:
    """Claims rest on passages of one source and use known concepts, predicates, qualifiers and values."""
    for claim in curation.claims.values():
        cells = {"passages": claim.passages}
        yield from _missing("claims.tsv", claim.line, cells, "passage", curation.passages)
        sources = {curation.passages[name].source for name in claim.passages if name in curation.passages}
        if len(sources) > 1:
            message = f"the passages are of different sources: {', '.join(sorted(sources))}"
            yield Problem("claims.tsv", claim.line, "passages", message, "make one claim per source")
        yield from _missing("claims.tsv", claim.line, {"subject": (claim.subject,)}, "concept", curation.concepts)
        yield from _check_predicate(claim, curation, schema)
        yield from _check_qualifiers(claim, curation, schema)
        yield from _check_words(claim, schema)


def _check_predicate(claim: Claim, curation: Curation, schema: Schema) -> Iterator[Problem]:
    prop = schema.properties.get(claim.predicate)
    if prop is None:
        yield _unknown("claims.tsv", claim.line, "predicate", "predicate", claim.predicate, schema.properties)
        return
    if not isinstance(claim.object, Literal):
        yield from _missing("claims.tsv", claim.line, {"object": (claim.object,)}, "concept", curation.concepts)
    takes_literal = prop.kind == "data" or any(":" in name for name in prop.range)
    if prop.kind == "object" and isinstance(claim.object, Literal):
        yield Problem("claims.tsv", claim.line, "object", f"{prop.name} relates to a concept", "name a concept")
    if isinstance(claim.object, Literal) and not _is_lexical(claim.object):
        message = f"{claim.object.value!r} is no {claim.object.datatype}"
        yield Problem("claims.tsv", claim.line, "object", message, f"use one of {', '.join(_LEXICAL)} rightly")
    if takes_literal and not isinstance(claim.object, Literal):
        yield Problem(
            "claims.tsv", claim.line, "object", f"{prop.name} takes a literal", 'write it like "1"^^xsd:integer'
        )


_LEXICAL = {
    "xsd:string": r".+",
    "xsd:integer": r"0|-?[1-9][0-9]*",
    "xsd:decimal": r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?",
    "xsd:boolean": r"true|false",
    "xsd:gYear": r"[0-9]{4}",
    "xsd:date": r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    "rdf:langString": r".+",
}


def _is_lexical(literal: Literal) -> bool:
    """Whether a literal has a datatype in use and the canonical form of one of its values."""
    return literal.datatype in _LEXICAL and re.fullmatch(_LEXICAL[literal.datatype], literal.value) is not None


def _check_qualifiers(claim: Claim, curation: Curation, schema: Schema) -> Iterator[Problem]:
    for key, value in claim.qualifiers:
        qualifier = schema.qualifiers.get(key)
        if qualifier is None:
            yield _unknown("claims.tsv", claim.line, "qualifiers", "qualifier", key, schema.qualifiers)
        elif qualifier.kind == "concept":
            yield from _missing("claims.tsv", claim.line, {"qualifiers": (value,)}, "concept", curation.concepts)
        elif qualifier.kind == "value" and schema.value_name(key, value) not in schema.values:
            prefix = schema.value_name(key, "x")[:-1]
            allowed = [_uncapitalized(name.removeprefix(prefix)) for name in schema.values if name.startswith(prefix)]
            yield _unknown("claims.tsv", claim.line, "qualifiers", f"value of {key}", value, allowed)
        elif qualifier.kind in ("integer", "decimal") and not _is_number(value, whole=qualifier.kind == "integer"):
            yield Problem("claims.tsv", claim.line, "qualifiers", f"{key}={value} is not a number", "write a number")
        elif qualifier.kind == "boolean" and value not in ("true", "false"):
            yield Problem("claims.tsv", claim.line, "qualifiers", f"{key}={value} is not a truth value", "write true")


def _is_number(text: str, *, whole: bool) -> bool:
    """Whether the text is a number in canonical form (no sign, no leading or trailing zeros)."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    if not number.is_finite() or number < 0 or (whole and number != number.to_integral_value()):
        return False
    return text == format(number.normalize(), "f")


def _uncapitalized(name: str) -> str:
    return name[:1].lower() + name[1:]


def _check_words(claim: Claim, schema: Schema) -> Iterator[Problem]:
    """Certainty, basis and roles come from closed lists and go with the polarity."""
    words = [("certainty", claim.certainty), ("basis", claim.basis), *(("role", role) for role in claim.roles)]
    for column, word in words:
        if word and schema.value_name(column, word) not in schema.values:
            prefix = schema.value_name(column, "x")[:-1]
            allowed = [_uncapitalized(name.removeprefix(prefix)) for name in schema.values if name.startswith(prefix)]
            yield _unknown("claims.tsv", claim.line, column, column, word, allowed)
    if claim.basis != "stated" and claim.polarity == "asserted":
        message = f"a claim with basis {claim.basis} is not said in so many words and cannot be asserted"
        yield Problem("claims.tsv", claim.line, "polarity", message, "write hedged, or the basis stated")


def check_conflicts(curation: Curation, schema: Schema) -> Iterator[Problem]:
    """Members exist; a refuted claim is a member and has an assessment with a citation."""
    parts = {part.name: part for part in curation.parts}
    for conflict in curation.conflicts.values():
        where = ("conflicts.tsv", conflict.line)
        cells = {"claims": conflict.claims, "refuted_claims": conflict.refuted_claims}
        yield from _missing(*where, cells, "claim", curation.claims)
        yield from _missing(*where, {"rule_parts": conflict.rule_parts}, "rule part", parts)
        if not conflict.claims and len(conflict.rule_parts) < 2:
            message = "the conflict has neither claims nor two rule parts"
            yield Problem(*where, "claims", message, "name its members")
        yield from _missing(*where, {"issues": conflict.issues}, "issue", curation.issues)
        yield from _missing(*where, {"citations": conflict.citations}, "citation", _citable(curation))
        if set(conflict.refuted_claims) - set(conflict.claims):
            yield Problem(*where, "refuted_claims", "a refuted claim is no member of the conflict", "add it to claims")
        if conflict.refuted_claims and not (conflict.assessment and conflict.citations):
            yield Problem(*where, "assessment", "refuted without assessment and citation", "say what settles it")
    for issue in curation.issues.values():
        where = ("source_issues.tsv", issue.line)
        cells = {
            "claims": issue.claims,
            "refuted_claims": issue.refuted_claims,
            "disputed_claims": issue.disputed_claims,
        }
        yield from _missing(*where, cells, "claim", curation.claims)
        yield from _missing(*where, {"source": issue.sources}, "source", curation.sources)
        yield from _missing(*where, {"citations": issue.citations}, "citation", _citable(curation))
        if issue.refuted_claims and not (issue.verified and issue.citations):
            yield Problem(
                *where, "refuted_claims", "refuted without a verified citation", "write disputed_claims instead"
            )


STRENGTHS_OF = {
    "contraindicatedIn": {"contraindicated"},
    "notRecommendedIn": {"not recommended"},
    "cautionedIn": {"caution"},
    "requiresCheck": {"requires check"},
    "hasAdverseEffect": {"adverse effect"},
    "predisposesTo": {"predisposing factor"},
    "interactsWith": {"contraindicated", "not recommended", "caution", "requires check"},
}


def _citable(curation: Curation) -> dict[str, object]:
    """What may be cited: outside publications, and the articles themselves."""
    return {**curation.citations, **{source.publication: source for source in curation.sources.values()}}


def check_safety(curation: Curation, schema: Schema) -> Iterator[Problem]:
    """Rules have parts and parts have rules; strengths and relations of the two agree."""
    with_parts = {part.rule for part in curation.parts}
    for rule in curation.rules.values():
        where = ("safety_rules.tsv", rule.line)
        yield from _missing(*where, {"citations": rule.citations}, "citation", _citable(curation))
        if rule.name not in with_parts:
            yield Problem(*where, "rule", "the rule has no part", "add at least one row to safety_rule_parts.tsv")
        if rule.verified and not rule.citations:
            yield Problem(*where, "verified", "verified without a citation", "name the citation, or write no")
    for part in curation.parts:
        where = ("safety_rule_parts.tsv", part.line)
        yield from _missing(*where, {"rule": (part.rule,)}, "rule", curation.rules)
        cells = {
            "treatment": (part.treatment,),
            "conditions": part.conditions,
            "effects": part.effects,
            "indications": part.indications,
            "exception": part.excepted,
            "members_inherit": part.not_inherited_by,
        }
        yield from _missing(*where, cells, "concept", curation.concepts)
        if part.strength not in STRENGTHS_OF[part.predicate]:
            message = f"{part.predicate} does not go with the strength {part.strength!r}"
            remedy = f"write {' or '.join(sorted(STRENGTHS_OF[part.predicate]))}, or another predicate"
            yield Problem(*where, "strength", message, remedy)
        if not part.conditions and not part.effects:
            yield Problem(*where, "conditions", "the part has neither condition nor effect", "name one of them")


def check_mappings(curation: Curation, schema: Schema) -> Iterator[Problem]:
    """Subjects exist, prefixes are declared, exact matches merge no two concepts."""
    subjects: dict[str, str] = {}
    targets: dict[tuple[str, str], str] = {}
    for row in curation.mappings:
        where = ("mappings.sssom.tsv", row.line)
        name = row.subject.removeprefix("osteo:")
        yield from _missing(*where, {"subject_id": (name,)}, "concept", curation.concepts)
        prefix = row.object.partition(":")[0]
        if prefix not in curation.curie_map:
            yield Problem(*where, "object_id", f"the prefix {prefix!r} is not declared", "add it to the curie_map")
        elif row.found and prefix not in curation.vocabularies:
            yield Problem(
                *where, "object_id", f"nothing is said of the vocabulary {prefix}", "add it to vocabularies.tsv"
            )
        if row.predicate != "skos:exactMatch" or not row.found:
            continue
        if subjects.setdefault(row.object, name) != name:
            message = f"{row.object} is an exact match of {subjects[row.object]} too"
            yield Problem(*where, "predicate_id", message, "make one of them a closeMatch")
        if targets.setdefault((name, prefix), row.object) != row.object:
            message = f"{name} has a second exact match in {prefix}"
            yield Problem(*where, "predicate_id", message, "make one of them a closeMatch")


def check_numbers(curation: Curation, schema: Schema) -> Iterator[Problem]:
    """Limits, units, doses and links; see :mod:`osteograph.ontology.graded`."""
    return check_graded(curation)


CHECKS: tuple[Check, ...] = (
    check_passages,
    check_concepts,
    check_names,
    check_claims,
    check_conflicts,
    check_safety,
    check_numbers,
    check_mappings,
)
