"""Wishes carried out: each becomes a request to the gateway, and its outcome a notice. Nothing is queued while the
gateway is away, and nothing here asks a person anything (`moderator.desktop.routing` does)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from weakref import WeakValueDictionary

from msgspec.structs import replace

from moderator.client.commands import Disconnecting, GatewayClient
from moderator.client.errors import Conflict, GatewayError
from moderator.client.texts import safe
from moderator.desktop.orders.availability import why_not_there
from moderator.desktop.orders.changes import question, told_change
from moderator.desktop.orders.extending import is_in_next, step_s
from moderator.desktop.orders.intents import ActionName, DisconnectOrder, Intent
from moderator.desktop.orders.notices import Notice, failure_sentence
from moderator.desktop.orders.order_words import COMES_IN, IN_PASSING, UNDONE_BY, WORDS
from moderator.desktop.orders.outcomes import (
    MOVED,
    NEXT_BOOKING,
    booked,
    disconnected,
    end_set,
    extended,
    not_extended,
    tried_again,
)
from moderator.desktop.orders.together import together
from moderator.domain.ids import RoomKey
from moderator.domain.kinds import MuteMode
from moderator.domain.rooms import Deadline, Room
from moderator.language import tr

AT_ONCE: Final = 8
"""Requests of one wish that run side by side."""
_MICROPHONE: Final[dict[ActionName, MuteMode]] = {"mute": "mute", "revoke": "revoke", "restore": "restore"}


class Orders:
    """One moderator's commands at one gateway."""

    def __init__(
        self, client: GatewayClient, room: Callable[[RoomKey], Room | None], now_ms: Callable[[], int]
    ) -> None:
        """`now_ms`: the gateway's time."""
        self._client = client
        self._room = room
        self._now_ms = now_ms
        self._turns: WeakValueDictionary[RoomKey, asyncio.Lock] = WeakValueDictionary()
        """Of rooms whose end is being moved, only as long as somebody moves it."""
        self._versions: dict[tuple[RoomKey, str], int] = {}
        """Of deadlines, as answered, by room and instance, until the picture has them: people press twice before the
        feed tells of the first."""

    async def carry_out(self, intents: Sequence[Intent]) -> Notice:
        """Do all of them; one notice tells of all, and of each that failed."""
        limit = asyncio.Semaphore(AT_ONCE)

        async def one(intent: Intent) -> Notice:
            async with limit:
                return await self._one(intent)

        notices = await asyncio.gather(*map(one, intents))
        return notices[0] if len(notices) == 1 else together(intents, notices)

    async def disconnect(self, order: DisconnectOrder) -> Notice:
        """Order a person out, every connection of theirs, whatever becomes of the others.

        The confirmation comes through the feed.
        """
        asked = await asyncio.gather(*(self._disconnect(order, one) for one in order.participants))
        answers = [one for one in asked if isinstance(one, Disconnecting)]
        failed = [one for one in asked if isinstance(one, GatewayError)]
        blocked = bool(order.block and order.user) and any(answer.rejoin != "possible" for answer in answers)
        return disconnected(order, answers, failed, blocked=blocked)

    async def _disconnect(self, order: DisconnectOrder, participant: str) -> Disconnecting | GatewayError:
        block = order.block if order.user else False
        try:
            return await self._client.disconnect(*order.room, participant, order.reason, block)
        except GatewayError as error:
            return error

    async def _one(self, intent: Intent) -> Notice:
        room = self._room(intent.room) if intent.room else None
        if why := why_not_there(intent, room):
            return Notice(tone="problem", text=why)
        if room is not None and intent.action == "extend":
            return await (self._set_end(intent, room) if intent.ends_at else self._extend(intent, room))
        return await self._simple(intent, room)

    # --- the end of a room -----------------------------------------------------------------------------------------

    async def _extend(self, intent: Intent, room: Room) -> Notice:
        name, key = safe(room.name), (room.key, room.instance)
        if room.deadline is None:
            return Notice(tone="problem", text=tr("Could not extend {room}: it has no deadline.").format(room=name))
        seconds = intent.seconds or step_s(room)
        async with self._turn(room.key):
            version = intent.version or max(room.deadline.version, self._versions.get(key, 0))
            try:
                into_next = intent.into_next or is_in_next(room)
                answer = await self._client.extend(room.source, room.room, seconds, version, into_next=into_next)
            except Conflict as error:
                if error.code == NEXT_BOOKING:
                    return booked(name, replace(intent, version=0), error)
                if error.code == MOVED:
                    return question(name, intent, seconds, told_change(error.members, self._now_ms()))
                return not_extended(name, intent, error)
            except GatewayError as error:
                return not_extended(name, replace(intent, seconds=seconds, version=version), error)
            self._answered(room, answer.deadline)
        return extended(room, seconds, answer.deadline)

    async def _set_end(self, intent: Intent, room: Room) -> Notice:
        name = safe(room.name)
        async with self._turn(room.key):
            try:
                answer = await self._client.set_end(room.source, room.room, intent.ends_at, into_next=intent.into_next)
            except GatewayError as error:
                if isinstance(error, Conflict) and error.code == NEXT_BOOKING:
                    return booked(name, intent, error)
                return not_extended(name, intent, error)
            self._answered(room, answer.deadline)
        return end_set(name, intent, answer.deadline)

    def _turn(self, key: RoomKey) -> asyncio.Lock:
        return self._turns.setdefault(key, asyncio.Lock())

    def _answered(self, room: Room, deadline: Deadline) -> None:
        """Keep the new version, and none that the picture has by now."""
        self._versions = {key: version for key, version in self._versions.items() if self._is_ahead(key, version)}
        self._versions[room.key, room.instance] = deadline.version

    def _is_ahead(self, key: tuple[RoomKey, str], version: int) -> bool:
        room = self._room(key[0])
        known = room.deadline if room is not None and room.instance == key[1] else None
        return known is not None and version > known.version

    # --- everything else -------------------------------------------------------------------------------------------

    async def _simple(self, intent: Intent, room: Room | None) -> Notice:
        """Commands that need nothing but names."""
        if room is not None and intent.action == "acknowledge" and not (intent.warning or _open_warnings(room)):
            return Notice(tone="info", text=tr("Nothing is to be acknowledged."))
        words = WORDS[intent.action]
        names = {"room": safe(room.name) if room else "", "who": _whom(intent, room)}
        try:
            await self._request(intent, room)
        except GatewayError as error:
            text = failure_sentence(tr(words.failed), str(error), **names)
            return Notice(tone="problem", text=text, again=tried_again(intent, error))
        done = COMES_IN if intent.action == "allow" and not _is_here(intent, room) else words.done
        undo, button = self._undo(intent, room)
        text, in_passing = tr(done).format(**names), intent.action in IN_PASSING
        return Notice(tone="done", text=text, action=button, intents=undo, undo=undo, in_passing=in_passing)

    @staticmethod
    def _undo(intent: Intent, room: Room | None) -> tuple[tuple[Intent, ...], str]:
        """What takes it back at once, in the same meeting, and what the button says."""
        back = UNDONE_BY.get(intent.action)
        if back is None or room is None:
            return (), ""
        return (replace(intent, action=back[0], instance=room.instance),), tr(back[1])

    def _request(self, intent: Intent, room: Room | None) -> Awaitable[object]:
        client = self._client
        if room is None:
            of_no_room: dict[str, Callable[[], Awaitable[object]]] = {
                "hold": client.hold,
                "resume": client.resume,
                "go_on_duty": client.duty.begin,
                "go_off_duty": client.duty.end,
            }
            return of_no_room[intent.action]()
        at = room.key
        if (mode := _MICROPHONE.get(intent.action)) is not None:
            return client.mute(*at, intent.participant, mode)
        of_a_room: dict[str, Callable[[], Awaitable[object]]] = {
            "acknowledge": lambda: self._acknowledge(room, intent.warning),
            "claim": lambda: client.claim(*at),
            "release": lambda: client.release(*at),
            "lock": lambda: client.lock(*at),
            "unlock": lambda: client.unlock(*at),
            "end": lambda: client.end(*at, intent.reason or "other"),
            "message": lambda: client.message(*at, intent.text),
            "allow": lambda: client.allow(*at, intent.participant),
            "readmit": lambda: client.readmit(*at, intent.user),
            "stop_stream": lambda: client.stop_stream(*at, intent.stream),
        }
        return of_a_room[intent.action]()

    async def _acknowledge(self, room: Room, warning: str) -> None:
        """One warning of the room, or all that nobody has acknowledged."""
        for id_ in [warning] if warning else _open_warnings(room):
            await self._client.acknowledge(room.source, room.room, id_)


def _open_warnings(room: Room) -> list[str]:
    """Those that nobody has acknowledged, by id."""
    return [one.id for one in room.warnings if one.acknowledged_by is None]


def _whom(intent: Intent, room: Room | None) -> str:
    """Whom a wish is about, by name where one is known. Safe to show."""
    if intent.user:
        names = [one.name for one in room.participants if one.user == intent.user and one.name] if room else []
        return safe(names[-1] if names else intent.user)
    found = room.participant(intent.participant) if room else None
    return safe((found.name or found.user or found.id) if found else intent.participant)


def _is_here(intent: Intent, room: Room | None) -> bool:
    found = room.participant(intent.participant) if room else None
    return found is not None and found.here
