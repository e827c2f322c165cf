"""Requests to Stream's REST API: how they are signed, addressed, counted, and when they are signed anew."""

import uuid
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import jwt
import msgspec

from moderator.clock import Clock
from moderator.http import HttpClient, HttpError, Reply
from moderator.providers.addresses import path_part
from moderator.providers.errors import Unavailable
from moderator.providers.stream.calls import type_and_id
from moderator.providers.stream.endpoints import Endpoint
from moderator.providers.stream.failures import asks_for_a_pause, error_of
from moderator.providers.stream.options import StreamOptions
from moderator.providers.stream.rate_limits import RateLimits, asked_pause_s, paused, used_up_s

BACKDATED_S: Final = 5
"""As Stream's own libraries do, so that a clock a little ahead is not signing in the future."""
LIFETIME_S: Final = 180
_REFUSED: Final = 401


class StreamApi:
    """Asks for one app. Raises Forbidden, Gone, NotSupported, Rejected, RateLimited or Unavailable."""

    def __init__(self, options: StreamOptions, http: HttpClient, clock: Clock) -> None:
        self._options = options
        self._base_url = f"{options.base_url.rstrip('/')}/api/v2"
        self._http = http
        self._clock = clock
        self._limits = RateLimits(clock)

    def now_ms(self) -> int:
        """The platform's time, as far as its answers told it."""
        return self.platform_ms(self._clock.now_ms())

    def platform_ms(self, our_ms: int) -> int:
        """A time of ours by the platform's clock."""
        return our_ms - self._http.clock_offset_ms

    async def ask(
        self,
        endpoint: Endpoint,
        room: str = "",
        body: object = None,
        query: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> bytes:
        """A request, about the call `room` where its path names one; the body of a good answer."""
        self._limits.check(endpoint)
        url = self._url(endpoint, room, query or {})
        before_ms = self._http.clock_offset_ms
        reply = await self._send(endpoint.method, url, body, timeout_s)
        if reply.status == _REFUSED and self._http.clock_offset_ms != before_ms:
            # Ours may be a wrong clock: what was refused is signed again by the time that the answer told.
            reply = await self._send(endpoint.method, url, body, timeout_s)
        if asks_for_a_pause(reply):
            pause_s = asked_pause_s(reply, self.now_ms())
            self._limits.note(endpoint, pause_s)
            raise paused(pause_s)
        self._limits.note(endpoint, used_up_s(reply, self.now_ms()))
        if not 200 <= reply.status < 300:
            raise error_of(reply, endpoint)
        return reply.body

    def _url(self, endpoint: Endpoint, room: str, query: Mapping[str, str]) -> str:
        """Raises Rejected for what names no call."""
        path = endpoint.path
        if "{" in path:
            type_, id_ = type_and_id(room)
            path = path.format(type=path_part(type_), id=path_part(id_))
        return f"{self._base_url}{path}?{urlencode({**query, 'api_key': self._options.api_key})}"

    async def _send(self, method: str, url: str, body: object, timeout_s: float | None) -> Reply:
        headers = {
            "authorization": self._token(),
            "stream-auth-type": "jwt",
            "x-client-request-id": str(uuid.uuid4()),
            "accept": "application/json",
        }
        content = None
        if body is not None:
            headers, content = {**headers, "content-type": "application/json"}, msgspec.json.encode(body)
        try:
            return await self._http.request(method, url, headers=headers, body=content, timeout_s=timeout_s)
        except HttpError as error:
            raise Unavailable(f"Stream: {error}.") from error

    def _token(self) -> str:
        """Of the server, not of a user: who signs with the secret may do everything.

        Stream's libraries leave the times out, and so make a key for good of every header that leaks. It checks
        `iat` and `exp` where they are there, so ours are good for minutes.
        """
        issued_s = self.now_ms() // 1000 - BACKDATED_S
        claims = {"server": True, "iat": issued_s, "exp": issued_s + LIFETIME_S}
        return jwt.encode(claims, self._options.api_secret, algorithm="HS256")
