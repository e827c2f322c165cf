"""The JWTs of LiveKit. Pure.

Those that let us ask, those that let somebody join, and those that say that a webhook is the server's.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import jwt

from moderator.providers.errors import BadSignature
from moderator.providers.livekit.people import ROLE
from moderator.providers.provider import Admission, Delivery

ALGORITHM: Final = "HS256"
REQUEST_LIFETIME_S: Final = 120
WEBHOOK_LIFETIME_S: Final = 300
CREDENTIALS_LAST_MS: Final = 15 * 60_000
"""To connect takes seconds; the server gives whoever is connected a new one by itself."""
WITHOUT_SCREEN: Final = ("camera", "microphone")
LEEWAY_S: Final = 60
"""How far the two clocks may be apart; LiveKit allows our tokens the same."""
_UNTIMED: Final[Any] = {"require": ["exp"], "verify_exp": False, "verify_nbf": False, "verify_iat": False}
"""Times are checked here, by the clock that the provider was given."""


def access_token(api_key: str, secret: str, grant: Mapping[str, object], now_ms: int) -> str:
    """For one request: `grant` is all that it may do. `now_ms` is by the server's clock."""
    now_s = now_ms // 1000
    claims = {"iss": api_key, "nbf": now_s, "exp": now_s + REQUEST_LIFETIME_S, "video": dict(grant)}
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def join_token(api_key: str, secret: str, admission: Admission, now_ms: int, expires_ms: int) -> str:
    """For one person, into one room. Times are by the server's clock. Raises Rejected for somebody without a user id.

    Nothing in it is a right over others, nor to change what stands in it about the person.
    """
    grant: dict[str, object] = {
        **{"roomJoin": True, "room": admission.room},
        **{"canPublish": True, "canSubscribe": True, "canPublishData": True},
    }
    if not admission.may_share_screen:
        grant["canPublishSources"] = list(WITHOUT_SCREEN)
    attributes = {**admission.extra, **({ROLE: admission.role} if admission.role else {})}
    claims = {
        **{"iss": api_key, "sub": admission.identified(), "name": admission.name},
        **{"nbf": now_ms // 1000, "exp": expires_ms // 1000},
        **{"video": grant, "attributes": attributes},
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def verify_webhook(delivery: Delivery, api_key: str, secret: str, now_ms: int) -> None:
    """Raise BadSignature unless the delivery carries a JWT of this key, of this time, about this very body.

    `now_ms` is by our clock as it is: nothing that a delivery or a reply says may move the time it is judged by.
    """
    scheme, _, token = delivery.headers.get("authorization", "").strip().rpartition(" ")
    if not token or scheme.lower() not in {"", "bearer"}:
        raise BadSignature("The delivery is not signed: LiveKit signs every webhook.")
    try:
        claims = jwt.decode(token, secret, algorithms=[ALGORITHM], issuer=api_key, options=_UNTIMED)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        remedy = "Set webhook.api_key on the server to the api_key of this source."
        raise BadSignature(f"The delivery is not signed with this source's api_key and api_secret. {remedy}") from error
    _must_be_of_now(claims, now_ms // 1000)
    claimed = claims.get("sha256")
    if not isinstance(claimed, str) or not hmac.compare_digest(claimed.encode(), _hash(delivery.body).encode()):
        raise BadSignature("The delivery's signature belongs to another body.")


def _must_be_of_now(claims: Mapping[str, Any], now_s: int) -> None:
    begin, end = claims.get("nbf", 0), claims["exp"]
    if not (_is_time(begin) and _is_time(end)):
        raise BadSignature("The delivery's signature has times that are none.")
    if begin > now_s + LEEWAY_S:
        raise BadSignature("The delivery is signed in the future: one of the two clocks is wrong.")
    if end <= now_s - LEEWAY_S:
        raise BadSignature(
            "The delivery's signature has expired: it comes too late, or one of the two clocks is wrong."
        )


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def signed(headers: Mapping[str, str], body: bytes, api_key: str, secret: str, now_ms: int) -> Mapping[str, str]:
    """The headers, with the signature that the server would give this body."""
    now_s = now_ms // 1000
    times = {"iat": now_s, "nbf": now_s, "exp": now_s + WEBHOOK_LIFETIME_S}
    token = jwt.encode({"iss": api_key, **times, "sha256": _hash(body)}, secret, algorithm=ALGORITHM)
    others = {name: value for name, value in headers.items() if name.lower() != "authorization"}
    return {**others, "authorization": token}


def _hash(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()
