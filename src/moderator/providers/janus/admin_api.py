"""Requests to Janus' Admin API, and what its answers mean in `providers.errors`.

Janus answers everything with HTTP 200: errors are in the body, the core's and the plugin's in different places. Any
other status comes from something in between. No words of Janus go into our messages: they may quote what was sent,
which includes secrets.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Raw, Struct

from moderator.http import HttpClient, HttpError, Reply
from moderator.providers.errors import Forbidden, Garbled, Gone, ProviderError, RateLimited, Rejected, Unavailable
from moderator.providers.janus.options import Options
from moderator.providers.replies import retry_after_s

VIDEOROOM: Final = "janus.plugin.videoroom"
T = TypeVar("T")


class WrongTypeError(Rejected):
    """Janus wants an id as the other of string and integer."""


class TakenError(Rejected):
    """There is such a room."""


_CORE_ERRORS: Final[dict[int, tuple[type[ProviderError], str]]] = {
    403: (Forbidden, "Janus refused our admin_secret. Compare it with admin_secret in janus.jcfg."),
    457: (Forbidden, "What answers at admin_url is not an Admin API. Its port is usually 7088 and its path /admin."),
    458: (Gone, "That connection is not there any more."),
    459: (Gone, "That connection is not there any more."),
    460: (Forbidden, "This Janus has no VideoRoom plugin loaded. Enable it in janus.jcfg."),
}
_ROOM_ERRORS: Final[dict[int, tuple[type[ProviderError], str]]] = {
    426: (Gone, "That room is not there any more."),
    427: (TakenError, "There is such a room already."),
    428: (Gone, "That person or stream is not there any more."),
    430: (
        WrongTypeError,
        "Janus wants other ids: whether they are strings is string_ids in janus.plugin.videoroom.jcfg.",
    ),
}
_MISSING, _UNAUTHORIZED = 429, 433
_KEY_OF: Final = {"list": "admin_key", "create": "admin_key"}
"""Which of our secrets a request needs; all others need the room's."""

_STATUSES: Final[dict[int, tuple[type[ProviderError], str]]] = {
    401: (Forbidden, "Something in front of Janus' Admin API refused us. Is admin_url right?"),
    403: (Forbidden, "Something in front of Janus' Admin API refused us. Is admin_url right?"),
    404: (Forbidden, "There is no Admin API at that path. Is admin_url right?"),
}


class _Error(Struct):
    code: int = 0


class _Envelope(Struct):
    janus: str
    error: _Error | None = None
    response: Raw = Raw()


class _RoomAnswer(Struct):
    error_code: int | None = None


class AdminApi:
    """Asks one Janus. Every method raises Forbidden, Gone, Rejected, RateLimited, Unavailable or Garbled."""

    def __init__(self, options: Options, http: HttpClient) -> None:
        self._url = options.admin_url.rstrip("/")
        self._secret = options.admin_secret
        self._http = http

    async def ask(self, request: Mapping[str, Any], answer: type[T], path: str = "") -> T:
        """A request to the core. `path` is empty, `/<session>` or `/<session>/<handle>`."""
        body, _ = await self._ask(request, path)
        return _decoded(body, answer)

    async def ask_room(self, request: Mapping[str, Any], answer: type[T]) -> T:
        """A synchronous request to VideoRoom; it needs no session. Raises WrongTypeError for ids of the other type."""
        _, envelope = await self._ask({"janus": "message_plugin", "plugin": VIDEOROOM, "request": request}, "")
        body = bytes(envelope.response)  # empty when there is none: no JSON either
        code = _decoded(body, _RoomAnswer).error_code
        if code is not None:
            raise _room_error(code, str(request["request"]))
        return _decoded(body, answer)

    async def _ask(self, request: Mapping[str, Any], path: str) -> tuple[bytes, _Envelope]:
        content = msgspec.json.encode({**request, "transaction": "moderator", "admin_secret": self._secret})
        headers = {"content-type": "application/json"}
        try:
            reply = await self._http.request("POST", self._url + path, headers=headers, body=content)
        except HttpError as error:
            raise Unavailable(f"Janus' Admin API: {error}.") from error
        if reply.status != 200:
            raise _status_error(reply)
        envelope = _decoded(reply.body, _Envelope)
        if envelope.janus == "error":
            raise _core_error(envelope.error.code if envelope.error else 0)
        return reply.body, envelope


def _decoded(body: bytes, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=type_)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _garbled() from error


def _garbled() -> ProviderError:
    return Garbled("The answer of Janus' Admin API makes no sense. Is admin_url right?")


def _core_error(code: int) -> ProviderError:
    kind, words = _CORE_ERRORS.get(code, (Rejected, f"Janus refused the request (error {code})."))
    return kind(words)


def _room_error(code: int, request: str) -> ProviderError:
    if code in (_MISSING, _UNAUTHORIZED):
        key = _KEY_OF.get(request, "room_secret")
        return Forbidden(f"Janus refused `{request}`: {key} is missing or wrong in the configuration of this source.")
    kind, words = _ROOM_ERRORS.get(code, (Rejected, f"Janus refused `{request}` (VideoRoom's error {code})."))
    return kind(words)


def _status_error(reply: Reply) -> ProviderError:
    if reply.status == 429:
        return RateLimited("Janus' Admin API asks for a pause.", retry_after_s(reply))
    if reply.status >= 500:
        return Unavailable(f"Janus' Admin API has trouble of its own (HTTP {reply.status}).")
    unexpected = (Rejected, f"Janus' Admin API answered HTTP {reply.status}. Is admin_url right?")
    kind, words = _STATUSES.get(reply.status, unexpected)
    return kind(words)
