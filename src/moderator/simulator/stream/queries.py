"""Lists: which calls there are, who belongs to one, who is connected; with filters and pages."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from moderator.simulator.stream.bodies import Query
from moderator.simulator.stream.calls import Call
from moderator.simulator.stream.errors import Refused
from moderator.simulator.world import Connection, Stream

PAGE: Final = 25
"""As long as a page is when the request does not say."""

Item = TypeVar("Item")
Fields = Mapping[str, Callable[[Item], Any]]

CALLS: Final[Fields[Call]] = {
    "cid": lambda call: call.room.id,
    "id": lambda call: call.room.id.partition(":")[2],
    "type": lambda call: call.type,
    "ongoing": lambda call: call.is_ongoing,
    "created_at": lambda call: call.room.created_at,
    "updated_at": lambda call: call.updated_at,
    "ended_at": lambda call: call.ended_at or 0,
    "starts_at": lambda call: 0,
}
"""What calls are filtered and sorted by."""


def page(found: Sequence[Item], query: Query) -> tuple[list[Item], dict[str, str]]:
    """One page of what was found, and where the others are. Raises Refused."""
    size = PAGE if query.limit is None else query.limit
    start = _offset(query.next) if query.next else 0
    end = start + size
    there = {"next": _cursor(end)} if size and end < len(found) else {}
    return list(found[start:end]), there | ({"prev": _cursor(max(0, start - size))} if start else {})


def matching(items: Sequence[Item], conditions: Mapping[str, Any] | None, fields: Fields[Item]) -> list[Item]:
    """The items that meet all conditions. Raises Refused."""
    found = list(items)
    for name, condition in (conditions or {}).items():
        if name not in fields:
            raise Refused("input", f'filter field "{name}" is not supported')
        wanted = _wanted(condition)
        found = [item for item in found if fields[name](item) in wanted]
    return found


def sorted_by(calls: list[Call], query: Query) -> list[Call]:
    """In the order that was asked for, the latest first when none was. Raises Refused."""
    for one in reversed(query.sort or []):
        if one.field not in CALLS or abs(one.direction) != 1:
            raise Refused("input", f'sort field "{one.field}" is not supported')
        calls = sorted(calls, key=CALLS[one.field], reverse=one.direction < 0)
    return calls if query.sort else sorted(calls, key=CALLS["created_at"], reverse=True)


def participants(call: Call, conditions: Mapping[str, Any] | None) -> list[Connection]:
    """Who is connected. What they publish can be asked for, but is not told. Raises Refused."""
    conditions = dict(conditions or {})
    tracks = _wanted(conditions.pop("published_tracks")) if "published_tracks" in conditions else None
    users: Fields[Connection] = {"user_id": lambda one: one.person.user}
    found = matching(list(call.room.connections.values()), conditions, users)
    return [one for one in found if tracks is None or published(one, call) & set(tracks)]


def published(connection: Connection, call: Call) -> set[str]:
    """The kinds of tracks that somebody publishes, and that are not switched off."""
    return {track for stream in connection.streams.values() for track in _tracks(stream, call)}


def _tracks(stream: Stream, call: Call) -> list[str]:
    if stream.kind == "screen":
        return ["screenshare"]
    has_picture = stream.kind != "microphone" and stream.id not in call.without_picture
    return ["audio"] * (not stream.muted) + ["video"] * has_picture


def _wanted(condition: Any) -> list[Any]:
    if not isinstance(condition, dict):
        return [condition]
    match condition:
        case {"$eq": wanted, **others} if not others:
            return [wanted]
        case {"$in": list(wanted), **others} if not others:
            return wanted
    raise Refused("input", "only $eq and $in are supported here")


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"after {offset}".encode()).decode()


def _offset(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("after "))
    except (binascii.Error, ValueError):
        raise Refused("input", "next is not of an earlier reply") from None
