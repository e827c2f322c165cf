"""What the gateway wants of Janus, in requests to the Admin API: who is where, and commands about rooms and people."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from msgspec import Struct

from moderator.clock import Clock
from moderator.domain.ids import REUSED
from moderator.providers.addresses import path_part
from moderator.providers.errors import Gone, ProviderError
from moderator.providers.janus.admin_api import AdminApi, TakenError, WrongTypeError
from moderator.providers.janus.options import Options
from moderator.providers.janus.videoroom import Id, mid_of
from moderator.providers.provider import ListedParticipant, ListedRoom, Listing, Target

AT_ONCE: Final = 4
"""Requests to one Janus at the same time: its Admin API has work of its own to do."""
PUBLISHERS: Final = 100
"""Janus would let no more than three be seen and heard."""
_GUARDED: Final[dict[str, Any]] = {"allowed": [], "require_pvtid": True, "publishers": PUBLISHERS}
"""Nobody without a token; nobody watches who is in no list."""
T = TypeVar("T")
_INTEGER: Final = re.compile(r"0|[1-9][0-9]{0,18}")
"""As Janus writes one: `007` is somebody else than 7."""


class RoomInfo(Struct, frozen=True):
    """A room in Janus' own list."""

    room: Id
    description: str = ""
    num_participants: int = 0
    require_pvtid: bool = False

    @property
    def name(self) -> str:
        """Empty where it is only what Janus makes up."""
        return "" if self.description == f"Room {self.room}" else self.description


class _Rooms(Struct):
    list: tuple[RoomInfo, ...]


class _Person(Struct, frozen=True):
    id: Id
    display: str | None = None


class _People(Struct):
    participants: tuple[_Person, ...]


class _Allowed(Struct):
    allowed: tuple[str, ...] = ()


class _Sessions(Struct):
    sessions: tuple[int, ...]


class _Handles(Struct):
    handles: tuple[int, ...]


class _Place(Struct):
    """Where a handle of VideoRoom is. All absent for other plugins, and after a kick."""

    type: str = ""
    room: Id | None = None
    id: Id | None = None


class _HandleInfo(Struct):
    plugin_specific: _Place | None = None


class _Handle(Struct):
    """The rest of this answer holds addresses and session descriptions: it is neither kept nor logged."""

    info: _HandleInfo


class _Nothing(Struct):
    pass


class Client:
    """One Janus. Raises the errors of `AdminApi`."""

    def __init__(self, options: Options, api: AdminApi, clock: Clock) -> None:
        self._options = options
        self._api = api
        self._clock = clock
        self._integers = False
        """Whether this Janus wants ids as integers: one setting of the plugin, learned from its answers."""

    # --- who is where ----------------------------------------------------------------------------------------------

    async def list_rooms(self) -> Listing:
        """Rooms with somebody in them. Without admin_key private rooms are missing, so the list is not complete."""
        taken_at = self._clock.now_ms()
        occupied = [room for room in await self.rooms() if room.num_participants > 0]
        limit = asyncio.Semaphore(AT_ONCE)
        found = await asyncio.gather(*(self._listed(room, limit) for room in occupied))
        return Listing(
            taken_at=taken_at,
            rooms=tuple(room for room in found if isinstance(room, ListedRoom)),
            complete=bool(self._options.admin_key) and not any(isinstance(room, ProviderError) for room in found),
        )

    async def list_room(self, room: str) -> Listing:
        """Everybody in this room, also in a private one; no room where there is none."""
        taken_at = self._clock.now_ms()
        try:
            people = await self._with_ids({"request": "listparticipants"}, {"room": room}, _People)
        except Gone:
            return Listing(taken_at=taken_at, rooms=())
        return Listing(taken_at=taken_at, rooms=(ListedRoom(room=room, participants=_everybody(people)),))

    async def rooms(self) -> tuple[RoomInfo, ...]:
        """All rooms, as Janus describes them."""
        key = {"admin_key": self._options.admin_key} if self._options.admin_key else {}
        rooms = (await self._api.ask_room({"request": "list", **key}, _Rooms)).list
        if rooms:
            self._integers = isinstance(rooms[0].room, int)
        return rooms

    async def _listed(self, room: RoomInfo, limit: asyncio.Semaphore) -> ListedRoom | ProviderError | None:
        """None for a room that vanished since; one that cannot be read is no reason to lose the others."""
        try:
            async with limit:
                people = await self._api.ask_room({"request": "listparticipants", "room": room.room}, _People)
        except Gone:
            return None
        except ProviderError as error:
            return error
        return ListedRoom(room=str(room.room), name=room.name, participants=_everybody(people))

    async def is_open(self, session: str) -> bool:
        """Whether a connection is still there."""
        try:
            await self._api.ask({"janus": "list_handles"}, _Handles, _path(session))
        except Gone:
            return False
        return True

    async def locate(self, room: str, participant: str) -> str | None:
        """The session of who has this id in the room, or None. Asks about every connection there is."""
        sessions = (await self._api.ask({"janus": "list_sessions"}, _Sessions)).sessions
        for start in range(0, len(sessions), AT_ONCE):
            some = sessions[start : start + AT_ONCE]
            places = await asyncio.gather(*(self._places(session) for session in some))
            for session, found in zip(some, places, strict=True):
                if any(_is_in(place, room, participant) for place in found):
                    return str(session)
        return None

    async def _places(self, session: int) -> list[_Place]:
        found: list[_Place] = []
        try:
            for handle in (await self._api.ask({"janus": "list_handles"}, _Handles, f"/{session}")).handles:
                info = (await self._api.ask({"janus": "handle_info"}, _Handle, f"/{session}/{handle}")).info
                found += [info.plugin_specific] if info.plugin_specific else []
        except Gone:
            pass  # left while we were looking
        return found

    # --- commands --------------------------------------------------------------------------------------------------

    async def kick(self, target: Target) -> None:
        """Out of the room, and the person is told. Who stays connected may go on receiving, see `destroy_session`."""
        await self._about(target, {"request": "kick"})

    async def destroy_session(self, session: str) -> None:
        """Close a connection with all that goes over it. Its owner gets no message."""
        await self._api.ask({"janus": "destroy_session"}, _Nothing, _path(session))

    async def create_room(self, room: str, description: str) -> str:
        """A room that only tokens of its allow list open; the id that it got, for where ids are integers Janus makes
        one up for a name. A room that is there already stays as it is.
        """
        key = {"admin_key": self._options.admin_key} if self._options.admin_key else {}
        secret = {"secret": self._options.room_secret} if self._options.room_secret else {}
        request = {"request": "create", **key, **secret, **_GUARDED, "description": description}
        try:
            created = await self._with_ids(request, {"room": room}, RoomInfo)
        except TakenError:
            return room
        except WrongTypeError:
            created = await self._api.ask_room(request, RoomInfo)
        return str(created.room)

    async def silence(self, target: Target) -> None:
        """Stop relaying `target.streams`. Gone when none of them is there."""
        gone: list[Gone] = []
        for stream in target.streams:
            try:
                await self._about(
                    target, {"request": "moderate", "mid": mid_of(stream, target.participant), "mute": True}
                )
            except Gone as error:
                gone.append(error)
        if gone and len(gone) == len(target.streams):
            raise gone[0]

    async def destroy_room(self, room: str) -> None:
        """With everybody in it."""
        await self._in_room(room, {"request": "destroy"}, _Nothing)

    async def allowed_tokens(self, room: str) -> Sequence[str]:
        """The room's allow list; empty where there is none."""
        return await self._change_allowed(room, "add", [])  # the one way to read it

    async def allow(self, room: str, token: str) -> None:
        """Put a token on the list. Where the room does not use its list this changes nothing."""
        await self._change_allowed(room, "add", [token])

    async def disallow(self, room: str, token: str) -> None:
        """Take a token off the list. Who is inside stays."""
        await self._change_allowed(room, "remove", [token])

    async def _change_allowed(self, room: str, action: str, tokens: list[str]) -> Sequence[str]:
        request = {"request": "allowed", "action": action, "allowed": tokens}
        return (await self._in_room(room, request, _Allowed)).allowed

    async def _about(self, target: Target, request: dict[str, Any]) -> None:
        await self._in_room(target.room, request, _Nothing, target.participant)

    async def _in_room(self, room: str, request: dict[str, Any], answer: type[T], person: str | None = None) -> T:
        secret = {"secret": self._options.room_secret} if self._options.room_secret else {}
        ids = {"room": room} if person is None else {"room": room, "id": person}
        return await self._with_ids({**request, **secret}, ids, answer)

    async def _with_ids(self, request: dict[str, Any], ids: dict[str, str], answer: type[T]) -> T:
        """Ids are strings with us. What Janus wants is found out by its refusal, and remembered."""
        integers = self._integers
        try:
            return await self._api.ask_room({**request, **_as_wanted(ids, integers)}, answer)
        except WrongTypeError:
            if _as_wanted(ids, not integers) == _as_wanted(ids, integers):
                raise
        self._integers = not integers
        return await self._api.ask_room({**request, **_as_wanted(ids, not integers)}, answer)


def _path(session: str) -> str:
    """Sessions come with deliveries, and out of the log."""
    return f"/{path_part(session)}"


def _as_wanted(ids: dict[str, str], integers: bool) -> dict[str, Id]:
    return {key: int(id_) if integers and _INTEGER.fullmatch(id_) else id_ for key, id_ in ids.items()}


def _everybody(people: _People) -> tuple[ListedParticipant, ...]:
    return tuple(_listed(person) for person in people.participants)


def _listed(person: _Person) -> ListedParticipant:
    return ListedParticipant(participant=f"{person.id}{REUSED}", user=str(person.id), name=person.display or "")


def _is_in(place: _Place, room: str, participant: str) -> bool:
    return place.type == "publisher" and str(place.room) == room and str(place.id) == participant
