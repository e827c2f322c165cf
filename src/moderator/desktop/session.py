"""What a window is opened on: a gateway, the token for it, and, where it is our own child, how that child is doing."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from moderator.client.credentials_store import CredentialsStore
from moderator.client.tokens import Tokens
from moderator.launch.status import ChildState, ChildStatus, GatewayAccess

__all__ = ["ChildState", "ChildStatus", "DesktopSession", "EmbeddedGateway", "GatewayAccess"]


class EmbeddedGateway(Protocol):
    """A gateway that runs as a supervised child of this program."""

    async def start(self) -> GatewayAccess:
        """Start it, or attach to the one that runs already. Raises OSError with a sentence when it cannot run."""

    async def run(self, changed: Callable[[ChildStatus], None]) -> None:
        """Keep it running until cancelled: restart it when it ends, and say how it is."""

    async def stop(self) -> None:
        """End it; returns when it has ended."""


class DesktopSession(Struct, frozen=True, kw_only=True):
    """One window's gateway: at an address (`access`), or a child of its own (`embedded`); one of the two is given."""

    access: GatewayAccess | None = None
    tokens: Tokens | None = None
    """Asked for every request, so that a new token counts at once; without it the one of the access is used."""
    sign_ins: CredentialsStore | None = None
    """Where sign-ins are kept: given where people sign in in the window, and then the access has no token."""
    embedded: EmbeddedGateway | None = None
    title: str = "Moderator"
    speed: float = 1.0
    """How much quicker than real the rooms' time runs; the demo's, 1 otherwise. Shown, never used for reckoning."""
    hint: bool = False
    """Show the newcomer's three lines."""
    config_path: str = ""
    """The file that the embedded gateway reads, where accounts may be added to it."""
    renew: Callable[[], Awaitable[bool]] | None = None
    """Have the embedded gateway read that file again; False when it is another window's."""
    welcome: bool = False
    """Ask for an account at once, also where there is one."""
    data_folder: Path | None = None
    """Where the window keeps what it has to remember of these rooms; the user's own folder without it. What the user
    has chosen is not among it: that is the same everywhere."""


Opening = Callable[[], AbstractContextManager[DesktopSession]]
"""Makes a session that ends with its context. Raises OSError with a sentence."""


def opening(session: DesktopSession) -> Opening:
    """Of a session that leaves nothing to tidy up."""
    return lambda: nullcontext(session)
