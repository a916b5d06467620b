"""The small form for one patient, in YAML or in JSON of the same shape.

::

    name: zoledronic acid with a clearance of 25
    age: 71
    sex: male
    tumour: prostate cancer
    sites: [lumbar vertebra, rib]
    conditions:
      - renal impairment
      - {name: hypocalcemia, status: past, days_ago: 90}
    treatments:
      planned: [{name: zoledronic acid, dose: 4, unit: mg}]
      past: [{name: chemotherapy, weeks_ago: 4}]
    measurements:
      creatinine clearance: 25 mL/min
    checks:
      dental examination: 2026-10-01

Problems of shape (a key that does not exist, a list where a text belongs) stop the reading, all at once and with lines.
What is in shape and not understood becomes a leftover.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from osteograph.ontology.errors import ProblemsFound

from .concepts import osteo
from .form_nodes import Node, truth
from .form_shape import FormShape
from .intake import Amount, Intake, Knowledge
from .measurements import AGE, INFUSION, OF_ONE_TREATMENT, Value
from .quantities import Interval, number, split_quantity
from .record import Record, Time
from .resolver import Found
from .times import Span
from .tumour import METASTATIC, add_implied, metastases_at

_TRUTHS = {
    "pregnant": ("Pregnancy", None),
    "breast_feeding": ("BreastFeeding", None),
    "hormone_sensitive": ("HormoneSensitiveTumor", "HormoneInsensitiveTumor"),
}
_SEXES = {"female": "FemaleSex", "f": "FemaleSex", "male": "MaleSex", "m": "MaleSex"}
_HEALTH = {"good": "GoodGeneralHealth", "poor": "PoorGeneralHealth"}
# Under these keys a name may be short: "lung" is lung cancer, "osteoblastic" is osteoblastic metastasis.
_ENDINGS = {
    **dict.fromkeys(("tumour", "tumor", "primary"), ("cancer",)),
    "lesion_type": ("metastasis", "bone metastasis", "lesion"),
}
_CONDITION_KEYS = ("name", "status", "since", "ended", "days_ago", "weeks_ago", "recent")
_TREATMENT_KEYS = (
    "name", "dose", "unit", "route", "ended", "days_ago", "weeks_ago", "planned_on", "reason", "infusion", "recent",
)  # fmt: skip
_VALUE_KEYS = ("name", "value", "unit", "date")
_TIMES: Mapping[str, Time] = {"current": "now", "planned": "planned", "past": "past"}
_ABSENT = {
    "refuted": "refuted, so not present",
    "absent": "absent, so not present",
    "suspected": "only suspected, so not taken as present",
    "family_history": "of the family, not of the patient",
}


def read_form(root: Node, file: str, knowledge: Knowledge, today: date) -> Record:
    """The record of a form. Raises ProblemsFound where its shape is wrong."""
    form = _Form(Intake.over(knowledge), file, today, [])
    form.read(root)
    if form.problems:
        raise ProblemsFound(form.problems)
    form.intake.grade_values()
    form.intake.grade_repeats()
    add_implied(form.intake)
    entries = root.entries or {}
    return form.intake.finish(entries["name"].text or file if "name" in entries else file)


class _Form(FormShape):
    """What each key of a form means."""

    def read(self, root: Node) -> None:
        if root.entries is None:
            return self.problem(root, "", "a form is a mapping of keys", "write 'treatments:' and the like")
        readers = self._readers()
        self.known_keys(root, "", tuple(readers))
        for key, node in root.entries.items():
            if key in readers and not node.is_empty:
                readers[key](key, node)
        return None

    def _readers(self) -> Mapping[str, Callable[[str, Node], None]]:
        return {
            "name": self.only_text,
            "age": self.age,
            "sex": lambda key, node: self.choice(key, node, _SEXES),
            **dict.fromkeys(_TRUTHS, self.truth),
            **dict.fromkeys(_ENDINGS, self.conditions),
            "sites": self.sites,
            "number_of_metastases": self.number_of_metastases,
            "general_health": lambda key, node: self.choice(key, node, _HEALTH),
            "conditions": self.conditions,
            "treatments": self.treatments,
            "measurements": self.measurements,
            "checks": self.checks,
            "checks_done": self.checks,
        }

    # Single facts

    def state(self, concept: str, words: str, where: str) -> None:
        iri = osteo(concept)
        if iri in self.intake.concepts:
            self.intake.add(iri, "condition", "now", words, where)
        elif concept != "MaleSex":  # what no rule asks for; the other sex then simply is not there
            self.intake.leave(words, where, "no rule of the graph asks for it")

    def truth(self, key: str, node: Node) -> None:
        value = truth(node)
        words = f"{key}: {node.text}"
        concept = _TRUTHS[key][0 if value else 1]
        if value is None:
            self.intake.leave(words, key, "it is neither true nor false; write true or false")
        elif concept:
            self.state(concept, words, key)

    def choice(self, key: str, node: Node, values: Mapping[str, str]) -> None:
        text = self.text_only(key, node)
        concept = values.get(text.casefold())
        if concept:
            self.state(concept, f"{key}: {text}", key)
        elif text:
            self.intake.leave(f"{key}: {text}", key, f"write {' or '.join(values)}")

    def age(self, key: str, node: Node) -> None:
        text = self.text_only(key, node)
        value = number(text)
        if value is not None:
            self.intake.values.append(Value(AGE, Interval.of(value), "a", key, key))
        elif text:
            self.value(key, key, text, "", "", AGE)

    # Conditions and sites

    def conditions(self, key: str, node: Node) -> None:
        for where, _, item in self.named_items(key, node, _CONDITION_KEYS):
            self.condition(where, item, _ENDINGS.get(key, ()))

    def condition(self, where: str, item: Mapping[str, Node], endings: tuple[str, ...] = ()) -> None:
        words = (item["name"].text or "").strip()
        status = (item["status"].text or "").strip().casefold().replace(" ", "_") if "status" in item else "present"
        found = self.condition_named(words, endings)
        if status in _ABSENT:
            return self.intake.leave(words, where, f"it is {_ABSENT[status]}")
        if status not in ("present", "past"):
            return self.intake.leave(
                words, where, f"its status {status[:40]!r} is not known; it is not taken as present"
            )
        days_ago = self.days_ago(words, where, item)
        ended = days_ago is not None or "ended" in item
        time: Time = "past" if status == "past" or ended else "now"
        recent = "recent" in item and truth(item["recent"]) is True
        for concept in self.intake.of_kind(found, "condition", words, where):
            self.intake.add(concept, "condition", time, words, where, days_ago, recent)
        return None

    def condition_named(self, words: str, endings: tuple[str, ...]) -> Found:
        fits = self.intake.concepts.is_condition
        found = self.intake.resolver.name(words, fits)
        for ending in endings:
            if not any(map(fits, found.concepts)):
                longer = self.intake.resolver.name(f"{words} {ending}", fits)
                found = longer if longer.concepts else found
        return found

    def sites(self, key: str, node: Node) -> None:
        concepts = self.intake.concepts
        for where, _, item in self.named_items(key, node, ("name",)):
            words = (item["name"].text or "").strip()
            found = self.intake.resolver.name(words, lambda iri: concepts.is_a(iri, "AnatomicalEntity"))
            diseases = [each for site in found.concepts for each in metastases_at(site, concepts)]
            if not diseases:  # a site that the graph knows only by its metastasis, such as the brain
                named = self.intake.resolver.name(f"{words} metastasis", concepts.is_condition)
                diseases = [each for each in named.concepts if concepts.is_kind_of(each, METASTATIC)]
            if diseases:
                for disease in diseases:
                    self.intake.add(disease, "condition", "now", f"metastasis in: {words}", where)
            elif found.concepts:
                self.intake.leave(words, where, "the graph has no metastatic disease for this site")
            else:
                self.intake.leave_notes(found, words, where)

    def number_of_metastases(self, key: str, node: Node) -> None:
        text = self.text_only(key, node)
        value = number(text)
        if value is None or value < 0 or value != value.to_integral_value():
            self.intake.leave(f"{key}: {text}", key, "it is no number of metastases")
        elif value != 0:
            self.intake.leave(f"{key}: {text}", key, "the graph does not say how many metastases are few or many")

    # Treatments

    def treatments(self, key: str, node: Node) -> None:
        if node.entries is None:
            return self.problem(
                node, key, "treatments are sorted by time", "write current:, planned: or past: below it"
            )
        self.known_keys(node, key, tuple(_TIMES))
        for time, items in node.entries.items():
            if time in _TIMES:
                for where, _, item in self.named_items(f"{key}.{time}", items, _TREATMENT_KEYS):
                    self.treatment(where, _TIMES[time], item)
        return None

    def treatment(self, where: str, time: Time, item: Mapping[str, Node]) -> None:
        words = (item["name"].text or "").strip()
        found, dose = self.intake.treatment_named(words)
        given = self.dose(words, where, item) or dose
        days_ago = self.days_ago(words, where, item)
        if time != "past" and days_ago is not None:
            self.intake.leave(words, where, "it has ended, and stands among what is not past: taken as it stands")
            days_ago = None
        if time == "past" and days_ago is None:
            self.intake.leave(words, where, "when it ended is not said; rules with a time limit could not be judged")
        recent = "recent" in item and truth(item["recent"]) is True
        infusion = self.infusion(words, where, item)
        self.intake.take_treatment(found, time, words, where, given, days_ago, recent, infusion)
        if "route" in item:
            self.intake.leave(
                f"{words}, route: {item['route'].text}", where, "rules are not told apart by route: write the product"
            )
        if "planned_on" in item and Span.parse(item["planned_on"].text or "") is None:
            self.intake.leave(
                f"{words}, planned_on: {item['planned_on'].text}", where, "it is no date, write 2026-10-01"
            )
        if "reason" in item and time != "past":
            self.condition(f"{where}.reason", {"name": item["reason"]})

    def dose(self, words: str, where: str, item: Mapping[str, Node]) -> Amount | None:
        if "dose" not in item:
            return None
        text = f"{item['dose'].text or ''} {(item['unit'].text or '') if 'unit' in item else ''}".strip()
        split = split_quantity(text)
        if split is None or split[0] or split[1] <= 0 or not split[2]:
            self.intake.leave(
                f"{words}, dose: {text}", where, "the dose is no positive number with a unit, such as 4 mg"
            )
            return None
        return Amount(split[1], split[2])

    def infusion(self, words: str, where: str, item: Mapping[str, Node]) -> Value | None:
        if "infusion" not in item:
            return None
        text = item["infusion"].text or ""
        split = split_quantity(text)
        if split is None:
            self.intake.leave(f"{words}, infusion: {text}", where, "it is no time with a unit, such as 15 min")
            return None
        return Value(INFUSION, Interval.of(split[1], split[0]), split[2], f"{words}, infusion", where)

    # Measurements and checks

    def measurements(self, key: str, node: Node) -> None:
        if node.entries is not None and not ("name" in node.entries and "value" in node.entries):
            for name, item in node.entries.items():
                for index, each in enumerate(item.listed()):
                    place = f"{key}.{name}" + (f"[{index}]" if item.items is not None else "")
                    self.measurement(place, name, each)
            return
        for where, item, entries in self.named_items(key, node, _VALUE_KEYS):
            self.measurement(where, (entries["name"].text or "").strip(), item)

    def measurement(self, where: str, name: str, node: Node) -> None:
        if node.entries is not None:
            self.known_keys(node, where, _VALUE_KEYS)
            parts = {key: (each.text or "").strip() for key, each in node.entries.items()}
            text, unit, when = parts.get("value", ""), parts.get("unit", ""), parts.get("date", "")
        else:
            text, unit, when = self.text_only(where, node), "", ""
        self.value(name, where, text, unit, when, self.measure(f"{name}: {text} {unit}".strip(), name, where))

    def measure(self, words: str, name: str, where: str) -> str | None:
        found = self.intake.measures_known.named(name)
        if len(found) == 1:
            return next(iter(found))
        if found:
            self.intake.leave(words, where, f"it names several measures: {self.intake.resolver.listed(found)}")
            return None
        hint = self.intake.resolver.hint(name, self.intake.measures_known.names)
        self.intake.leave(words, where, f"no measure with bounds has this name{hint}")
        return None

    def value(self, words: str, where: str, text: str, unit: str, when: str, measure: str | None) -> None:
        split = split_quantity(f"{text} {unit}".strip())
        span = Span.parse(when) if when else None
        said = f"{words}: {text} {unit}".strip()
        if measure is None:
            return None
        if split is None:
            return self.intake.leave(said, where, "it is no number with a unit, such as 25 mL/min")
        if when and (span is None or span.is_after(self.today)):
            reason = "its date is no date, write 2026-10-01" if span is None else f"its date lies after {self.today}"
            return self.intake.leave(said, where, reason)
        if measure in OF_ONE_TREATMENT:
            return self.intake.leave(said, where, "it belongs to one treatment: write it there")
        comparator, number_read, unit_read = split
        days = span.days_before(self.today) if span else None
        if self.intake.concepts.is_check(measure):
            self.intake.check_done([measure], words, where, days)
        value = Value(measure, Interval.of(number_read, comparator), unit_read, words, where, span)
        return self.intake.values.append(value)

    def checks(self, key: str, node: Node) -> None:
        if node.entries is not None and "name" not in node.entries:
            for name, when in node.entries.items():
                self.check(f"{key}.{name}", name, when)
            return
        for where, _, item in self.named_items(key, node, ("name", "date")):
            self.check(where, (item["name"].text or "").strip(), item.get("date"))

    def check(self, where: str, name: str, when: Node | None) -> None:
        found: Found = self.intake.resolver.name(name, self.intake.concepts.is_check)
        if not found.concepts and (measures := self.intake.measures_known.named(name)):
            found = Found(tuple(measures))
        said = truth(when) if when else True
        if said is False:
            return self.intake.leave(f"{name}: no", where, "it was not done")
        days = self.days_since(name, where, when) if when and said is None and not when.is_empty else None
        if when and said is None and not when.is_empty and days is None:
            return None
        self.intake.check_done(self.intake.of_kind(found, "check", name, where), name, where, days)
        return None
