"""Changes of JSON: one member of a decoded document is lost, renamed, or another. Pure."""

import copy
import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from moderator.providers.conformance.strange import VALUES

Place = tuple[Any, Any]
"""A list or an object, and the key of one of its members."""
SMALL: Final = tuple(value for value in VALUES if len(repr(value)) < 500)
WORDS: Final = (
    *("0", "-1", "1e999", "NaN", "null", "true", "9" * 25, "9" * 5_000, "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z"),
    *("", " ", "*", "@", "~", "..", "%00", "\x00", "\ud800", "\u202e", "\ufeff", "\U0001f600", "e\u0301", "\u00b2"),
    *('"', "'", "\\", ",", ";", ":", "=", "{", "}", "[", "]", "\r", "\n", "\r\n", "\n\n", "\t", "\x1b[2J", "x" * 300),
)
"""What texts are made strange with."""


def decoded(body: bytes) -> tuple[Any] | None:
    """The list or object that this is; None for anything else, JSON in UTF-16 or behind a byte order mark too."""
    try:
        value = json.loads(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return None
    return (value,) if isinstance(value, list | dict) else None


def written(value: object, dice: random.Random) -> bytes:
    """As JSON, in one of the ways that it is written."""
    separators = (",", ":") if dice.random() < 0.7 else None
    text = json.dumps(value, separators=separators, ensure_ascii=dice.random() < 0.5)
    return text.encode("utf-8", "surrogatepass")


def places(value: Any) -> Iterator[Place]:
    """Of all members, however deep."""
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def with_change(value: Any, other: Any, dice: random.Random) -> Any:
    """A copy in which one member is another."""
    value = copy.deepcopy(value)
    found = list(places(value))
    if not found:
        return copy.deepcopy(dice.choice(SMALL))
    dice.choice(_WAYS_OF_TREES)(dice.choice(found), found, other, dice)
    return value


def _delete(place: Place, every: list[Place], other: Any, dice: random.Random) -> None:
    del place[0][place[1]]


def _rename(place: Place, every: list[Place], other: Any, dice: random.Random) -> None:
    container, key = place
    if isinstance(container, dict):
        names = [name for _, name in every if isinstance(name, str)]
        container[dice.choice([f"{key}x", str(key).upper(), *WORDS[-6:], *names])] = container.pop(key)


def _strange(place: Place, every: list[Place], other: Any, dice: random.Random) -> None:
    place[0][place[1]] = copy.deepcopy(dice.choice(SMALL))


def _like_before(place: Place, every: list[Place], other: Any, dice: random.Random) -> None:
    """Of the same type, so that it is looked at."""
    container, key = place
    match container[key]:
        case bool(was):
            container[key] = not was
        case int(was) | float(was):
            new = (was + 1, was - 1, -was, was * 1000, was // 1000, was + dice.randrange(-100_000, 100_000), 0, 2**53)
            container[key] = dice.choice(new)
        case str(was):
            container[key] = _other_text(was, dice)
        case list(was):
            container[key] = [*was, *was] if dice.random() < 0.5 else was[::-1]
        case dict(was):
            container[key] = {**was, "x-unknown": copy.deepcopy(dice.choice(SMALL))}


def _other_text(was: str, dice: random.Random) -> str:
    place, word = dice.randrange(len(was) + 1), dice.choice(WORDS)
    inside = decoded(was.encode("utf-8", "surrogatepass"))
    if inside is not None and dice.random() < 0.8:
        return written(with_change(inside[0], None, dice), dice).decode("utf-8", "surrogatepass")
    return dice.choice((was[:place], was[place:], was[:place] + word + was[place:], word, was * 2, was.upper()))


def _as_text(place: Place, every: list[Place], other: Any, dice: random.Random) -> None:
    container, key = place
    container[key] = str(container[key]) if not isinstance(container[key], str) else [container[key]]


def _taken(place: Place, every: list[Place], other: Any, dice: random.Random) -> None:
    """A member of another input, where it has one of that name: of any name."""
    theirs = list(places(other)) if isinstance(other, dict | list) else every
    same = [one for one in theirs if one[1] == place[1]] or theirs or every
    container, key = dice.choice(same if dice.random() < 0.7 else theirs or every)
    place[0][place[1]] = copy.deepcopy(container[key])


def _swap(place: Place, every: list[Place], other: Any, dice: random.Random) -> None:
    container, key = dice.choice(every)
    mine, theirs = copy.deepcopy(place[0][place[1]]), copy.deepcopy(container[key])
    place[0][place[1]] = theirs
    container[key] = mine


def _again(place: Place, every: list[Place], other: Any, dice: random.Random) -> None:
    container, key = place
    if isinstance(container, list):
        container.insert(dice.randrange(len(container) + 1), copy.deepcopy(container[key]))
    else:
        container[f"{key}2"] = copy.deepcopy(container[key])


def _added(place: Place, every: list[Place], other: Any, dice: random.Random) -> None:
    """One more in a list: a member of another input's."""
    lists = [container for container, _ in every if isinstance(container, list)]
    theirs = [container[key] for container, key in places(other) if isinstance(container, list)] if other else []
    if lists and theirs:
        chosen = dice.choice(lists)
        chosen.insert(dice.randrange(len(chosen) + 1), copy.deepcopy(dice.choice(theirs)))
    else:
        _like_before(place, every, other, dice)


_WAYS_OF_TREES: Final[Sequence[Callable[[Place, list[Place], Any, random.Random], None]]] = (
    *(_delete, _rename, _strange, _strange, _like_before, _like_before, _like_before, _like_before),
    *(_as_text, _taken, _taken, _taken, _swap, _again, _added, _added),
)
