"""Times, durations and foreign text as people read and write them."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from moderator.domain.rooms import Room
from moderator.language import tr

_JOINERS: Final = "\u200c\u200d"
"""Invisible, harmless, and part of how some scripts are written."""
MAX_SHOWN: Final = 2_000
"""Letters. To lay out a name of a million takes minutes, and nobody reads it."""
_TIME_OF_DAY: Final = re.compile(r"([01]?\d|2[0-3]):[0-5]\d", re.ASCII)


def safe(text: str) -> str:
    """Text that somebody else chose, without what would steer a terminal: escapes, line ends, changes of direction.
    What is far too long is cut.
    """
    shown = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    if shown.isprintable():  # as nearly always, and to look at every letter takes long
        return shown
    return "".join(letter if letter.isprintable() or letter in _JOINERS else "\ufffd" for letter in shown)


class _InForce:
    time_of_day: Callable[[datetime, bool], str] = lambda local, with_seconds: local.strftime(
        "%H:%M:%S" if with_seconds else "%H:%M"
    )


def write_times(time_of_day: Callable[[datetime, bool], str]) -> None:
    """From now on a local time of day is written so, with seconds or without; as long as nobody says, with 24 hours."""
    _InForce.time_of_day = time_of_day


def clock_time(at_ms: int, *, with_seconds: bool = True) -> str:
    """The local time of day of a moment in milliseconds since the epoch."""
    local = local_time(at_ms)
    return "?" if local is None else _InForce.time_of_day(local, with_seconds)


def local_time(at_ms: int) -> datetime | None:
    """A moment in milliseconds since the epoch as clocks and calendars here show it; None for what no calendar has."""
    try:
        return datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return None


def next_time(time_of_day: str, now_ms: int) -> int:
    """When clocks here show `14:30` next, in milliseconds since the epoch. Raises ValueError for what is no time."""
    if not _TIME_OF_DAY.fullmatch(time_of_day):
        raise ValueError(tr("Write a time of day such as 14:30."))
    hour, minute = map(int, time_of_day.split(":"))
    local = local_time(now_ms)
    if local is None or local.date() == date.max:
        raise ValueError(tr("Write a time of day such as 14:30."))  # no calendar has a day after this one
    # Without its zone, so that the day on which clocks change counts as they show it.
    today = local.replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
    at_ms = int(today.timestamp() * 1000)
    return at_ms if at_ms > now_ms else int((today + timedelta(days=1)).timestamp() * 1000)


_PLATFORMS: Final = {"livekit": "LiveKit", "opentok": "OpenTok"}
"""Names that are not written like the words of the configuration."""


def platform_name(provider: str) -> str:
    """A provider as the name of its platform: `Stream`. Safe to print."""
    return _PLATFORMS.get(provider) or safe(provider[:1].upper() + provider[1:]) or tr("The platform")


def keeper(room: Room) -> str:
    """The platform's name where it keeps the room's deadline itself; empty where the gateway does. Safe to print."""
    return platform_name(room.provider) if room.deadline_is_platforms else ""


def minutes(duration_ms: int) -> str:
    """`5:00`, `1:05:00`; whole seconds, the sign in front."""
    total_s = abs(duration_ms) // 1000
    hours, rest_s = divmod(total_s, 3600)
    body = f"{hours}:{rest_s // 60:02d}" if hours else str(rest_s // 60)
    return f"{'-' if duration_ms < 0 else ''}{body}:{rest_s % 60:02d}"


def time_left(left_ms: int) -> str:
    """`04:59` under an hour, `1 h 05 min` above, `+02:13 over` when it is past. Never shows more time than there is."""
    if left_ms < 0:
        over_s = -(left_ms // 1000)
        return tr("+{time} over").format(time=f"{over_s // 60:02d}:{over_s % 60:02d}")
    left_s = left_ms // 1000
    if left_s >= 3600:
        return tr("{hours} h {minutes} min").format(hours=left_s // 3600, minutes=f"{left_s % 3600 // 60:02d}")
    return f"{left_s // 60:02d}:{left_s % 60:02d}"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with aligned columns, also where letters are two cells wide."""
    widths = [max(map(_cells, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _cells(text))


def _cells(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(bool(unicodedata.combining(letter)) or letter in _JOINERS for letter in text)
