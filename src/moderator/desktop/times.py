"""Moments and units as the user's system and language write them: 12 or 24 hours as the system has it, words and the
order of a date as the language has it. Figures are always Latin ones.
"""

from datetime import datetime, time
from functools import cache
from typing import Final, Literal

from PySide6.QtCore import QLocale

from moderator.client import texts
from moderator.client.texts import local_time
from moderator.language import tr

Unit = Literal["hour", "minute", "second"]
_NOON: Final = 12


class _InForce:
    language: str = "en"


def follow_system(language: str) -> None:
    """From now on write times as this system does, in a language of `moderator.desktop.languages`."""
    adopt(language, twelve_hours=has_twelve_hours(QLocale.system().timeFormat(QLocale.FormatType.ShortFormat)))


def adopt(language: str, *, twelve_hours: bool) -> None:
    """From now on write times so."""
    _InForce.language = language
    texts.write_times(_twelve_hours if twelve_hours else _twenty_four_hours)


def has_twelve_hours(pattern: str) -> bool:
    """Whether a pattern of Qt's, such as `h:mm AP`, writes before and after noon alike. Quoted text is no pattern."""
    unquoted = "".join(pattern.split("'")[::2])
    return "a" in unquoted.lower()


def day_words(at_ms: int, now_ms: int) -> str:
    """The day of a moment: `today`, `yesterday`, else the date; empty for what no calendar has."""
    local, now = local_time(at_ms), local_time(now_ms)
    if local is None or now is None:
        return ""
    days = (now.date() - local.date()).days
    return {0: tr("today"), 1: tr("yesterday")}.get(days) or _date(local)


def unit_words(count: int, unit: Unit) -> str:
    """`5 minutes`: a number of units, as the language says it."""
    from babel.units import format_unit  # noqa: PLC0415  # loaded when first spoken, not with the window

    return format_unit(count, f"duration-{unit}", length="long", locale=_InForce.language, numbering_system="latn")


def _date(local: datetime) -> str:
    from babel.dates import format_date  # noqa: PLC0415  # as above

    return format_date(local.date(), "medium", locale=_InForce.language)


def _twenty_four_hours(local: datetime, with_seconds: bool) -> str:
    return local.strftime("%H:%M:%S" if with_seconds else "%H:%M")


def _twelve_hours(local: datetime, with_seconds: bool) -> str:
    hour = local.hour % _NOON or _NOON
    seconds = f":{local.second:02d}" if with_seconds else ""
    return f"{hour}:{local.minute:02d}{seconds} {_half_of_day(_InForce.language, local.hour >= _NOON)}"


@cache
def _half_of_day(language: str, after_noon: bool) -> str:
    from babel.dates import format_time  # noqa: PLC0415  # as above

    words = format_time(time(_NOON if after_noon else 0, 1), "a", locale=language)
    return " ".join(words.split())  # plain spaces: a time stands in texts out of which others are taken
