"""Durations as people write them, in the configuration and on the command line: a number and a unit."""

import re
from typing import Final

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)\Z")
_UNIT_MS: Final = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def parse_duration_ms(text: str) -> int:
    """`"90s"`, `"5m"`, `"1h"` in milliseconds. Raises ValueError with a sentence that says how to write it."""
    found = _DURATION.match(text.strip())
    if found is None:
        raise ValueError(f'{text!r} is not a duration: write a number and a unit, such as "90s", "5m" or "1h"')
    return round(float(found[1]) * _UNIT_MS[found[2]])
