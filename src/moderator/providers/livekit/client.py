"""What the gateway wants of LiveKit, in calls: who is in which room, and commands about rooms and people.

The API addresses people by identity, and an identity may be taken again: before anything is done to somebody, it is
made sure that they are the connection that is meant.
"""

import asyncio
import base64
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, TypeVar
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from moderator.clock import Clock
from moderator.providers.errors import Garbled, Gone, RateLimited, Rejected, Temporary, Uncertain
from moderator.providers.identity import Identity
from moderator.providers.livekit.api import CREATE, LIST, RoomService, admin_of
from moderator.providers.livekit.people import IDENTITY, is_active, is_named, is_video, listed, machine_in_words
from moderator.providers.livekit.permissions import SCREEN, SOUND, Permission, source_of, with_sound, without
from moderator.providers.livekit.wire import Name, Participant, Participants, Rooms
from moderator.providers.provider import ListedRoom, Listing, Target

LAG_MS: Final = 5_000
"""Who connects is there from `joined_at` on, but in the list, as for webhooks, only when media can flow."""
FAILURES_IN_A_ROW: Final = 2
"""After so many rooms that could not be read, the rest waits for the next time."""
MESSAGE_TOPIC: Final = "moderator"
MAX_MESSAGE_BYTES: Final = 15_000
"""Longer messages may not arrive."""
MESSAGE_TIMEOUT_S: Final = 4.0
"""Less than the gateway waits for a call, so that it is we who say what a missing answer means."""
REVOKE_NOTHING_S: Final = 1
"""Tokens that began before this second are refused from now on: none did."""
T = TypeVar("T")


class Found(Struct, frozen=True):
    """The connection that a command is about, as it is now."""

    identity: str
    participant: Participant
    permission: Permission
    """All of it, as the server wrote it."""


class Client:
    """One server. Raises the errors of `RoomService`."""

    def __init__(self, service: RoomService, identity: Identity | None, clock: Clock) -> None:
        self._service = service
        self._identity = identity
        self._clock = clock
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """By participant: what somebody may do is read, changed and written, one change after the other."""

    async def list_rooms(self) -> Listing:
        """Everybody in every room. A room that cannot be read now is left out, and the list then not complete.

        Raises what happened when no room could be read.
        """
        taken_at = self._clock.now_ms()
        rooms: list[ListedRoom] = []
        failure: Temporary | None = None
        in_a_row = 0
        for name in await self.room_names():
            try:
                rooms.append(await self._room(name))
                in_a_row = 0
            except Temporary as error:
                failure, in_a_row = error, in_a_row + 1
                if in_a_row == FAILURES_IN_A_ROW or isinstance(error, RateLimited):
                    break
        if failure is not None and not rooms:
            raise failure
        return Listing(taken_at=taken_at, rooms=tuple(rooms), complete=failure is None, lag_ms=LAG_MS)

    async def list_room(self, name: str) -> Listing:
        """Everybody in this room, without asking for others; no room where it is not open."""
        taken_at = self._clock.now_ms()
        try:
            everybody = await self._participants(name)
        except Gone:
            return Listing(taken_at=taken_at, rooms=(), lag_ms=LAG_MS)
        return Listing(taken_at=taken_at, rooms=(self._listed(name, everybody),), lag_ms=LAG_MS)

    async def room_names(self) -> list[str]:
        """All rooms that are open, also those with nobody in them; how many are in it is told 5 s late."""
        answer = _read(await self._service.ask("ListRooms", LIST, {}), Rooms)
        return [room.name for room in answer.rooms if room.name]

    async def _room(self, name: str) -> ListedRoom:
        try:
            return self._listed(name, await self._participants(name))
        except Gone:
            return ListedRoom(room=name)  # closed since the list of rooms was written

    def _listed(self, name: str, everybody: Iterable[Participant]) -> ListedRoom:
        people = [one for one in everybody if is_active(one) and not machine_in_words(one)]
        named = tuple(listed(one, self._identity) for one in people if is_named(one))
        return ListedRoom(room=name, participants=named, complete=len(named) == len(people))

    async def _participants(self, room: str) -> tuple[Participant, ...]:
        answer = await self._service.ask("ListParticipants", admin_of(room), {"room": room})
        return _read(answer, Participants).participants

    async def disconnect(self, target: Target, *, block: bool) -> None:
        """Remove this connection. Raises Gone, also where the identity is there with another one by now.

        The API removes identities, not connections: who takes the identity in the moment between asking who has it and
        removing it is removed instead.

        `block` asks LiveKit Cloud to refuse the tokens that this identity has now; a server of one's own knows nothing
        of that. Cloud does so, for a minute ahead even, where no time is given: so one always is.
        """
        found = await self._find(target)
        before_s = self._service.now_ms() // 1000 if block else REVOKE_NOTHING_S
        await self._about(target, "RemoveParticipant", found, revoke_token_ts=str(before_s))

    async def mute(self, target: Target) -> None:
        """Mute what sounds of `target.streams`; the person can undo it. Raises Gone when none of it is there."""
        found = await self._find(target)
        pictures = {track.sid for track in found.participant.tracks if is_video(track)}
        muted = [await self._mute(target, found, track) for track in target.streams if track not in pictures]
        if not any(muted):
            raise Gone("Nothing that could be muted is published any more.")

    async def _mute(self, target: Target, found: Found, track: str) -> bool:
        """Whether it was there: some servers say so, others answer without a track."""
        try:
            answer = await self._about(target, "MutePublishedTrack", found, track_sid=track, muted=True)
        except Gone:
            return False
        return "track" in answer

    async def revoke(self, target: Target) -> None:
        """Unpublish whatever sounds, and refuse it from now on. Raises Gone."""
        await self._change(target, lambda found: without(found.permission, SOUND))

    async def restore(self, target: Target) -> None:
        """Allow a microphone again. Raises Gone."""
        await self._change(target, lambda found: with_sound(found.permission))

    async def stop_stream(self, target: Target) -> None:
        """Unpublish the stream, and refuse others from the same source; a screen with its sound. Raises Gone."""
        await self._change(target, lambda found: without(found.permission, _sources_of(found, target.streams)))

    async def _change(self, target: Target, change: Callable[[Found], dict[str, Any]]) -> None:
        async with self._changing.setdefault(target.participant, asyncio.Lock()):
            found = await self._find(target)
            if not found.permission:  # what is not written with the change would be taken away too
                raise Rejected("The server does not say what this participant may do, so nothing of it can be changed.")
            await self._about(target, "UpdateParticipant", found, permission=change(found))

    async def end(self, room: str) -> None:
        """Close the room for everybody in it. Raises Gone."""
        await self._service.ask("DeleteRoom", CREATE, {"room": room})

    async def tell(self, target: Target, text: str) -> None:
        """A message to one participant. Raises Gone; otherwise as `send`."""
        found = await self._find(target)
        await self.send(target.room, text, (found.identity,))

    async def send(self, room: str, text: str, identities: Sequence[str] = ()) -> None:
        """A message to everybody in the room, or to these. Raises Uncertain where a second try might say it twice."""
        content = text.encode()
        if len(content) > MAX_MESSAGE_BYTES:
            raise Rejected(f"A message may have {MAX_MESSAGE_BYTES} bytes at most.")
        body: dict[str, object] = {"room": room, "data": base64.b64encode(content).decode()}
        body |= {"kind": "RELIABLE", "topic": MESSAGE_TOPIC}
        if identities:
            body["destination_identities"] = list(identities)
        try:
            await self._service.ask("SendData", admin_of(room), body, MESSAGE_TIMEOUT_S)
        except RateLimited:
            raise
        except Temporary as error:
            raise Uncertain(f"Whether the message arrived is not known, so it is not sent again. {error}") from error

    async def _find(self, target: Target) -> Found:
        """Raises Gone when this connection is over, also when another of the same identity is there.

        Raises Rejected for a machine, which looks like a person where the webhook of its coming was lost.
        """
        if not target.participant:
            raise Rejected("An id is missing, so nobody can be meant.")
        identity = target.platform.get(IDENTITY) or await self._identity_of(target)
        who = {"room": target.room, "identity": identity}
        answer = await self._service.ask("GetParticipant", admin_of(target.room), who)
        participant = _read(answer, Participant)
        if not participant.sid:
            raise Garbled("The server's answer names nobody. Is base_url right?")
        if participant.sid != target.participant:
            raise Gone("That connection is over; the same identity is here with another.")
        if machine := machine_in_words(participant):
            raise Rejected(f"That is {machine}, and no person: it is left alone.")
        return Found(identity, participant, answer.get("permission", {}))

    async def _identity_of(self, target: Target) -> str:
        """Of somebody whose join was never seen."""
        for one in await self._participants(target.room):
            if one.sid == target.participant:
                return one.identity
        raise Gone("That participant is not there any more.")

    async def _about(self, target: Target, method: str, found: Found, **body: object) -> dict[str, Any]:
        who = {"room": target.room, "identity": found.identity}
        return await self._service.ask(method, admin_of(target.room), {**who, **body})


def _sources_of(found: Found, streams: tuple[str, ...]) -> AbstractSet[Name]:
    """What has to be refused so that these streams end. Raises Gone."""
    sources = {source_of(track.source) for track in found.participant.tracks if track.sid in streams}
    if not sources:
        raise Gone("That stream is not published any more.")
    return sources | SCREEN if sources & SCREEN else sources


def _read(answer: dict[str, Any], kind: type[T]) -> T:
    try:
        return msgspec.convert(answer, kind)
    except msgspec.ValidationError as error:
        raise Garbled("The server's answer makes no sense. Is base_url right?") from error
