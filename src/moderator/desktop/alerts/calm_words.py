"""What the panel says when there is no alert: that nothing needs anybody, or why that is not known. Pure."""

from typing import Final

from msgspec import Struct

from moderator.client.link import Link, LinkState
from moderator.client.texts import clock_time, safe
from moderator.domain.rooms import Room
from moderator.feed.session import Freshness
from moderator.language import marked, tr


class CalmWords(Struct, frozen=True):
    """An icon of `resources/icons`, a headline, and a sentence below."""

    icon: str
    headline: str
    text: str


_UNKNOWN: Final = marked("What needs you is not known yet.")
_SHUT_OUT: Final[dict[LinkState, CalmWords]] = {
    "signed_out": CalmWords("log-in", marked("Signed out"), marked("Sign in to see what needs you.")),
    "forbidden": CalmWords("lock", marked("No access"), marked("Your token does not let you see what needs you.")),
}


def calm_words(link: Link, *, ready: bool, freshness: Freshness, live: int, following: Room | None) -> CalmWords:
    """What is true while so many rooms are live and `following` ends next; `ready`: a whole picture was received."""
    if link.state in _SHUT_OUT:
        found = _SHUT_OUT[link.state]
        return CalmWords(found.icon, tr(found.headline), tr(found.text))
    if not ready and link.state == "live":
        return CalmWords("hourglass", tr("Loading the rooms"), tr(_UNKNOWN))
    if not ready:
        return CalmWords("hourglass", tr("Connecting"), tr(_UNKNOWN))
    if freshness == "stale":
        return CalmWords("wifi-off", tr("Out of date"), tr("Nothing needed you when the gateway was last heard."))
    return CalmWords("circle-check", tr("Nothing needs you"), _outlook(live, following))


def _outlook(live: int, following: Room | None) -> str:
    if following is not None and following.deadline is not None:
        time = clock_time(following.deadline.ends_at, with_seconds=False)
        return tr("Next: {room} ends at {time}.").format(room=safe(following.name), time=time)
    return tr("No room has an end.") if live else tr("No rooms are live.")
