"""Questions and commands to the gateway: one method per route. How they are sent is in `requests`, who may sign in in
`access`, the feed in `feed_reader`.
"""

from typing import Any, Final, Literal
from urllib.parse import quote

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from moderator.client.duty import DutyClient
from moderator.client.errors import GatewayFailed
from moderator.client.me import Me
from moderator.client.requests import Accepted, GatewayRequests, decoded
from moderator.domain.events import Event
from moderator.domain.kinds import MuteMode, Reason
from moderator.domain.rooms import Deadline, Room, Source
from moderator.domain.state import Hold
from moderator.feed.codec import CodecError, decode_event
from moderator.feed.paths import quote_id

__all__ = ["Accepted", "Disconnecting", "Extended", "GatewayClient", "Readmitted", "RoomList", "Timeline"]

EXTENDING_S: Final = 20.0
"""Where the platform keeps the deadline, the gateway answers when the platform has."""


MAX_VERSION: Final = 64
"""Letters: what is longer is no version, and would have to be laid out."""


class RoomList(Struct, frozen=True):
    """What is going on at `seq`. `now` is the gateway's time in milliseconds since the epoch, UTC."""

    seq: int
    now: int
    rooms: tuple[Room, ...]
    sources: tuple[Source, ...] = ()
    hold: Hold | None = None


class Extended(Struct, frozen=True):
    """The deadline as it is now."""

    deadline: Deadline
    seq: int


class Disconnecting(Struct, frozen=True):
    """What a disconnect leads to on this platform; whether it was done is told by the feed."""

    outcome: Literal["requested", "already_gone"]
    rejoin: Literal["blocked_by_provider", "blocked_by_gateway", "possible"]
    seq: int | None = None


class Readmitted(Struct, frozen=True):
    """The gateway lets the person in again; `detail` says so where the platform still does not."""

    seq: int | None = None
    rejoin: str = ""
    detail: str = ""


class Timeline(Struct, frozen=True):
    """A page of what happened in a room, oldest first. With `more`, ask again after the last event's `seq`."""

    events: tuple[Event, ...]
    more: bool = False


class _Now(Struct, frozen=True):
    now: int


class _Timeline(Struct, frozen=True):
    events: list[msgspec.Raw]
    more: bool = False


class GatewayClient(GatewayRequests):
    """One moderator at one gateway. Every method raises GatewayError (`moderator.client.errors`)."""

    # --- questions -------------------------------------------------------------------------------------------------

    async def me(self) -> Me:
        """Who the gateway takes us for."""
        me = await self._ask("/v1/me", Me)
        return replace(me, version=me.version[:MAX_VERSION])

    async def time(self) -> int:
        """The gateway's time: milliseconds since the epoch, UTC."""
        return (await self._ask("/v1/time", _Now)).now

    async def rooms(self) -> RoomList:
        """Every room this token may see that is live or ended a short while ago."""
        return await self._ask("/v1/rooms", RoomList)

    async def room(self, source: str, room: str) -> Room:
        """The newest instance of one room. Raises NotFound."""
        return await self._ask(_room_path(source, room), Room)

    async def timeline(self, source: str, room: str, *, after: int = 0, instance: str = "") -> Timeline:
        """What happened in a room after `after`; of one instance, or of all."""
        query = f"?after={after}" + (f"&instance={quote(instance, safe='')}" if instance else "")
        page = await self._ask(_room_path(source, room) + "/events" + query, _Timeline)
        try:
            return Timeline(tuple(decode_event(bytes(one)) for one in page.events), page.more)
        except CodecError as error:
            raise GatewayFailed(f"the timeline makes no sense: {error}", "garbled") from error

    # --- commands about a room -------------------------------------------------------------------------------------

    async def extend(
        self,
        source: str,
        room: str,
        seconds: int,
        expected_version: int,
        reason: str = "",
        *,
        into_next: bool = False,
    ) -> Extended:
        """Add seconds to the deadline of that version, or take some away. Raises Conflict when it is another by now,
        and where the room's next appointment begins before the new end, unless `into_next`.
        """
        body = {"seconds": seconds, "expected_version": expected_version} | ({"reason": reason} if reason else {})
        return await self._extended(source, room, body | _into_next(into_next))

    async def set_end(self, source: str, room: str, ends_at: int, *, into_next: bool = False) -> Extended:
        """Give a room without a deadline one, in milliseconds since the epoch. Raises Invalid where it has one;
        `into_next` as for `extend`.
        """
        return await self._extended(source, room, {"ends_at": ends_at} | _into_next(into_next))

    async def end(self, source: str, room: str, reason: Reason) -> Accepted:
        """End the room for everybody."""
        return await self._accepted("POST", _room_path(source, room) + "/end", {"reason": reason})

    async def message(self, source: str, room: str, text: str) -> Accepted:
        """Tell everybody in the room."""
        return await self._accepted("POST", _room_path(source, room) + "/message", {"text": text})

    async def claim(self, source: str, room: str, moderator: str = "", name: str = "") -> Accepted:
        """Look after a room; with `moderator` (an id) and that one's name, hand it over."""
        body = {"moderator": moderator, "name": name} if moderator else {}
        return await self._accepted("PUT", _room_path(source, room) + "/owner", body)

    async def release(self, source: str, room: str) -> Accepted:
        """Nobody looks after the room any more."""
        return await self._accepted("DELETE", _room_path(source, room) + "/owner")

    async def look_at(self, source: str, room: str) -> Accepted:
        """We look at this room now, and at no other. To be said again while that lasts: readers forget it."""
        return await self._accepted("PUT", _room_path(source, room) + "/viewing")

    async def look_away(self, source: str, room: str) -> Accepted:
        """We look at this room no more."""
        return await self._accepted("DELETE", _room_path(source, room) + "/viewing")

    async def lock(self, source: str, room: str) -> Accepted:
        """Nobody comes in any more but who is there, and who is let in."""
        return await self._accepted("PUT", _room_path(source, room) + "/lock")

    async def unlock(self, source: str, room: str) -> Accepted:
        """Everybody may come in again."""
        return await self._accepted("DELETE", _room_path(source, room) + "/lock")

    async def acknowledge(self, source: str, room: str, warning: str) -> Accepted:
        """A warning was seen."""
        return await self._accepted("POST", f"{_room_path(source, room)}/warnings/{quote_id(warning)}/acknowledge", {})

    async def readmit(self, source: str, room: str, user: str) -> Readmitted:
        """Let a blocked person come back."""
        return decoded(await self._order("DELETE", f"{_room_path(source, room)}/blocks/{quote_id(user)}"), Readmitted)

    # --- commands about somebody or something in it ----------------------------------------------------------------

    async def disconnect(
        self, source: str, room: str, participant: str, reason: Reason, block: bool | int = False
    ) -> Disconnecting:
        """Remove a participant. `block` keeps the person out: for that many seconds, or True for good."""
        path = f"{_room_path(source, room)}/participants/{quote_id(participant)}/disconnect"
        return decoded(await self._order("POST", path, {"reason": reason, "block": block}), Disconnecting)

    async def allow(self, source: str, room: str, participant: str) -> Accepted:
        """Let this person stay, or come back, although a policy objects."""
        return await self._accepted(
            "POST", f"{_room_path(source, room)}/participants/{quote_id(participant)}/allow", {}
        )

    async def let_in(self, source: str, room: str, user: str) -> Accepted:
        """As `allow`, for somebody who was refused before they could come in."""
        return await self._accepted("PUT", f"{_room_path(source, room)}/allowed/{quote_id(user)}", {})

    async def mute(self, source: str, room: str, participant: str, mode: MuteMode = "mute") -> Accepted:
        """Silence a participant's microphones: once, until they are given back (`revoke`), or no more (`restore`)."""
        path = f"{_room_path(source, room)}/participants/{quote_id(participant)}/mute"
        return await self._accepted("POST", path, {} if mode == "mute" else {"mode": mode})

    async def stop_stream(self, source: str, room: str, stream: str) -> Accepted:
        """End one published stream."""
        return await self._accepted("POST", f"{_room_path(source, room)}/streams/{quote_id(stream)}/stop", {})

    # --- commands about everything ---------------------------------------------------------------------------------

    async def hold(self, reason: str = "") -> Accepted:
        """Pause every automatic disconnect."""
        return await self._accepted("PUT", "/v1/enforcement/hold", {"reason": reason} if reason else {})

    async def resume(self) -> Accepted:
        """Let policies disconnect again."""
        return await self._accepted("DELETE", "/v1/enforcement/hold")

    @property
    def duty(self) -> DutyClient:
        """Who watches the rooms."""
        return DutyClient(self._url, self._tokens, self._http)

    # --- how -------------------------------------------------------------------------------------------------------

    async def _extended(self, source: str, room: str, body: dict[str, Any]) -> Extended:
        path = _room_path(source, room) + "/extend"
        return decoded(await self._order("POST", path, body, timeout_s=EXTENDING_S), Extended)


def _into_next(wanted: bool) -> dict[str, Any]:
    return {"into_next": True} if wanted else {}


def _room_path(source: str, room: str) -> str:
    return f"/v1/rooms/{quote_id(source)}/{quote_id(room)}"
