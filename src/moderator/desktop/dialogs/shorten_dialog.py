"""Asks before a room is left with less than a minute: its people would be cut off almost at once."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from moderator.client.texts import safe
from moderator.clock import Clock
from moderator.desktop.dialogs.decision_dialog import DecisionDialog
from moderator.desktop.dialogs.room_grid import RoomGrid, RoomLine
from moderator.desktop.durations import amount
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import Intent
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.labels import plain_label, short_name
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS
from moderator.language import ntr, tr

LITTLE_MS: Final = MINUTE_MS


def left_after_ms(intent: Intent, room: Room, now_ms: int) -> int | None:
    """What a wish that takes time away leaves; None for any other wish."""
    if intent.action != "extend" or intent.seconds >= 0 or room.deadline is None:
        return None
    return room.deadline.ends_at + intent.seconds * 1000 - now_ms


def leaves_little(
    intents: Sequence[Intent], find: Callable[[RoomKey], Room | None], now_ms: int, *, undoing: bool = False
) -> bool:
    """Whether one of these wishes leaves a room hardly any time.

    What is to be undone may not be in the picture yet: nothing is asked of a room that was not extended by so much.
    Whether it is still the same meeting is known before (`moderator.desktop.orders.availability.is_past`).
    """
    rooms = [(intent, room) for intent in intents if intent.room and (room := find(intent.room))]
    left = [left_after_ms(intent, room, now_ms) for intent, room in rooms if not undoing or _was_extended(intent, room)]
    return any(one is not None and one < LITTLE_MS for one in left)


def _was_extended(intent: Intent, room: Room) -> bool:
    return room.deadline is not None and room.deadline.extended_ms >= -intent.seconds * 1000


class ShortenDialog(DecisionDialog):
    """Each room with what would be left of it, as the time goes on."""

    confirmed = Signal()

    def __init__(
        self, store: LiveStore, look: Look, clock: Clock, intents: Sequence[Intent], parent: QWidget | None = None
    ) -> None:
        super().__init__(store, look, clock, parent)
        self._intents = tuple(intents)
        self._people = plain_label(self)
        self._grid = RoomGrid(look, self)
        self.body.addWidget(self._people)
        self.body.addWidget(self._grid)
        self.cancel_button.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Look at the store again."""
        found = [(one, room) for one in self._intents if one.room and (room := self.store.room(one.room))]
        people = sum(room.people for _, room in found)
        self._people.setText(
            ntr("{count} person has to go then.", "{count} people have to go then.", people).format(count=people)
        )
        name = safe(found[0][1].name or found[0][1].room) if found else ""
        heading = tr("Leave {room} less than a minute?").format(room=name)
        verb = tr("Shorten {room}")
        if len(found) > 1:
            heading = ntr("Shorten {count} room?", "Shorten {count} rooms?", len(found)).format(count=len(found))
            verb = ntr("Shorten {count} room", "Shorten {count} rooms", len(found))
        self.ask(
            heading,
            verb.format(room=short_name(name), count=len(found)),
            spoken=verb.format(room=name, count=len(found)),
        )
        if self._grid.show_lines([self._line(one, room) for one, room in found]):
            self.fit()
        self.allow("" if found else tr("The room is gone."))

    def _line(self, intent: Intent, room: Room) -> RoomLine:
        left_ms = left_after_ms(intent, room, self.store.now_ms()) or 0
        left = tr("{amount} left").format(amount=amount(left_ms // 1000)) if left_ms >= 1000 else tr("time is up")
        return RoomLine(
            safe(room.name or room.room), left, possible=True, level="warn" if left_ms < LITTLE_MS else "normal"
        )

    def decided(self) -> bool:
        self.confirmed.emit()
        return True
