"""Sending webhooks: in order of a room at first, and again when they fail, by the platform's policy.

On request some come late, twice or out of order.
"""

import asyncio
import math
import random
from collections.abc import Callable
from typing import Final, Literal
from weakref import WeakValueDictionary

from msgspec import Struct

from moderator.clock import Clock
from moderator.http import HttpClient, HttpError, TimedOut
from moderator.tasks import TaskScope

LATE_S: Final = (5, 60)
DUPLICATE_S: Final = (0.5, 10)
SHUFFLE_S: Final = (0, 3)

Outcome = int | Literal["unreachable", "timeout"]
"""What became of one attempt; a number is the status of the answer."""


class Attempt(Struct, frozen=True):
    """One request. `delivery` is 32 hexadecimal digits, and the same whenever the same body is sent again."""

    body: bytes
    """As it was given, before it is packed."""
    delivery: str
    number: int
    """From 1."""
    at: int


class Policy(Struct, frozen=True, kw_only=True):
    """How a platform delivers. Seconds are those of speed 1, except for `timeout_s`."""

    headers: Callable[[Attempt], dict[str, str]]
    """All that the request carries: type of the content, signature and names."""
    accepts: Callable[[int], bool]
    """Whether an answer of this status acknowledges the delivery."""
    pauses_s: tuple[float, ...]
    """The waits between attempts."""
    tries_again: Callable[[Outcome, int], bool] = lambda outcome, attempts: True
    """Whether another attempt follows this outcome, after so many; one that has no pause left never does."""
    lost_after_s: float = math.inf
    """No attempt begins later than that after the first one; where events wait for one another, after the event."""
    timeout_s: float = 10
    is_serial: bool = False
    """Whether the events of a room wait for one another also while one is tried again."""
    pack: Callable[[bytes], bytes] = lambda body: body


class Disorder(Struct, frozen=True):
    """How probable it is, for each event, that it comes late, twice, or after its successors."""

    late: float = 0
    duplicate: float = 0
    shuffle: float = 0


class Counts(Struct):
    """`sent` and `acknowledged` count deliveries, a duplicate is one more; `retried` counts requests."""

    sent: int = 0
    acknowledged: int = 0
    retried: int = 0
    dropped: int = 0


AT_ONCE: Final = 16
"""Requests under way. The HTTP library looks at all that wait for a connection whenever one is free: thousands of them
keep it busy for minutes.
"""


class Deliveries:
    """Everything on its way to one address."""

    def __init__(
        self,
        url: str,
        policy: Policy,
        clock: Clock,
        http: HttpClient,
        tasks: TaskScope,
        rng: random.Random,
        disorder: Disorder,
        speed: float = 1,
    ) -> None:
        self.counts = Counts()
        self.url, self._policy = url, policy
        self._clock, self._http, self._tasks = clock, http, tasks
        self._rng, self._disorder, self._speed = rng, disorder, speed
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """By room, and only while something is on its way from there: rooms come and go."""
        self._lines = asyncio.Semaphore(AT_ONCE)

    def send(self, room_id: str, body: bytes) -> None:
        """Post a body, and again until it is acknowledged or given up."""
        name = f"{self._rng.getrandbits(128):032x}"
        delay_s = self._within(self._disorder.late, LATE_S) or self._within(self._disorder.shuffle, SHUFFLE_S)
        self._begin(room_id, body, name, delay_s)
        if again_s := self._within(self._disorder.duplicate, DUPLICATE_S):
            self._begin(room_id, body, name, delay_s + again_s)

    def _begin(self, room_id: str, body: bytes, name: str, delay_s: float) -> None:
        self.counts.sent += 1
        self._tasks.start(f"webhook {self.counts.sent}", self._deliver(room_id, body, name, delay_s))

    async def _deliver(self, room_id: str, body: bytes, name: str, delay_s: float) -> None:
        if delay_s:
            await self._wait(delay_s)
        begun_s = self._clock.monotonic()
        async with self._turns.setdefault(room_id, asyncio.Lock()):
            if not self._policy.is_serial:
                begun_s = self._clock.monotonic()
            job = _Job(body, name, begun_s + self._policy.lost_after_s / self._speed)
            goes_on = await self._try(job)
            while goes_on and self._policy.is_serial:
                goes_on = await self._try_again(job)
        while goes_on:
            goes_on = await self._try_again(job)
        self.counts.acknowledged += job.is_done
        self.counts.dropped += not job.is_done

    async def _try_again(self, job: "_Job") -> bool:
        await self._wait(self._policy.pauses_s[job.attempts - 1])
        self.counts.retried += 1
        return await self._try(job)

    async def _try(self, job: "_Job") -> bool:
        """One attempt; whether another is to follow."""
        if self._clock.monotonic() > job.lost_at_s:
            return False
        job.attempts += 1
        outcome = await self._post(Attempt(job.body, job.name, job.attempts, self._clock.now_ms()))
        job.is_done = isinstance(outcome, int) and self._policy.accepts(outcome)
        is_last = job.attempts > len(self._policy.pauses_s)
        return not (job.is_done or is_last) and self._policy.tries_again(outcome, job.attempts)

    async def _post(self, attempt: Attempt) -> Outcome:
        headers, body = self._policy.headers(attempt), self._policy.pack(attempt.body)
        timeout_s = self._policy.timeout_s
        async with self._lines:
            try:
                reply = await self._http.request("POST", self.url, headers=headers, body=body, timeout_s=timeout_s)
                return reply.status
            except TimedOut:
                return "timeout"
            except HttpError:
                return "unreachable"

    async def _wait(self, seconds: float) -> None:
        await self._clock.wait(asyncio.Event(), seconds / self._speed)

    def _within(self, probability: float, bounds: tuple[float, float]) -> float:
        return self._rng.uniform(*bounds) if self._rng.random() < probability else 0


class _Job(Struct):
    """One delivery under way."""

    body: bytes
    name: str
    lost_at_s: float
    attempts: int = 0
    is_done: bool = False
