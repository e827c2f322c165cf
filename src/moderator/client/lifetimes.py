"""A session and how long it holds, by a clock that nobody sets. Pure; who renews it is in `session`."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec
from msgspec import Struct

AHEAD_S: Final = 60.0
"""How long before its end a session is renewed, or a fifth of its lifetime where that is less; plus the jitter."""
AHEAD_PART: Final = 0.2
LEEWAY_S: Final = 10.0
"""So long before its end a session is not used any more, or a tenth of its lifetime: a request takes a while."""
LEEWAY_PART: Final = 0.1
JITTER_PART: Final = 0.5
"""Of the time ahead."""
SHORTEST_S: Final = 5.0
"""A session is not renewed more often than that, whatever the gateway says: it refuses a token that has ended."""


@dataclass(frozen=True)
class Granted:
    """What a sign-in or a renewal brought. Secret."""

    access_token: str = field(repr=False)
    lifetime_s: float | None = None
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Session:
    """One token and when it ends, in seconds of the monotonic clock; None: its end is not known. Secret."""

    token: str = field(repr=False)
    stale_at_s: float | None = None
    expired_at_s: float | None = None

    @classmethod
    def begun(cls, token: str, lifetime_s: float | None, now_s: float, jitter: float) -> "Session":
        """A session that begins now. The token's own claims say how long it holds, where nothing else does.

        `exp - iat` is a lifetime whatever time it is here: the clocks of moderators' machines are wrong by hours.
        A lifetime of 0 or less has ended already; a very short one counts as `SHORTEST_S`.
        """
        holds_s = lifetime_s if lifetime_s is not None else lifetime_in_claims(token)
        if holds_s is None:
            return cls(token)
        if holds_s > 0:
            holds_s = max(SHORTEST_S, holds_s)
        ahead_s = min(AHEAD_S, AHEAD_PART * holds_s) * (1 + JITTER_PART * jitter)
        leeway_s = min(LEEWAY_S, LEEWAY_PART * holds_s)
        return cls(token, now_s + holds_s - ahead_s, now_s + holds_s - leeway_s)

    def state(self, now_s: float) -> Literal["fresh", "stale", "expired"]:
        """Whether it can be used, and whether it is time to renew it."""
        if self.expired_at_s is not None and now_s >= self.expired_at_s:
            return "expired"
        return "stale" if self.stale_at_s is not None and now_s >= self.stale_at_s else "fresh"


@dataclass(frozen=True)
class AccessToken:
    """A token that a later run may still use. Secret."""

    token: str = field(repr=False)
    begun_at: int
    """In milliseconds since the epoch, by the clock of this machine."""
    lifetime_s: float
    belongs_to: str
    """What it was granted for (`mark_of`)."""

    def left_s(self, now_ms: int) -> float:
        """For how many seconds it still holds; 0 in the last fifth, and when the clock was set back meanwhile."""
        left_s = self.lifetime_s - (now_ms - self.begun_at) / 1000
        return left_s if AHEAD_PART * self.lifetime_s < left_s <= self.lifetime_s else 0.0

    @classmethod
    def of(cls, granted: Granted, refresh_token: str, now_ms: int) -> "AccessToken | None":
        """What a sign-in or renewal brought now; None: it does not say how long it holds, or too short to be kept."""
        holds_s = granted.lifetime_s if granted.lifetime_s is not None else lifetime_in_claims(granted.access_token)
        if holds_s is None or holds_s < SHORTEST_S:
            return None
        return cls(granted.access_token, now_ms, holds_s, mark_of(refresh_token))


def mark_of(secret: str) -> str:
    """Tells two secrets apart, and tells nothing of them."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


class _Claims(Struct):
    exp: float
    iat: float


def lifetime_in_claims(token: str) -> float | None:
    """`exp - iat` of a JSON web token in seconds; None where it has none. To verify them is the gateway's."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)), type=_Claims)
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return None
    lifetime_s = claims.exp - claims.iat
    return lifetime_s if lifetime_s > 0 else None
