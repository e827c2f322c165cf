"""Times as Stream writes them: RFC 3339 with up to nine digits, or integer nanoseconds, whichever it likes. Pure."""

import re
from datetime import datetime
from typing import Final

from moderator.providers.reporting import NotUnderstoodError

Time = int | float | str | None
NS_PER_MS: Final = 1_000_000
LATEST_MS: Final = 2**53
MAX_DIGITS: Final = 30
_RFC3339: Final = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d*))?(?:[Zz]|([+-]\d\d:\d\d))", re.ASCII)


def moment_ms(value: Time) -> int | None:
    """Milliseconds since the epoch; None for what says that there is no time. Raises NotUnderstoodError.

    No time is null, an empty text, zero, or the year 1, which some platforms write for it.
    """
    if value is None or value == "":
        return None
    try:
        milliseconds = _from_text(value) if isinstance(value, str) else int(value) // NS_PER_MS
    except (ValueError, OverflowError) as error:
        raise NotUnderstoodError("a time that is none") from error
    if milliseconds > LATEST_MS:
        raise NotUnderstoodError("a time that cannot be")
    return milliseconds if milliseconds > 0 else None


def _from_text(text: str) -> int:
    """Raises ValueError or OverflowError."""
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text) // NS_PER_MS
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise ValueError("no time")
    date, time, fraction, zone = found.groups()
    whole = datetime.fromisoformat(f"{date}T{time}{zone or '+00:00'}")
    return int(whole.timestamp()) * 1000 + int(f"{fraction or ''}000"[:3])
