"""What a room is called where strangers read along. Pure.

A room's name may say who meets there, so none is shown: only its initials and the end of its number. Two rooms may have
the same code; when they end tells them apart.
"""

import re
from typing import Final

from moderator.domain.rooms import Room

MOST_INITIALS: Final = 3
MOST_DIGITS: Final = 3
"""Longer numbers may be a date of birth or a telephone number: their end is enough to find the room."""
_WORDS: Final = re.compile(r"[^\W\d_]+")
_DIGITS: Final = re.compile(r"\d+")
NOTHING: Final = "?"


def code_of(room: Room) -> str:
    """`C-14` of `cardio-14`, `TMB` of `tutor-maths-b`."""
    name = room.name or room.room
    initials = "".join(word[0].upper() for word in _WORDS.findall(name)[:MOST_INITIALS])
    number = next(reversed(_DIGITS.findall(name)), "")[-MOST_DIGITS:]
    return "-".join(part for part in (initials, number) if part) or NOTHING
