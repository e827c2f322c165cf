"""Where the streams are and how to get in. No I/O."""

from pathlib import Path
from typing import Final

from msgspec import Struct

DEFAULT_NAME: Final = "moderator"
MOST_REPLICAS: Final = 5


class NatsSettings(Struct, frozen=True, kw_only=True):
    """What it takes to reach the log. It may hold a secret, so it shows none of it when it is printed."""

    servers: tuple[str, ...]
    """Addresses such as `nats://10.0.0.1:4222`, without user and password."""
    copy: Path
    """The file of the copy that this gateway reads from."""
    name: str = DEFAULT_NAME
    """Of the log: several can be on the same servers."""
    replicas: int | None = None
    """How many servers keep each entry; None: three in a cluster, one where there is a single server."""
    user: str = ""
    password: str = ""
    credentials: str = ""
    """What stands in a file of NATS's own kind, with a token and a key."""
    ca: Path | None = None
    """Whom to believe besides those that the system believes."""

    def __repr__(self) -> str:
        return f"NatsSettings({self.shown!r})"

    @property
    def shown(self) -> str:
        """The servers, as they may be told to anybody."""
        return ", ".join(self.servers)
