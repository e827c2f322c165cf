"""`POST .../extend`: more time, or less; or an end where a room has none."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from moderator.domain import events as e
from moderator.domain.decided import EXTENSION
from moderator.domain.ids import EventId
from moderator.domain.kinds import Data
from moderator.domain.rooms import Deadline, Room
from moderator.domain.state import Verdict
from moderator.gateway.orders.conflicts import deadline_conflict
from moderator.gateway.orders.orders import Orders, require
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.problems import Problem
from moderator.gateway.requests import MAX_TEXT, Body, Call, json_response
from moderator.gateway.rules import ROOM, Rule

MAX_EXTENSION_S: Final = 24 * 3600
TRIES_WITHOUT_VERSION: Final = 200
"""Somebody who names no version wants the time added to whatever there is; others may be quicker many times."""

CONFIRMED_WITHIN_S: Final = 15.0
_HERE: Final = frozenset({"conflict", "no_deadline", "repeated"})
_STATUSES: Final = {"provider_rejected": 422, "gone": 409, "room_ended": 409, "rate_limited": 503}
"""By what became of it; all else is the platform's fault."""


class Extend(Body, frozen=True, kw_only=True):
    """Either `seconds` to add to the deadline of the expected version, or the end itself where there is none yet."""

    seconds: int = 0
    expected_version: int | None = None
    ends_at: int | None = None
    """Milliseconds since the epoch, UTC."""
    reason: str = ""
    into_next: bool = False
    """Also when the room is booked from then on."""


class Extending:
    """Changes deadlines."""

    def __init__(self, orders: Orders, sources: Mapping[str, LiveSource]) -> None:
        self._orders = orders
        self._sources = sources

    def rules(self) -> tuple[Rule, ...]:
        """The route that moves a deadline."""
        summary = "Add time to the deadline of a known version, or give a room one"
        return (Rule("POST", ROOM + "/extend", "rooms:extend", self.extend, summary, Extend),)

    async def extend(self, call: Call) -> Response:
        """Add seconds to the deadline of an expected version, or set one where there is none.

        Where the platform keeps the deadline, the answer waits until it has said what the end is now.
        """
        body, event_id = await call.body(Extend), call.event_id()
        for _ in range(TRIES_WITHOUT_VERSION):
            verdict = await self._outcome(call, event_id, body)
            if verdict.code != "conflict":
                break
            await self._is_settled(call)  # whoever else moves it: after that, and on from what then is
            if body.expected_version is not None:
                break
            event_id = call.event_id("again", verdict.seq)
        if verdict.code:
            raise _refusal(call.room(), verdict)
        return json_response({"deadline": call.room().deadline, "seq": verdict.seq})

    async def _outcome(self, call: Call, event_id: EventId, body: Extend) -> Verdict:
        """What became of it, on the platform too. Raises Problem when that is not known in time."""
        verdict = await self._orders.verdict(call, event_id, lambda: self._extension(call, body))
        if verdict.code:
            return verdict
        if not await self._is_settled(call, event_id):
            sentence = "the platform has not confirmed it yet: the deadline will show when it does"
            raise Problem(504, "not_confirmed", sentence)
        return self._orders.ledger.verdict(event_id) or verdict

    def _extension(self, call: Call, body: Extend) -> tuple[Room, Data]:
        room = call.live_room()
        require(room, "extend")
        if body.ends_at is not None:
            _must_be_free(room, body.ends_at, body)
            return room, self._absolute(room, body, body.ends_at)
        deadline = room.deadline
        if deadline is None:
            raise Problem(409, "no_deadline", "the room has no deadline: send ends_at to set one")
        _must_be_allowed(room, deadline, body)
        if body.seconds > 0:
            _must_be_free(room, deadline.ends_at + body.seconds * 1000, body)
        version, reason = deadline.version + 1, body.reason[:MAX_TEXT]
        if deadline.kept_by == "gateway" or deadline.reported_ends_at is None:
            return room, e.DeadlineExtended(version=version, seconds=body.seconds, reason=reason)
        ends_at = deadline.reported_ends_at + body.seconds * 1000
        return room, e.ExtensionRequested(version=version, ends_at=ends_at, seconds=body.seconds, reason=reason)

    def _absolute(self, room: Room, body: Extend, ends_at: int) -> Data:
        if room.deadline is not None:
            raise Problem(422, "has_deadline", "the room has a deadline: send seconds to move it")
        if not 0 < ends_at - self._orders.clock.now_ms() <= MAX_EXTENSION_S * 1000:
            raise Problem(422, "invalid_ends_at", "ends_at is a time within the next 24 hours, in milliseconds")
        version, reason = room.deadline_version + 1, body.reason[:MAX_TEXT]
        if room.deadline_is_platforms:
            by_its_clock = ends_at - self._sources[room.source].clock_offset_ms
            return e.ExtensionRequested(version=version, ends_at=by_its_clock, reason=reason)
        warn_ms = room.limits.warn_ms if room.limits else ()
        return e.DeadlineSet(version=version, ends_at=ends_at, warn_ms=warn_ms, basis="moderator", reason=reason)

    async def _is_settled(self, call: Call, command: EventId | None = None) -> bool:
        """Wait until this extension, or anybody's, is done on the platform; False when that takes too long."""
        ledger, key = self._orders.ledger, call.key()

        def settled() -> bool:
            room = ledger.room(key)
            if room is None:
                return True
            pending = [one.id for one in room.pending if one.command == EXTENSION]
            return command not in pending if command else not pending and _is_as_told(room)

        return await ledger.until(key, settled, CONFIRMED_WITHIN_S)


def _is_as_told(room: Room) -> bool:
    """Whether the deadline is what the platform told of it."""
    known = room.deadline.reported_ends_at if room.deadline else None
    return room.reported_end is None or room.reported_end.ends_at == known


def _must_be_allowed(room: Room, deadline: Deadline, body: Extend) -> None:
    """Raises Problem."""
    if body.expected_version is not None and body.expected_version != deadline.version:
        raise deadline_conflict(room, "conflict", "the deadline was changed meanwhile")
    if body.seconds == 0 or abs(body.seconds) > MAX_EXTENSION_S:
        raise Problem(422, "invalid_seconds", f"seconds is between -{MAX_EXTENSION_S} and {MAX_EXTENSION_S}, not 0")
    allowance = deadline.allowance_ms
    if allowance is not None and body.seconds * 1000 > allowance:
        sentence = f"at most {allowance // 1000} more seconds are allowed for this room"
        raise Problem(422, "over_allowance", sentence, allowance_ms=allowance)


def _must_be_free(room: Room, ends_at: int, body: Extend) -> None:
    """Raises Problem where the next people would come into a room that is still in use."""
    booking = room.next_appointment
    if booking is None or ends_at <= booking.starts_at or body.into_next:
        return
    sentence = f"the room is booked for {booking.name} before that: send into_next to extend all the same"
    members = {"name": booking.name, "starts_at": booking.starts_at, "deadline": room.deadline}
    raise Problem(409, "next_booking", sentence, **members)


def _refusal(room: Room, verdict: Verdict) -> Problem:
    """What was refused here, or by the platform."""
    if verdict.code in _HERE:
        return deadline_conflict(room, verdict.code, verdict.why)
    return Problem(_STATUSES.get(verdict.code, 502), verdict.code, verdict.why)
