"""Times, durations and foreign text as people read them in a terminal."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

_JOINERS: Final = "\u200c\u200d"
"""Invisible, harmless, and part of how some scripts are written."""


def safe(text: str) -> str:
    """Text that somebody else chose, without what would steer a terminal: escapes, line ends, changes of direction."""
    return "".join(letter if letter.isprintable() or letter in _JOINERS else "\ufffd" for letter in text)


def clock_time(at_ms: int, *, with_seconds: bool = True) -> str:
    """The local time of day of a moment in milliseconds since the epoch."""
    try:
        local = datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone()
    except (OverflowError, ValueError, OSError):  # a time that no calendar has
        return "?"
    return local.strftime("%H:%M:%S" if with_seconds else "%H:%M")


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
        return f"+{over_s // 60:02d}:{over_s % 60:02d} over"
    left_s = left_ms // 1000
    if left_s >= 3600:
        return f"{left_s // 3600} h {left_s % 3600 // 60:02d} min"
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
