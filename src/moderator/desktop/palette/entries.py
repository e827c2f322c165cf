"""What can be chosen by name: commands for what is selected, the window's own, filters, rooms and people. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from msgspec import Struct

from moderator.client.texts import clock_time, safe
from moderator.desktop.actions.action import Action
from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.durations import amount
from moderator.desktop.orders.availability import why_none
from moderator.desktop.orders.extending import step_s
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.palette.matching import Line, line
from moderator.desktop.room.people_list import name_of
from moderator.desktop.tables.arrangement import FilterName
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Participant, Room
from moderator.language import ntr, tr

COMMAND: Final = 0
ROOM: Final = 1_000
PERSON: Final = 2_000
"""Of what is found equally well, commands stand before rooms, rooms before people, and short names before long ones."""


class Entry(Struct, frozen=True, kw_only=True):
    """Something to choose."""

    words: str
    choice: str | tuple[Intent, ...]
    """Wishes, or the id of an action or filter, such as `window/audit`."""
    icon: str
    id: str = ""
    """What may be remembered of it: the id of its action, never a name."""
    detail: str = ""
    """What it is about, paler."""
    also: str = ""
    """Other words that it is found by."""
    key: str = ""
    """What does the same, in Qt's spelling."""
    why_not: str = ""
    """A sentence why it cannot be chosen now."""


Key = Callable[[Action], str]
"""The key in force for an action; empty for none."""


def room_commands(rooms: Sequence[Room], key: Key, why_not: Callable[[Intent], str]) -> list[Entry]:
    """Everything that can be done with the rooms that are selected."""
    return [_room_command(one, rooms, key, why_not) for one in _of("room") if rooms or one.name == "sort_again"]


def _room_command(one: Action, rooms: Sequence[Room], key: Key, why_not: Callable[[Intent], str]) -> Entry:
    if one.name == "sort_again":  # about the table
        return Entry(words=one.words, choice=one.id, icon=one.icon, id=one.id, key=key(one))
    wishes = tuple(Intent(action=cast("ActionName", one.name), room=room.key) for room in rooms)
    return Entry(
        words=_about(one, rooms[0]) if len(rooms) == 1 else one.words,
        choice=wishes,
        icon=one.icon,
        id=one.id,
        detail="" if len(rooms) == 1 and one.about else _named(rooms),
        key=key(one),
        why_not=why_none(wishes, why_not),
    )


def _about(one: Action, room: Room) -> str:
    if one.name == "extend" and room.deadline is None:
        return tr("Set the end of {room}…").format(room=safe(room.name))
    return tr(one.about or one.label or one.text).format(room=safe(room.name), amount=amount(step_s(room)))


def _named(rooms: Sequence[Room]) -> str:
    if len(rooms) == 1:
        return safe(rooms[0].name)
    return ntr("1 room", "{count} rooms", len(rooms)).format(count=len(rooms))


def person_commands(name: str, room: Room, key: Key, refusal: Callable[[ActionName], str]) -> list[Entry]:
    """Everything that can be done with who is selected in this room."""
    return [
        Entry(
            words=tr(one.about or one.label or one.text).format(person=name, room=safe(room.name)),
            choice=one.id,
            icon=one.icon,
            id=one.id,
            key=key(one),
            why_not=refusal(cast("ActionName", one.name)),
        )
        for one in _of("person")
    ]


def window_commands(reasons: Mapping[str, str], key: Key) -> list[Entry]:
    """The window's own commands; `reasons` has those that there are, by name, and why they cannot be done now."""
    return [
        Entry(
            words=one.words,
            choice=one.id,
            icon=one.icon,
            id=one.id,
            also=tr(one.also) if one.also else "",
            key=key(one),
            why_not=reasons[one.name],
        )
        for one in _of("window")
        if one.name in reasons and one.name != "palette"
    ]


def filters(titles: Mapping[FilterName, str], counts: Mapping[FilterName, int]) -> list[Entry]:
    """The chips above the table, by their names."""
    return [
        Entry(
            words=tr("Show: {filter}").format(filter=title),
            choice=f"filter/{name}",
            icon="list-filter",
            id=f"filter/{name}",
            detail=ntr("1 room", "{count} rooms", counts.get(name, 0)).format(count=counts.get(name, 0)),
        )
        for name, title in titles.items()
    ]


def room_entry(room: Room) -> Entry:
    """Goes to a room."""
    ends = room.deadline and tr("ends {time}").format(time=clock_time(room.deadline.ends_at, with_seconds=False))
    return Entry(
        words=tr("Open {room}").format(room=safe(room.name)),
        choice=(Intent(action="select", room=room.key),),
        icon="layout-list",
        detail=tr("ended") if room.state == "ended" else ends or safe(room.source),
    )


def person_entry(name: str, room: Room, participant: str) -> Entry:
    """Goes to somebody in a room."""
    return Entry(
        words=tr("{person} in {room}").format(person=name, room=safe(room.name)),
        choice=(Intent(action="select", room=room.key, participant=participant),),
        icon="user",
    )


class Place(Struct, frozen=True, gc=False):
    """A room, or somebody in it, as far as they are searched."""

    line: Line
    room: RoomKey
    participant: str = ""
    name: str = ""


def places(room: Room) -> list[Place]:
    """The room, then everybody who is there: each person once."""
    opens, is_in = tr("Open {room}"), tr("{person} in {room}")
    room_name = safe(room.name)
    shown = opens.format(room=room_name)
    found = [Place(line(shown, lead=max(0, opens.find("{room}")), rank=ROOM + len(room_name)), room.key)]
    people: dict[str, Participant] = {}
    for one in room.here():
        people.setdefault(one.person, one)
    for one in people.values():
        name = name_of(one)
        found.append(
            Place(line(is_in.format(person=name, room=room_name), rank=PERSON + len(name)), room.key, one.id, name)
        )
    return found


_SHOWN: Final = {
    place: tuple(one for one in ACTIONS if one.place == place and not one.with_focus)
    for place in ("room", "person", "window")
}


def _of(place: str) -> tuple[Action, ...]:
    return _SHOWN[place]
