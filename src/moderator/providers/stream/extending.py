"""Moving the end that Stream keeps for a session.

The timer is of the session, its limit of the call: seconds from the session's start. Only a whole limit can be
written, so it is read, changed, written and read again, one request of ours after the other in each room. Who asks
says which end they saw: where it is another by now, nothing is written. The end itself is never computed: what the
platform then says, counts.

The timer may follow the limit late. While the limit says what is wanted and the timer does not yet, nothing is
written: it would be added twice.
"""

import asyncio
from collections.abc import Callable
from typing import Final
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from moderator.clock import Clock
from moderator.domain.settings import GRACE_MS
from moderator.providers.errors import Garbled, Gone, Moved, Rejected, Unavailable
from moderator.providers.reporting import UNREADABLE
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.calls import Call
from moderator.providers.stream.endpoints import GET_CALL, UPDATE_CALL
from moderator.providers.stream.times import moment_ms

SOONEST_MS: Final = GRACE_MS
"""What Stream does with an end in the past is documented nowhere; people need a moment to notice one anyway."""
STEP_MS: Final = 1000
"""Stream counts whole seconds: ends that differ by less are the same."""
READINGS: Final = 4
PAUSE_S: Final = 0.5
"""Between two of them: so long one request waits for the timer, the next one of the same command begins again."""


class _Answer(Struct):
    call: Call


class Live(Struct, frozen=True):
    """A session with its limit, in the platform's time."""

    started_at: int | None
    timer_ends_at: int | None
    max_duration_s: int


class Extending:
    """Of one app. Raises the errors of `StreamApi`, Garbled, and what `new_limit_s` raises."""

    def __init__(self, api: StreamApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """By room, as long as somebody needs it."""

    async def extend(self, room: str, expected: int | None, ends_at: int) -> int:
        """Move the end from `expected` to `ends_at`; what the platform then says. See `Provider.extend`."""
        turn = self._turns.setdefault(room, asyncio.Lock())
        async with turn:
            live = before = await self._read_while(room, lambda live: is_on_its_way(live, ends_at))
            limit_s = new_limit_s(live, expected, ends_at, self._api.now_ms())
            if limit_s is not None:
                limits = {"max_duration_seconds": limit_s}
                await self._api.ask(UPDATE_CALL, room, {"settings_override": {"limits": limits}})
                live = await self._read_while(room, lambda live: is_on_its_way(live, ends_at, before.timer_ends_at))
            if live.timer_ends_at is None:
                raise Garbled("Stream took the new limit, but shows no end of this session.")
            return live.timer_ends_at

    async def _read_while(self, room: str, waits: Callable[[Live], bool]) -> Live:
        """The session as it is when its timer has followed the limit. Raises Unavailable when that takes long."""
        for reading in range(READINGS):
            if reading:
                await self._clock.wait(asyncio.Event(), PAUSE_S)
            live = await self._live(room)
            if not waits(live):
                return live
        raise Unavailable("Stream took the new limit, but its timer has not followed yet.")

    async def _live(self, room: str) -> Live:
        """Raises Gone when nobody is in the call."""
        answer = await self._api.ask(GET_CALL, room)
        try:
            call = msgspec.json.decode(answer, type=_Answer).call
            session = call.session
            if session is None or moment_ms(session.ended_at) is not None:
                raise Gone("Nobody is in this call any more, so it has no end to move.")
            timer_ends_at = session.timer_ms(self._api.now_ms())
            return Live(moment_ms(session.started_at), timer_ends_at, call.max_duration_s)
        except UNREADABLE as error:
            raise Garbled("Stream's answer makes no sense. Is base_url right?") from error


def is_on_its_way(live: Live, ends_at: int, before: int | None = None) -> bool:
    """Whether the limit has come to `ends_at` already, and the timer has not.

    `before`: where the timer was when the limit was written, if that is known: at any other end it has followed.
    """
    timer, started_at = live.timer_ends_at, live.started_at
    if timer is None or started_at is None or not live.max_duration_s or _is_at(timer, ends_at):
        return False
    if before is not None and timer != before:
        return False
    by_limit = started_at + live.max_duration_s * 1000
    return by_limit >= ends_at if timer < ends_at else by_limit < ends_at + STEP_MS


def new_limit_s(live: Live, expected: int | None, ends_at: int, now_ms: int) -> int | None:
    """The limit that makes the session end at `ends_at` or less than a second later; None when it does already.

    Raises Moved when the end is not `expected` any more, Rejected for an end that is too soon, and Garbled for a
    session whose times cannot be.
    """
    timer, limit_s = live.timer_ends_at, live.max_duration_s
    if timer is not None and _is_at(timer, ends_at):
        return None
    if not _is_same(timer, expected):
        raise Moved("Somebody else has moved the end meanwhile.", timer)
    if ends_at < now_ms + SOONEST_MS:
        raise Rejected("That end is less than 20 seconds ahead: end the room instead.")
    if timer is not None and limit_s:
        limit_s += _whole_s(ends_at - timer)
    elif live.started_at is not None:
        limit_s = _whole_s(ends_at - live.started_at)
    else:
        raise Garbled("Stream does not say when this session began, so it can be given no end.")
    if limit_s <= 0:  # zero would take the limit away
        raise Garbled("What Stream says of this session's times contradicts itself.")
    return limit_s


def _is_at(timer: int, ends_at: int) -> bool:
    return 0 <= timer - ends_at < STEP_MS


def _is_same(one: int | None, other: int | None) -> bool:
    return one == other if one is None or other is None else abs(one - other) < STEP_MS


def _whole_s(milliseconds: int) -> int:
    """Rounded up: nobody is cut off sooner than was said."""
    return -(-milliseconds // 1000)
