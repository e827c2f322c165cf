"""Wishes carried out: each becomes a request to the gateway, and its outcome a notice. Nothing is queued while the
gateway is away, and nothing here asks a person anything (`moderator.desktop.routing` does)."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from msgspec.structs import replace

from moderator.client.commands import Disconnecting, GatewayClient
from moderator.client.errors import Conflict, GatewayError
from moderator.client.texts import clock_time, safe
from moderator.desktop.durations import amount
from moderator.desktop.extending import is_in_next, step_s
from moderator.desktop.intents import ActionName, DisconnectOrder, Intent
from moderator.desktop.notices import Notice, failure_sentence
from moderator.desktop.outcomes import (
    NEXT_BOOKING,
    any_asked,
    booked,
    disconnected,
    not_extended,
    overtaken,
    together,
)
from moderator.domain.ids import RoomKey
from moderator.domain.kinds import MuteMode, Reason
from moderator.domain.rooms import Room

AT_ONCE: Final = 8
"""Requests of one wish that run side by side."""
_MICROPHONE: Final[dict[ActionName, tuple[MuteMode, str, str]]] = {
    "mute": ("mute", "mute {who}", "{who} is being muted."),
    "revoke": ("revoke", "take the microphone of {who} away", "{who} is losing the microphone."),
    "restore": ("restore", "give {who} the microphone back", "{who} is getting the microphone back."),
}
"""What the gateway is asked for, what is said when it fails, and what when it is done."""
_OF_NO_ROOM: Final[dict[ActionName, tuple[str, str]]] = {
    "hold": ("pause automatic disconnects", "Automatic disconnects are paused."),
    "resume": ("resume automatic disconnects", "Automatic disconnects go on."),
    "go_on_duty": ("put you on duty", "You are on duty."),
    "go_off_duty": ("take you off duty", "You are off duty."),
}
"""What is said when it fails, and what when it is done."""


class Orders:
    """One moderator's commands at one gateway."""

    def __init__(self, client: GatewayClient, room: Callable[[RoomKey], Room | None]) -> None:
        self._client = client
        self._room = room
        self._turns: defaultdict[RoomKey, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._versions: dict[tuple[RoomKey, str], int] = {}
        """Of deadlines, as answered, by room and instance: people press twice before the feed tells of the first."""

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
        return Notice(
            tone="problem" if failed else "done" if blocked or any_asked(answers) else "info",
            text=disconnected(order, answers, failed, blocked=blocked),
            action="Re-admit" if blocked else "",
            intents=(Intent(action="readmit", room=order.room, user=order.user),) if blocked else (),
            key=f"disconnect {order.room} {order.user}",
        )

    async def _disconnect(self, order: DisconnectOrder, participant: str) -> Disconnecting | GatewayError:
        block = order.block if order.user else False
        try:
            return await self._client.disconnect(*order.room, participant, order.reason, block)
        except GatewayError as error:
            return error

    async def end(self, room: RoomKey, reason: Reason) -> Notice:
        """End a room for everybody."""
        return await self._told(
            self._client.end(room.source, room.room, reason), f"end {self._name(room)}", f"Ending {self._name(room)}."
        )

    async def message(self, room: RoomKey, text: str) -> Notice:
        """Tell everybody in a room."""
        name = self._name(room)
        request = self._client.message(room.source, room.room, text)
        return await self._told(request, f"write to {name}", f"Message sent to {name}.")

    async def _one(self, intent: Intent) -> Notice:
        if intent.action in _OF_NO_ROOM:
            what, done = _OF_NO_ROOM[intent.action]
            return await self._told(self._of_no_room(intent.action), what, done)
        if intent.room is None or (room := self._room(intent.room)) is None:
            return Notice(tone="problem", text="This room is no longer there.")
        if intent.action == "extend":
            return await (self._set_end(intent, room) if intent.ends_at else self._extend(intent, room))
        if intent.action in _MICROPHONE:
            return await self._microphone(intent, intent.room)
        if intent.action == "lock":
            return await self._lock(intent, intent.room)
        return await self._simple(intent, intent.room)

    async def _extend(self, intent: Intent, room: Room) -> Notice:
        name, key = safe(room.name), (room.key, room.instance)
        if room.deadline is None:
            return Notice(tone="problem", text=failure_sentence(f"extend {name}", "it has no deadline"))
        seconds = intent.seconds or step_s(room)
        async with self._turns[room.key]:
            version = intent.version or max(room.deadline.version, self._versions.get(key, 0))
            try:
                into_next = intent.into_next or is_in_next(room)
                answer = await self._client.extend(room.source, room.room, seconds, version, into_next=into_next)
            except Conflict as error:
                answered = booked if error.code == NEXT_BOOKING else overtaken
                return answered(name, replace(intent, version=0), error)
            except GatewayError as error:
                return not_extended(name, replace(intent, seconds=seconds, version=version), error)
            self._versions[key] = answer.deadline.version
        undo = Intent(action="extend", room=intent.room, seconds=-seconds)
        return Notice(
            tone="done",
            text=f"{name}: {amount(seconds, signed=True)}, ends {clock_time(answer.deadline.ends_at)}.",
            action="Undo" if seconds > 0 else "",
            intents=(undo,) if seconds > 0 else (),
            key=f"extend {intent.room}",
        )

    async def _set_end(self, intent: Intent, room: Room) -> Notice:
        name = safe(room.name)
        async with self._turns[room.key]:
            try:
                answer = await self._client.set_end(room.source, room.room, intent.ends_at, into_next=intent.into_next)
            except GatewayError as error:
                if isinstance(error, Conflict) and error.code == NEXT_BOOKING:
                    return booked(name, intent, error)
                return not_extended(name, intent, error)
            self._versions[room.key, room.instance] = answer.deadline.version
        text = f"{name} ends {clock_time(answer.deadline.ends_at)}."
        return Notice(tone="done", text=text, key=f"extend {intent.room}")

    async def _microphone(self, intent: Intent, room: RoomKey) -> Notice:
        """Mute, take away or give back; what was taken away can be given back at once."""
        mode, what, done = _MICROPHONE[intent.action]
        who = self._who(room, intent.participant)
        request = self._client.mute(room.source, room.room, intent.participant, mode)
        notice = await self._told(request, what.format(who=who), done.format(who=who))
        if mode != "revoke" or notice.tone != "done":
            return notice
        return replace(notice, action="Give back", intents=(replace(intent, action="restore"),))

    async def _lock(self, intent: Intent, room: RoomKey) -> Notice:
        name = self._name(room)
        done = f"{name} is locked: nobody else comes in, unless you let them."
        notice = await self._told(self._client.lock(room.source, room.room), f"lock {name}", done)
        if notice.tone != "done":
            return notice
        return replace(notice, action="Undo", intents=(replace(intent, action="unlock"),))

    async def _of_no_room(self, action: ActionName) -> object:
        requests: dict[ActionName, Callable[[], Awaitable[object]]] = {
            "hold": self._client.hold,
            "resume": self._client.resume,
            "go_on_duty": self._client.duty.begin,
            "go_off_duty": self._client.duty.end,
        }
        return await requests[action]()

    async def _simple(self, intent: Intent, room: RoomKey) -> Notice:
        """Commands that need nothing but names."""
        source, id_, name = room.source, room.room, self._name(room)
        client = self._client
        requests: dict[str, tuple[Callable[[], Awaitable[object]], str, str]] = {
            "acknowledge": (lambda: self._acknowledge(room, intent.warning), f"acknowledge {name}", f"{name}: seen."),
            "claim": (lambda: client.claim(source, id_), f"claim {name}", f"You look after {name}."),
            "release": (lambda: client.release(source, id_), f"release {name}", f"Nobody looks after {name} now."),
            "allow": (
                lambda: client.allow(source, id_, intent.participant),
                f"allow {self._who(room, intent.participant)}",
                f"{self._who(room, intent.participant)} may {self._may(room, intent.participant)}.",
            ),
            "unlock": (
                lambda: client.unlock(source, id_),
                f"unlock {name}",
                f"{name} is open again.",
            ),
            "readmit": (
                lambda: client.readmit(source, id_, intent.user),
                f"re-admit {safe(intent.user)}",
                f"{self._called(room, intent.user)} may come back to {name}.",
            ),
            "stop_stream": (
                lambda: client.stop_stream(source, id_, intent.stream),
                "stop the stream",
                "The stream is being stopped.",
            ),
        }
        request, what, done = requests[intent.action]
        return await self._told(request(), what, done)

    async def _acknowledge(self, room: RoomKey, warning: str) -> None:
        """One warning of the room, or all that nobody has acknowledged."""
        found = self._room(room)
        open_ = [one.id for one in found.warnings if one.acknowledged_by is None] if found else []
        for id_ in [warning] if warning else open_:
            await self._client.acknowledge(room.source, room.room, id_)

    async def _told(self, request: Awaitable[object], what: str, done: str) -> Notice:
        try:
            await request
        except GatewayError as error:
            return Notice(tone="problem", text=failure_sentence(what, str(error)))
        return Notice(tone="done", text=done)

    def _name(self, key: RoomKey) -> str:
        room = self._room(key)
        return safe(room.name if room else key.room)

    def _who(self, key: RoomKey, participant: str) -> str:
        room = self._room(key)
        found = room.participant(participant) if room else None
        return safe((found.name or found.user or found.id) if found else participant)

    def _may(self, key: RoomKey, participant: str) -> str:
        room = self._room(key)
        found = room.participant(participant) if room else None
        return "stay" if found is not None and found.here else "come in again"

    def _called(self, key: RoomKey, user: str) -> str:
        room = self._room(key)
        names = [one.name for one in room.participants if one.user == user and one.name] if room else []
        return safe(names[-1] if names else user)
