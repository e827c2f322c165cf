"""Who a participant is, read out of the free text that came with its token, or written into it. Pure; never raises.

For platforms whose participants have one text of the application's making instead of fields. Without configuration:
JSON with `$.userId`, `$.name`, `$.role` and `$.room`; else a query string with `userId`, `name`, `role` and `room`;
else nobody is named.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import Struct
from msgspec.structs import astuple

MAX_NAME: Final = 200
"""Longer names and roles are cut: everybody who watches has to carry them. A longer user id is no id, for two might
begin alike.
"""
MAX_FIELDS: Final = 100
_UNREADABLE: Final = (msgspec.MsgspecError, ValueError, RecursionError)


class Identity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """The configuration key `identity`: where in the text user, name, role and the room's name stand.

    `json`: paths such as `$.person.id`. `query`: names of keys. `text`: the whole text is the user.
    """

    format: Literal["json", "query", "text"]
    user: str = ""
    name: str = ""
    role: str = ""
    room: str = ""
    """What people call the room, where the platform has only an id for it."""

    def __post_init__(self) -> None:
        """Raises ValueError for what is no path."""
        for key, path in (("user", self.user), ("name", self.name), ("role", self.role), ("room", self.room)):
            if path and self.format == "text":
                raise ValueError(f'{key}: with format = "text" the whole text is the user: leave this out')
            if path and self.format == "json" and not (path.startswith("$.") and all(path[2:].split("."))):
                raise ValueError(f"{key}: {path!r} is no path: write one like $.userId or $.person.id")

    @property
    def paths(self) -> tuple[str, ...]:
        """In the order of `Person`'s fields."""
        return self.user, self.name, self.role, self.room

    @cached_property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The same, each as the keys that lead to it from the outermost object; none where it is not configured."""
        return tuple(tuple(path.split(".")[1:]) for path in self.paths)


class Person(Struct, frozen=True):
    """Who it is, as far as the text says; empty where it does not."""

    user: str = ""
    name: str = ""
    role: str = ""
    room: str = ""


JSON: Final = Identity(format="json", user="$.userId", name="$.name", role="$.role", room="$.room")
QUERY: Final = Identity(format="query", user="userId", name="name", role="role", room="room")
NOBODY: Final = Person()


def read_person(data: str, identity: Identity | None) -> Person:
    """The person that this text names. `identity` is None where nothing is configured."""
    if identity is None:
        return _from_json(data, JSON) or _from_query(data, QUERY)
    match identity.format:
        case "json":
            return _from_json(data, identity) or NOBODY
        case "query":
            return _from_query(data, identity)
        case "text":
            return _person(data)


def write_person(person: Person, identity: Identity | None, extra: Mapping[str, str] | None = None) -> str:
    """The text that `read_person` reads this person out of, with `extra` members beside it where there is room for any.

    Where two are to stand in the same place, the first in the order of `Person`'s fields does.
    """
    identity = identity or JSON
    if identity.format == "text":
        return person.user
    told = [(path, value) for path, value in zip(identity.paths, astuple(person), strict=True) if path and value]
    if identity.format == "query":
        return urlencode({**(extra or {}), **dict(reversed(told))})
    return msgspec.json.encode({**(extra or {}), **_tree(told)}).decode()


def _tree(told: Iterable[tuple[str, str]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in told:
        *folders, last = path.split(".")[1:]
        at: Any = tree
        for folder in folders:
            at = at.setdefault(folder, {}) if isinstance(at, dict) else None
        if isinstance(at, dict):
            at.setdefault(last, value)
    return tree


def _from_json(data: str, identity: Identity) -> Person | None:
    """None when this is no JSON object."""
    try:
        decoded = msgspec.json.decode(data.encode())
    except _UNREADABLE:
        return None
    if not isinstance(decoded, dict):
        return None
    return _person(*[_at(decoded, keys) for keys in identity.keys])


def _from_query(data: str, identity: Identity) -> Person:
    try:
        found = dict(parse_qsl(data, max_num_fields=MAX_FIELDS))
    except ValueError:
        return NOBODY
    return _person(*map(found.get, identity.paths))


def _at(decoded: Any, keys: tuple[str, ...]) -> object:
    for key in keys:
        decoded = decoded.get(key) if isinstance(decoded, dict) else None
    return decoded if keys else None


def _person(user: object, *others: object) -> Person:
    id_ = _text(user)
    return Person(id_ if len(id_) <= MAX_NAME else "", *[_text(other)[:MAX_NAME] for other in others])


def _text(value: object) -> str:
    """Applications write user ids as numbers too."""
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    try:
        return str(value)
    except ValueError:  # thousands of digits
        return ""
