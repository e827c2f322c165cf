"""Lengths of time, and ends, as people type them. Pure."""

import re
from typing import Final

from moderator.client.texts import next_time
from moderator.language import tr

_CLOCK: Final = re.compile(r"(\d{1,4}):([0-5]\d)")
_PARTS: Final = re.compile(r"(?:(\d{1,4})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?\s*(?:(\d{1,6})\s*s)?", re.IGNORECASE)
_MINUS: Final = "-\u2212\u2013"
"""As keyboards write it, as we show it, and as it is pasted."""
LONGEST_S: Final = 24 * 3600
"""The gateway takes no more at once."""


def parse_duration(text: str) -> int:
    """Whole seconds of `7` (minutes), `7m`, `90s`, `1h 5m` or `1:30` (minutes and seconds). Raises ValueError."""
    typed = text.strip()
    if typed.isascii() and typed.isdigit():
        seconds = int(typed[:6]) * 60
    elif clock := _CLOCK.fullmatch(typed):
        seconds = int(clock[1]) * 60 + int(clock[2])
    elif typed and (parts := _PARTS.fullmatch(typed)):
        hours, minutes, rest = (int(part or 0) for part in parts.groups())
        seconds = hours * 3600 + minutes * 60 + rest
    else:
        raise ValueError(tr("Type minutes, or a time such as 90s or 1:30."))
    if not 0 < seconds <= LONGEST_S:
        raise ValueError(tr("Type more than nothing, and no more than a day."))
    return seconds


def parse_change(text: str) -> int:
    """The same, also with a minus sign, for time that is taken away: then below zero. Raises ValueError."""
    typed = text.strip()
    return -parse_duration(typed[1:]) if typed and typed[0] in _MINUS else parse_duration(typed.removeprefix("+"))


def parse_end(text: str, now_ms: int) -> int:
    """The moment that `14:30` names, which is the next one, or `45` minutes from now. Raises ValueError."""
    typed = text.strip()
    if _CLOCK.fullmatch(typed):
        ends_at = next_time(typed, now_ms)
    else:
        try:
            ends_at = now_ms + parse_duration(typed) * 1000
        except ValueError as error:
            raise ValueError(tr("Type a time such as 14:30, or the minutes from now.")) from error
    if ends_at - now_ms > LONGEST_S * 1000:  # the night on which clocks are set back
        raise ValueError(tr("Type a time that is no more than a day away."))
    return ends_at
