"""Moving the end that Stream keeps for a session.

The timer is of the session, its limit of the call: seconds from the session's start. Only a whole limit can be
written, so it is read, changed, written and read again, one request of ours after the other in each room. The end
itself is never computed: what the platform then says, counts.
"""

import asyncio
from typing import Final
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from moderator.domain.settings import GRACE_MS
from moderator.providers.errors import Garbled, Gone, Rejected
from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.calls import Call, Session
from moderator.providers.stream.endpoints import GET_CALL, UPDATE_CALL
from moderator.providers.stream.times import moment_ms

SOONEST_MS: Final = GRACE_MS
"""What Stream does with an end in the past is documented nowhere; people need a moment to notice one anyway."""


class _Answer(Struct):
    call: Call


class Live(Struct, frozen=True):
    """A session with its limit, in the platform's time."""

    started_at: int | None
    timer_ends_at: int | None
    max_duration_s: int


class Extending:
    """Of one app. Raises the errors of `StreamApi`, Garbled, and what `new_limit_s` raises."""

    def __init__(self, api: StreamApi) -> None:
        self._api = api
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """By room, as long as somebody needs it."""

    async def extend(self, room: str, ends_at: int) -> int:
        """Move the end to `ends_at`; what the platform then says, in its milliseconds."""
        turn = self._turns.setdefault(room, asyncio.Lock())
        async with turn:
            live = await self._live(room)
            limit_s = new_limit_s(live, ends_at, self._api.now_ms())
            if limit_s is not None:
                limits = {"max_duration_seconds": limit_s}
                await self._api.ask(UPDATE_CALL, room, {"settings_override": {"limits": limits}})
                live = await self._live(room)
            if live.timer_ends_at is None:
                raise Garbled("Stream took the new limit, but shows no end of this session.")
            return live.timer_ends_at

    async def _live(self, room: str) -> Live:
        """Raises Gone when nobody is in the call."""
        answer = await self._api.ask(GET_CALL, room)
        try:
            call = msgspec.json.decode(answer, type=_Answer).call
            session = call.session
            if session is None or moment_ms(session.ended_at) is not None:
                raise Gone("Nobody is in this call any more, so it has no end to move.")
            return _live(call, session)
        except (msgspec.MsgspecError, NotUnderstoodError, ValueError, RecursionError) as error:
            raise Garbled("Stream's answer makes no sense. Is base_url right?") from error


def _live(call: Call, session: Session) -> Live:
    return Live(moment_ms(session.started_at), moment_ms(session.timer_ends_at), call.max_duration_s)


def new_limit_s(live: Live, ends_at: int, now_ms: int) -> int | None:
    """The limit that makes the session end at `ends_at` or less than a second later; None when it does already.

    Raises Rejected for an end that is too soon, and Garbled for a session whose times cannot be.
    """
    timer, limit_s = live.timer_ends_at, live.max_duration_s
    moved_s = None if timer is None else _whole_s(ends_at - timer)
    if moved_s == 0:
        return None
    if ends_at < now_ms + SOONEST_MS:
        raise Rejected("That end is less than 20 seconds ahead: end the room instead.")
    if moved_s is not None and limit_s:
        limit_s += moved_s
    elif live.started_at is not None:
        limit_s = _whole_s(ends_at - live.started_at)
    else:
        raise Garbled("Stream does not say when this session began, so it can be given no end.")
    if limit_s <= 0:  # zero would take the limit away
        raise Garbled("What Stream says of this session's times contradicts itself.")
    return limit_s


def _whole_s(milliseconds: int) -> int:
    """Rounded up: nobody is cut off sooner than was said."""
    return -(-milliseconds // 1000)
