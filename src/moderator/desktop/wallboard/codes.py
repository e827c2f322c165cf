"""What a room is called where strangers read along. Pure.

A room's name may say who meets there, so none is shown: only its initials and the end of its number. Where a letter is
a whole syllable or word, as in Chinese, it may be the name itself: those give a number that says nothing. Two rooms may
have the same code; when they end tells them apart.
"""

import re
from typing import Final
from zlib import crc32

from moderator.domain.rooms import Room

MOST_INITIALS: Final = 3
MOST_DIGITS: Final = 3
"""Longer numbers may be a date of birth or a telephone number: their end is enough to find the room."""
_WORDS: Final = re.compile(r"[^\W\d_]+")
_DIGITS: Final = re.compile(r"\d+")


def code_of(room: Room) -> str:
    """`C-14` of `cardio-14`, `TMB` of `tutor-maths-b`."""
    name = room.name or room.room
    words = [word[0] for word in _WORDS.findall(name) if word[0].lower() != word[0].upper()]
    initials = "".join(letter.upper() for letter in words[:MOST_INITIALS])
    number = next(reversed(_DIGITS.findall(name)), "")[-MOST_DIGITS:]
    return "-".join(part for part in (initials, number) if part) or _neutral(room)


def _neutral(room: Room) -> str:
    """The same for a room whenever it is shown, and nothing of its name."""
    return f"#{crc32(repr(tuple(room.key)).encode()) % 10**MOST_DIGITS:0{MOST_DIGITS}}"
