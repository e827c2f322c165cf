"""`moderator rooms`: what is going on now, as a table or as JSON, with `--people` also who is there."""

import asyncio
import sys
from argparse import Namespace
from collections import Counter
from typing import Final

import msgspec

from moderator.cli.connection import connected
from moderator.client.commands import RoomList
from moderator.client.texts import clock_time, keeper, safe, table, time_left
from moderator.domain.rooms import Deadline, Participant, Room, Source
from moderator.domain.state import Hold

HEAD: Final = ("STATE", "ROOM", "LEFT", "ENDS", "PEOPLE", "SOURCE", "OWNER", "NOTES")
_NO_DEADLINE: Final = sys.maxsize
_TROUBLED: Final = frozenset({"silent", "failing"})


def rooms(arguments: Namespace) -> int:
    """Print the rooms, the one that ends next first, and which sources are not heard: there may be more rooms."""
    found = asyncio.run(_ask(arguments))
    if arguments.json:
        print(msgspec.json.encode(found).decode())
        return 0
    if found.rooms:
        print("\n".join(listing(found, with_people=arguments.people)))
    else:
        print("moderator: there are no rooms now", file=sys.stderr)
    for line in [*held(found.hold), *troubles(found)]:
        print(line, file=sys.stderr)
    return 0


async def _ask(arguments: Namespace) -> RoomList:
    async with connected(arguments) as gateway:
        return await gateway.rooms()


def listing(found: RoomList, *, with_people: bool = False) -> list[str]:
    """The lines of the table, if asked for with those of who is there below each room. Safe to print."""
    rooms = sorted(found.rooms, key=_urgency)
    head, *lines = table([HEAD, *(_row(room, found.now) for room in rooms)])
    if not with_people:
        return [head, *lines]
    return [head, *(one for room, line in zip(rooms, lines, strict=True) for one in (line, *_people(room)))]


def held(hold: Hold | None) -> list[str]:
    """That policies and timers disconnect nobody now, and whose order that is. Safe to print."""
    if hold is None:
        return []
    why = f": {safe(hold.reason.rstrip('.'))}" if hold.reason else ""
    since = clock_time(hold.since, with_seconds=False)
    return [f"automatic disconnects are on hold since {since} (by {safe(hold.by)}{why})"]


def _people(room: Room) -> list[str]:
    return [f"  {_person(one)}" for one in sorted(room.here(), key=lambda one: one.joined_at)]


def _person(one: Participant) -> str:
    """`Bill (u1, doctor) since 14:05`; nothing stands there twice."""
    known = [part for part in dict.fromkeys((one.name, one.user, one.role)) if part] or [one.id]
    about = f" ({', '.join(map(safe, known[1:]))})" if known[1:] else ""
    return f"{safe(known[0])}{about} since {clock_time(one.joined_at, with_seconds=False)}"


def _notes(room: Room) -> str:
    """What a moderator would look into: that nobody gets in, and whom policies object to."""
    locked = ["locked"] if room.locked and room.state != "ended" else []
    found = Counter(one.policy for one in room.violations)
    return ", ".join([*locked, *(f"{count} {safe(policy)}" for policy, count in found.items())]) or "-"


def troubles(found: RoomList) -> list[str]:
    """A line for each source that is not as it should be. Safe to print."""
    return [_trouble(one) for one in found.sources if one.state in _TROUBLED or one.heard_at is None]


def _trouble(source: Source) -> str:
    """Without a webhook so far nothing need be wrong: nobody may have been there."""
    if source.heard_at is None and not source.detail and source.state not in _TROUBLED:
        lists = "; lists are read" if source.listed_at is not None else ""
        return f"{source.source}: no webhook yet{lists}"
    why = (source.detail or "the platform reports nothing").rstrip(".")
    last = "never heard since the gateway started"
    if source.heard_at is not None:
        last = f"last heard {clock_time(source.heard_at, with_seconds=False)}"
    return f"{source.source}: {safe(why)} ({last})"


def _urgency(room: Room) -> tuple[bool, int, str, str]:
    ends_at = room.deadline.ends_at if room.deadline else _NO_DEADLINE
    return room.state == "ended", ends_at, room.source, room.name


def _end(room: Room, deadline: Deadline | None) -> str:
    """`14:05`, and whose it is where the platform keeps it."""
    if deadline is None:
        return "-"
    kept_by = f" ({keeper(room)})" if keeper(room) else ""
    return clock_time(deadline.ends_at, with_seconds=False) + kept_by


def _row(room: Room, now: int) -> tuple[str, ...]:
    deadline = room.deadline if room.state != "ended" else None
    most = f"/{room.limits.max_people}" if room.limits and room.limits.max_people else ""
    return (
        room.state,
        safe(room.name),
        time_left(deadline.ends_at - now) if deadline else "-",
        _end(room, deadline),
        f"{room.people}{most}",
        room.source,
        safe(room.owner.name or room.owner.id) if room.owner else "-",
        _notes(room),
    )
