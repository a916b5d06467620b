"""Statement identifiers: a digest of what the statement says.

One statement keeps one IRI in every export, on any machine, in any release. The IRI is made from a canonical form
(one line a part, described in ``docs/reference/statement-identifiers.md`` with test vectors)::

    osteograph statement 1
    subject <…>
    predicate <…>
    object <…>
    qualifier <key> <value>          one line each, sorted by code points, no line twice

The lines end in LF, the text is NFC and UTF-8; ``s`` and the first 24 hexadecimal digits of its SHA-256 make the
local name.

>>> term = lambda local: f"<https://w3id.org/osteograph/concept/{local}>"
>>> statement_iri(term("LungCancer"), "<https://w3id.org/osteograph/schema/metastasizesTo>", term("Bone"))
'https://w3id.org/osteograph/statement/sd0932693979238fca929aadc'
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from .namespaces import DERIVATION, STATEMENT

VERSION_LINE = "osteograph statement 1"
DIGITS = 24


def canonical_form(subject: str, predicate: str, obj: str, qualifiers: Iterable[tuple[str, str]] = ()) -> str:
    """The text that is digested. All parts are terms in N-Triples syntax."""
    lines = [VERSION_LINE, f"subject {subject}", f"predicate {predicate}", f"object {obj}"]
    # Normalised first, sorted then: what is equal after NFC must not stand twice or in another place.
    keyed = {unicodedata.normalize("NFC", f"qualifier {key} {value}") for key, value in qualifiers}
    return "".join(f"{line}\n" for line in [*(unicodedata.normalize("NFC", line) for line in lines), *sorted(keyed)])


def statement_iri(subject: str, predicate: str, obj: str, qualifiers: Iterable[tuple[str, str]] = ()) -> str:
    """The IRI of a statement, from its parts in N-Triples syntax."""
    digest = hashlib.sha256(canonical_form(subject, predicate, obj, qualifiers).encode()).hexdigest()
    return f"{STATEMENT}s{digest[:DIGITS]}"


def derivation_iri(rule: str, conclusion: tuple[str, str, str], premises: Iterable[tuple[str, str, str]]) -> str:
    """The IRI of one application of a rule: a digest of the rule's name, the conclusion and the premises in order.

    >>> fact = ("<https://example.org/a>", "<https://example.org/b>", "<https://example.org/c>")
    >>> derivation_iri("some_rule", fact, [fact])
    'https://w3id.org/osteograph/derivation/d63455e1afd0d63d56e2950e8'
    """
    lines = ["osteograph derivation 1", f"rule {rule}", f"conclusion {statement_iri(*conclusion)}"]
    lines += [f"premise {statement_iri(*premise)}" for premise in premises]
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    return f"{DERIVATION}d{digest[:DIGITS]}"
