"""What goes wrong with a platform, and what a provider may make of it. Pure; the table that the checks go through."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from moderator.providers.conformance.recorder import Answer
from moderator.providers.conformance.stated import PAUSE_S, Trouble
from moderator.providers.errors import (
    Forbidden,
    Gone,
    NotSupported,
    ProviderError,
    RateLimited,
    Rejected,
    Temporary,
    Uncertain,
)
from moderator.providers.provider import Finding, Listing

Kinds = tuple[type[Exception], ...]
_JSON: Final = {"content-type": "application/json"}
_HTML: Final = {"content-type": "text/html"}
_PAGE: Final = b"<html><head><title>Something</title></head><body>" + b"x" * 200 + b"</body></html>"


class Fault(Struct, frozen=True):
    """One thing that goes wrong. `trouble` is said in the platform's own way, `answer` is said by what is between."""

    name: str
    expected: Kinds
    trouble: Trouble | None = None
    answer: Answer | None = None
    may_pass: bool = False
    """Whether a command that does not look into the answer may take it for a success."""


def _page(status: int, *expected: type[Exception], headers: Mapping[str, str] | None = None) -> Fault:
    answer = Answer(status, _PAGE, {**_HTML, **(headers or {})})
    return Fault(f"a page with status {status}", expected, answer=answer)


def _nonsense(name: str, body: bytes, headers: Mapping[str, str] = _JSON) -> Fault:
    return Fault(f"200 with {name}", (Temporary,), answer=Answer(200, body, headers), may_pass=True)


def _object(name: str, body: bytes) -> Fault:
    """It may be the honest answer to a command, or say that there is nothing to do it to."""
    return Fault(f"200 with {name}", (Temporary, Gone), answer=Answer(200, body, _JSON), may_pass=True)


LISTS: Final = frozenset({"list", "list_room"})
EMPTY: Final = _object("an empty object", b"{}")
GONE: Final = Fault("what it is about is gone", (Gone,), trouble="gone", may_pass=True)
FAULTS: Final = (
    GONE,
    Fault("the platform refuses the credentials", (Forbidden,), trouble="forbidden"),
    Fault("the platform says that the request is wrong", (Rejected,), trouble="wrong"),
    Fault("the platform asks for a pause", (RateLimited,), trouble="limited"),
    Fault("the platform has trouble of its own", (Temporary,), trouble="broken"),
    _page(401, Forbidden),
    _page(403, Forbidden),
    _page(404, ProviderError),
    _page(429, RateLimited, headers={"retry-after": str(PAUSE_S)}),
    *(_page(status, Temporary) for status in (500, 503)),
    _page(302, ProviderError, headers={"location": "/elsewhere"}),
    _page(307, ProviderError, headers={"location": "/elsewhere"}),
    Fault("an answer that is cut", (Temporary,), answer=Answer(200, b'{"a": "' + b"x" * 200, _JSON, cut_after=100)),
    _nonsense("a page", _PAGE, _HTML),
    _nonsense("half of its JSON", b'{"a": [{"b'),
    EMPTY,
    _object("an object of somebody else", b'{"status": "ok"}'),
    _nonsense("a list", b"[]"),
    _nonsense("null", b"null"),
    _nonsense("a string", b'"fine"'),
    _nonsense("nothing", b""),
    _nonsense("depth", b"[" * 100_000),
    _nonsense("a number of 5,000 digits", b"9" * 5_000),
    _nonsense("bytes", b"\xff\xfe\x00\x80"),
)
LATE: Final = Fault("no answer", (Temporary,), answer=Answer(silent=True))
ENDLESS: Final = Fault("an answer without end", (Temporary,), answer=Answer(200, headers=_JSON, endless=True))
REFUSED: Final = Fault("no connection", (Temporary,))


def judged(
    name: str, fault: Fault, result: object, error: Exception | None, *, usual: object, uncertain: bool, whole: bool
) -> str:
    """What is wrong with the outcome of this command after this fault, in words; empty when it is right.

    `usual` is its result where all is well; `whole`: whether nothing went well.
    """
    if name == "check":
        return _judged_findings(fault, result, error, whole)
    if isinstance(result, Listing) and isinstance(usual, Listing):
        return _judged_list(fault, result, usual, alone=name == "list_room" and whole)
    if name == "list_room" and fault is GONE:
        return f"a room that is gone is left out of the list, but this came: {error or result!r}"
    if error is None:
        return "" if fault.may_pass and name != "extend" else "it was taken for a success"
    if fault is GONE and name in {"disconnect", "block"}:
        return f"who is gone already is no error, but this was raised: {error!r}"
    if uncertain and Temporary in fault.expected and isinstance(error, Uncertain):
        return ""
    if name == "readmit" and fault is GONE and isinstance(error, NotSupported):
        return ""
    expected = (Temporary,) if name in LISTS and Temporary in fault.expected else fault.expected
    if not isinstance(error, expected):
        return f"{' or '.join(kind.__name__ for kind in expected)} is due, not {error!r}"
    if isinstance(error, RateLimited) and RateLimited in fault.expected and error.retry_after_s != PAUSE_S:
        return f"a pause of {PAUSE_S} s was asked for, not {error.retry_after_s}"
    return "" if str(error).strip() else "the error says nothing"


def _judged_list(fault: Fault, result: Listing, usual: Listing, *, alone: bool) -> str:
    """Less may be told of those who are there, but nobody may seem to have left. `alone`: of one room that is gone."""
    missing = _people(usual) - _people(result)
    if fault is GONE:
        return "a room that is gone is listed" if alone and missing and result.rooms else ""
    whole = result.complete and all(room.complete for room in result.rooms)
    return f"{missing} are missing in a list that says it is complete" if whole and missing else ""


def _people(listing: Listing) -> set[tuple[str, str]]:
    return {(room.room, person.participant) for room in listing.rooms for person in room.participants}


def _judged_findings(fault: Fault, result: object, error: Exception | None, whole: bool) -> str:
    if error is not None:
        return f"check tells what is wrong in findings, and raises nothing, not {error!r}"
    if not isinstance(result, list) or not all(isinstance(one, Finding) for one in result):
        return f"findings are due, not {result!r}"
    bad = [finding for finding in result if not finding.ok]
    if whole and not bad and not fault.may_pass and fault.trouble != "wrong":
        return "check found nothing wrong"
    return "" if all(one.remedy.strip() and one.what.strip() for one in bad) else "a finding is without its remedy"
