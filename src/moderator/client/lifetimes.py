"""A session and how long it holds, by a clock that nobody sets. Pure; who renews it is in `session`."""

import base64
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
        """
        holds_s = lifetime_s if lifetime_s is not None else lifetime_in_claims(token)
        if holds_s is None:
            return cls(token)
        ahead_s = min(AHEAD_S, AHEAD_PART * holds_s) * (1 + JITTER_PART * jitter)
        leeway_s = min(LEEWAY_S, LEEWAY_PART * holds_s)
        return cls(token, now_s + holds_s - ahead_s, now_s + holds_s - leeway_s)

    def state(self, now_s: float) -> Literal["fresh", "stale", "expired"]:
        """Whether it can be used, and whether it is time to renew it."""
        if self.expired_at_s is not None and now_s >= self.expired_at_s:
            return "expired"
        return "stale" if self.stale_at_s is not None and now_s >= self.stale_at_s else "fresh"


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
    except (ValueError, msgspec.MsgspecError):
        return None
    lifetime_s = claims.exp - claims.iat
    return lifetime_s if lifetime_s > 0 else None
