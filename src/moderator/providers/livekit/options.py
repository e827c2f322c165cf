"""The configuration keys of a LiveKit source: one key of one server, or of one project of LiveKit Cloud."""

from typing import Annotated

from msgspec import Meta, Struct

from moderator.providers.addresses import must_be_address
from moderator.providers.identity import Identity

NotEmpty = Annotated[str, Meta(min_length=1)]
_SCHEMES = (("ws://", "http://"), ("wss://", "https://"))


class LiveKitOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One API key. Webhooks have to be signed with the same."""

    api_key: NotEmpty
    api_secret: NotEmpty
    base_url: NotEmpty
    """The address that clients connect to, such as wss://clinic.livekit.cloud, or the same with http."""
    identity: Identity | None = None
    """Where in the participants' metadata user, name, role and the room's name stand, if they do."""

    def __post_init__(self) -> None:
        """Raises ValueError for an address that is none."""
        must_be_address("base_url", self.http_url)

    @property
    def http_url(self) -> str:
        """`base_url` for requests: the API is at the address that clients open their WebSockets to."""
        for scheme, ours in _SCHEMES:
            if self.base_url.lower().startswith(scheme):
                return ours + self.base_url[len(scheme) :]
        return self.base_url

    @property
    def client_url(self) -> str:
        """`base_url` for clients."""
        for scheme, ours in _SCHEMES:
            if self.http_url.lower().startswith(ours):
                return scheme + self.http_url[len(ours) :]
        return self.base_url

    def __repr__(self) -> str:
        return f"LiveKitOptions(api_key={self.api_key!r}, base_url={self.base_url!r})"
