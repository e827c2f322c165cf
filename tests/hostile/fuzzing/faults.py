"""What is found: an input, what it does, and a smaller input that does the same."""

import json
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from tests.hostile.fuzzing.reached import INSIDE
from tests.hostile.fuzzing.target import Target
from tests.hostile.fuzzing.trees import decoded, places

SEEK_S: Final = 4.0
"""How long a smaller input is looked for."""
MAX_WORDS: Final = 2_000


class Crash(Struct, frozen=True):
    """An input that shows a fault, as small as was found, and the fault in words."""

    body: bytes
    fault: str


def crash_of(target: Target, body: bytes, error: Exception) -> Crash:
    """The fault, with a small input that shows it."""
    mark = mark_of(error)
    return Crash(_smallest(body, lambda one: _fault(target, one) == mark), words_of(error))


def words_of(error: Exception) -> str:
    """The error and where it came from."""
    return "".join(traceback.format_exception(error, limit=-4)).strip()[-MAX_WORDS:]


def mark_of(error: Exception) -> str:
    """Tells one fault from another: its kind, and where it happened."""
    if isinstance(error, AssertionError):
        return "AssertionError " + str(error).partition("\n")[0]
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if frame.filename.startswith(INSIDE)] or frames
    return f"{type(error).__name__} " + (f"{Path(inside[-1].filename).name}:{inside[-1].lineno}" if inside else "")


def _fault(target: Target, body: bytes) -> str:
    try:
        list(target.check(body))
    except Exception as error:  # noqa: BLE001 - any is a find
        return mark_of(error)
    return ""


def _smallest(body: bytes, shows_it: Callable[[bytes], bool]) -> bytes:
    ends_at = time.monotonic() + SEEK_S

    def first(candidates: Iterator[bytes]) -> bytes | None:
        return next((one for one in candidates if time.monotonic() < ends_at and shows_it(one)), None)

    size = len(body) // 2
    while size and time.monotonic() < ends_at:
        shorter = first(_shorter(body, size))
        body, size = (body, size // 2) if shorter is None else (shorter, min(size, len(shorter)))
    while (smaller := first(_with_less(body))) is not None:
        body = smaller
    return body


def _shorter(body: bytes, size: int) -> Iterator[bytes]:
    """Without so many bytes, somewhere."""
    return (body[:begin] + body[begin + size :] for begin in range(0, len(body), size))


def _with_less(body: bytes) -> Iterator[bytes]:
    """Without a member of its JSON."""
    found = decoded(body)
    for index in range(len(list(places(found[0]))) if found else 0):
        value = json.loads(body)
        container, key = list(places(value))[index]
        del container[key]
        yield json.dumps(value).encode()
