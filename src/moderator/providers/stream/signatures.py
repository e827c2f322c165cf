"""Whether a delivery comes from the platform: the HMAC of its body, which may have been compressed on the way. Pure."""

import hashlib
import hmac
import zlib
from collections.abc import Mapping
from typing import Final

from moderator.providers.errors import BadSignature
from moderator.providers.provider import Delivery
from moderator.providers.stream.options import StreamOptions

GZIP: Final = b"\x1f\x8b"
MAX_UNPACKED_BYTES: Final = 2 * 1024 * 1024
_SIGNING: Final = frozenset({"x-signature", "x-api-key"})


def unpacked(body: bytes) -> bytes:
    """The body as it was signed. Only its first bytes tell whether it is compressed; headers are not looked at.

    Raises BadSignature for what cannot be unpacked, or would be too long.
    """
    if not body.startswith(GZIP):
        return body
    unpacking = zlib.decompressobj(wbits=31)
    try:
        content = unpacking.decompress(body, MAX_UNPACKED_BYTES + 1)
    except zlib.error as error:
        raise BadSignature("The delivery looks compressed, but cannot be unpacked.") from error
    if len(content) > MAX_UNPACKED_BYTES:
        raise BadSignature(f"The delivery has more than {MAX_UNPACKED_BYTES} bytes when it is unpacked.")
    if not unpacking.eof or unpacking.unused_data:
        raise BadSignature("The delivery looks compressed, but is cut off, or has something behind it.")
    return content


def verify(delivery: Delivery, options: StreamOptions) -> None:
    """Raise BadSignature unless this very body is signed with our secret, for our app."""
    key = delivery.headers.get("x-api-key", "")
    if key and not _same(key, options.api_key):
        raise BadSignature("The delivery is of another app: its X-Api-Key is not the api_key of this source.")
    signature = delivery.headers.get("x-signature", "").strip()
    if not signature:
        raise BadSignature("The delivery is not signed: it has no X-Signature.")
    if not _same(signature.lower(), _signature(unpacked(delivery.body), options.api_secret)):
        raise BadSignature("The delivery's signature is not of the api_secret of this source.")


def signed(headers: Mapping[str, str], body: bytes, options: StreamOptions) -> Mapping[str, str]:
    """The headers, with the signature that the platform would give this body."""
    others = {name: value for name, value in headers.items() if name.lower() not in _SIGNING}
    signature = _signature(unpacked(body), options.api_secret)
    return {**others, "x-api-key": options.api_key, "x-signature": signature}


def _signature(content: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
