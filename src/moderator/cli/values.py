"""How what is written on a command line is read: durations, addresses, numbers. Each raises ArgumentTypeError with a
sentence that says how to write it."""

import math
from argparse import ArgumentTypeError
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from moderator.client.texts import next_time
from moderator.domain.durations import parse_duration_ms

MAX_ROOMS: Final = 10_000
MAX_HOURS: Final = 31 * 24


def seconds(text: str) -> int:
    """`5m` or `-90s` in whole seconds."""
    sign = -1 if text.startswith("-") else 1
    try:
        milliseconds = parse_duration_ms(text.removeprefix("-"))
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
    if milliseconds == 0 or milliseconds % 1000:
        raise ArgumentTypeError(f"{text!r} is not a number of whole seconds above zero")
    return sign * milliseconds // 1000


def positive_seconds(text: str) -> int:
    """`8h` in whole seconds."""
    if text.startswith("-"):
        raise ArgumentTypeError(f"{text!r} is below zero")
    return seconds(text)


def time_of_day(text: str) -> str:
    """`14:30`. Which day is meant depends on when it is asked."""
    try:
        next_time(text, 0)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
    return text


def block(text: str) -> bool | int:
    """`forever` is True, a duration its seconds."""
    return True if text == "forever" else positive_seconds(text)


def url(text: str) -> str:
    """The address of a gateway, without credentials or a query."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or parts.query or parts.fragment:
        raise ArgumentTypeError(f"write the gateway's address like https://moderation.example.org, not {text!r}")
    return text.rstrip("/")


def port(text: str) -> int:
    """A TCP port; 0 picks a free one."""
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def speed(text: str) -> float:
    """How many times quicker than recorded; 0 is without pauses."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise ArgumentTypeError(f"a speed is a number such as 1 or 10, or 0 for no pauses, not {text!r}")
    return value


def positive_speed(text: str) -> float:
    """How many times quicker than real."""
    if (value := speed(text)) == 0:
        raise ArgumentTypeError("write a speed above zero, such as 1 or 10")
    return value


def rooms(text: str) -> int:
    """How many rooms the demo has."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_ROOMS):
        raise ArgumentTypeError(f"write a number of rooms from 1 to {MAX_ROOMS}, not {text!r}")
    return int(text)


def hours(text: str) -> int:
    """How far back a report goes, in whole hours."""
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MAX_HOURS):
        raise ArgumentTypeError(f"write a number of hours from 1 to {MAX_HOURS}, not {text!r}")
    return int(text)


def running_time(text: str) -> float:
    """Seconds, without a unit."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise ArgumentTypeError(f"write a number of seconds above zero, not {text!r}")
    return value


def moment(text: str) -> int:
    """`2026-11-01`, or with a time, as milliseconds since the epoch; the local time where it names no zone."""
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError, OSError) as error:
        raise ArgumentTypeError(f"{text!r} is no time: write it like 2026-11-01 or 2026-11-01T14:30") from error
