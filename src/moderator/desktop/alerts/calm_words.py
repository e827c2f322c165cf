"""What the panel says when there is no alert: that nothing needs anybody, or why that is not known. Pure."""

from collections.abc import Sequence
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


def calm_words(link: Link, *, ready: bool, freshness: Freshness, rooms: Sequence[Room], now_ms: int) -> CalmWords:
    """What is true of these rooms now; `ready` says that a whole picture was received."""
    if link.state in _SHUT_OUT:
        found = _SHUT_OUT[link.state]
        return CalmWords(found.icon, tr(found.headline), tr(found.text))
    if not ready and link.state == "live":
        return CalmWords("hourglass", tr("Loading the rooms"), tr(_UNKNOWN))
    if not ready:
        return CalmWords("hourglass", tr("Connecting"), tr(_UNKNOWN))
    if freshness == "stale":
        return CalmWords("wifi-off", tr("Out of date"), tr("Nothing needed you when the gateway was last heard."))
    return CalmWords("circle-check", tr("Nothing needs you"), _outlook(rooms, now_ms))


def _outlook(rooms: Sequence[Room], now_ms: int) -> str:
    live = [room for room in rooms if room.state == "live"]
    ends = [(room.deadline.ends_at, room.name) for room in live if room.deadline is not None]
    at, name = min((end for end in ends if end[0] > now_ms), default=(0, ""))
    if at:
        return tr("Next: {room} ends at {time}.").format(room=safe(name), time=clock_time(at, with_seconds=False))
    return tr("No room has an end.") if live else tr("No rooms are live.")
