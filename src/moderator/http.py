"""HTTP requests.

The only module that knows which HTTP library is used, so that its successor can take its place here. Why nothing came
of a request is worded in `moderator.http_faults`.
"""

import asyncio
import contextlib
import functools
import os
import ssl
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Final, cast
from urllib.request import getproxies, proxy_bypass

import httpx
import truststore
from msgspec import Struct

from moderator.clock import Clock, ToldTime
from moderator.http_faults import Fault, fault_of, words_of
from moderator.http_pools import Pools
from moderator.language import tr

MAX_REPLY_BYTES: Final = 64 * 1024 * 1024
CHUNK_BYTES: Final = 64 * 1024
STEPS: Final = 3
"""Times the limit of one step: how long a whole request may take."""
OFFSETS: Final = 8
MAX_OFFSET_MS: Final = 3_600_000
"""A clock that is further off is broken, and no measure of anything."""
_LIMITS: Final = httpx.Limits(max_connections=32, max_keepalive_connections=16)
CLOCK_TOLERANCE_MS: Final = 2_000
"""`Date` headers count whole seconds, and a reply takes a while: less than this is no measure of anything."""


class HttpError(Exception):
    """No usable reply. The message names the host, never the full URL, which may hold a secret."""

    def __init__(self, message: str, fault: Fault = "") -> None:
        super().__init__(message)
        self.fault: Fault = fault
        """What stood in the way, where that is known."""


class Unreachable(HttpError):
    """No connection, or it broke before the reply was complete."""


class TimedOut(HttpError):
    """Nothing came within the time allowed."""


class Reply(Struct, frozen=True):
    """What a server answered, whatever the status. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class HttpClient:
    """Connections that are kept for the next request. Redirects are not followed.

    Certificates are believed as the system believes them, and by what SSL_CERT_FILE and SSL_CERT_DIR name. The
    environment's proxies are used (HTTPS_PROXY, NO_PROXY), but never for this machine itself.
    """

    def __init__(self, *, timeout_s: float = 10.0, clock: Clock | None = None) -> None:
        self._clock = clock
        self._offsets_ms: deque[int] = deque(maxlen=OFFSETS)
        """The latest measurements: a slow reply makes one too large, never too small."""
        self.clock_offset_ms = 0
        """What to add to the server's times to get ours, by its `Date` headers; 0 below two seconds."""
        self.clock_is_broken = False
        """Whether the last reply told a time so far from ours that it measures nothing."""
        self._told_time = None if clock is None else ToldTime(clock, samples=1)
        self._timeout_s = timeout_s
        self._trusted, self._unusable = _trusted()
        """`_unusable` is what of the environment cannot be used: said only when a request fails, since many do without
        it.
        """
        self._pools = Pools(self._new_pool)

    def _new_pool(self) -> httpx.AsyncClient:
        here: dict[str, httpx.AsyncBaseTransport | None] = dict.fromkeys(_THIS_MACHINE)
        new = functools.partial(httpx.AsyncClient, timeout=self._timeout_s, limits=_LIMITS, verify=self._trusted)
        try:
            return new(trust_env=True, mounts=here)
        except (ValueError, ImportError, httpx.InvalidURL):  # a proxy that is none, or speaks SOCKS
            self._unusable = tr("the proxy of the environment cannot be used: it has to begin with http:// or https://")
            return new(trust_env=False)

    @property
    def clocks_compared(self) -> bool:
        """Whether any reply told what time it is there."""
        return bool(self._offsets_ms)

    @property
    def clock_skew_ms(self) -> int | None:
        """How far our clock is ahead of the server's now, as its last reply told; None before it did."""
        return None if self._told_time is None else self._told_time.skew_ms

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout_s: float | None = None,
        most_bytes: int = MAX_REPLY_BYTES,
    ) -> Reply:
        """One request and its whole reply. Raises Unreachable or TimedOut; any status is a reply.

        `timeout_s` is for each step, such as the next bytes; all of them may take so many times as long. A reply of
        more than `most_bytes`, unpacked, is Unreachable.
        """
        limit_s = self._timeout_s if timeout_s is None else timeout_s
        with self._our_errors(url):
            async with (
                asyncio.timeout(limit_s * STEPS),  # who sends a byte at a time would never be done
                self._pools.lent() as pool,
                pool.stream(method, url, headers=headers, content=body, timeout=limit_s) as response,
            ):
                self.heard_time(response.headers.get("date", ""))
                received = await _all_of(response, most_bytes, url)
                return Reply(response.status_code, dict(response.headers), received)

    @contextlib.asynccontextmanager
    async def stream(
        self, url: str, *, headers: Mapping[str, str], idle_timeout_s: float
    ) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
        """A reply that goes on: its status and its bytes as they come. Silence for `idle_timeout_s` is TimedOut."""
        with self._our_errors(url):
            async with (
                self._pools.lent() as pool,
                pool.stream("GET", url, headers=headers, timeout=idle_timeout_s) as response,
                contextlib.aclosing(cast("AsyncGenerator[bytes]", response.aiter_raw())) as chunks,
            ):
                yield response.status_code, chunks

    @contextlib.contextmanager
    def _our_errors(self, url: str) -> Iterator[None]:
        try:
            yield
        except (httpx.TimeoutException, TimeoutError) as error:
            raise TimedOut(tr("{host} did not answer in time").format(host=_host(url)), "timeout") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            fault = fault_of(error, next(fault for kind, fault in _KINDS if isinstance(error, kind)))
            if fault == "refused" and _by_proxy(url):
                fault = "proxy_away"
            why = "; ".join(part for part in (words_of(fault), self._unusable) if part)
            raise Unreachable(tr("{host} cannot be reached: {why}").format(host=_host(url), why=why), fault) from error

    def heard_time(self, date: str) -> None:
        """Compare the clocks by a `Date` header, if it is one."""
        if self._clock is None or not date:
            return
        try:
            server_ms = round(parsedate_to_datetime(date).timestamp() * 1000)
        except (ValueError, OverflowError):
            return
        if self._told_time is not None:
            self._told_time.tell(server_ms)
        offset_ms = self._clock.now_ms() - server_ms
        self.clock_is_broken = abs(offset_ms) > MAX_OFFSET_MS
        if self.clock_is_broken:
            return
        self._offsets_ms.append(offset_ms)
        offset_ms = min(self._offsets_ms, key=abs)
        self.clock_offset_ms = offset_ms if abs(offset_ms) >= CLOCK_TOLERANCE_MS else 0

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pools.aclose()

    async def __aenter__(self) -> "HttpClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


async def _all_of(response: httpx.Response, most_bytes: int, url: str) -> bytes:
    received = bytearray()
    async for chunk in response.aiter_bytes(CHUNK_BYTES):
        received += chunk
        if len(received) > most_bytes:
            words = tr("{host} sent more than {count} bytes")
            raise Unreachable(words.format(host=_host(url), count=most_bytes))
    return bytes(received)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).netloc.decode() or tr("an invalid address")
    except httpx.InvalidURL:
        return tr("an invalid address")


_KINDS: Final[tuple[tuple[type[Exception], Fault], ...]] = (
    (httpx.ProxyError, "proxy"),
    (httpx.ConnectError, "refused"),
    (httpx.NetworkError, "broke"),
    (httpx.RemoteProtocolError, "no_http"),
    (httpx.UnsupportedProtocol, "no_scheme"),
    (httpx.InvalidURL, "no_address"),
    (Exception, ""),
)
"""What the library's errors come to, as far as their causes say nothing closer; the first that fits."""
_THIS_MACHINE: Final = ("all://localhost", "all://127.0.0.1", "all://[::1]")
"""No proxy can reach these: there they are another machine."""


def _trusted() -> tuple[ssl.SSLContext, str]:
    """Whose certificates are believed, and what of the environment could not be read, in words."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    file, folder = os.environ.get("SSL_CERT_FILE") or None, os.environ.get("SSL_CERT_DIR") or None
    if file or folder:  # the system's own list is read per connection; not everywhere does it know of these
        try:
            context.load_verify_locations(file, folder)
        except OSError:  # ssl.SSLError is one
            return context, tr("what SSL_CERT_FILE or SSL_CERT_DIR names cannot be read")
    return context, ""


def _by_proxy(url: str) -> bool:
    """Whether the environment's proxy was asked for this address."""
    try:
        address = httpx.URL(url)
        proxies = getproxies()
        known = address.scheme in proxies or "all" in proxies
        return known and f"all://{address.host}" not in _THIS_MACHINE and not proxy_bypass(address.host)
    except (httpx.InvalidURL, OSError):
        return False
