"""Bodies that no platform sends, and some that a broken one might. Pure; the same seed gives the same bodies."""

import copy
import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

BODIES: Final[tuple[bytes, ...]] = (
    b"",
    b"\x00",
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}",
    b"null",
    b"true",
    b"-0.0",
    b'""',
    b"[]",
    b"{}",
    b"[[]]",
    b"[{}, null, 1]",
    b"<html><body>503</body></html>",
    b'{"a": 1}{"a": 1}',
    b'{"a": 1, "a": 2}',
    b'{"a": NaN, "b": Infinity}',
    b'{"a": 1e999}',
    b'"\\ud800"',
    b'{"\\ud800": "\\udfff"}',
    b'{"a": "\\u0000"}',
    b"9" * 5_000,
    b"-1e-99999999999",
    b"[" * 200_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b"[" + b"{}," * 20_000 + b"{}]",
    b'"' + b"x" * 500_000 + b'"',
    "{}".encode("utf-16"),
    gzip.compress(b"{}"),
    gzip.compress(b"[" * 20_000_000),
)
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1.5, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**30, 10**400, 1e300, float("nan")),
    *("", " ", "0", "-1", "\x00", "\ud800", "é☃", "x" * 100_000, "2026-13-45T99:99:99Z", "9" * 5_000, "../..?#%2F"),
    *("1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00+14:00"),
    *([], {}, [None], [[]], {"": ""}, ["x"], {"id": None}, {"id": {"id": []}}, [{}] * 3),
)


def bodies(samples: Sequence[bytes], seed: int, count: int) -> Iterator[bytes]:
    """`BODIES`, then `count` bodies at chance: bytes, cut and changed samples, and JSON out of the samples' words."""
    yield from BODIES
    chance = random.Random(seed)
    decoded = [one for body in samples if (one := _decoded(body)) is not None]
    makers: list[Callable[[], bytes]] = [
        lambda: chance.randbytes(chance.randrange(200)),
        lambda: _cut(chance.choice(samples), chance),
        lambda: _with_a_changed_byte(chance.choice(samples), chance),
    ]
    if decoded:
        words = sorted({word for one in decoded for word in _words(one)})
        makers.append(lambda: _json(_anything(words, chance, depth=4)))
        makers += [lambda: _json(_changed(chance.choice(decoded), chance))] * 4
    for _ in range(count):
        yield chance.choice(makers)()


def planted(body: bytes, names: Sequence[str], secret: str) -> Iterator[bytes]:
    """The sample with secret members beside all others, in each of its objects; whole, unknown, and cut."""
    decoded = _decoded(body)
    if not isinstance(decoded, dict | list):
        return
    full = _with_members(decoded, dict.fromkeys([*names, *(name.upper() for name in names)], secret))
    yield _json(full)
    yield _json({"whatever": full})
    yield _json([full])
    yield _json(full)[:-1]


def _with_members(value: Any, members: dict[str, str]) -> Any:
    match value:
        case dict():
            return {**{key: _with_members(one, members) for key, one in value.items()}, **members}
        case list():
            return [_with_members(one, members) for one in value]
        case _:
            return value


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _with_a_changed_byte(body: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(body))
    return body[:place] + chance.randbytes(1) + body[place + 1 :]


def _words(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, member in value.items():
                yield key
                yield from _words(member)
        case list():
            for member in value:
                yield from _words(member)
        case str():
            yield value


def _anything(words: Sequence[str], chance: random.Random, depth: int) -> Any:
    shape = chance.randrange(4) if depth else 0
    if shape == 1:
        return [_anything(words, chance, depth - 1) for _ in range(chance.randrange(4))]
    if shape >= 2:
        return {chance.choice(words): _anything(words, chance, depth - 1) for _ in range(chance.randrange(8))}
    return copy.deepcopy(chance.choice([*VALUES, *words]))


def _changed(value: Any, chance: random.Random) -> Any:
    """A copy with one to three members lost, renamed, or with another value."""
    value = copy.deepcopy(value)
    for _ in range(chance.randrange(1, 4)):
        places = list(_places(value))
        if not places:
            return chance.choice(VALUES)
        container, key = chance.choice(places)
        match chance.randrange(4):
            case 0:
                del container[key]
            case 1 if isinstance(container, dict):
                container[f"{key}x"] = container.pop(key)
            case _:
                container[key] = copy.deepcopy(chance.choice(VALUES))
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])
