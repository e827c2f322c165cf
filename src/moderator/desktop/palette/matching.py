"""What a few letters find among tens of thousands of lines, best first. Pure.

Words that begin with the letters come before those that hold them; what is abbreviated (`e14`) or misspelt is looked
for only where nothing holds the letters as they are, for that finds too much.
"""

import heapq
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

ALIKE: Final = 75.0
"""So many per cent of a word have to be right."""
MOST_SPELLINGS: Final = 8
SHORTEST_MISSPELT: Final = 4
"""Anything is like three letters."""
_BEGINS, _WORD, _INSIDE, _LOOSE = range(4)
"""How good a place is where a word of the query was found."""


class Line(Struct, frozen=True, gc=False):
    """A line as it is searched."""

    text: str
    """Folded: a sign for each sign of what is shown, signs between words as spaces, one space before the first."""
    lead: int
    """Where in it stands what people look for: behind `Open ` in `Open cardio-14`."""
    rank: int
    """Of two that are found equally well, the smaller one comes first."""


class Found(Struct, frozen=True):
    """The best lines by their places in what was searched, and how many more there are."""

    places: tuple[int, ...]
    more: int


def line(shown: str, *, lead: int = 0, rank: int = 0) -> Line:
    """A line out of what is shown."""
    return Line(" " + folded(shown), lead + 1, rank)


def folded(text: str) -> str:
    """Small letters without accents; whatever is no letter or digit is a space. As long as the text."""
    if text.isascii():
        return text.lower().translate(_ASCII_GAPS)
    return "".join(map(_folded_sign, text))


def search(query: str, lines: Sequence[Line], most: int) -> Found:
    """The lines in which every word of the query is found; all of them for an empty query, in their own order."""
    words = folded(query).split()
    if not words:
        shown = min(most, len(lines))
        return Found(tuple(range(shown)), len(lines) - shown)
    holding = _holding(words, lines)
    if holding:
        graded = _beginning(words, holding)
        graded = graded if len(graded) >= most else [_graded(words, one, place) for place, one in holding]
    else:
        graded = _abbreviated(words, lines) or _misspelt(words, lines)
    best = heapq.nsmallest(most, graded)
    return Found(tuple(place for *_, place in best), len(holding or graded) - len(best))


def marks(query: str, shown: str) -> frozenset[int]:
    """The signs of a found line that are to be emphasised."""
    text = " " + folded(shown)
    places: set[int] = set()
    for word in folded(query).split():
        at = text.find(" " + word)
        start = at + 1 if at >= 0 else text.find(word)
        places.update(range(start - 1, start - 1 + len(word)) if start >= 0 else _scattered(word, text))
    return frozenset(places)


# --- how -------------------------------------------------------------------------------------------------------------

_Graded = tuple[int, int, int, int]
"""How well it was found, its own rank, where in it, and which line it is."""
_ASCII_GAPS: Final = {code: " " for code in range(128) if not chr(code).isalnum()}


def _holding(words: Sequence[str], lines: Sequence[Line]) -> list[tuple[int, Line]]:
    """The lines, with their places, in which each word stands somewhere."""
    found: Iterable[tuple[int, Line]] = enumerate(lines)
    for word in words:
        found = [(place, one) for place, one in found if word in one.text]
    return list(found)


def _beginning(words: Sequence[str], holding: Sequence[tuple[int, Line]]) -> list[_Graded]:
    """Those that could not be better: one letter finds thousands of them, and nobody has to grade the rest."""
    if len(words) > 1:
        return []
    word = words[0]
    return [
        (_BEGINS, one.rank, 0, place)
        for place, one in holding
        if one.text.startswith(word, one.lead) or one.text.startswith(word, 1)
    ]


def _graded(words: Sequence[str], one: Line, place: int) -> _Graded:
    text, grade, first = one.text, _BEGINS, len(one.text)
    for word in words:
        if text.startswith(word, one.lead) or text.startswith(word, 1):
            at = 0
        else:
            at = text.find(" " + word)
            grade += _WORD if at >= 0 else _INSIDE
            at = at if at >= 0 else text.find(word)
        first = min(first, at)
    return grade, one.rank, first, place


def _abbreviated(words: Sequence[str], lines: Sequence[Line]) -> list[_Graded]:
    """Lines that have the letters in this order, the first of them at the beginning of a word."""
    letters = "".join(words)
    if len(letters) < 2:
        return []
    texts = [one.text for one in lines]
    alike = process.extract(letters, texts, scorer=LCSseq.similarity, score_cutoff=len(letters), limit=None)
    return [(_LOOSE, lines[place].rank, 0, place) for text, _, place in alike if _begins_a_word(letters, text)]


def _begins_a_word(letters: str, text: str) -> bool:
    at = text.find(" " + letters[0])
    return at >= 0 and _is_in_order(letters, text[at + 1 :])


def _is_in_order(letters: str, text: str) -> bool:
    at = -1
    for letter in letters:
        at = text.find(letter, at + 1)
        if at < 0:
            return False
    return True


def _misspelt(words: Sequence[str], lines: Sequence[Line]) -> list[_Graded]:
    """Each word that no line holds is taken for those that are most like it."""
    known = sorted({word for one in lines for word in one.text.split()})
    spellings = [_spellings(word, known, lines) for word in words]
    graded = []
    for place, one in enumerate(lines):
        if all(any(f" {spelling}" in one.text for spelling in some) for some in spellings):
            graded.append((_LOOSE * len(words), one.rank, 0, place))
    return graded


def _spellings(word: str, known: Sequence[str], lines: Sequence[Line]) -> list[str]:
    if len(word) < SHORTEST_MISSPELT or any(word in one.text for one in lines):
        return [word]
    alike = process.extract(word, known, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=MOST_SPELLINGS)
    return [spelling for spelling, _, _ in alike]


def _scattered(word: str, text: str) -> list[int]:
    """Where the letters of an abbreviation stand; nothing for what was misspelt."""
    places: list[int] = []
    at = max(0, text.find(" " + word[0]))
    for letter in word:
        at = text.find(letter, at)
        if at < 0:
            return []
        places.append(at - 1)
        at += 1
    return places


def _folded_sign(sign: str) -> str:
    plain = unicodedata.normalize("NFKD", sign)[0].lower()[0]
    return plain if plain.isalnum() or unicodedata.combining(plain) else " "
