"""`POST .../extend`: more time, or less; or an end where a room has none."""

from typing import Final

from starlette.responses import Response

from moderator.domain import events as e
from moderator.domain.kinds import Data
from moderator.domain.rooms import Room
from moderator.domain.state import Verdict
from moderator.gateway.orders import Orders
from moderator.gateway.problems import Problem
from moderator.gateway.requests import MAX_TEXT, Body, Call, json_response

MAX_EXTENSION_S: Final = 24 * 3600
TRIES_WITHOUT_VERSION: Final = 200
"""Somebody who names no version wants the time added to whatever there is; others may be quicker many times."""


class Extend(Body, frozen=True, kw_only=True):
    seconds: int = 0
    expected_version: int | None = None
    ends_at: int | None = None
    reason: str = ""


class Extending:
    """Changes deadlines."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders

    async def extend(self, call: Call) -> Response:
        """Add seconds to the deadline of an expected version, or set one where there is none."""
        body, event_id = await call.body(Extend), call.event_id()
        for _ in range(TRIES_WITHOUT_VERSION):
            verdict = await self._orders.verdict(call, event_id, lambda: self._extension(call, body))
            if verdict.code != "conflict" or body.expected_version is not None:
                break
            event_id = call.event_id("again", verdict.seq)
        room = call.room()
        if verdict.code:
            raise _conflict(room, verdict)
        return json_response({"deadline": room.deadline, "seq": verdict.seq})

    def _extension(self, call: Call, body: Extend) -> tuple[Room, Data]:
        room = call.live_room()
        deadline = room.deadline
        if body.ends_at is not None:
            return room, self._absolute(room, body, body.ends_at)
        if deadline is None:
            raise Problem(409, "no_deadline", "the room has no deadline: send ends_at to set one")
        if body.expected_version is not None and body.expected_version != deadline.version:
            raise _conflict(room, Verdict(0, 0, "conflict", "the deadline was changed meanwhile"))
        if body.seconds == 0 or abs(body.seconds) > MAX_EXTENSION_S:
            raise Problem(422, "invalid_seconds", f"seconds is between -{MAX_EXTENSION_S} and {MAX_EXTENSION_S}, not 0")
        allowance = deadline.allowance_ms
        if allowance is not None and body.seconds * 1000 > allowance:
            sentence = f"at most {allowance // 1000} more seconds are allowed for this room"
            raise Problem(422, "over_allowance", sentence, allowance_ms=allowance)
        reason = body.reason[:MAX_TEXT]
        return room, e.DeadlineExtended(version=deadline.version + 1, seconds=body.seconds, reason=reason)

    def _absolute(self, room: Room, body: Extend, ends_at: int) -> Data:
        if room.deadline is not None:
            raise Problem(422, "has_deadline", "the room has a deadline: send seconds to move it")
        if not 0 < ends_at - self._orders.clock.now_ms() <= MAX_EXTENSION_S * 1000:
            raise Problem(422, "invalid_ends_at", "ends_at is a time within the next 24 hours, in milliseconds")
        warn_ms = room.limits.warn_ms if room.limits else ()
        version = room.deadline_version + 1
        reason = body.reason[:MAX_TEXT]
        return e.DeadlineSet(version=version, ends_at=ends_at, warn_ms=warn_ms, basis="moderator", reason=reason)


def _conflict(room: Room, verdict: Verdict) -> Problem:
    deadline = room.deadline
    by, name = (deadline.changed_by, deadline.changed_by_name) if deadline else ("", "")
    return Problem(409, verdict.code, verdict.why, deadline=deadline, changed_by=by, changed_by_name=name)
