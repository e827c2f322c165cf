"""Requests to LiveKit's RoomService (Twirp with JSON), and what its answers mean in `providers.errors`.

No words of the server go into our messages: it quotes the token it refuses.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from moderator.clock import Clock
from moderator.http import HttpClient, HttpError, Reply
from moderator.providers.errors import (
    Forbidden,
    Garbled,
    Gone,
    NotSupported,
    ProviderError,
    RateLimited,
    Rejected,
    Unavailable,
)
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.livekit.tokens import access_token
from moderator.providers.livekit.wire import respelled
from moderator.providers.replies import retry_after_s

Meaning = tuple[type[ProviderError], str]
SERVICE: Final = "/twirp/livekit.RoomService/"
LISTS: Final = frozenset({"ListRooms", "ListParticipants"})
"""A pause that is asked for on one of them holds nothing back that is done to people."""
MAX_PAUSE_S: Final = 60.0
"""LiveKit documents no windows; a longer pause than this would leave rooms unmoderated."""
LIST: Final = {"roomList": True}
CREATE: Final = {"roomCreate": True}
"""Grants. Deleting a room needs that of creating one."""

_REFUSED: Final[Meaning] = (
    Forbidden,
    "The server refused our token. Compare api_key and api_secret with the server's keys.",
)
_UNKNOWN_KEY: Final[Meaning] = (
    Forbidden,
    "The server does not know this api_key. Is it one of its keys, and base_url right?",
)
_GONE: Final[Meaning] = (Gone, "That participant, track or room is not there any more.")
_WRONG: Final[Meaning] = (Rejected, "The server says that this request cannot be.")
_NO_CALL: Final[Meaning] = (NotSupported, "There is no such call at that address. Is base_url right?")
_TROUBLE: Final[Meaning] = (Unavailable, "The server could not do it now, or nobody in it answered.")
_CODES: Final[dict[str, Meaning]] = {
    "unauthenticated": _REFUSED,
    "permission_denied": (Forbidden, "The server does not allow this to our api_key."),
    "not_found": _GONE,
    "invalid_argument": _WRONG,
    "malformed": _WRONG,
    "out_of_range": _WRONG,
    "already_exists": _WRONG,
    "failed_precondition": (Rejected, "The server is configured not to allow this."),
    "bad_route": _NO_CALL,
    "unimplemented": _NO_CALL,
    "canceled": _TROUBLE,
    "unknown": _TROUBLE,
    "deadline_exceeded": _TROUBLE,
    "aborted": _TROUBLE,
    "internal": _TROUBLE,
    "unavailable": _TROUBLE,
    "dataloss": _TROUBLE,
}
_STATUSES: Final[dict[int, Meaning]] = {401: _REFUSED, 403: _REFUSED, 404: _NO_CALL, 405: _NO_CALL, 413: _WRONG}
"""Where no code is given: the key is checked before anything else, and answered in plain text."""
_REFUSALS: Final = (401, 403)


class _Error(msgspec.Struct):
    code: str = ""


class RoomService:
    """Asks one server with one key. Raises the errors of `providers.errors` but BadSignature and Uncertain."""

    def __init__(self, options: LiveKitOptions, http: HttpClient, clock: Clock) -> None:
        self._options = options
        self._url = options.http_url.rstrip("/") + SERVICE
        self._http = http
        self._clock = clock

    def now_ms(self) -> int:
        """The time by the server's clock, as far as its replies told."""
        return self.platform_ms(self._clock.now_ms())

    def platform_ms(self, our_ms: int) -> int:
        """A time of ours by the platform's clock."""
        return our_ms - self._http.clock_offset_ms

    async def ask(
        self, method: str, grant: Mapping[str, object], body: Mapping[str, object], timeout_s: float | None = None
    ) -> dict[str, Any]:
        """A call that needs `grant`; its answer, with keys in snake_case and without nulls."""
        content, before_ms = msgspec.json.encode(body), self._http.clock_offset_ms
        reply = await self._send(method, grant, content, timeout_s)
        if reply.status in _REFUSALS and self._http.clock_offset_ms != before_ms:
            # Ours may be a wrong clock: what was refused is signed again by the time that the answer told.
            reply = await self._send(method, grant, content, timeout_s)
        if not 200 <= reply.status < 300:
            raise _error(reply, method)
        try:
            return msgspec.convert(respelled(msgspec.json.decode(reply.body)), dict[str, Any])
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Garbled("The server's answer makes no sense. Is base_url right?") from error

    async def _send(self, method: str, grant: Mapping[str, object], content: bytes, timeout_s: float | None) -> Reply:
        token = access_token(self._options.api_key, self._options.api_secret, grant, self.now_ms())
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json", "accept": "application/json"}
        try:
            return await self._http.request(
                "POST", self._url + method, headers=headers, body=content, timeout_s=timeout_s
            )
        except HttpError as error:
            raise Unavailable(f"The LiveKit server: {error}.") from error


def admin_of(room: str) -> Mapping[str, object]:
    """The grant for everything in this room, and in no other. Raises Rejected where none is named."""
    if not room:
        raise Rejected("No room is named.")
    return {"roomAdmin": True, "room": room}


def _error(reply: Reply, method: str) -> ProviderError:
    code = _code(reply.body)
    if reply.status == 429 or code == "resource_exhausted":
        return _paused(retry_after_s(reply), everything=method not in LISTS)
    kind, words = _meaning(reply, code)
    return kind(words)


def _paused(asked_s: float | None, *, everything: bool) -> RateLimited:
    seconds = None if asked_s is None else min(asked_s, MAX_PAUSE_S)
    return RateLimited("The server asks for a pause.", seconds, everything=everything)


def _meaning(reply: Reply, code: str) -> Meaning:
    if reply.status in _REFUSALS and reply.body.startswith(b"invalid API key"):
        return _UNKNOWN_KEY
    if code in _CODES:
        return _CODES[code]
    if reply.status >= 500:
        return Unavailable, f"The server has trouble of its own (HTTP {reply.status})."
    unexpected = (Rejected, f"The server answered HTTP {reply.status}. Is base_url right?")
    return _STATUSES.get(reply.status, unexpected)


def _code(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Error).code
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""
