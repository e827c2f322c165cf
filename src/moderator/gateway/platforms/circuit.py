"""Whether a platform answers at all. One that failed several times in a row is left alone for a while, then asked once;
what comes of that decides. So a platform that is down costs nobody patience, and gets up undisturbed.

When it is whose turn is for the limiter to say.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Final, Literal

from moderator.clock import Clock
from moderator.http import HttpClient, HttpError, Reply

FAILURES: Final = 5
"""So many requests in a row without an answer, or with an error of the platform's own."""
FIRST_PAUSE_S: Final = 2.0
LONGEST_PAUSE_S: Final = 30.0
ASKS_WITHIN_S: Final = 1.0
ANSWERS_WITHIN_S: Final = 15.0
"""When who was let through has not asked by then, or has not come back, another one may go."""
HUNG_S: Final = 5.0
"""A request that was given up before counts for nothing: who asked was only impatient."""
SERVER_ERROR: Final = 500
State = Literal["closed", "open", "half_open"]


class Circuit:
    """Of one source. Closed: all may ask; open: nobody; half open: one was let through."""

    def __init__(self, clock: Clock, jitter: Callable[[], float] = random.random) -> None:
        self.state: State = "closed"
        self.changed = asyncio.Event()
        """Set when it opened or closed; whoever writes that down clears it."""
        self.on_change: Callable[[], None] = lambda: None
        self._clock = clock
        self._jitter = jitter
        self._failures = 0
        self._pause_s = FIRST_PAUSE_S
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the platform does not answer, as far as is known."""
        return self.state != "closed"

    def wait_s(self) -> float:
        """Seconds until a request may be made; 0 while all is well."""
        return 0.0 if not self.is_open else max(0.0, self._until - self._clock.monotonic())

    def let_through(self) -> None:
        """Somebody may ask now, and perhaps will."""
        if self.is_open:
            self.state, self._until = "half_open", self._clock.monotonic() + ASKS_WITHIN_S

    def asked(self) -> None:
        """A request is made."""
        if self.state == "half_open":
            self._until = self._clock.monotonic() + ANSWERS_WITHIN_S

    def answered(self) -> None:
        """The platform did, whatever it said."""
        self._failures, self._pause_s = 0, FIRST_PAUSE_S
        if self.is_open:
            self.state = "closed"
            self._tell()

    def failed(self) -> None:
        """It did not answer, or with an error of its own."""
        self._failures += 1
        if self.state == "open" or self._failures < FAILURES:
            return
        was_open, self.state = self.is_open, "open"
        self._until = self._clock.monotonic() + self._pause_s * (0.5 + self._jitter() / 2)
        self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2)
        if not was_open:
            self._tell()

    def _tell(self) -> None:
        self.changed.set()
        self.on_change()


class WatchedHttp(HttpClient):
    """The requests of one source; tells its circuit how each went."""

    def __init__(self, clock: Clock, circuit: Circuit) -> None:
        super().__init__(clock=clock)
        self._circuit, self._watch = circuit, clock

    async def request(self, *arguments: object, **options: object) -> Reply:
        """See `HttpClient.request`."""
        begun_s = self._watch.monotonic()
        self._circuit.asked()
        try:
            reply = await super().request(*arguments, **options)  # type: ignore[arg-type]  # passed on as they are
        except HttpError:
            self._circuit.failed()
            raise
        except asyncio.CancelledError:
            if self._watch.monotonic() - begun_s >= HUNG_S:
                self._circuit.failed()
            raise
        if reply.status >= SERVER_ERROR:
            self._circuit.failed()
        else:
            self._circuit.answered()
        return reply
