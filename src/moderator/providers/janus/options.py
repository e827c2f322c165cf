"""The configuration keys of a Janus source, and what is derived from its secrets."""

import hashlib
import hmac
from typing import Annotated

from msgspec import Meta, Struct

from moderator.providers.addresses import must_be_address

NotEmpty = Annotated[str, Meta(min_length=1)]


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One Janus. Everything but the URLs and the user's name is a secret, so none of it is in the repr."""

    base_url: NotEmpty
    """Of the Janus API that participants use, such as `http://127.0.0.1:8088/janus`."""
    api_secret: str = ""
    admin_url: NotEmpty
    """Of the Admin API, such as `http://127.0.0.1:7088/admin`."""
    admin_secret: NotEmpty
    admin_key: str = ""
    """VideoRoom's; without it private rooms are in no list."""
    room_secret: str = ""
    """The secret that all rooms were created with."""
    token_secret: str = ""
    """Where the application derives allow-list tokens from it, see `issue_token`."""
    webhook_user: NotEmpty
    webhook_password: NotEmpty

    def __post_init__(self) -> None:
        """Raises ValueError for an address that is none."""
        for key, address in (("base_url", self.base_url), ("admin_url", self.admin_url)):
            must_be_address(key, address)

    def __repr__(self) -> str:
        return f"Options(base_url={self.base_url!r}, admin_url={self.admin_url!r})"


def credential_key(options: Options) -> bytes:
    """What `credential_of` is keyed with: the same in every gateway with this configuration."""
    return _hmac(options.admin_secret.encode(), "moderator: janus credential").digest()


def credential_of(token: str, key: bytes) -> str:
    """Tells tokens of an allow list apart in the log without revealing one. 32 hex digits."""
    return _hmac(key, token).hexdigest()[:32]


def issue_token(options: Options, room: str, user: str) -> str:
    """The allow-list token of a user in a room, where the application makes them of `token_secret`: hex HMAC-SHA256."""
    return _hmac(options.token_secret.encode(), f"{room}:{user}").hexdigest()


def _hmac(key: bytes, text: str) -> "hmac.HMAC":
    return hmac.new(key, text.encode(errors="surrogatepass"), hashlib.sha256)
