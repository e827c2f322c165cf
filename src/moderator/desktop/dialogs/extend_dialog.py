"""More time for one room or several, by any amount; an end for a room that has none."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from moderator.client.texts import clock_time, safe
from moderator.clock import Clock
from moderator.desktop.dialogs.decision_dialog import DecisionDialog
from moderator.desktop.dialogs.extension import ExtendOrder, Preview, facts, presets, previews
from moderator.desktop.dialogs.room_grid import RoomGrid, RoomLine
from moderator.desktop.dialogs.typed_times import parse_change, parse_end
from moderator.desktop.durations import amount
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.availability import why_not_together
from moderator.desktop.orders.intents import Intent
from moderator.desktop.room.summary_texts import time_words
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.labels import plain_label, short_name
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import ntr, tr

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
        hint = tr("14:30, or minutes from now") if self._sets_end else tr("minutes, or 90s, 1:30, \u22125")
        self._hint = plain_label(self, hint, role="muted")
        self._now = plain_label(self, role="muted")
        self._facts = plain_label(self, role="muted")
        self._into = plain_label(self)
        self._into.setProperty("level", "warn")
        self._grid = RoomGrid(look, self)
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
        self.body.addWidget(self._now)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._into)
        self.body.addLayout(self._presets)
        self.body.addLayout(typed)
        self.body.addSpacing(4)
        self.body.addWidget(self._grid)
        self._field.selectAll()
        self._field.setFocus()
        self.refresh()

    def _add_preset(self, seconds: int) -> None:
        words = tr("In {amount}").format(amount=amount(seconds)) if self._sets_end else amount(seconds, signed=True)
        button = QPushButton(words, self)
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
        return ExtendOrder(self._keys, parse_change(self._field.text()))

    def refresh(self) -> None:
        """Look at the store and at the field again."""
        rooms = self._rooms()
        self._tell(rooms)
        try:
            order = self._typed()
        except ValueError as error:
            self._show(rooms, (), None)
            self.allow(str(error))
            return
        found = previews(rooms, order, self.store.now_ms())
        self._show(rooms, found, order)
        self.allow(self._why_not(rooms, found))

    def _tell(self, rooms: list[Room]) -> None:
        """What is good to know of the only room."""
        me_id = self.store.me.id if self.store.me else ""
        now = _sentence(time_words(rooms[0])) if len(rooms) == 1 else ""
        told = "\n".join(facts(rooms[0], self.store.now_ms(), me_id)) if len(rooms) == 1 else ""
        for label, words in ((self._now, now), (self._facts, told)):
            if words != label.text():
                label.setText(words)
                self.fit()
            label.setVisible(bool(words))

    def _why_not(self, rooms: list[Room], found: Sequence[Preview]) -> str:
        if not rooms:
            return ntr("The room is gone.", "The rooms are gone.", len(self._keys))
        possible = {one.room for one in found if one.possible}
        if not possible:
            return _sentence(found[0].text) if len(found) == 1 else tr("None of them can be extended by so much.")
        # The field says how much, so only the rest is asked: the token, the platform.
        one = next(room for room in rooms if room.key in possible)
        why = self.store.why_not(Intent(action="extend_custom", room=one.key, seconds=self._typed().seconds))
        return why or why_not_together([Intent(action="extend", room=room.key) for room in rooms], self.store.link)

    def _show(self, rooms: list[Room], found: Sequence[Preview], order: ExtendOrder | None) -> None:
        shortens = order is not None and order.seconds < 0
        self.ask(
            self._heading_of(rooms, shortens),
            self._verb(found, order, short_name),
            spoken=self._verb(found, order, str),
            kind="danger" if shortens else "primary",
        )
        into = [one.into for one in found if one.into]
        self._say_into(into[0] if len(rooms) == 1 and into else "")
        lines = [RoomLine(one.name, one.text, one.possible, "warn" if one.into else "normal") for one in found]
        if self._grid.show_lines(lines):
            self.fit()

    def _heading_of(self, rooms: list[Room], shortens: bool) -> str:
        if not rooms:
            return self.windowTitle()
        if (count := len(rooms)) > 1:
            words = ntr("Extend {count} room", "Extend {count} rooms", count)
            if shortens:
                words = ntr("Shorten {count} room", "Shorten {count} rooms", count)
            return words.format(count=count)
        words = tr("Set the end of {name}") if self._sets_end else tr("Extend {name}")
        if shortens:
            words = tr("Shorten {name}")
        return words.format(name=safe(rooms[0].name or rooms[0].room))

    def _say_into(self, appointment: str) -> None:
        words = tr("This takes time from {appointment}.").format(appointment=appointment) if appointment else ""
        if words != self._into.text():
            self._into.setText(words)
            self.fit()
        self._into.setVisible(bool(words))

    def _verb(self, found: Sequence[Preview], order: ExtendOrder | None, named: Callable[[str], str]) -> str:
        count, possible = len(found), sum(one.possible for one in found)
        if count == 1 and found[0].into:
            words = tr("End within {appointment}") if self._sets_end else tr("Extend into {appointment}")
            return words.format(appointment=named(found[0].into))
        if self._sets_end:
            return tr("End at {time}").format(time=_time(order)) if order else tr("Set the end")
        if order is None:
            return tr("Extend")
        words = tr("Extend by {amount}") if order.seconds > 0 else tr("Shorten by {amount}")
        if possible and possible < count:
            words = ntr(
                "Extend {some} of {count} room by {amount}", "Extend {some} of {count} rooms by {amount}", count
            )
            if order.seconds < 0:
                words = ntr(
                    "Shorten {some} of {count} room by {amount}", "Shorten {some} of {count} rooms by {amount}", count
                )
        return words.format(some=possible, count=count, amount=amount(abs(order.seconds)))

    def decided(self) -> bool:
        order = self._typed()
        found = [one for one in previews(self._rooms(), order, self.store.now_ms()) if one.possible]
        into_next = any(one.into for one in found)
        self.confirmed.emit(ExtendOrder(tuple(one.room for one in found), order.seconds, order.ends_at, into_next))
        return True


def _as_typed(seconds: int) -> str:
    return str(seconds // 60) if seconds % 60 == 0 else f"{seconds}s"


def _time(order: ExtendOrder) -> str:
    return clock_time(order.ends_at, with_seconds=False)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].removesuffix(".") + "."
