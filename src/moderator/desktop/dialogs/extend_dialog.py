"""More time for one room or several, by any amount; an end for a room that has none."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from moderator.client.texts import clock_time, safe
from moderator.clock import Clock
from moderator.desktop.dialogs.decision_dialog import DecisionDialog, plain_label, short_name
from moderator.desktop.dialogs.durations import parse_duration, parse_end
from moderator.desktop.dialogs.extension import ExtendOrder, Preview, presets, previews
from moderator.desktop.durations import amount
from moderator.desktop.extending import booking
from moderator.desktop.intents import Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.room.elided_label import ElidedLabel
from moderator.desktop.room.summary_texts import time_words
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import tr

SHOWN: Final = 10
"""So many rooms are listed, those that cannot be extended first; the others are counted."""
ENDS_S: Final = (1800, 3600)
"""How far ends lie ahead that are offered for a room without one."""


class ExtendDialog(DecisionDialog):
    """The field has the focus and its text is selected: type and press Enter.

    One room that has no end when the dialog opens is given one; more time is for those that have.
    """

    confirmed = Signal(object)
    """`ExtendOrder`, of those rooms only of which it can be granted."""

    def __init__(
        self,
        store: LiveStore,
        look: Look,
        clock: Clock,
        keys: Sequence[RoomKey],
        parent: QWidget | None = None,
        *,
        seconds: int = 0,
    ) -> None:
        """`seconds`: what is offered first; 0 for the usual."""
        super().__init__(store, look, clock, parent)
        self._keys = tuple(dict.fromkeys(keys))
        rooms = self._rooms()
        self._sets_end = len(rooms) == 1 and rooms[0].deadline is None
        self._field = QLineEdit(self)
        hint = tr("14:30, or minutes from now") if self._sets_end else tr("minutes, or 90s, 1:30")
        self._hint = plain_label(self, hint, role="muted")
        self._now = plain_label(self, role="muted")
        self._booked = plain_label(self)
        self._booked.setProperty("level", "warn")
        self._grid = QGridLayout()
        self._listed: Sequence[Preview] | None = None
        self._presets = QHBoxLayout()
        offered = ENDS_S if self._sets_end else presets(rooms)
        self._build(offered, seconds or offered[0])

    def _build(self, offered: Sequence[int], first: int) -> None:
        for seconds in offered:
            self._add_preset(seconds)
        self._presets.setSpacing(8)
        self._presets.addStretch()
        self._field.setText(_as_typed(first))
        self._field.setMaximumWidth(96)
        name = tr("When the room ends") if self._sets_end else tr("Time to add, in minutes")
        self._field.setAccessibleName(name)
        self._field.textChanged.connect(self.refresh)
        typed = QHBoxLayout()
        typed.setSpacing(8)
        typed.addWidget(self._field)
        typed.addWidget(self._hint, 1)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self.body.addWidget(self._now)
        self.body.addWidget(self._booked)
        self.body.addLayout(self._presets)
        self.body.addLayout(typed)
        self.body.addSpacing(4)
        self.body.addLayout(self._grid)
        self._field.selectAll()
        self._field.setFocus()
        self.refresh()

    def _add_preset(self, seconds: int) -> None:
        words = tr("In {amount}") if self._sets_end else "+{amount}"
        button = QPushButton(words.format(amount=amount(seconds)), self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._field.setText(_as_typed(seconds)))
        self._presets.addWidget(button)

    # --- what the dialog is about ----------------------------------------------------------------------------------

    def _rooms(self) -> list[Room]:
        return [room for room in map(self.store.room, self._keys) if room is not None]

    def _typed(self) -> ExtendOrder:
        """What the field asks for. Raises ValueError."""
        if self._sets_end:
            return ExtendOrder(self._keys, ends_at=parse_end(self._field.text(), self.store.now_ms()))
        return ExtendOrder(self._keys, parse_duration(self._field.text()))

    def refresh(self) -> None:
        """Look at the store and at the field again."""
        rooms = self._rooms()
        self._now.setText(_sentence(time_words(rooms[0])) if len(rooms) == 1 else "")
        self._now.setVisible(len(rooms) == 1)
        try:
            order = self._typed()
        except ValueError as error:
            self._show(rooms, (), None)
            self.allow(str(error))
            return
        found = previews(rooms, order)
        self._show(rooms, found, order)
        self.allow(self._why_not(rooms, found))

    def _why_not(self, rooms: list[Room], found: Sequence[Preview]) -> str:
        if not rooms:
            return tr("The room is gone.") if len(self._keys) == 1 else tr("The rooms are gone.")
        possible = {one.room for one in found if one.possible}
        if not possible:
            return _sentence(found[0].text) if len(found) == 1 else tr("None of them can be extended by so much.")
        # The field says how much, so only the rest is asked: the token, the platform.
        one = next(room for room in rooms if room.key in possible)
        intent = Intent(action="extend_custom", room=one.key)
        return self.store.why_not(intent)

    def _show(self, rooms: list[Room], found: Sequence[Preview], order: ExtendOrder | None) -> None:
        self.ask(self._heading_of(rooms), self._verb(found, order), kind="primary")
        into = [room.next_appointment for room, one in zip(rooms, found, strict=False) if one.into]
        self._say_booked(booking(into[0]) if len(rooms) == 1 and into and into[0] else "")
        self._list(sorted(found, key=lambda one: one.possible))

    def _heading_of(self, rooms: list[Room]) -> str:
        if not rooms:
            return self.windowTitle()
        if len(rooms) > 1:
            return tr("Extend {n} rooms").format(n=len(rooms))
        words = tr("Set the end of {name}") if self._sets_end else tr("Extend {name}")
        return words.format(name=safe(rooms[0].name or rooms[0].room))

    def _say_booked(self, sentence: str) -> None:
        if sentence != self._booked.text():
            self._booked.setText(sentence)
            self.fit()
        self._booked.setVisible(bool(sentence))

    def _verb(self, found: Sequence[Preview], order: ExtendOrder | None) -> str:
        count, possible = len(found), sum(one.possible for one in found)
        if count == 1 and found[0].into:
            words = tr("End within {appointment}") if self._sets_end else tr("Extend into {appointment}")
            return words.format(appointment=short_name(found[0].into))
        if self._sets_end:
            return tr("End at {time}").format(time=_time(order)) if order else tr("Set the end")
        if order is None:
            return tr("Extend")
        words = tr("Extend by {amount}")
        if possible and possible < count:
            words = tr("Extend {some} of {n} rooms by {amount}")
        return words.format(some=possible, n=count, amount=amount(order.seconds))

    def _list(self, found: Sequence[Preview]) -> None:
        if found == self._listed:
            return
        self._listed = found
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        for row, one in enumerate(found[:SHOWN]):
            name = ElidedLabel(self.look.font(13), self)
            name.setText(one.name)
            self._grid.addWidget(name, row, 0)
            text = plain_label(self, one.text)
            text.setWordWrap(False)
            text.setProperty("level", "warn" if one.into or not one.possible else "normal")
            self._grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignRight)
        if len(found) > SHOWN:
            more = tr("and {n} more").format(n=len(found) - SHOWN)
            self._grid.addWidget(plain_label(self, more, role="muted"), SHOWN, 0)
        self.fit()

    def decided(self) -> bool:
        order = self._typed()
        found = [one for one in previews(self._rooms(), order) if one.possible]
        into_next = any(one.into for one in found)
        self.confirmed.emit(ExtendOrder(tuple(one.room for one in found), order.seconds, order.ends_at, into_next))
        return True


def _as_typed(seconds: int) -> str:
    return str(seconds // 60) if seconds % 60 == 0 else f"{seconds}s"


def _time(order: ExtendOrder) -> str:
    return clock_time(order.ends_at, with_seconds=False)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
