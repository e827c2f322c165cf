"""The application that the cloud is simulated for: who may call its API, and how its webhooks are signed."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import jwt
from msgspec import Struct

from moderator.simulator.credentials import require
from moderator.simulator.delivery import Attempt
from moderator.simulator.stream.errors import Caller, Refused


class Credentials(Struct, frozen=True, forbid_unknown_fields=True):
    """What the account's owner knows."""

    api_key: str = ""
    api_secret: str = ""


class Account:
    """One application of Stream."""

    def __init__(self, credentials: Credentials) -> None:
        """Raises BadCredentials."""
        require(credentials, "stream", "api_key", "api_secret")
        self.api_key, self._secret = credentials.api_key, credentials.api_secret

    def authorize(self, query: Mapping[str, str], headers: Mapping[str, str], now_ms: int) -> Caller:
        """Who asks. Raises Refused unless it is this application. Header names are in lower case."""
        if query.get("api_key") != self.api_key:
            raise Refused("api key", "api_key not valid")
        if headers.get("stream-auth-type") != "jwt":
            raise Refused("token", "stream-auth-type must be jwt")
        claims = self._claims(headers.get("authorization", ""))
        _check_times(claims, now_ms / 1000)
        user = claims.get("user_id")
        return Caller(user if isinstance(user, str) else None)

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            # Times are judged by the simulator's clock.
            options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
            return jwt.decode(token, self._secret, algorithms=["HS256"], options=options)  # type: ignore[arg-type]
        except jwt.InvalidSignatureError:
            raise Refused("signature", "Token signature is invalid") from None
        except jwt.InvalidTokenError:
            raise Refused("token", "Token is malformed, it must be a JWT without a scheme before it") from None

    def headers(self, attempt: Attempt) -> dict[str, str]:
        """What a webhook carries; the signature is of the body before it is compressed."""
        return {
            "Content-Type": "application/json",
            "X-Api-Key": self.api_key,
            "X-Signature": hmac.new(self._secret.encode(), attempt.body, hashlib.sha256).hexdigest(),
            "X-Webhook-Id": _uuid(attempt.delivery),
            "X-Webhook-Attempt": str(attempt.number),
        }


def _uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _check_times(claims: dict[str, Any], now_s: float) -> None:
    """Only what is there is looked at: tokens of servers have no times by default."""
    if (ends := claims.get("exp")) is not None and ends <= now_s:
        raise Refused("expired", "Token is expired")
    if (begins := claims.get("nbf")) is not None and begins > now_s:
        raise Refused("too early", "Token is not valid yet")
    if (issued := claims.get("iat")) is not None and issued > now_s:
        raise Refused("from the future", "Token used before issued at (iat)")
