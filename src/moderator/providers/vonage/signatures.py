"""Whether a delivery comes from the platform: its signature (a JWT), or the network that it comes from. Pure."""

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

import jwt

from moderator.providers.errors import BadSignature
from moderator.providers.provider import Delivery

ALGORITHM: Final = "HS256"
LEEWAY_S: Final = 60
"""The sender's clock may be ahead by this much. How old a signature is does not matter: a retry may be a day late."""
ISSUER: Final = "Vonage"


def verify_signature(delivery: Delivery, secret: str) -> None:
    """Raise BadSignature unless the delivery carries a JWT of this secret, about this very body where it says so."""
    scheme, _, token = delivery.headers.get("authorization", "").strip().rpartition(" ")
    if not token or scheme.lower() not in {"", "bearer"}:
        raise BadSignature("The delivery is not signed. Turn on secure callbacks for each callback, with this secret.")
    try:
        claims = jwt.decode(token, secret, algorithms=[ALGORITHM], leeway=LEEWAY_S, options={"verify_aud": False})
    except jwt.ImmatureSignatureError as error:
        raise BadSignature("The delivery is signed in the future: one of the two clocks is wrong.") from error
    except jwt.ExpiredSignatureError as error:
        raise BadSignature("The delivery's signature has expired, by its own word.") from error
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise BadSignature("The delivery's signature is not of the signature_secret of this source.") from error
    claimed = claims.get("payload_hash")
    if claimed is not None and not hmac.compare_digest(str(claimed).lower().encode(), _hash(delivery.body).encode()):
        raise BadSignature("The delivery's signature belongs to another body.")


def signed(headers: Mapping[str, str], body: bytes, secret: str, now_ms: int) -> Mapping[str, str]:
    """The headers, with the signature that the platform would give this body."""
    claims = {"iat": now_ms // 1000, "jti": str(uuid.uuid4()), "iss": ISSUER, "payload_hash": _hash(body)}
    others = {name: value for name, value in headers.items() if name.lower() != "authorization"}
    return {**others, "authorization": f"Bearer {jwt.encode(claims, secret, algorithm=ALGORITHM)}"}


def verify_sender(delivery: Delivery, networks: Iterable[IPv4Network | IPv6Network]) -> None:
    """Raise BadSignature unless the connection came from one of these; what headers say of it is not looked at."""
    try:
        address = _address(delivery.peer)
    except ValueError as error:
        raise BadSignature("The delivery's sender has no address that allow_from could name.") from error
    if not any(address in network for network in networks):
        raise BadSignature("The delivery comes from an address that allow_from does not name.")


@lru_cache(maxsize=256)
def _address(peer: str) -> IPv4Address | IPv6Address:
    """Raises ValueError. A platform sends from few addresses, and each takes longer to read than to compare."""
    address = ip_address(peer)
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
