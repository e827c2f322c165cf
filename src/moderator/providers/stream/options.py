"""The configuration keys of a Stream source."""

from typing import Annotated

from msgspec import Meta, Struct

from moderator.providers.addresses import must_be_address

NotEmpty = Annotated[str, Meta(min_length=1)]


class StreamOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One app."""

    api_key: NotEmpty
    """Public: it stands in every address that is asked."""
    api_secret: NotEmpty
    base_url: NotEmpty = "https://video.stream-io-api.com"
    moderator_user: NotEmpty = "moderator"
    """The user of this app in whose name mutes and messages are sent, and calls made; it has to exist."""
    call_type: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = "default"
    """Of the calls that are made for whoever asks for a room."""

    def __post_init__(self) -> None:
        """Raises ValueError for an address that is none."""
        must_be_address("base_url", self.base_url)

    def __repr__(self) -> str:
        return f"StreamOptions(api_key={self.api_key!r}, base_url={self.base_url!r})"
