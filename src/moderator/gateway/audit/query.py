"""What somebody looks for in the audit: read from the request, and which events fit. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from moderator.domain.accounting import CredentialsRefused
from moderator.domain.events import AccessDenied, Event, Unknown
from moderator.domain.ids import EventId, RoomKey, seat_key
from moderator.domain.kinds import Command, Decision, Fact, Outcome
from moderator.feed.audit import OUTCOMES, AuditOutcome
from moderator.feed.codec import encode_event
from moderator.gateway.problems import Problem
from moderator.journal.event_log import Seat
from moderator.journal.starts import Refusal

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 500
MAX_WORD: Final = 200
_FAILED: Final = "_failed"
_DENIED: Final = (AccessDenied, CredentialsRefused)


class Query(Struct, frozen=True, kw_only=True):
    """What is looked for; what is left out is not asked for. Times in milliseconds since the epoch."""

    moderator: str = ""
    """Their id, or a part of their name."""
    person: str = ""
    """Their user id."""
    source: str = ""
    room: str = ""
    """Its id or name."""
    kind: str = ""
    """One kind of event, or several with commas between them."""
    outcome: str = ""
    text: str = ""
    """Stands somewhere in what the event says."""
    begin: int | None = msgspec.field(name="from", default=None)
    end: int | None = msgspec.field(name="to", default=None)
    """Recorded before that."""
    after: int = 0
    before: int | None = None
    order: str = "oldest"
    limit: int = DEFAULT_LIMIT

    @property
    def newest_first(self) -> bool:
        return self.order == "newest"

    @property
    def kinds(self) -> frozenset[str]:
        """Empty for all."""
        return frozenset(word.strip() for word in self.kind.split(",")) - {""}

    def words(self) -> str:
        """For the record of who looked for what."""
        asked = msgspec.to_builtins(self)
        page = {"after", "before", "order", "limit"}
        return " ".join(
            f"{name}={value}" for name, value in asked.items() if value not in ("", None) and name not in page
        )


PAGING: Final = frozenset({"after", "before", "order", "limit"})
"""Parameters that say which part is wanted, not what is looked for."""

HELP: Final[Mapping[str, str]] = {
    "moderator": "the id of a moderator, or a part of their name",
    "person": "a user id: what they did, and what was done to them",
    "source": "the name of a source",
    "room": "the id or the name of a room",
    "kind": "a kind of event, or several with commas between them",
    "outcome": f"one of {', '.join(OUTCOMES)}",
    "text": "stands somewhere in what the event says",
    "from": "recorded then or later, in milliseconds since the epoch",
    "to": "recorded before then, in milliseconds since the epoch",
    "after": "the seq after which to begin",
    "before": "the seq before which to end",
    "order": "oldest or newest first; oldest if left out",
    "limit": f"how many rows at most; {DEFAULT_LIMIT} if left out, {MAX_LIMIT} at most",
}
"""The parameters of a request."""


def parse_query(parameters: Mapping[str, str], also: Collection[str] = ()) -> Query:
    """The query of a request; `also` are parameters that somebody else reads. Raises Problem 422."""
    unknown = sorted(set(parameters) - set(HELP) - set(also))
    if unknown:
        raise _invalid(unknown[0], f"there is no such parameter: use {', '.join(HELP)}")
    too_long = [name for name, value in parameters.items() if len(value) > MAX_WORD]
    if too_long:
        raise _invalid(too_long[0], f"it may have {MAX_WORD} characters at most")
    try:
        query = msgspec.convert({k: v for k, v in parameters.items() if k in HELP}, Query, strict=False)
    except msgspec.ValidationError as error:
        raise Problem(422, "invalid_query", str(error)) from error
    if query.outcome and query.outcome not in OUTCOMES:
        raise _invalid("outcome", f"use one of {', '.join(OUTCOMES)}")
    if query.order not in {"oldest", "newest"}:
        raise _invalid("order", "use oldest or newest")
    if not 1 <= query.limit <= MAX_LIMIT:
        raise _invalid("limit", f"use a number from 1 to {MAX_LIMIT}")
    if any(not 0 <= number < 2**63 for number in (query.after, query.before or 0, query.begin or 0, query.end or 0)):
        raise _invalid("after", "numbers and times are not below zero, and have less than 19 digits")
    return query


def _invalid(name: str, what: str) -> Problem:
    return Problem(422, "invalid_query", f"{name}: {what}")


class Filter:
    """Which events a query is about."""

    def __init__(self, query: Query, seats: Iterable[Seat], name_of: Callable[[RoomKey], str]) -> None:
        """`seats`: the connections of the person that is asked for."""
        self._query = query
        self._kinds = query.kinds
        self._seats = frozenset(seats)
        self._name_of = name_of
        self._moderator, self._text = query.moderator.casefold(), query.text.casefold()

    def fits(self, event: Event, recorded_at: int) -> bool:
        """Whether the event is asked for, whatever came of it. `recorded_at` as its entry says."""
        query = self._query
        return (
            (query.begin is None or recorded_at >= query.begin)
            and (query.end is None or recorded_at < query.end)
            and (not self._kinds or event.kind in self._kinds)
            and query.source in ("", event.source)
            and self._is_of_room(event)
            and self._is_by_moderator(event)
            and self._is_about_person(event)
            and (not self._text or self._text in encode_event(event).decode().casefold())
        )

    def _is_of_room(self, event: Event) -> bool:
        wanted = self._query.room
        return not wanted or event.room == wanted or (event.key is not None and self._name_of(event.key) == wanted)

    def _is_by_moderator(self, event: Event) -> bool:
        if not self._moderator:
            return True
        actor = event.actor
        return actor.kind == "moderator" and (
            self._moderator == actor.id.casefold() or self._moderator in actor.name.casefold()
        )

    def _is_about_person(self, event: Event) -> bool:
        wanted = self._query.person
        if not wanted:
            return True
        if wanted in _people(event.data):
            return True
        participant = str(getattr(event.data, "participant", ""))
        return Seat(event.source or "", event.room or "", seat_key(participant)) in self._seats


def _people(data: Any) -> set[str]:
    people = getattr(data, "people", ())  # of some kinds it is a number
    return {
        str(getattr(data, "user", "")),
        str(getattr(data, "person", "")),
        *(people if isinstance(people, tuple) else ()),
        *(one.user for one in getattr(data, "allow", ())),
    }


def outcome_of(
    event: Event, settled: Mapping[EventId, str], refused: Mapping[EventId, Refusal]
) -> tuple[AuditOutcome, str]:
    """What came of an event, and why where it was refused. `settled`: the kinds of event that settled commands."""
    data = event.data
    if event.id in refused:
        return "refused", refused[event.id].why
    if isinstance(data, _DENIED):
        return "denied", str(getattr(data, "reason", "") or getattr(data, "code", ""))
    if isinstance(data, Outcome):
        return ("failed" if event.kind.endswith(_FAILED) else "done"), data.why
    if isinstance(data, Command):
        kind = settled.get(event.id, "")
        return ("requested" if not kind else "failed" if kind.endswith(_FAILED) else "done"), ""
    if isinstance(data, Fact | Unknown):
        return "reported", ""
    return ("done" if isinstance(data, Decision) else "noted"), ""
