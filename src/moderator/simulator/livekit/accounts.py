"""The account that the cloud is simulated for: its key, who may call the room service, and how webhooks are signed."""

import base64
import hashlib
from typing import Any, Final

import jwt
from msgspec import Struct

from moderator.simulator.credentials import require

LEEWAY_S: Final = 60
SIGNED_FOR_S: Final = 5 * 60


class Credentials(Struct, frozen=True, forbid_unknown_fields=True):
    """What the account's owner knows."""

    api_key: str = ""
    api_secret: str = ""


class BadToken(Exception):
    """A token that the server does not look into any further; the message is the whole answer."""


class Grants(Struct, frozen=True):
    """What a token allows; without a token nothing."""

    video: dict[str, Any] = {}

    def may(self, grant: str, room: str) -> bool:
        """Whether it gives this right, which that of an admin does for one room only."""
        return self.video.get(grant) is True and (grant != "roomAdmin" or self.video.get("room") == room)


class Account:
    """One project with one key."""

    def __init__(self, credentials: Credentials) -> None:
        """Raises BadCredentials."""
        require(credentials, "livekit", "api_key", "api_secret")
        self._key, self._secret = credentials.api_key, credentials.api_secret

    def grants(self, authorization: str, now_ms: int) -> Grants:
        """What the header allows. Raises BadToken."""
        if not authorization:
            return Grants()
        token = authorization.removeprefix("Bearer ")
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except jwt.InvalidTokenError:
            raise BadToken("invalid authorization token") from None
        if issuer != self._key:
            raise BadToken(f"invalid API key: {issuer}")
        # As the real server: it repeats the token, which a client must not write down.
        broken = f"invalid token: {token}, error: "
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                # Times are judged by the simulator's clock, below.
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False},
            )
        except jwt.InvalidTokenError:
            raise BadToken(f"{broken}token signature is invalid") from None
        if not _is_current(claims, now_ms / 1000):
            raise BadToken(f"{broken}token has invalid claims: token is expired or not valid yet")
        video = claims.get("video")
        return Grants(video if isinstance(video, dict) else {})

    def sign(self, body: bytes, now_ms: int) -> dict[str, str]:
        """The header that proves who sent a webhook."""
        now_s = now_ms // 1000
        claims: dict[str, Any] = {"iss": self._key, "exp": now_s + SIGNED_FOR_S, "nbf": now_s, "iat": now_s}
        claims["sha256"] = base64.b64encode(hashlib.sha256(body).digest()).decode()
        return {"Authorization": jwt.encode(claims, self._secret, algorithm="HS256")}


def _is_current(claims: dict[str, Any], now_s: float) -> bool:
    begins, ends = claims.get("nbf", 0), claims.get("exp", now_s)
    if not isinstance(begins, int | float) or not isinstance(ends, int | float):
        return False
    return begins - LEEWAY_S <= now_s <= ends + LEEWAY_S
