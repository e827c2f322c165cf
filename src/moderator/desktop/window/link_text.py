"""The one place that says whether what is seen is live. Pure."""

from typing import Final

from msgspec import Struct

from moderator.client.link import Link
from moderator.desktop.durations import age
from moderator.desktop.room_status import Level
from moderator.feed.session import Freshness

_SHUT_OUT: Final = {"signed_out": "Signed out", "forbidden": "No access"}


class LinkText(Struct, frozen=True):
    """A level, a word for it, and how old and how exact what is shown is."""

    level: Level
    word: str
    detail: str
    sentence: str
    """For tooltips, screen readers and the strip; says whose turn it is."""
    troubled: bool
    """Worth a strip across the window."""


def link_text(link: Link, freshness: Freshness, age_s: float | None, clock_error_ms: float | None) -> LinkText:
    """How the connection is. Frames count more than what the connection says of itself."""
    heard = "" if age_s is None else age(age_s)
    exact = "" if clock_error_ms is None else f"\u00b1{max(1, round(clock_error_ms))} ms"
    detail = "  ".join(part for part in (heard, exact) if part)
    if link.state in _SHUT_OUT:
        old = "" if age_s is None else " What is shown may be out of date."
        return LinkText("critical", _SHUT_OUT[link.state], "", sentence(link.sentence) + old, True)
    if age_s is None or link.state == "connecting":  # part of a first picture is none yet
        return LinkText("info", "Connecting", "", sentence(link.sentence), link.sentence.endswith("trying again"))
    if freshness == "stale":
        return LinkText("stale", "Stale", detail, f"Nothing was heard for {heard}: {link.sentence.rstrip('.')}.", True)
    if link.state != "live":
        return LinkText("warn", "Reconnecting", detail, sentence(link.sentence), True)
    level: Level = "normal" if freshness == "fresh" else "stale"
    times = f"times are exact to {exact}" if exact else "how exact times are is not known yet"
    return LinkText(level, "Live", detail, f"{sentence(link.sentence)} Last heard {heard} ago; {times}.", False)


def sentence(words: str) -> str:
    """Words with a capital and a full stop."""
    text = words.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
