"""Who the gateway takes us for. Apart from the commands: a window knows it before it loads the HTTP library."""

from msgspec import Struct


class Me(Struct, frozen=True):
    """Whose token this is, and what it allows."""

    name: str
    scopes: tuple[str, ...]
    id: str = ""
    rooms: tuple[str, ...] = ()
    """Globs on `SOURCE/ROOM`: what the token may see."""
    expires_at: int | None = None
    """Milliseconds since the epoch, UTC."""
    version: str = ""
    """Of the gateway."""
    features: tuple[str, ...] = ()
    on_duty: bool = False
