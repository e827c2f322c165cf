"""What an OpenID Connect issuer publishes about itself: its endpoints, and the public keys of its tokens. Pure: how it
is fetched is in `oidc`.
"""

from collections.abc import Mapping
from typing import Any, Final

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from msgspec import Struct

from moderator.feed.addresses import is_secure

MAX_DOCUMENT_BYTES: Final = 512 * 1024
MAX_KEYS: Final = 100
MIN_RSA_BITS: Final = 2048
_ALGORITHMS: Final = {("RSA", ""): "RS256", ("EC", "P-256"): "ES256"}
"""By kind of key: what a key is for is never read off a token."""


class IssuerError(Exception):
    """What the issuer publishes cannot be used. The message says what is wrong."""


class Discovery(Struct, frozen=True):
    """An issuer's own description."""

    issuer: str
    jwks_uri: str
    device_authorization_endpoint: str = ""
    token_endpoint: str = ""
    revocation_endpoint: str = ""


class IssuerKey(Struct, frozen=True):
    """One public key, and the one algorithm that it is used with."""

    algorithm: str
    key: Any


def read_discovery(body: bytes, issuer: str) -> Discovery:
    """What is published at `/.well-known/openid-configuration`. Raises IssuerError."""
    found: Discovery = _decoded(body, Discovery)
    if found.issuer != issuer:
        raise IssuerError(
            f"it says that its name is {found.issuer[:200]!r}, not {issuer!r}: correct access.oidc.issuer"
        )
    if not is_secure(found.jwks_uri):
        raise IssuerError("the address of its keys is not https")
    return found


def read_keys(body: bytes) -> dict[str, IssuerKey]:
    """The keys that verify tokens, by their ids; others are left out. Raises IssuerError when there is none."""
    listed = _decoded(body, _KeySet).keys[:MAX_KEYS]
    keys = {kid: key for one in listed if (key := _key(one)) and isinstance(kid := one.get("kid"), str)}
    if not keys:
        raise IssuerError("it publishes no key of RS256 or ES256 with an id")
    return keys


class _KeySet(Struct, frozen=True):
    keys: list[dict[str, Any]]


def _decoded(body: bytes, type_: type[Any]) -> Any:
    if len(body) > MAX_DOCUMENT_BYTES:
        raise IssuerError(f"its document has more than {MAX_DOCUMENT_BYTES} bytes")
    try:
        return msgspec.json.decode(body, type=type_)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise IssuerError("its document is not the JSON that is expected") from error


def _key(published: Mapping[str, Any]) -> IssuerKey | None:
    kind = str(published.get("kty"))
    algorithm = _ALGORITHMS.get((kind, str(published.get("crv")) if kind == "EC" else ""))
    if algorithm is None or published.get("use", "sig") != "sig" or published.get("alg", algorithm) != algorithm:
        return None
    try:
        key = jwt.PyJWK(dict(published), algorithm=algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAPublicKey) and key.key_size < MIN_RSA_BITS:
        return None
    # A private key that was published by mistake is no secret any more, and proves nothing.
    return IssuerKey(algorithm, key) if hasattr(key, "verify") else None
