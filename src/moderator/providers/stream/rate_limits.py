"""How many requests Stream allows: it counts those of each endpoint on its own, and says when it counts anew.

What it will refuse anyway is not sent.
"""

from email.utils import parsedate_to_datetime
from typing import Final

from moderator.clock import Clock
from moderator.http import Reply
from moderator.providers.errors import RateLimited
from moderator.providers.replies import retry_after_s
from moderator.providers.stream.endpoints import Endpoint

WINDOW_S: Final = 60.0
"""Stream counts by the minute: a window that ends later than this is a misunderstanding."""


class RateLimits:
    """Of one account. Keeps nothing that a restart must not forget."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._closed_until: dict[Endpoint, float] = {}
        """Monotonic seconds."""

    def check(self, endpoint: Endpoint) -> None:
        """Raises RateLimited as long as Stream would refuse a request of this kind."""
        left_s = self._closed_until.get(endpoint, 0.0) - self._clock.monotonic()
        if left_s > 0:
            raise paused(left_s)

    def note(self, endpoint: Endpoint, seconds: float | None) -> None:
        """A reply said that there will be no more for so long."""
        if seconds is not None and seconds > 0:
            self._closed_until[endpoint] = self._clock.monotonic() + seconds


def paused(seconds: float | None) -> RateLimited:
    """The error that stands for such a refusal: only requests of the same kind have to wait."""
    return RateLimited("Stream asks for a pause of requests of this kind.", seconds, everything=False)


def asked_pause_s(reply: Reply, now_ms: int) -> float | None:
    """For how long a refused request should wait, a window at most; None where it is not said.

    `now_ms` is the platform's time.
    """
    told = retry_after_s(reply)
    if told is None:
        told = _until_date_s(reply.headers.get("retry-after", ""), reply, now_ms)
    return _until_reset_s(reply, now_ms) if told is None else _at_most_a_window(told)


def used_up_s(reply: Reply, now_ms: int) -> float | None:
    """For how long nothing is left of what was allowed; None while there is."""
    return _until_reset_s(reply, now_ms) if _first(reply, "x-ratelimit-remaining") == "0" else None


def _until_reset_s(reply: Reply, now_ms: int) -> float | None:
    reset = _first(reply, "x-ratelimit-reset")
    if not (reset.isascii() and reset.isdigit()):
        return None
    return _at_most_a_window(int(reset[:12]) - _their_time_s(reply, now_ms))


def _until_date_s(text: str, reply: Reply, now_ms: int) -> float | None:
    moment_s = _date_s(text)
    return None if moment_s is None else _at_most_a_window(moment_s - _their_time_s(reply, now_ms))


def _at_most_a_window(seconds: float) -> float:
    return min(max(0.0, seconds), WINDOW_S)


def _their_time_s(reply: Reply, now_ms: int) -> float:
    """When the reply was written, by the clock that also wrote its other times."""
    dated_s = _date_s(reply.headers.get("date", ""))
    return now_ms / 1000 if dated_s is None else dated_s


def _date_s(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


def _first(reply: Reply, header: str) -> str:
    """Values may be lists: one for each limit that applies, some of them empty."""
    return next((part for one in reply.headers.get(header, "").split(",") if (part := one.strip())), "")
