"""Inputs that are nearly right: recorded ones with a few changes, in their JSON where they have some, else in their
text. Pure: the same dice give the same input. Inputs of great size are in `shapes`.
"""

import random
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from moderator.providers.conformance.strange import BODIES
from tests.hostile.fuzzing.trees import WORDS, decoded, with_change, written

MAX_BYTES: Final = 64 * 1024
MOST_CHANGES: Final = (1, 1, 1, 2, 2, 4, 8)
STRANGE: Final = tuple(body for body in BODIES if len(body) < MAX_BYTES)
TOKEN: Final = re.compile(rb"[\w.+-]+|[^\w\s]")
JSON_BEGINS: Final = re.compile(rb"[\[{]")


def mutated(body: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """The input with a few changes; `others` are inputs to take parts of."""
    for _ in range(dice.choice(MOST_CHANGES)):
        body = _changed(body, others, dice)[:MAX_BYTES]
    return body


def _changed(body: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    if dice.random() < 0.02:
        return dice.choice(STRANGE)
    if dice.random() < 0.85 and (found := found_json(body, dice)) is not None:
        begin, value, rest = found
        other = found_json(dice.choice(others), dice)
        changed = with_change(value, other[1] if other else None, dice)
        return begin + written(changed, dice) + rest
    return dice.choice(_WAYS_OF_TEXT)(body, dice.choice(others), dice)


def found_json(body: bytes, dice: random.Random) -> tuple[bytes, Any, bytes] | None:
    """What is before the JSON, the JSON, and what is behind it: the whole input, or what one of its lines ends with."""
    if (whole := decoded(body)) is not None:
        return b"", whole[0], b""
    lines = body.split(b"\n")
    with_json = [number for number, line in enumerate(lines) if JSON_BEGINS.search(line)]
    if not with_json:
        return None
    number = dice.choice(with_json)
    begin = JSON_BEGINS.search(lines[number])
    assert begin is not None
    value = decoded(lines[number][begin.start() :])
    if value is None:
        return None
    before = b"\n".join([*lines[:number], lines[number][: begin.start()]])
    behind = b"".join(b"\n" + line for line in lines[number + 1 :])
    return before, value[0], behind


# --- text ----------------------------------------------------------------------------------------------------------


def _cut(body: bytes, other: bytes, dice: random.Random) -> bytes:
    begin, end = sorted(dice.randrange(len(body) + 1) for _ in range(2))
    return body[:begin] + body[end:] if dice.random() < 0.7 else body[:end]


def _flipped(body: bytes, other: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(body) + 1)
    return body[:place] + dice.randbytes(dice.randrange(1, 3)) + body[place + 1 :]


def _word(body: bytes, other: bytes, dice: random.Random) -> bytes:
    """A word is another: a strange one, or one of another input."""
    found = list(TOKEN.finditer(body))
    if not found:
        return body + dice.choice(WORDS).encode("utf-8", "surrogatepass")
    chosen = dice.choice(found)
    theirs = TOKEN.findall(other)
    strange = dice.choice(WORDS).encode("utf-8", "surrogatepass")
    return (
        body[: chosen.start()]
        + (dice.choice(theirs or [b"x"]) if dice.random() < 0.6 else strange)
        + body[chosen.end() :]
    )


def _number(body: bytes, other: bytes, dice: random.Random) -> bytes:
    found = list(re.finditer(rb"\d+", body))
    if not found:
        return body
    chosen = dice.choice(found)
    was = int(chosen[0][:15])
    new = dice.choice((was + 1, max(0, was - 1), was * 10, was // 10, 0, 99, 10**12, dice.randrange(0, 3_000)))
    return body[: chosen.start()] + str(new).encode() + body[chosen.end() :]


def _lines(body: bytes, other: bytes, dice: random.Random) -> bytes:
    """Lines are lost, come twice, in another order, or from another input."""
    lines, theirs = body.split(b"\n"), other.split(b"\n")
    place = dice.randrange(len(lines))
    match dice.randrange(5):
        case 0:
            del lines[place]
        case 1:
            lines.insert(dice.randrange(len(lines) + 1), lines[place])
        case 2:
            dice.shuffle(lines)
        case 3:
            lines.insert(place, dice.choice(theirs))
        case _:
            begin, end = sorted(dice.randrange(len(theirs) + 1) for _ in range(2))
            lines[place:place] = theirs[begin:end]
    return b"\n".join(lines)


_WAYS_OF_TEXT: Final[Sequence[Callable[[bytes, bytes, random.Random], bytes]]] = (
    *(_cut, _flipped, _word, _word, _word, _number, _lines, _lines),
)
