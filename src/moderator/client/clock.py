"""The gateway's time, as seen from here. `ClockEstimate` is arithmetic on samples; `GatewayClock` takes them.

Deadlines are in gateway time, and the clocks of moderators' machines are wrong by seconds or by hours.
"""

import asyncio
from collections import deque
from typing import Final

from msgspec import Struct

from moderator.client.commands import GatewayClient
from moderator.client.errors import GatewayError
from moderator.clock import Clock

WINDOW: Final = 8
SETTLING_S: Final = 0.25
"""Between the first samples."""
PERIOD_S: Final = 15.0
DRIFT_MS: Final = 50.0
"""What two clocks may drift apart within a window; samples that differ by more tell that one of them was set."""
LONGEST_STANDSTILL_MS: Final = 1_000.0


class ClockSample(Struct, frozen=True, gc=False):
    """One look at the gateway's clock: our monotonic seconds around it, and what it said, in ms since the epoch."""

    sent_s: float
    received_s: float
    gateway_ms: int

    @property
    def offset_ms(self) -> float:
        """What to add to our monotonic clock to get the gateway's time, if both ways took equally long."""
        return self.gateway_ms - (self.sent_s + self.received_s) * 500

    @property
    def error_ms(self) -> float:
        """How wrong the offset can be: half the round trip."""
        return (self.received_s - self.sent_s) * 500

    def agrees(self, other: "ClockSample") -> bool:
        """Whether one offset explains both."""
        return abs(self.offset_ms - other.offset_ms) <= self.error_ms + other.error_ms + DRIFT_MS


class ClockEstimate:
    """The best of the last eight samples: the one with the shortest round trip."""

    def __init__(self) -> None:
        self._samples: deque[ClockSample] = deque(maxlen=WINDOW)
        self._best: ClockSample | None = None
        self._told_ms = 0.0

    def add(self, sample: ClockSample) -> None:
        """Take a sample in. Older ones that contradict it are from before a clock was set or this machine slept."""
        kept = [known for known in self._samples if known.agrees(sample)]
        self._samples = deque([*kept, sample], maxlen=WINDOW)
        self._best = min(self._samples, key=lambda known: known.error_ms)

    @property
    def error_ms(self) -> float | None:
        """How wrong the estimate can be; None without a sample."""
        return None if self._best is None else self._best.error_ms

    def now_ms(self, monotonic_s: float) -> int | None:
        """The gateway's time; None without a sample. A correction backwards, unless large, makes it stand still."""
        if self._best is None:
            return None
        now_ms = monotonic_s * 1000 + self._best.offset_ms
        if now_ms < self._told_ms <= now_ms + LONGEST_STANDSTILL_MS:
            now_ms = self._told_ms
        self._told_ms = now_ms
        return round(now_ms)


class GatewayClock:
    """Keeps an estimate up to date. Before the first sample it tells this machine's own time."""

    def __init__(self, client: GatewayClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._estimate = ClockEstimate()

    def now_ms(self) -> int:
        """Milliseconds since the epoch, UTC, as the gateway counts them."""
        told = self._estimate.now_ms(self._clock.monotonic())
        return self._clock.now_ms() if told is None else told

    @property
    def error_ms(self) -> float | None:
        """How wrong `now_ms` can be; None as long as the gateway was not asked: then nothing is known."""
        return self._estimate.error_ms

    async def sample(self) -> None:
        """Ask the gateway once. Raises GatewayError."""
        sent_s = self._clock.monotonic()
        gateway_ms = await self._client.time()
        self._estimate.add(ClockSample(sent_s, self._clock.monotonic(), gateway_ms))

    async def run(self) -> None:
        """Ask until cancelled: quickly at first, then now and then. While the gateway is away the estimate stays."""
        taken, never = 0, asyncio.Event()
        while True:
            try:
                await self.sample()
                taken += 1
            except GatewayError:
                pass  # the feed reader tells people that the gateway is away
            await self._clock.wait(never, SETTLING_S if 0 < taken < WINDOW else PERIOD_S)
