"""Tell everybody in a room something."""

from typing import Final

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from moderator.client.texts import safe
from moderator.clock import Clock
from moderator.desktop.dialogs.decision_dialog import DecisionDialog, plain_label
from moderator.desktop.intents import Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import tr

MAX_CHARACTERS: Final = 1_000
"""The gateway takes no more; in UTF-8 that is half of what the narrowest platform (8 kB) carries."""


class MessageOrder(Struct, frozen=True):
    """The text for everybody in the room."""

    room: RoomKey
    text: str


class MessageDialog(DecisionDialog):
    """Enter sends, Shift+Enter begins a line."""

    confirmed = Signal(object)
    """`MessageOrder`."""

    def __init__(self, store: LiveStore, look: Look, clock: Clock, key: RoomKey, parent: QWidget | None = None) -> None:
        super().__init__(store, look, clock, parent)
        self._key = key
        self._text = _Text(self)
        self._text.setAccessibleName(tr("Message"))
        self._text.setPlaceholderText(tr("Everybody in the room will read this"))
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(96)
        self._count = plain_label(self, role="muted")
        self.body.addWidget(self._text)
        self.body.addWidget(self._count)
        self._text.textChanged.connect(self.refresh)
        self._text.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Look at the store and at the text again."""
        room = self.store.room(self._key)
        name = safe(room.name or room.room) if room else safe(self._key.room)
        self.ask(tr("Message to {room}").format(room=name), tr("Send"), kind="primary")
        length = len(self._typed())
        people = room.people if room else 0
        words = tr("Read by {people} people · {length} of {most} characters · Shift+Enter: new line")
        if people == 1:
            words = tr("Read by 1 person · {length} of {most} characters · Shift+Enter: new line")
        self._count.setText(words.format(people=people, length=length, most=MAX_CHARACTERS))
        self.allow(self._why_not(room, length))
        if not length:
            self.verb_button.setEnabled(False)

    def _why_not(self, room: Room | None, length: int) -> str:
        if room is None:
            return tr("The room is gone.")
        if length > MAX_CHARACTERS:
            return tr("Too long by {n} characters.").format(n=length - MAX_CHARACTERS)
        intent = Intent(action="message", room=self._key)
        return self.store.why_not(intent)

    def _typed(self) -> str:
        return self._text.toPlainText().strip()

    def decided(self) -> bool:
        self.confirmed.emit(MessageOrder(self._key, self._typed()))
        return True


class _Text(QPlainTextEdit):
    """Leaves a plain Enter to the dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            event.ignore()
            return
        super().keyPressEvent(event)
