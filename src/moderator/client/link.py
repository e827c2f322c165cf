"""How the connection to the gateway is. Apart from its reader, so that a window can show it before that is loaded."""

from typing import Literal

from msgspec import Struct

LinkState = Literal["connecting", "live", "reconnecting", "signed_out", "forbidden"]


class Link(Struct, frozen=True):
    """A state, with a sentence for people."""

    state: LinkState
    sentence: str
