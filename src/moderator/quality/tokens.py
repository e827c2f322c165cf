"""The token with which a browser may send its measurements to an rtcStats server, and under which ids. No ids are made
here: `identifiers.py`.

rtcStats checks the signature and the end of life, and nothing else: neither a kind of token nor whom it was made for.
So its secret signs nothing else, and the end always stands in the token. It is checked when the browser connects; a
connection goes on when it is over.
"""

from typing import Final

import jwt

from moderator.clock import Clock

LIFETIME_S: Final = 600
MIN_SECRET_BYTES: Final = 32


class RtcStatsTokens:
    """Signs tokens. Raises ValueError for a secret that is too short for HS256."""

    def __init__(self, secret: str, clock: Clock) -> None:
        if len(secret.encode()) < MIN_SECRET_BYTES:
            raise ValueError(
                f"rtcstats.jwt_secret needs at least {MIN_SECRET_BYTES} bytes, here and as authorization.jwtSecret "
                "of the rtcStats server: make one with openssl rand -hex 32"
            )
        self._secret = secret
        self._clock = clock

    def token(self, *, user: str, conference: str, session: str) -> str:
        """For one connection, within the next ten minutes. The ids end up in the database: give opaque ones."""
        now_s = self._clock.now_ms() // 1000
        ids = {"user": user, "session": session, "conference": conference}
        return jwt.encode({"rtcStats": ids, "iat": now_s, "exp": now_s + LIFETIME_S}, self._secret, algorithm="HS256")
