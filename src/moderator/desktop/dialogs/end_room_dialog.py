"""End rooms for everybody in them: names, counts, and five seconds in which it can be taken back."""

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from moderator.clock import Clock
from moderator.desktop.dialogs.affected_rooms import AffectedRooms
from moderator.desktop.dialogs.decision_dialog import DecisionDialog
from moderator.desktop.dialogs.reason_choice import ReasonChoice
from moderator.desktop.live_store import LiveStore
from moderator.desktop.room.people_list import people_of
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.labels import plain_label, short_name
from moderator.domain.ids import RoomKey
from moderator.domain.kinds import Reason
from moderator.domain.rooms import Room
from moderator.language import ntr, tr

DELAY_S: Final = 5.0
NAMES: Final = 6
"""So many people are named, the others are counted."""


class EndOrder(Struct, frozen=True):
    """End these rooms, and why."""

    rooms: tuple[RoomKey, ...]
    reason: Reason


class EndRoomDialog(DecisionDialog):
    """After the verb is pressed, a count of five; Esc or Cancel stops it."""

    confirmed = Signal(object)
    """`EndOrder`, of those rooms only that can be ended."""

    def __init__(
        self, store: LiveStore, look: Look, clock: Clock, keys: Sequence[RoomKey], parent: QWidget | None = None
    ) -> None:
        super().__init__(store, look, clock, parent)
        self._ends_at_s: float | None = None
        self._rooms = AffectedRooms(store, look, "end", keys, self)
        self._people = plain_label(self)
        self._reasons = ReasonChoice(look, "other", self)
        self.body.addWidget(self._people)
        self.body.addWidget(self._rooms.others)
        self.body.addWidget(self._rooms.grid)
        self.body.addSpacing(4)
        self.body.addWidget(plain_label(self, tr("Reason"), role="heading"))
        self.body.addWidget(self._reasons)
        self.ticker.tick.connect(self._count_down)
        self._reasons.take_focus()
        self.refresh()

    def refresh(self) -> None:
        """Look at the store again; what can no longer be done stops the count."""
        changed = self._rooms.refresh()
        why = self._rooms.why_not
        if why:
            self._ends_at_s = None
        if rooms := self._rooms.possible or self._rooms.found:
            self._people.setText(_who(rooms))
        if self._ends_at_s is None:
            self._ask()
            self._reasons.setEnabled(True)
            self.allow(why)
        if changed:
            self.fit()

    def _ask(self) -> None:
        possible, count = len(self._rooms.possible), self._rooms.count
        if count == 1:
            heading, verb = tr("End {room}"), tr("End {room}")
        elif possible < count:
            heading = ntr("End {count} room", "End {count} rooms", count)
            verb = ntr("End {possible} of {count} room", "End {possible} of {count} rooms", count)
        else:
            heading = verb = ntr("End {count} room", "End {count} rooms", count)
        name = self._rooms.name
        self.ask(
            heading.format(room=name, count=count),
            verb.format(room=short_name(name), count=count, possible=possible),
            spoken=verb.format(room=name, count=count, possible=possible),
        )

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
            seconds = math.ceil(left_s)
            words = ntr("Ending in {count} s", "Ending in {count} s", seconds)
            self.ask(self.windowTitle(), words.format(count=seconds))
            self.verb_button.setEnabled(False)
            return
        self.refresh()  # the last look before it is done
        if self._ends_at_s is not None:
            self._ends_at_s = None
            rooms = tuple(room.key for room in self._rooms.possible)
            self.confirmed.emit(EndOrder(rooms, self._reasons.reason))
            self.accept()


def _who(rooms: Sequence[Room]) -> str:
    """Everybody who has to go, by name as far as that can be read at a glance."""
    names = [row.titled(short_name(row.name)) for room in rooms for row in people_of(room) if row.here]
    if not names:
        return ntr("Nobody is in the room.", "Nobody is in the rooms.", len(rooms))
    listed = ", ".join(names[:NAMES])
    if (more := len(names) - NAMES) > 0:
        listed = ntr("{names} and {count} more", "{names} and {count} more", more).format(names=listed, count=more)
    words = ntr("{count} person is disconnected: {names}", "{count} people are disconnected: {names}", len(names))
    return words.format(count=len(names), names=listed)
