"""Rule files: each tells what it says and why, and is a query that any engine runs; anything else is refused."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from osteograph.ontology.derivation_rules import RULES, Rule, load_rules
from osteograph.ontology.errors import ProblemsFound
from osteograph.ontology.namespaces import SCHEMA, expand
from osteograph.ontology.schema import load_schema

ALL = sorted(load_rules().values(), key=lambda rule: rule.name)

GOOD = """# What it says: A kind of a kind is a kind.
# Why: Kinds are nested.
# Example: A femur is a bone.
# Source: The hierarchy.
# OWL: yes
PREFIX bmo: <https://w3id.org/osteograph/schema/>
CONSTRUCT { ?a bmo:kindOf ?c . }
WHERE {
  ?a bmo:kindOf ?b .
  ?b bmo:kindOf ?c .
}
"""


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_a_rule_is_told_and_is_a_query(rule: Rule) -> None:
    """Each header line is a sentence, OWL says yes or gives the reason, and another parser takes the query."""
    assert all(words.endswith(".") for words in (rule.says, rule.why, rule.example, rule.source))
    assert rule.owl == "yes" or rule.owl.startswith("no - ")
    assert isinstance(ox.Store().query(rule.sparql), ox.QueryTriples)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_a_rule_speaks_the_vocabulary_of_the_schema(rule: Rule) -> None:
    """A property that the schema does not declare would silently never match."""
    declared = {f"<{prop.iri}>" for prop in load_schema().properties.values()}
    patterns = [rule.conclusion, *rule.premises, *(absent.pattern for absent in rule.absent)]
    used = {predicate for _, predicate, _ in patterns if predicate.startswith(f"<{SCHEMA}")}
    assert used <= declared


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_a_conclusion_names_nothing_that_the_premises_do_not_bind(rule: Rule) -> None:
    """An unbound variable in a conclusion would make a fact about nothing."""
    bound = {term for premise in rule.premises for term in premise if term.startswith("?")}
    filtered = {each.variable for each in rule.one_of} | {
        name for each in rule.differ for name in (each.left, each.right)
    }
    assert {term for term in rule.conclusion if term.startswith("?")} | filtered <= bound


LEVELS = {
    "Contraindicated": 3, "contraindicates": 3, "hasContraindicatedTreatment": 3,
    "NotRecommended": 2, "advisesAgainst": 2, "hasNotRecommendedTreatment": 2,
    "Caution": 1, "callsForCautionWith": 1, "hasCautionedTreatment": 1,
    "PredisposingFactor": 0, "raisesRiskWith": 0, "hasRaisedRiskTreatment": 0,
}  # fmt: skip
BY_ARTICLE = {"article_effect", "article_effect_of_substance", "prerequisite_not_met", "prerequisite_of_kind_not_met"}
"""Rules that give a strength to what an article says: a caution, or advice against where it requires something."""


def local_names(rule: Rule) -> set[str]:
    """What a rule asks for: the terms of its premises, and those that its filters allow."""
    terms = {term for premise in rule.premises for term in premise} | {t for each in rule.one_of for t in each.terms}
    return {local_name(term) for term in terms}


def local_name(term: str) -> str:
    return term.removeprefix(f"<{SCHEMA}").rstrip(">")


@pytest.mark.parametrize(
    "rule", [rule for rule in ALL if local_name(rule.conclusion[1]) in LEVELS], ids=lambda r: r.name
)
def test_no_rule_turns_a_strength_into_another(rule: Rule) -> None:
    """What is concluded has the strength of what it comes from; what may not be inherited is a caution at most."""
    level, names = LEVELS[local_name(rule.conclusion[1])], local_names(rule)
    used = {LEVELS[name] for name in names if name in LEVELS}
    if "mayApplyTo" in names:
        assert level == min(1, *used)
    elif rule.name in BY_ARTICLE:
        assert (used, level <= 2) == (set(), True)
    else:
        assert used == {level}


def test_no_relation_implies_one_of_another_strength() -> None:
    """The schema has no sub-property that would lead from one strength to another past all rules."""
    links = [quad for quad in load_schema().quads if quad.predicate.value == expand("rdfs:subPropertyOf")]
    implied = {(local_name(str(quad.subject)), local_name(str(quad.object))) for quad in links}
    assert implied
    assert not [pair for pair in implied if pair[0] in LEVELS and pair[1] in LEVELS]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("# Why: Kinds are nested.\n", ""), "no header line Why"),
        (("?b bmo:kindOf ?c .", "?b bmo:kindOf/bmo:partOf ?c ."), "neither a triple pattern"),
        (("?b bmo:kindOf ?c .", "OPTIONAL { ?b bmo:kindOf ?c }"), "neither a triple pattern"),
        (("?b bmo:kindOf ?c .", "FILTER NOT EXISTS { ?b bmo:kindOf ?a }"), "the absence of what"),
        (("CONSTRUCT", "SELECT"), "not of the shape"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_reason(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    """Property paths, optionals and a negation that never settles are no rules."""
    (tmp_path / "bad.rq").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(ProblemsFound, match=words):
        load_rules(tmp_path)


def test_an_absence_waits_for_rules_that_can_conclude_any_relation(tmp_path: Path) -> None:
    """A rule with a variable for a predicate may conclude what another one finds absent in the same stage."""
    closing = GOOD.replace("?a bmo:kindOf ?c . }", "?a ?b ?c . }").replace("?a bmo:kindOf ?b", "?a ?b ?c")
    asking = GOOD.replace("\n}\n", "\n  FILTER NOT EXISTS { ?a bmo:partOf ?c }\n}\n")
    (tmp_path / "closing.rq").write_text(closing, encoding="utf-8")
    (tmp_path / "asking.rq").write_text(asking, encoding="utf-8")
    with pytest.raises(ProblemsFound, match="asks for the absence of what closing concludes"):
        load_rules(tmp_path)
    (tmp_path / "asking.rq").write_text("# Stage: 2\n" + asking, encoding="utf-8")
    assert load_rules(tmp_path)["asking"].stage == 2


def test_the_good_file_is_taken(tmp_path: Path) -> None:
    """The other half of the test above: without the change the same file is a rule."""
    (tmp_path / "good.rq").write_text(GOOD, encoding="utf-8")
    assert load_rules(tmp_path)["good"].in_owl


def test_rules_lie_in_one_folder_and_have_distinct_words() -> None:
    """Two rules that say the same would make every proof come twice."""
    assert len({rule.says for rule in ALL}) == len(ALL) == len(list(RULES.glob("*.rq")))
