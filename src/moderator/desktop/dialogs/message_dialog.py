"""Tell everybody in a room, or in several, something."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from moderator.clock import Clock
from moderator.desktop.dialogs.affected_rooms import AffectedRooms
from moderator.desktop.dialogs.decision_dialog import DecisionDialog
from moderator.desktop.live_store import LiveStore
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.labels import plain_label
from moderator.domain.ids import RoomKey
from moderator.language import ntr, tr

MAX_CHARACTERS: Final = 1_000
"""The gateway takes no more; in UTF-8 that is half of what the narrowest platform (8 kB) carries."""


class MessageOrder(Struct, frozen=True):
    """The text for everybody in the rooms."""

    rooms: tuple[RoomKey, ...]
    text: str


class MessageDialog(DecisionDialog):
    """Enter sends, Shift+Enter begins a line."""

    confirmed = Signal(object)
    """`MessageOrder`, to those rooms only whose platform carries it."""

    def __init__(
        self, store: LiveStore, look: Look, clock: Clock, keys: Sequence[RoomKey], parent: QWidget | None = None
    ) -> None:
        super().__init__(store, look, clock, parent)
        self._rooms = AffectedRooms(store, look, "message", keys, self)
        self._text = _Text(self)
        self._text.setAccessibleName(tr("Message"))
        self._text.setPlaceholderText(tr("Everybody in the room will read this"))
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(96)
        self._readers = plain_label(self, role="muted")
        self._count = plain_label(self, role="muted")
        self.body.addWidget(self._readers)
        self.body.addWidget(self._rooms.others)
        self.body.addWidget(self._text)
        self.body.addWidget(self._count)
        self.body.addWidget(self._rooms.grid)
        self._text.textChanged.connect(self.refresh)
        self._text.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Look at the store and at the text again."""
        changed = self._rooms.refresh()
        rooms, length = self._rooms, len(self._typed())
        self._ask()
        people = sum(room.people for room in rooms.possible or rooms.found)
        self._readers.setText(ntr("Read by {count} person.", "Read by {count} people.", people).format(count=people))
        words = tr("{length} of {most} characters · Shift+Enter: new line")
        self._count.setText(words.format(length=length, most=MAX_CHARACTERS))
        self.allow(self._why_not(length))
        if not length:
            self.verb_button.setEnabled(False)
        if changed:
            self.fit()

    def _ask(self) -> None:
        possible, count = len(self._rooms.possible), self._rooms.count
        heading, verb = tr("Message to {room}"), tr("Send")
        if count > 1:
            heading = ntr("Message to {count} room", "Message to {count} rooms", count)
            if possible < count:
                verb = ntr("Send to {possible} of {count} room", "Send to {possible} of {count} rooms", count)
        self.ask(
            heading.format(room=self._rooms.name, count=count),
            verb.format(count=count, possible=possible),
            kind="primary",
        )

    def _why_not(self, length: int) -> str:
        if (more := length - MAX_CHARACTERS) > 0:
            return ntr("Too long by {count} character.", "Too long by {count} characters.", more).format(count=more)
        return self._rooms.why_not

    def _typed(self) -> str:
        return self._text.toPlainText().strip()

    def decided(self) -> bool:
        self.confirmed.emit(MessageOrder(tuple(room.key for room in self._rooms.possible), self._typed()))
        return True


class _Text(QPlainTextEdit):
    """Leaves a plain Enter to the dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            event.ignore()
            return
        super().keyPressEvent(event)
