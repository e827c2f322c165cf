"""After somebody was ordered out: when they are gone, and whether they come back. Pure; what is told is a notice."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.client.texts import safe
from moderator.desktop.orders.intents import DisconnectOrder, Intent
from moderator.desktop.orders.notices import Notice
from moderator.domain.events import (
    DisconnectConfirmed,
    DisconnectFailed,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    PersonAllowed,
    PersonReadmitted,
)
from moderator.domain.ids import seat_key
from moderator.language import decimal, tr

WATCHED_S: Final = 600.0
"""So long after an order somebody who comes back is told."""


class _Watched(Struct, frozen=True):
    """An order that was given."""

    order: DisconnectOrder
    room_name: str
    at_s: float
    waiting: frozenset[str]
    """The connections that have not ended yet."""
    undo: tuple[Intent, ...] = ()
    answered: bool = False
    held: tuple[tuple[Event, float], ...] = ()
    """What happened before the gateway answered, and when: told after the answer."""


class Rejoining:
    """Watches everybody who was ordered out of late. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._watched: list[_Watched] = []

    def ordered(self, order: DisconnectOrder, room_name: str, now_s: float) -> None:
        """The gateway is being asked for this. It takes the place of an earlier order for the same person."""
        self._watched = [one for one in self._watched if not _same_person(one.order, order)]
        self._watched.append(_Watched(order, room_name, now_s, frozenset(map(seat_key, order.participants))))

    def answered(self, order: DisconnectOrder, notice: Notice) -> Iterator[Notice]:
        """The gateway took it, or did not; then nobody is watched. What there is to tell of what happened meanwhile."""
        for asked in self._of(order):
            taken = replace(asked, undo=notice.undo, answered=True, held=())
            self._replace(asked, *(() if notice.tone == "problem" else (taken,)))
            for event, at_s in asked.held:
                for watched in self._of(order):
                    yield from self._look(watched, event, at_s)

    def happened(self, events: Sequence[Event], now_s: float) -> Iterator[Notice]:
        """What there is to tell of these events."""
        self._watched = [one for one in self._watched if now_s - one.at_s <= WATCHED_S]
        for event in events:
            for watched in [one for one in self._watched if one.order.room == event.key]:
                if watched.answered:
                    yield from self._look(watched, event, now_s)
                else:
                    self._replace(watched, replace(watched, held=(*watched.held, (event, now_s))))

    def _of(self, order: DisconnectOrder) -> list[_Watched]:
        """None where a later order has taken its place."""
        return [one for one in self._watched if one.order is order]

    def _look(self, watched: _Watched, event: Event, now_s: float) -> Iterator[Notice]:
        match event.data:
            case DisconnectConfirmed(participant=left) | ParticipantLeft(participant=left) if _waits(watched, left):
                after = replace(watched, waiting=watched.waiting - {seat_key(left)})
                self._replace(watched, after)
                if not after.waiting:
                    yield _gone(after, now_s)
            case DisconnectFailed(participant=left) if _waits(watched, left):
                self._replace(watched)  # an alert tells of it
            case PersonReadmitted(user=user) | PersonAllowed(person=user) if user and user == watched.order.user:
                self._replace(watched)
            case ParticipantJoined(participant=who, user=user) if _is_back(watched, who, user) and not event.late:
                self._replace(watched)
                yield _back(watched, who)

    def _replace(self, watched: _Watched, *after: _Watched) -> None:
        place = self._watched.index(watched)
        self._watched[place : place + 1] = after


def _same_person(one: DisconnectOrder, other: DisconnectOrder) -> bool:
    return bool(one.user) and (one.room, one.user) == (other.room, other.user)


def _waits(watched: _Watched, participant: str) -> bool:
    return seat_key(participant) in watched.waiting


def _is_back(watched: _Watched, participant: str, user: str) -> bool:
    return bool(user) and user == watched.order.user and not _waits(watched, participant)


def _gone(watched: _Watched, now_s: float) -> Notice:
    order, after_s = watched.order, now_s - watched.at_s
    words = tr("{name} was disconnected after {seconds} s. Nobody can tell whether they come back.")
    if order.user:
        words = tr("{name} was disconnected after {seconds} s. Watching for a rejoin.")
    return Notice(
        tone="done",
        text=words.format(name=safe(order.name), seconds=decimal(after_s, 1 if after_s < 10 else 0)),
        action=tr("Re-admit") if watched.undo else "",
        intents=watched.undo,
        key=f"disconnect {order.room} {order.user}",
    )


def _back(watched: _Watched, participant: str) -> Notice:
    order = watched.order
    again = Intent(action="disconnect", room=order.room, participant=participant)
    words = tr("{name} is back in {room}: the gateway disconnects them again.")
    if not watched.undo:
        words = tr("{name} is back in {room}.")
    return Notice(
        tone="problem",
        text=words.format(name=safe(order.name), room=watched.room_name),
        action=tr("Disconnect again…"),
        intents=(again,),
        key=f"disconnect {order.room} {order.user}",
    )
