"""The rate limit: so many requests to one endpoint in each minute."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from moderator.clock import Clock

WINDOW_S: Final = 60


class Window(Struct):
    """How much of a minute's requests is left."""

    limit: int
    remaining: int
    reset_s: int
    """When the next minute begins, in seconds since the epoch."""
    refused: bool = False

    def headers(self, now_ms: int) -> Mapping[str, str]:
        """What every reply says of it; when it was refused, also when to try again."""
        told = {"Limit": self.limit, "Remaining": self.remaining, "Reset": self.reset_s}
        headers = {f"X-RateLimit-{name}": str(value) for name, value in told.items()}
        return headers | ({"Retry-After": str(max(1, self.reset_s - now_ms // 1000))} if self.refused else {})


class RateLimit:
    """Counts the requests of one application, endpoint by endpoint."""

    def __init__(self, limit: int, clock: Clock) -> None:
        self._limit, self._clock = limit, clock
        self._used: dict[str, tuple[int, int]] = {}
        """By endpoint: which minute it is, and how many there were in it."""

    def take(self, endpoint: str) -> Window:
        """One more request."""
        minute = self._clock.now_ms() // 1000 // WINDOW_S
        begun, used = self._used.get(endpoint, (minute, 0))
        used = used + 1 if begun == minute else 1
        self._used[endpoint] = (minute, used)
        reset_s = (minute + 1) * WINDOW_S
        return Window(self._limit, max(0, self._limit - used), reset_s, used > self._limit)
