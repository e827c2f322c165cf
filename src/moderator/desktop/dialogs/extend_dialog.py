"""More time for one room or several, by any amount."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from moderator.clock import Clock
from moderator.desktop.dialogs.decision_dialog import DecisionDialog, plain_label
from moderator.desktop.dialogs.durations import parse_duration
from moderator.desktop.dialogs.extension import ExtendOrder, Preview, presets, previews
from moderator.desktop.durations import amount
from moderator.desktop.intents import Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.room.elided_label import ElidedLabel
from moderator.desktop.room.summary_texts import time_words
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room

SHOWN: Final = 10
"""So many rooms are listed, those that cannot be extended first; the others are counted."""


class ExtendDialog(DecisionDialog):
    """The field has the focus and its text is selected: type and press Enter."""

    confirmed = Signal(object)
    """`ExtendOrder`, of those rooms only that can be extended by so much."""

    def __init__(
        self, store: LiveStore, look: Look, clock: Clock, keys: Sequence[RoomKey], parent: QWidget | None = None
    ) -> None:
        super().__init__(store, look, clock, parent)
        self._keys = tuple(dict.fromkeys(keys))
        self._field = QLineEdit(self)
        self._hint = plain_label(self, self.tr("minutes, or 90s, 1:30"), role="muted")
        self._now = plain_label(self, role="muted")
        self._grid = QGridLayout()
        self._listed: Sequence[Preview] | None = None
        self._presets = QHBoxLayout()
        self._build()

    def _build(self) -> None:
        rooms = self._rooms()
        offered = presets(rooms)
        for seconds in offered:
            self._add_preset(seconds)
        self._presets.setSpacing(8)
        self._presets.addStretch()
        self._field.setText(_as_typed(offered[0]))
        self._field.setMaximumWidth(96)
        self._field.setAccessibleName(self.tr("Time to add, in minutes"))
        self._field.textChanged.connect(self.refresh)
        typed = QHBoxLayout()
        typed.setSpacing(8)
        typed.addWidget(self._field)
        typed.addWidget(self._hint, 1)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self.body.addWidget(self._now)
        self.body.addLayout(self._presets)
        self.body.addLayout(typed)
        self.body.addSpacing(4)
        self.body.addLayout(self._grid)
        self._field.selectAll()
        self._field.setFocus()
        self.refresh()

    def _add_preset(self, seconds: int) -> None:
        button = QPushButton(f"+{amount(seconds)}", self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._field.setText(_as_typed(seconds)))
        self._presets.addWidget(button)

    # --- what the dialog is about ----------------------------------------------------------------------------------

    def _rooms(self) -> list[Room]:
        return [room for room in map(self.store.room, self._keys) if room is not None]

    def refresh(self) -> None:
        """Look at the store and at the field again."""
        rooms = self._rooms()
        self._now.setText(_sentence(time_words(rooms[0])) if len(rooms) == 1 else "")
        self._now.setVisible(len(rooms) == 1)
        try:
            seconds = parse_duration(self._field.text())
        except ValueError as error:
            self._show(rooms, (), "")
            self.allow(str(error))
            return
        found = previews(rooms, seconds)
        self._show(rooms, found, amount(seconds))
        self.allow(self._why_not(rooms, found))

    def _why_not(self, rooms: list[Room], found: Sequence[Preview]) -> str:
        possible = {one.room for one in found if one.possible}
        if not possible:
            return _sentence(found[0].text) if len(found) == 1 else self.tr("None of them can be extended by so much.")
        # The field says how much, so only the rest is asked: the token, the platform.
        one = next(room for room in rooms if room.key in possible)
        intent = Intent(action="extend_custom", room=one.key)
        return self.store.why_not(intent)

    def _show(self, rooms: list[Room], found: Sequence[Preview], added: str) -> None:
        count = len(rooms)
        possible = sum(one.possible for one in found)
        name = found[0].name if len(found) == 1 else ""
        heading = self.tr("Extend {name}").format(name=name) if name else self.windowTitle()
        if count != 1:
            heading = self.tr("Extend {n} rooms").format(n=count)
        verb = self.tr("Extend by {amount}").format(amount=added) if added else self.tr("Extend")
        if added and possible and possible < count:
            verb = self.tr("Extend {some} of {n} rooms by {amount}").format(some=possible, n=count, amount=added)
        self.ask(heading, verb, kind="primary")
        self._list(sorted(found, key=lambda one: one.possible))

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
            text.setProperty("level", "normal" if one.possible else "warn")
            self._grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignRight)
        if len(found) > SHOWN:
            more = self.tr("and {n} more").format(n=len(found) - SHOWN)
            self._grid.addWidget(plain_label(self, more, role="muted"), SHOWN, 0)
        self.fit()

    def decided(self) -> bool:
        seconds = parse_duration(self._field.text())
        rooms = tuple(one.room for one in previews(self._rooms(), seconds) if one.possible)
        self.confirmed.emit(ExtendOrder(rooms, seconds))
        return True


def _as_typed(seconds: int) -> str:
    return str(seconds // 60) if seconds % 60 == 0 else f"{seconds}s"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
