"""Who may not come back into the selected room, each with a button to let them in again."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from moderator.client.texts import safe
from moderator.desktop.orders.intents import Intent
from moderator.desktop.picture import Picture
from moderator.desktop.room.blocked_words import blocked_words
from moderator.desktop.room.people_list import titles_of
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.action_button import ActionButton
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Block, Room
from moderator.language import tr

LINE_PX: Final = 44
MOST_LINES: Final = 2.5
"""The rest scrolls; that half a line shows says so."""
BlockOf = Callable[[str], Event | None]
"""The decision that keeps a user out, where it is known."""


class Blocked(QWidget):
    """Hidden while nobody is blocked."""

    wanted = Signal(object)
    """`Intent`: re-admit somebody."""

    def __init__(self, picture: Picture, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._look = look
        self._room: Room | None = None
        self._block_of: BlockOf = lambda user: None
        self._shown: tuple[RoomKey, tuple[tuple[Block, str, str], ...]] | None = None
        """With the room, for a block does not name it: the same person may be blocked in two."""
        self._buttons: dict[str, ActionButton] = {}
        self._heading = QLabel(self)
        self._heading.setProperty("role", "heading")
        self._heading.setContentsMargins(16, 8, 16, 0)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(tr("Blocked"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._heading)
        rows.addWidget(self._scroll)
        self.setVisible(False)

    def show_room(self, room: Room, block_of: BlockOf | None = None) -> None:
        """The blocks of this room that hold now."""
        self._room = room
        self._block_of = block_of or (lambda user: None)
        self.second()

    def second(self) -> None:
        """The time went on: blocks end."""
        room = self._room
        if room is None:
            return
        now_ms = self._picture.now_ms()
        blocks = tuple(block for block in room.blocks if block.holds(now_ms))
        titles = titles_of(room) if blocks else {}
        lines = tuple(
            (one, titles.get(one.user) or safe(one.user), blocked_words(one, self._block_of(one.user), now_ms))
            for one in blocks
        )
        if (room.key, lines) != self._shown:
            self._shown = room.key, lines
            self._build(room, lines)
        for user, button in self._buttons.items():
            button.allow(self._picture.why_not(self._intent(room, user)))

    def _build(self, room: Room, found: tuple[tuple[Block, str, str], ...]) -> None:
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(16, 0, 16, 0)
        lines.setSpacing(0)
        self._buttons = {}
        for block, name, words in found:
            lines.addWidget(self._line(room, block, name, words, inner))
        lines.addStretch()
        self._scroll.setWidget(inner)
        self._scroll.setMinimumHeight(LINE_PX if found else 0)
        self._scroll.setMaximumHeight(int(LINE_PX * min(MOST_LINES, len(found))))
        self._heading.setText(tr("Blocked ({count})").format(count=len(found)))
        self.setVisible(bool(found))

    def _line(self, room: Room, block: Block, name: str, words: str, parent: QWidget) -> QWidget:
        line = QWidget(parent)
        line.setFixedHeight(LINE_PX)
        title, details = ElidedLabel(self._look.font("body"), line), ElidedLabel(self._look.font("small"), line)
        title.setText(name)
        details.setText(words)
        details.setProperty("role", "muted")
        button = ActionButton(self._look, tr("Re-admit"), line, tip=tr("Let {name} come back").format(name=name))
        button.setAccessibleName(tr("Re-admit {name}").format(name=name))
        button.clicked.connect(lambda: self.wanted.emit(self._intent(room, block.user)))
        self._buttons[block.user] = button
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(title)
        texts.addWidget(details)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(button)
        return line

    def _intent(self, room: Room, user: str) -> Intent:
        return Intent(action="readmit", room=room.key, user=user)
