"""Why a review window has nothing to show, as a title, a sentence and whether another try helps. Pure."""

from msgspec import Struct

from moderator.client.errors import Busy, Forbidden, GatewayError, GatewayUnreachable, Invalid, NotFound, SignedOut
from moderator.client.me import Me
from moderator.client.texts import safe


class Trouble(Struct, frozen=True):
    """What stands in the place of the rows."""

    icon: str
    title: str
    line: str
    can_retry: bool = True


_WORDS: tuple[tuple[type[GatewayError], str, str], ...] = (
    (Forbidden, "lock", "Your token does not allow this"),
    (SignedOut, "log-in", "Signed out"),
    (GatewayUnreachable, "wifi-off", "The gateway cannot be reached"),
    (NotFound, "search-x", "This is not there"),
    (Invalid, "circle-alert", "The gateway does not accept this question"),
    (Busy, "circle-alert", "This cannot be read now"),
    (GatewayError, "circle-alert", "This could not be read"),
)
"""The first that fits."""


def trouble_of(error: GatewayError) -> Trouble:
    """What to show for an error; its own sentence says whose turn it is."""
    icon, title = next((icon, title) for kind, icon, title in _WORDS if isinstance(error, kind))
    return Trouble(icon, title, sentence_of(error), can_retry=not isinstance(error, Forbidden))


def sentence_of(error: GatewayError) -> str:
    """With a capital and a full stop; names such as rtcStats stay as they are written. Safe to print."""
    words = safe(str(error)).strip()
    capital = words[:1].upper() if words.split(" ")[0].islower() else words[:1]
    return capital + words[1:] + ("" if words.endswith((".", "!", "?", ";")) else ".")


def missing_scope(me: Me | None, scope: str) -> Trouble | None:
    """Known before asking: this token may not."""
    if me is None or scope in me.scopes:
        return None
    line = f"It needs {scope}. Whoever manages access can give you a token that has it."
    return Trouble("lock", "Your token does not allow this", line, can_retry=False)


NO_GATEWAY = Trouble("wifi-off", "The gateway is not connected yet", "Try again in a moment.")
