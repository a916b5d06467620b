"""Screening a patient's record as the server does it: in a process of its own, which ends with the answer.

What is derived of the graph is derived once, in the process that workers are forked from; a worker reads one record,
answers and ends. Nothing of a record is kept, logged or written to a file, and nothing of it reaches the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, OsteographError, ProblemsFound

from ..inference.knowledge import Knowledge, Scope
from ..screening.reading import read_record
from ..screening.record import Record
from ..screening.remaining import remaining, remaining_to_json, remaining_to_text
from ..screening.reports import report
from ..screening.screening import Screener
from ..stores.oxigraph import OxigraphStore
from .negotiation import TURTLE, negotiate
from .request import ProtocolError, media_type
from .worker import Handler, refusal, write_piece

JSON = "application/json"
FHIR = "application/fhir+json"
YAML = "application/yaml"
TEXT = "text/plain"
ACCEPTED = (JSON, FHIR, YAML)
"""Media types of a record that is sent."""
OFFERED = {JSON: "json", FHIR: "fhir", TURTLE: "turtle", TEXT: "table"}
"""Media types of what comes back, with the format of ``osteograph screen``; the first where a client has no wish."""
REMAINING = (JSON, TEXT)
PARAMETERS = ("sources", "jurisdiction", "verified_only", "remaining", "today")
_TRUTH = {"true": True, "false": False}
_MOST_PROBLEMS = 100
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ScreenRequest:
    """A record with the options of ``osteograph screen``, and the media type of the answer."""

    record: bytes
    media: str
    scope: Scope = field(default_factory=Scope)
    remaining: bool = False
    today: date | None = None

    def message(self) -> dict[str, Any]:
        """All but the record, for a worker."""
        return {
            "media": self.media,
            "sources": self.scope.sources,
            "jurisdictions": sorted(self.scope.jurisdictions),
            "verified_only": self.scope.verified_only,
            "remaining": self.remaining,
            "today": self.today.isoformat() if self.today else None,
        }


def refuse_other_media(content_type: str) -> None:
    """Raise ProtocolError 415 where a body is no record by its media type."""
    media, charset = media_type(content_type)
    if media not in ACCEPTED:
        said = f"not {media[:100]}" if media else "and this request names no media type"
        words = f"a record is posted as {', '.join(ACCEPTED)}, {said}"
        raise ProtocolError(415, words, {"Accept-Post": ", ".join(ACCEPTED)})
    if charset not in ("utf-8", "utf8"):
        raise ProtocolError(415, f"a record is posted in UTF-8, not in {charset[:100]}")


def read_screen_request(pairs: Pairs, accept: str | None, record: bytes) -> ScreenRequest:
    """What is asked, from the parameters of an address and an Accept header.

    Raises BadParameter where a parameter is unknown, wrong or given twice, ProtocolError 406 where no format fits.

    >>> read_screen_request([("jurisdiction", "EU"), ("today", "2026-11-21")], None, b"").media
    'application/json'
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    unknown = sorted(set(given) - set(PARAMETERS))
    twice = sorted(name for name, values in given.items() if len(values) > 1 and name != "jurisdiction")
    if unknown or twice:
        what = f"{unknown[0][:60]!r} is unknown" if unknown else f"{twice[0]} stands more than once"
        raise BadParameter(f"{what}; the parameters are {', '.join(PARAMETERS)}, and only jurisdiction may be repeated")
    one = {name: values[0] for name, values in given.items()}
    scope = Scope(one.get("sources", "all"), frozenset(given.get("jurisdiction", ())), _truth(one, "verified_only"))
    wants_remaining = _truth(one, "remaining")
    offered = REMAINING if wants_remaining else tuple(OFFERED)
    media = negotiate(accept, offered)
    if media is None:
        raise ProtocolError(406, f"the answer is offered as {', '.join(offered)}")
    return ScreenRequest(record, media, scope, wants_remaining, _day(one.get("today")))


def _truth(values: dict[str, str], name: str) -> bool:
    value = values.get(name, "false")
    if value not in _TRUTH:
        raise BadParameter(f"{name} takes true or false, not {value[:60]!r}")
    return _TRUTH[value]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise BadParameter(f"today takes a day such as 2026-11-21, not {str(text)[:60]!r}") from None


def prepare(store: ox.Store) -> Handler:
    """What screens records over a store; derives what follows from the graph alone, which takes seconds."""
    graph = OxigraphStore(store)
    everything = Screener(Knowledge(graph))
    everything.screen(read_record(b"name: nobody", graph))  # so that what is read at the first record is there

    def handle(request: dict[str, Any], body: bytes, out: IO[bytes]) -> dict[str, Any]:
        try:
            scope = Scope(request["sources"], frozenset(request["jurisdictions"]), request["verified_only"])
            screener = everything if scope == everything.knowledge.scope else Screener(Knowledge(graph, scope))
            today = date.fromisoformat(request["today"]) if request["today"] else None
            told = _told(screener, read_record(body, graph, today=today), request)
        except ProblemsFound as error:
            return refusal(400, "the record cannot be read") | {"problems": _problems(error)}
        except OsteographError as error:
            return refusal(400, str(error))
        except MemoryError:
            return refusal(422, "the record needs more memory than one may take")
        write_piece(out, told.encode())
        return {"status": 200, "media": request["media"]}

    return handle


def _told(screener: Screener, record: Record, request: dict[str, Any]) -> str:
    if request["remaining"]:
        tell: Callable[..., str] = remaining_to_json if request["media"] == JSON else remaining_to_text
        return tell(remaining(screener, record))
    return report(screener.screen(record), OFFERED[request["media"]])


def _problems(error: ProblemsFound) -> list[dict[str, str | int]]:
    """All that is wrong with a record, as values; of very many the first."""
    return [
        {"line": each.line, "place": each.column, "message": each.message, "remedy": each.remedy}
        for each in error.problems[:_MOST_PROBLEMS]
    ]
