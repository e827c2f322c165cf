"""End a room for everybody in it: names, counts, and five seconds in which it can be taken back."""

import math
from typing import Final

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from moderator.client.texts import safe
from moderator.clock import Clock
from moderator.desktop.dialogs.decision_dialog import DecisionDialog, plain_label, short_name
from moderator.desktop.dialogs.reason_choice import ReasonChoice
from moderator.desktop.intents import Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.room.people_list import people_of
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.domain.kinds import Reason
from moderator.domain.rooms import Room
from moderator.language import tr

DELAY_S: Final = 5.0
NAMES: Final = 6
"""So many people are named, the others are counted."""


class EndOrder(Struct, frozen=True):
    """End this room, and why."""

    room: RoomKey
    reason: Reason


class EndRoomDialog(DecisionDialog):
    """After the verb is pressed, a count of five; Esc or Cancel stops it."""

    confirmed = Signal(object)
    """`EndOrder`."""

    def __init__(self, store: LiveStore, look: Look, clock: Clock, key: RoomKey, parent: QWidget | None = None) -> None:
        super().__init__(store, look, clock, parent)
        self._key = key
        self._ends_at_s: float | None = None
        room = store.room(key)
        self._name = safe(room.name or room.room) if room else safe(key.room)
        self._people = plain_label(self)
        self._reasons = ReasonChoice(look, "other", self)
        self.body.addWidget(self._people)
        self.body.addSpacing(4)
        self.body.addWidget(plain_label(self, tr("Reason"), role="heading"))
        self.body.addWidget(self._reasons)
        self.ticker.tick.connect(self._count_down)
        self._reasons.take_focus()
        self.refresh()

    def refresh(self) -> None:
        """Look at the store again; what can no longer be done stops the count."""
        room = self.store.room(self._key)
        why = self._why_not(room)
        if why:
            self._ends_at_s = None
        if room is not None:
            self._people.setText(self._who(room))
        if self._ends_at_s is None:
            self.ask(tr("End {room}").format(room=self._name), tr("End {room}").format(room=short_name(self._name)))
            self._reasons.setEnabled(True)
            self.allow(why)

    def _why_not(self, room: Room | None) -> str:
        if room is None:
            return tr("The room is gone.")
        intent = Intent(action="end", room=self._key)
        return self.store.why_not(intent)

    def _who(self, room: Room) -> str:
        names = [short_name(row.name) for row in people_of(room) if row.here]
        if not names:
            return tr("Nobody is in the room.")
        listed = ", ".join(names[:NAMES])
        if len(names) > NAMES:
            listed = tr("{names} and {n} more").format(names=listed, n=len(names) - NAMES)
        if len(names) == 1:
            return tr("1 person is disconnected: {names}").format(names=listed)
        return tr("{n} people are disconnected: {names}").format(n=len(names), names=listed)

    # --- the count -------------------------------------------------------------------------------------------------

    def decided(self) -> bool:
        if self._ends_at_s is None:
            self._ends_at_s = self.clock.monotonic() + DELAY_S
            self._reasons.setEnabled(False)
            self.cancel_button.setFocus()
            self._count_down()
        return False

    def done(self, result: int) -> None:
        self._ends_at_s = None
        super().done(result)

    def _count_down(self) -> None:
        if self._ends_at_s is None:
            return
        left_s = self._ends_at_s - self.clock.monotonic()
        if left_s > 0:
            self.verb_button.setText(tr("Ending in {n} s").format(n=math.ceil(left_s)))
            self.verb_button.setEnabled(False)
            return
        self.refresh()  # the last look before it is done
        if self._ends_at_s is not None:
            self._ends_at_s = None
            self.confirmed.emit(EndOrder(self._key, self._reasons.reason))
            self.accept()
