"""How the connection to the gateway is. Apart from its reader, so that a window can show it before that is loaded."""

from typing import Final, Literal

from msgspec import Struct

LinkState = Literal["connecting", "live", "reconnecting", "signed_out", "forbidden"]
SHUT_OUT: Final[frozenset[LinkState]] = frozenset({"signed_out", "forbidden"})
"""Nothing is told or taken until there is another token."""
LinkFault = Literal["", "offline", "unreadable"]
"""`offline`: this computer's own network is away. `unreadable`: what the gateway sends is not for this version."""


class Link(Struct, frozen=True):
    """A state, with a sentence for people."""

    state: LinkState
    sentence: str
    fault: LinkFault = ""
    attempts: int = 0
    """How often it was tried in vain since it last worked."""
    retry_at_s: float | None = None
    """When it is tried again, by the monotonic clock."""
