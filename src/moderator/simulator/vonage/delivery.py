"""Sending webhooks as the platform does: in order of a session at first, each event on its own back-off when it fails.

On request some come late, twice or out of order.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from typing import Final
from weakref import WeakValueDictionary

from msgspec import Struct

from moderator.clock import Clock
from moderator.http import HttpClient, HttpError
from moderator.tasks import TaskScope

FIRST_RETRY_S: Final = 5
LONGEST_WAIT_S: Final = 15 * 60
GIVEN_UP_AFTER_S: Final = 24 * 60 * 60
UNSIGNED_RETRIES: Final = 4
LATE_S: Final = (5, 60)
DUPLICATE_S: Final = (0.5, 10)
SHUFFLE_S: Final = (0, 3)


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
        sign: Callable[[bytes, str], dict[str, str]],
        is_signed: bool,
        clock: Clock,
        http: HttpClient,
        tasks: TaskScope,
        rng: random.Random,
        disorder: Disorder,
        speed: float = 1,
    ) -> None:
        self.counts = Counts()
        self._url, self._sign, self._is_signed = url, sign, is_signed
        self._clock, self._http, self._tasks = clock, http, tasks
        self._rng, self._disorder, self._speed = rng, disorder, speed
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """By session, and only while something is on its way from there: sessions come and go."""
        self._lines = asyncio.Semaphore(AT_ONCE)

    def send(self, session_id: str, body: bytes) -> None:
        """Post a body, and again until it is acknowledged or too old."""
        delay_s = self._within(self._disorder.late, LATE_S) or self._within(self._disorder.shuffle, SHUFFLE_S)
        self._begin(session_id, body, delay_s)
        if again_s := self._within(self._disorder.duplicate, DUPLICATE_S):
            self._begin(session_id, body, delay_s + again_s)

    def _begin(self, session_id: str, body: bytes, delay_s: float) -> None:
        self.counts.sent += 1
        self._tasks.start(f"webhook {self.counts.sent}", self._deliver(session_id, body, delay_s))

    async def _deliver(self, session_id: str, body: bytes, delay_s: float) -> None:
        if delay_s:
            await self._wait(delay_s)
        turn = self._turns.setdefault(session_id, asyncio.Lock())
        async with turn:
            done = await self._post(body)
        for pause_s in retry_pauses_s(self._is_signed):
            if done:
                break
            await self._wait(pause_s)
            self.counts.retried += 1
            done = await self._post(body)
        self.counts.acknowledged += done
        self.counts.dropped += not done

    async def _post(self, body: bytes) -> bool:
        headers = {"Content-Type": "application/json", **self._sign(body, f"{self._rng.getrandbits(128):032x}")}
        async with self._lines:
            try:
                return (await self._http.request("POST", self._url, headers=headers, body=body)).status == 200
            except HttpError:
                return False

    async def _wait(self, seconds: float) -> None:
        await self._clock.wait(asyncio.Event(), seconds / self._speed)

    def _within(self, probability: float, bounds: tuple[float, float]) -> float:
        return self._rng.uniform(*bounds) if self._rng.random() < probability else 0


def retry_pauses_s(is_signed: bool) -> Iterator[float]:
    """The waits between the attempts at one delivery, in seconds."""
    pause, total, retries = FIRST_RETRY_S, FIRST_RETRY_S, 0
    while total <= GIVEN_UP_AFTER_S and (is_signed or retries < UNSIGNED_RETRIES):
        yield pause
        pause, retries = min(2 * pause, LONGEST_WAIT_S), retries + 1
        total += pause
