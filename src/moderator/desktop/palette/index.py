"""Rooms and people as lines to be searched, brought up to date a few rooms at a time: nothing waits for it. Pure."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from moderator.desktop.palette.entries import Entry, Place, person_entry, places, room_entry
from moderator.desktop.palette.matching import Line
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room


class Index:
    """Of everything that a window shows."""

    def __init__(self, find: Callable[[RoomKey], Room | None]) -> None:
        self._find = find
        self._places: dict[RoomKey, list[Place]] = {}
        self._changed: dict[RoomKey, None] = {}
        self._flat: list[Place] | None = []
        self._lines: list[Line] = []

    def start_over(self, rooms: Iterable[RoomKey]) -> None:
        """Everything may be another: there are these rooms."""
        there = dict.fromkeys(rooms)
        self._places = {key: kept for key, kept in self._places.items() if key in there}
        self._changed, self._flat = there, None

    def note(self, rooms: Iterable[RoomKey]) -> None:
        """These rooms have changed, appeared or gone; they are looked at later."""
        self._changed.update(dict.fromkeys(rooms))

    def work(self, most: int) -> bool:
        """Look at so many changed rooms; returns whether that was not all."""
        for key in list(islice(self._changed, most)):
            del self._changed[key]
            room = self._find(key)
            now = places(room) if room else []
            if now != self._places.get(key, []):
                self._flat = None
            if now:
                self._places[key] = now
            else:
                self._places.pop(key, None)
        return bool(self._changed)

    @property
    def lines(self) -> Sequence[Line]:
        """To be searched."""
        self._all()
        return self._lines

    def entry(self, number: int) -> Entry | None:
        """What stands at this place in `lines`; None where it went meanwhile."""
        place = self._all()[number]
        room = self._find(place.room)
        if room is None:
            return None
        return person_entry(place.name, room, place.participant) if place.participant else room_entry(room)

    def _all(self) -> list[Place]:
        if self._flat is None:
            self._flat = [one for some in self._places.values() for one in some]
            self._lines = [one.line for one in self._flat]
        return self._flat
