"""The one place that says whether what is seen is live. Pure."""

from typing import Final

from msgspec import Struct

from moderator.client.link import Link
from moderator.client.texts import safe
from moderator.desktop.durations import age
from moderator.desktop.room_status import Level
from moderator.feed.session import Freshness
from moderator.language import decimal, marked, tr, tr_in

SLOW_LINK_MS: Final = 500.0
"""From here on it is seconds that are doubtful, and worth a word."""
_SHUT_OUT: Final = {"signed_out": marked("Signed out"), "forbidden": marked("No access")}


class LinkText(Struct, frozen=True):
    """A level, a word for it, and how old and how exact what is shown is."""

    level: Level
    word: str
    detail: str
    sentence: str
    """For tooltips, screen readers and the strip; says whose turn it is."""
    is_live: bool = False


def link_text(link: Link, freshness: Freshness, age_s: float | None, clock_error_ms: float | None) -> LinkText:
    """How the connection is. Frames count more than what the connection says of itself."""
    heard, exact = "" if age_s is None else age(age_s), exactness(clock_error_ms)
    detail = "  ".join(part for part in (heard, exact) if part)
    said = sentence(safe(link.sentence))
    if link.state in _SHUT_OUT:
        return LinkText("critical", tr(_SHUT_OUT[link.state]), "", said)
    if link.fault == "offline":
        return LinkText("critical", tr("Offline"), heard, said)
    if age_s is None or link.state == "connecting":  # part of a first picture is none yet
        return LinkText("info", tr("Connecting"), "", said)
    if freshness == "stale":
        words = tr("Nothing was heard for {age}: {why}.").format(age=heard, why=safe(link.sentence).rstrip("."))
        return LinkText("stale", tr_in("connection", "Stale"), detail, words)
    if link.state != "live":
        return LinkText("warn", tr("Reconnecting"), detail, said)
    level: Level = "normal" if freshness == "fresh" else "stale"
    words = tr("{connected} Last heard {age} ago; times are exact to {exact}.")
    if not exact:
        words = tr("{connected} Last heard {age} ago; how exact times are is not known yet.")
    return LinkText(level, tr("Live"), detail, words.format(connected=said, age=heard, exact=exact), is_live=True)


def exactness(clock_error_ms: float | None) -> str:
    """How wrong times can be: `±12 ms`, `±0.6 s (slow link)`; empty while that is not known."""
    if clock_error_ms is None:
        return ""
    if clock_error_ms > SLOW_LINK_MS:
        return tr("±{seconds} s (slow link)").format(seconds=decimal(clock_error_ms / 1000))
    return tr("±{count} ms").format(count=max(1, round(clock_error_ms)))


def sentence(words: str) -> str:
    """Words with a capital and a full stop."""
    text = words.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
