"""The configured accounts while the gateway runs: their provider, their limiter, and how they are doing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final
from weakref import WeakValueDictionary

from moderator.clock import Clock, ToldTime
from moderator.domain.events import Actor, Event, SourceRecovered, SourceSilent
from moderator.domain.ids import SourceName, derive_event_id
from moderator.domain.rooms import Source
from moderator.domain.settings import SourceInfo
from moderator.gateway.configuration.config import SourceConfig
from moderator.gateway.measures import SourceMeasures
from moderator.gateway.platforms.circuit import Circuit, WatchedHttp
from moderator.gateway.platforms.intake import Intake
from moderator.gateway.platforms.limiter import Limiter, Urgency
from moderator.gateway.platforms.silence import Hearing
from moderator.gateway.platforms.under_way import UnderWay
from moderator.gateway.waiting import time_limit
from moderator.http import HttpClient
from moderator.providers.errors import ProviderError, RateLimited, Unavailable
from moderator.providers.provider import Listing, Provider

MISSED_LISTS: Final = 2
"""So many failed lists in a row make a source stale."""
LIST_TIMEOUT_S: Final = 30.0


class _Shared:
    """A list that several may ask for while it is read."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.begun = 0
        self.last: Listing | None = None


class LiveSource:
    """One account, in use."""

    def __init__(self, config: SourceConfig, clock: Clock) -> None:
        self.name = config.name
        self.provider_name = config.provider_name
        self.reconcile_ms = config.reconcile_ms
        self.circuit = Circuit(clock)
        self.http: HttpClient = WatchedHttp(clock, self.circuit)
        self.provider: Provider = config.provider(config.name, config.options, self.http, clock)
        self.limiter = Limiter(config.requests_per_second, clock, self.circuit)
        self.hearing = Hearing()
        self.webhook_time = ToldTime(clock)
        self.intake = Intake(config.name)
        self.measures = SourceMeasures()
        self.calls = UnderWay()
        self.listed_at: int | None = None
        self.problem: str | None = None
        self.failures = 0
        self.changed = self.circuit.changed
        """Set when it perhaps began to fail, or ceased to: by the circuit, or by its lists."""
        self._is_said_to_fail = False
        self._has_lists = True
        self._shared: WeakValueDictionary[str, _Shared] = WeakValueDictionary()
        """By room; as long as somebody waits for it."""
        self._clock = clock

    @property
    def clock_offset_ms(self) -> int:
        """What to add to the platform's times to get ours."""
        return self.http.clock_offset_ms

    @property
    def lists(self) -> bool:
        """Whether the platform can be asked who is there."""
        return self._has_lists and self.provider.capabilities["list"].by == "provider"

    def portions(self, rooms: Sequence[str]) -> list[Sequence[str]]:
        """What to ask the platform for in one list each: everything at once, or else these rooms one by one."""
        return [rooms] if self.provider.finds_rooms else [[room] for room in rooms]

    async def list_once(self, room: str) -> Listing:
        """A list with this room that was begun after this was called, shared by all who ask meanwhile.

        Raises ProviderError.
        """
        shared = self._shared.setdefault(room, _Shared())
        begun_before = shared.begun
        async with shared.turn:
            if shared.begun == begun_before or shared.last is None:
                shared.begun += 1
                shared.last = None  # one that fails leaves nothing to share, least of all an older list
                shared.last = await self._listed(Urgency.CONFIRMATION, lambda: self.provider.list_room(room))
            return shared.last

    async def list_rooms(self, urgency: Urgency, known: Sequence[str]) -> Listing:
        """Ask the platform who is there, when it is our turn; `known` is one of `portions`. Raises ProviderError."""
        return await self._listed(urgency, lambda: self.provider.list_rooms(known))

    async def _listed(self, urgency: Urgency, ask: Callable[[], Awaitable[Listing]]) -> Listing:
        if self.circuit.wait_s():
            raise Unavailable(self._failure())
        await self.limiter.turn(urgency)
        try:
            async with self.time_limit(LIST_TIMEOUT_S):
                return await ask()
        except TimeoutError as error:
            self.measures.errors[Unavailable.code] += 1
            raise Unavailable(f"{self.name} did not list its rooms within {LIST_TIMEOUT_S:.0f} s") from error
        except ProviderError as error:
            self.measures.errors[error.code] += 1
            raise

    @property
    def platform_now(self) -> int:
        """The time by the platform's clock, as far as its replies told."""
        return self._clock.now_ms() - self.clock_offset_ms

    def heed(self, error: ProviderError) -> None:
        """Ask nothing for as long as the platform wants; a pause for one kind of request holds nothing else back."""
        if isinstance(error, RateLimited) and error.everything and error.retry_after_s:
            self.limiter.pause(error.retry_after_s)

    def time_limit(self, seconds: float) -> AbstractAsyncContextManager[None]:
        """A limit for one request of ours, by the gateway's clock. Raises TimeoutError."""
        return time_limit(self._clock, seconds)

    def info(self) -> SourceInfo:
        """What the log and the desktops need to know of this account."""
        return SourceInfo(self.name, self.provider_name, dict(self.provider.capabilities))

    def listed(self, at: int) -> None:
        """A list was read in full."""
        self.listed_at, self.failures, self.problem, self._has_lists = at, 0, None, True
        self.changed.set()

    def cannot_list(self, why: str) -> None:
        """The platform has no such call after all: what its webhooks tell has to be enough."""
        self.failures, self.problem, self._has_lists = 0, why, False
        self.changed.set()

    def failed(self, problem: str) -> None:
        """A list could not be read."""
        self.failures += 1
        self.problem = problem
        self.changed.set()

    @property
    def is_failing(self) -> bool:
        """Whether lists fail, or nothing is answered at all."""
        return self.failures >= MISSED_LISTS or self.circuit.is_open

    def news(self) -> Event | None:
        """What is to be written down of that since it was asked for last, surely: that it fails, or no longer."""
        if self.is_failing == self._is_said_to_fail:
            return None
        self._is_said_to_fail = self.is_failing
        data = SourceSilent(detail=self._failure()) if self.is_failing else SourceRecovered()
        return self.notice(data, self._clock.now_ms())

    def _failure(self) -> str:
        if self.circuit.is_open:
            return f"{self.name} does not answer, or with errors of its own: it is asked once in a while until it does"
        return self.problem or ""

    def listen(self, occupied: int) -> bool:
        """Whether this is the moment to report that no webhooks come; `occupied` rooms have somebody in them."""
        lists_work = self.lists and not self.failures
        return self.hearing.listen(self._clock.now_ms(), occupied, lists_work=lists_work)

    def recovery(self, at: int) -> list[Event]:
        """What to write down because a webhook came; two that come at once write the same."""
        if self.hearing.silent_since is None:
            return []
        return [self.notice(SourceRecovered(detail="events come again"), at, of=self.hearing.episode)]

    def notice(self, data: SourceSilent | SourceRecovered, at: int, *, of: int | None = None) -> Event:
        """How it is doing, to be written down; `of` is the moment that makes it the same notice."""
        id_ = derive_event_id(self.name, type(data).__name__, at if of is None else of)
        return Event(id=id_, source=SourceName(self.name), at=at, actor=Actor("gateway"), data=data)

    def _clock_problem(self) -> str | None:
        return "the platform's clock and ours are more than an hour apart" if self.http.clock_is_broken else None

    def status(self) -> Source:
        """As it is now, for the feed."""
        failing, silent = self.is_failing, self.hearing.silent_since is not None
        heard_at = self.hearing.heard_at
        return Source(
            source=self.name,
            provider=self.provider_name,
            state="failing" if failing else "silent" if silent else "polling" if heard_at is None else "live",
            heard_at=heard_at,
            listed_at=self.listed_at,
            clock_offset_ms=self.clock_offset_ms,
            detail=self.hearing.detail if silent and not failing else self._failure() or self._clock_problem(),
        )
