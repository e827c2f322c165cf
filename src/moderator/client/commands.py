"""Questions and commands to the gateway: one method per route. The feed is in `feed_reader`.

Every command carries a key that makes its repetition harmless, and is repeated once with that key when no answer came.
"""

import uuid
from collections.abc import Callable
from typing import Any, Final, Literal, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from moderator.client.errors import GatewayFailed, GatewayUnreachable, refusal
from moderator.client.me import Me
from moderator.domain.events import Event
from moderator.domain.kinds import MuteMode, Reason
from moderator.domain.rooms import Deadline, Room, Source
from moderator.feed.codec import CodecError, decode_event
from moderator.feed.paths import quote_id
from moderator.http import HttpClient, HttpError, Reply

TIMEOUT_S: Final = 10.0
EXTENDING_S: Final = 20.0
"""Where the platform keeps the deadline, the gateway answers when the platform has."""
T = TypeVar("T")


class RoomList(Struct, frozen=True):
    """What is going on at `seq`. `now` is the gateway's time in milliseconds since the epoch, UTC."""

    seq: int
    now: int
    rooms: tuple[Room, ...]
    sources: tuple[Source, ...] = ()


class Extended(Struct, frozen=True):
    """The deadline as it is now."""

    deadline: Deadline
    seq: int


class Accepted(Struct, frozen=True):
    """The gateway took the command; what comes of it is told by the feed."""

    seq: int | None = None


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


class GatewayClient:
    """One moderator at one gateway. Every method raises GatewayError (`moderator.client.errors`)."""

    def __init__(self, url: str, token: Callable[[], str], http: HttpClient) -> None:
        """`url` without `/v1`; `token` is asked for every request, so that it can be renewed."""
        self._url = url.rstrip("/")
        self._token = token
        self._http = http

    # --- questions -------------------------------------------------------------------------------------------------

    async def me(self) -> Me:
        """Who the gateway takes us for."""
        return await self._ask("/v1/me", Me)

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

    async def extend(self, source: str, room: str, seconds: int, expected_version: int, reason: str = "") -> Extended:
        """Add seconds to the deadline of that version, or take some away. Raises Conflict when it is another by now."""
        body = {"seconds": seconds, "expected_version": expected_version} | ({"reason": reason} if reason else {})
        return await self._extended(source, room, body)

    async def set_end(self, source: str, room: str, ends_at: int) -> Extended:
        """Give a room without a deadline one, in milliseconds since the epoch. Raises Invalid where it has one."""
        return await self._extended(source, room, {"ends_at": ends_at})

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

    async def acknowledge(self, source: str, room: str, warning: str) -> Accepted:
        """A warning was seen."""
        return await self._accepted("POST", f"{_room_path(source, room)}/warnings/{quote_id(warning)}/acknowledge", {})

    async def readmit(self, source: str, room: str, user: str) -> Readmitted:
        """Let a blocked person come back."""
        return _decoded(await self._order("DELETE", f"{_room_path(source, room)}/blocks/{quote_id(user)}"), Readmitted)

    # --- commands about somebody or something in it ----------------------------------------------------------------

    async def disconnect(
        self, source: str, room: str, participant: str, reason: Reason, block: bool | int = False
    ) -> Disconnecting:
        """Remove a participant. `block` keeps the person out: for that many seconds, or True for good."""
        path = f"{_room_path(source, room)}/participants/{quote_id(participant)}/disconnect"
        return _decoded(await self._order("POST", path, {"reason": reason, "block": block}), Disconnecting)

    async def allow(self, source: str, room: str, participant: str) -> Accepted:
        """Let this person stay although a policy objects."""
        return await self._accepted(
            "POST", f"{_room_path(source, room)}/participants/{quote_id(participant)}/allow", {}
        )

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

    # --- how -------------------------------------------------------------------------------------------------------

    async def _ask(self, path: str, type_: type[T]) -> T:
        return _decoded(await self._answer("GET", path, {}, None), type_)

    async def _accepted(self, method: str, path: str, body: dict[str, Any] | None = None) -> Accepted:
        answer = await self._order(method, path, body)
        return _decoded(answer, Accepted) if answer.strip() else Accepted()

    async def _extended(self, source: str, room: str, body: dict[str, Any]) -> Extended:
        path = _room_path(source, room) + "/extend"
        return _decoded(await self._order("POST", path, body, timeout_s=EXTENDING_S), Extended)

    async def _order(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> bytes:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(body)
        try:
            return await self._answer(method, path, headers, content, timeout_s)
        except GatewayUnreachable:
            return await self._answer(method, path, headers, content, timeout_s)

    async def _answer(
        self, method: str, path: str, headers: dict[str, str], content: bytes | None, timeout_s: float | None = None
    ) -> bytes:
        """The body of a good answer."""
        sent = {"Authorization": f"Bearer {self._token()}", "Accept": "application/json", **headers}
        try:
            reply: Reply = await self._http.request(
                method, self._url + path, headers=sent, body=content, timeout_s=timeout_s or TIMEOUT_S
            )
        except HttpError as error:
            raise GatewayUnreachable(str(error)) from error
        if not 200 <= reply.status < 300:
            raise refusal(reply.status, reply.body)
        return reply.body


def _room_path(source: str, room: str) -> str:
    return f"/v1/rooms/{quote_id(source)}/{quote_id(room)}"


def _decoded(body: bytes, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=type_)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise GatewayFailed(f"the gateway's answer makes no sense: {error}", "garbled") from error
