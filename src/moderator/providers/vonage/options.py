"""The configuration keys of a Vonage and of an OpenTok source."""

import functools
from ipaddress import ip_network
from typing import Annotated

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec import Meta, Struct

from moderator.providers.addresses import must_be_address
from moderator.providers.identity import Identity

NotEmpty = Annotated[str, Meta(min_length=1)]


class VonageOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One application with the capability Video."""

    application_id: NotEmpty
    private_key: NotEmpty
    """The application's, PEM: the whole text, with its first and last line."""
    signature_secret: NotEmpty
    base_url: NotEmpty = "https://video.api.vonage.com"
    identity: Identity | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for an address or a key that is none; the message holds nothing of the key."""
        must_be_address("base_url", self.base_url)
        read_private_key(self.private_key)

    def __repr__(self) -> str:
        return f"VonageOptions(application_id={self.application_id!r}, base_url={self.base_url!r})"


class OpenTokOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One OpenTok project."""

    api_key: NotEmpty
    api_secret: NotEmpty
    signature_secret: str = ""
    allow_from: tuple[str, ...] = ()
    """Networks that deliveries may come from, such as 216.147.0.0/18: all that can be checked without a signature."""
    base_url: NotEmpty = "https://api.opentok.com"
    identity: Identity | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for an address or a network that is none, and when nothing would tell who sends."""
        must_be_address("base_url", self.base_url)
        for network in self.allow_from:
            try:
                ip_network(network, strict=False)
            except ValueError:
                raise ValueError(f"allow_from: {network!r} is no network: write one like 216.147.0.0/18") from None
        if not self.signature_secret and not self.allow_from:
            raise ValueError(
                "signature_secret or allow_from: without a signature, name the networks that OpenTok sends from"
            )

    def __repr__(self) -> str:
        return f"OpenTokOptions(api_key={self.api_key!r}, base_url={self.base_url!r})"


@functools.lru_cache(maxsize=16)
def read_private_key(text: str) -> RSAPrivateKey:
    """The key in a PEM text, whose line breaks may be written `\\n`, as in environment variables. Raises ValueError."""
    try:
        key = load_pem_private_key(text.replace("\\n", "\n").encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it wants a password
        key = None
    if not isinstance(key, RSAPrivateKey):
        remedy = "give the whole file that Vonage made, from -----BEGIN PRIVATE KEY----- on, with its line breaks"
        raise ValueError(f"private_key: this is no RSA private key: {remedy}")
    return key
