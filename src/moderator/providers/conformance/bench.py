"""Where a provider is tried: its commands against a recorder, and what came of each."""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.clock import Clock
from moderator.http import MAX_REPLY_BYTES, HttpClient, Reply
from moderator.providers.conformance.recorder import Answer, Recorder, Request
from moderator.providers.conformance.secrecy import overheard
from moderator.providers.conformance.stated import NOWHERE, SOURCE, Stated
from moderator.providers.conformance.timer import Timer
from moderator.providers.provider import Provider, Target

PATIENCE_S: Final = 30.0
"""A command that takes longer hangs."""
WEBHOOKS: Final = "https://moderation.example.org/webhooks/conformance"
TEXT: Final = "Five minutes left."


_OPTIONS: Final[dict[tuple[type[Stated], str], Struct]] = {}
"""What was decoded already, by suite and address."""


class Command(Struct, frozen=True):
    """One method of a provider, and the capability that it belongs to."""

    capability: str
    call: Callable[[Provider, Target, Stated], Awaitable[object]]


COMMANDS: Final = {
    "extend": Command(
        "extend", lambda provider, target, stated: provider.extend(target, stated.known_end, stated.ends_at)
    ),
    "disconnect": Command("disconnect", lambda provider, target, _: provider.disconnect(target, block=False)),
    "block": Command("disconnect", lambda provider, target, _: provider.disconnect(target, block=True)),
    "readmit": Command("readmit", lambda provider, target, _: provider.readmit(target)),
    "mute": Command("mute", lambda provider, target, _: provider.mute(target)),
    "revoke": Command("revoke", lambda provider, target, _: provider.revoke(target)),
    "restore": Command("revoke", lambda provider, target, _: provider.restore(target)),
    "stop_stream": Command("stop_stream", lambda provider, target, _: provider.stop_stream(target)),
    "end": Command("end", lambda provider, target, _: provider.end_room(target)),
    "message": Command("message", lambda provider, target, _: provider.send_message(target, TEXT)),
    "tell": Command("tell", lambda provider, target, _: provider.tell(target, TEXT)),
    "list": Command("list", lambda provider, target, _: provider.list_rooms([target.room])),
    "list_room": Command("list", lambda provider, target, _: provider.list_room(target.room)),
    "check": Command("", lambda provider, target, _: provider.check(WEBHOOKS)),
}


def resting(stated: Stated) -> Provider:
    """A provider that is only looked at, or given deliveries."""
    return _made(stated, NOWHERE, idle_http(), SteadyClock(stated.now_ms))


def offered(stated: Stated) -> list[str]:
    """The commands that are the provider's own, and `check`."""
    stating = resting(stated).capabilities
    own = {"", *(action for action, capability in stating.items() if capability.by == "provider")}
    return [name for name, command in COMMANDS.items() if command.capability in own]


def _made(stated: Stated, base_url: str, http: HttpClient, clock: Clock) -> Provider:
    key = (type(stated), base_url)
    if key not in _OPTIONS:  # to read a private key takes longer than a request
        _OPTIONS[key] = stated.decoded(base_url=base_url)
    return stated.provider(SOURCE, _OPTIONS[key], http, clock)


@functools.cache
def idle_http() -> HttpClient:
    """For providers that send nothing."""
    return HttpClient()


class Outcome(Struct, frozen=True):
    """What came of one command."""

    result: object
    error: Exception | None
    requests: tuple[Request, ...]
    log: str
    """All that was logged meanwhile."""


class SteadyClock:
    """A clock that stands still but for what it is told, and for waiting, which takes no time."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        return self._now_ms

    def monotonic(self) -> float:
        return self._now_ms / 1000

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        await asyncio.sleep(0)
        self.pass_ms(0 if event.is_set() else round(timeout_s * 1000))
        return event.is_set()

    def pass_ms(self, ms: int) -> None:
        self._now_ms += ms


class _ImpatientHttp(HttpClient):
    """Waits no longer than it was made for, whatever a provider wishes: a test has no time."""

    def __init__(self, timeout_s: float, clock: SteadyClock) -> None:
        super().__init__(timeout_s=timeout_s, clock=clock)
        self._limit_s = timeout_s

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
        limit_s = self._limit_s if timeout_s is None else min(self._limit_s, timeout_s)
        return await super().request(method, url, headers=headers, body=body, timeout_s=limit_s, most_bytes=most_bytes)


class Bench:
    """A recorder and an HTTP client while it is entered. Every command gets a provider of its own."""

    def __init__(self, stated: Stated, timeout_s: float = 10.0) -> None:
        self.stated = stated
        stated.timer = Timer(stated.known_end)
        self.clock = SteadyClock(stated.now_ms)
        self.recorder = Recorder()
        self._http = _ImpatientHttp(timeout_s, self.clock)

    async def __aenter__(self) -> "Bench":
        await self.recorder.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()
        await self.recorder.__aexit__(kind, error, trace)

    async def run(
        self,
        name: str,
        answer: Callable[[Request], Answer] | None = None,
        *,
        target: Target | None = None,
        provider: Provider | None = None,
        listening: bool = False,
    ) -> Outcome:
        """One of `COMMANDS`, given to a new provider. `answer` takes the place of what is said where all is well.

        `listening`: whether the log is kept; that takes longer than all the rest.
        """
        about = self._target(name, target or self.stated.target)
        self.recorder.respond = answer or (lambda request: self.stated.answer(request, about))
        self.recorder.requests = []
        self.stated.timer = Timer(self.stated.known_end)
        provider = provider or self.provider()
        result: object = None
        error: Exception | None = None
        lines: list[str] = []
        with overheard(lines) if listening else contextlib.nullcontext():
            try:
                async with asyncio.timeout(PATIENCE_S):
                    result = await COMMANDS[name].call(provider, about, self.stated)
            except Exception as found:  # noqa: BLE001 - which one it may be is what is tried
                error = found
        return Outcome(result, error, tuple(self.recorder.requests), "\n".join(lines))

    def provider(self, base_url: str = "") -> Provider:
        """A new one, whose platform is the recorder, or at another address."""
        return _made(self.stated, base_url or self.recorder.url, self._http, self.clock)

    def _target(self, name: str, target: Target) -> Target:
        """For stopping, `streams` is the one stream."""
        return replace(target, streams=target.streams[-1:]) if name == "stop_stream" else target
