"""Why a review window has nothing to show, as a title, a sentence and whether another try helps. Pure."""

from msgspec import Struct

from moderator.client.errors import Busy, Forbidden, GatewayError, GatewayUnreachable, Invalid, NotFound, SignedOut
from moderator.client.me import Me
from moderator.client.scopes import lacking_scope
from moderator.client.texts import safe
from moderator.language import marked, tr


class Trouble(Struct, frozen=True):
    """What stands in the place of the rows."""

    icon: str
    title: str
    line: str
    can_retry: bool = True


_WORDS: tuple[tuple[type[GatewayError], str, str], ...] = (
    (Forbidden, "lock", marked("Your token does not allow this")),
    (SignedOut, "log-in", marked("Signed out")),
    (GatewayUnreachable, "wifi-off", marked("The gateway cannot be reached")),
    (NotFound, "search-x", marked("This is not there")),
    (Invalid, "circle-alert", marked("The gateway does not accept this question")),
    (Busy, "circle-alert", marked("This cannot be read now")),
    (GatewayError, "circle-alert", marked("This could not be read")),
)
"""The first that fits."""


def trouble_of(error: GatewayError) -> Trouble:
    """What to show for an error; its own sentence says whose turn it is."""
    icon, title = next((icon, title) for kind, icon, title in _WORDS if isinstance(error, kind))
    return Trouble(icon, tr(title), sentence_of(error), can_retry=not isinstance(error, Forbidden))


def sentence_of(error: GatewayError) -> str:
    """With a capital and a full stop; names such as rtcStats stay as they are written. Safe to print."""
    words = safe(str(error)).strip()
    capital = words[:1].upper() if words.split(" ")[0].islower() else words[:1]
    return capital + words[1:] + ("" if words.endswith((".", "!", "?", ";")) else ".")


def missing_scope(me: Me | None, scope: str) -> Trouble | None:
    """Known before asking: this token may not."""
    if me is None or scope in me.scopes:
        return None
    return Trouble("lock", tr("Your token does not allow this"), lacking_scope(scope), can_retry=False)


def no_gateway() -> Trouble:
    """There is no connection that could be asked."""
    return Trouble("wifi-off", tr("The gateway is not connected yet"), tr("Try again in a moment."))
