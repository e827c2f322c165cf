"""Requests to the Video API, and what its answers mean in `providers.errors`.

The status says it all: error bodies come as JSON of several shapes, as XML, and empty. No words of the platform go into
our messages.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec

from moderator.clock import Clock
from moderator.http import HttpClient, HttpError, Reply
from moderator.providers.addresses import path_part
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
from moderator.providers.replies import retry_after_s
from moderator.providers.vonage.accounts import Account

_STATUSES: Final[dict[int, tuple[type[ProviderError], str]]] = {
    400: (Rejected, "The platform says that this session, participant or stream cannot be."),
    401: (Forbidden, "The platform refused our credentials. Compare those of this source with the project's."),
    403: (Forbidden, "The platform refused our credentials. Compare those of this source with the project's."),
    404: (Gone, "That participant, stream or session is not there any more."),
    405: (NotSupported, "This platform has no such call."),
    413: (Rejected, "That is longer than the platform allows."),
}
_REFUSALS: Final = (401, 403)
Content = tuple[str, bytes]
"""A body, after its type."""


class VideoApi:
    """Asks for one project. Raises Forbidden, Gone, NotSupported, Rejected, RateLimited, Garbled or Unavailable."""

    def __init__(self, base_url: str, account: Account, http: HttpClient, clock: Clock) -> None:
        self._base_url = base_url.rstrip("/")
        self._project_url = f"{self._base_url}/v2/project/{path_part(account.project)}"
        self._account = account
        self._http = http
        self._clock = clock

    async def ask(self, method: str, *path: str, body: object = None, timeout_s: float | None = None) -> bytes:
        """A request about `path` in the project, whose parts are quoted here; the body of a good answer."""
        url = "/".join([self._project_url, *map(path_part, path)])
        content = None if body is None else ("application/json", msgspec.json.encode(body))
        return await self._answered(method, url, content, timeout_s)

    async def create_session(self, form: Mapping[str, str]) -> bytes:
        """A new session of the project that the credentials are of; the body of a good answer."""
        content = ("application/x-www-form-urlencoded", urlencode(form).encode())
        return await self._answered("POST", f"{self._base_url}/session/create", content, None)

    async def _answered(self, method: str, url: str, content: Content | None, timeout_s: float | None) -> bytes:
        before_ms = self._http.clock_offset_ms
        reply = await self._send(method, url, content, timeout_s)
        if reply.status in _REFUSALS and self._http.clock_offset_ms != before_ms:
            # Ours may be a wrong clock: what was refused is signed again by the time that the answer told.
            reply = await self._send(method, url, content, timeout_s)
        if not 200 <= reply.status < 300:
            raise _error(reply)
        return reply.body

    async def _send(self, method: str, url: str, content: Content | None, timeout_s: float | None) -> Reply:
        headers: Mapping[str, str] = self._account.authorization(self._clock.now_ms() - self._http.clock_offset_ms)
        headers, body = {**headers, "accept": "application/json"}, None
        if content is not None:
            headers, body = {**headers, "content-type": content[0]}, content[1]
        try:
            return await self._http.request(method, url, headers=headers, body=body, timeout_s=timeout_s)
        except HttpError as error:
            raise Unavailable(f"The Video API: {error}.") from error


def _error(reply: Reply) -> ProviderError:
    if reply.status == 429:
        return RateLimited("The platform asks for a pause.", retry_after_s(reply))
    if reply.status >= 500:
        return Unavailable(f"The platform has trouble of its own (HTTP {reply.status}).")
    if 300 <= reply.status < 400:
        return Garbled("The platform answered with another address. Is base_url right?")
    if reply.status == 404 and _is_of_something_else(reply):
        return NotSupported("There is no such call at that address. Is base_url right?")
    unexpected = (Rejected, f"The platform answered HTTP {reply.status}. Is base_url right?")
    kind, words = _STATUSES.get(reply.status, unexpected)
    return kind(words)


def _is_of_something_else(reply: Reply) -> bool:
    """A page instead of an answer of the API: then it is the route that is not there."""
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind.startswith("text/") and kind != "text/xml"
