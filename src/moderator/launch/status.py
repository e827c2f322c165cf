"""What the one who started a gateway is told of it."""

from typing import Literal

from msgspec import Struct

ChildState = Literal["starting", "running", "restarting", "failed"]


class ChildStatus(Struct, frozen=True):
    """How the embedded gateway is, with a sentence for people where it does not simply run."""

    state: ChildState
    sentence: str


class GatewayAccess(Struct, frozen=True):
    """Where the gateway is, and the token for it."""

    url: str
    token: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"
