"""Whether two requests ask the same of different things: everything alike, but for ids, which stay where they were.

Pure. A request is taken apart into leaves: its method, each part of its path, each parameter, each member of its body.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from moderator.providers.conformance.recorder import Request

Leaves = dict[tuple[object, ...], object]


def leaves(request: Request, ids: Collection[str] = ()) -> Leaves:
    """Everything that says what is asked, without its quotes. Values of headers are left out: tokens differ.

    Of `ids` none is taken for JSON, whatever it looks like.
    """
    found: Leaves = {("method",): request.method}
    found.update({("path", number): unquote(part) for number, part in enumerate(request.path.split("/"))})
    parameters = parse_qsl(request.query, keep_blank_values=True)
    found.update({("query", number): pair for number, pair in enumerate(parameters)})
    found.update({("header", name): "" for name in request.headers if name != "content-length"})
    try:
        found.update(_members(request.json(), ("body",), ids))
    except ValueError:
        found["body",] = unquote(request.body.decode("utf-8", "replace"))
    return found


def climbs(request: Request) -> bool:
    """Whether a part of the path would be taken for a way up, by whoever is in between."""
    return bool({".", ".."} & set(request.path.split("/")))


def renamed(found: Leaves, ids: Mapping[str, str]) -> Leaves:
    """The leaves, with other ids in them."""
    return {_renamed(key, ids): _renamed(value, ids) for key, value in found.items()}


def changing(requests: Iterable[Request], again: Iterable[Request]) -> list[set[tuple[object, ...]]]:
    """Of each request, what differs from one time to the next: numbers used once."""
    pairs = [(leaves(one), leaves(other)) for one, other in zip(requests, again, strict=False)]
    return [{key for key, value in one.items() if other.get(key) != value} for one, other in pairs]


def differences(expected: Leaves, got: Leaves, ignored: set[tuple[object, ...]]) -> list[str]:
    """What is not as it should be, in words for the author."""
    return [
        f"{key}: {got.get(key, 'nothing')!r} instead of {expected.get(key, 'nothing')!r}"
        for key in {**expected, **got}
        if key not in ignored and expected.get(key) != got.get(key)
    ]


def _members(
    value: Any, place: tuple[object, ...], ids: Collection[str]
) -> Iterator[tuple[tuple[object, ...], object]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _members(member, (*place, key), ids)
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _members(member, (*place, number), ids)
    elif isinstance(value, str) and value[:1] in {"{", "["} and value not in ids:
        yield from _inner(value, place, ids)
    else:
        yield place, value


def _inner(text: str, place: tuple[object, ...], ids: Collection[str]) -> Iterator[tuple[tuple[object, ...], object]]:
    """JSON in a string of JSON: there ids need quotes twice."""
    try:
        yield from _members(json.loads(text), (*place, "JSON"), ids)
    except ValueError:
        yield place, text


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_renamed(one, ids) for one in value)
    if isinstance(value, str):
        for number, old in enumerate(ids):  # in two steps: a new id may hold an old one
            value = value.replace(old, f"\x01{number}\x02")
        for number, new in enumerate(ids.values()):
            value = value.replace(f"\x01{number}\x02", new)
    return value
