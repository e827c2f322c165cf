"""Inputs of great size that a quick parser could be slow at: a sample with one part of it grown. Pure."""

import copy
import json
from collections.abc import Iterator
from typing import Any, Final

from tests.hostile.fuzzing.trees import decoded, places

LARGE: Final = 512 * 1024
"""As many bytes as the gateway takes of a webhook."""
SMALL: Final = LARGE // 4
MOST_PLACES: Final = 12


def grown(sample: bytes, size: int) -> Iterator[tuple[str, bytes]]:
    """What was grown, and the input, of about `size` bytes."""
    found = decoded(sample)
    if found is None:
        yield from _grown_text(sample, size)
    else:
        yield from _grown_json(found[0], size)


def _grown_json(value: Any, size: int) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for index, (container, key) in enumerate(places(value)):
        member = container[key]
        name = f"{key if isinstance(container, dict) else '[]'} as {type(member).__name__}"
        if name in seen or len(seen) >= MOST_PLACES:
            continue
        seen.add(name)
        for how, large in _large(member, size):
            grown_value = copy.deepcopy(value)
            where, at = list(places(grown_value))[index]
            where[at] = large
            yield f"{name}: {how}", json.dumps(grown_value).encode()
    yield "the whole in a list", json.dumps([value] * max(1, size // (len(json.dumps(value)) + 1))).encode()
    yield "deep", b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6)
    yield "a number", b'{"a":' + b"9" * size + b"}"
    yield "one key again and again", b'{"a":1' + b',"a":1' * (size // 6) + b"}"


def _large(member: Any, size: int) -> Iterator[tuple[str, Any]]:
    match member:
        case str():
            yield "letters", "x" * size
            yield "escapes", "\ud83d\ude00" * (size // 12)
            yield "brackets", "[" * size
        case list():
            one = member[0] if member else 1
            yield "members", [one] * (size // (len(json.dumps(one)) + 2))
        case dict():
            yield "keys", {f"k{number}": number for number in range(size // 14)}
            yield "lists", [[]] * (size // 4)
        case _:
            yield "digits", int("9" * 4_000)


def _grown_text(sample: bytes, size: int) -> Iterator[tuple[str, bytes]]:
    yield "the whole", sample * max(1, size // max(1, len(sample)))
    lines = sample.split(b"\n")
    for number, line in enumerate(lines[: 4 * MOST_PLACES]):
        times = max(1, size // (len(line) + 1))
        yield f"line {number} again and again", b"\n".join([*lines[:number], *[line] * times, *lines[number:]])
        yield f"line {number} long", b"\n".join([*lines[:number], line + b"x" * size, *lines[number + 1 :]])
    for character in (b"\n", b",", b'"', b"[", b"\r", b":", b" ", b"\x00"):
        yield f"{character!r} alone", sample + character * size
