"""Who may not come back into the selected room, each with a button to let them in again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from moderator.client.texts import clock_time, safe
from moderator.desktop.intents import Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.reasons import reason_words
from moderator.desktop.room.action_button import ActionButton
from moderator.desktop.room.elided_label import ElidedLabel
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Block, Room
from moderator.language import tr

MOST_PX = 108
"""Three lines; the rest scrolls."""
_LINE_PX = 34


class Blocked(QScrollArea):
    """Hidden while nobody is blocked."""

    wanted = Signal(object)
    """`Intent`: re-admit somebody."""

    def __init__(self, store: LiveStore, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._look = look
        self._room: Room | None = None
        self._shown: tuple[RoomKey, tuple[Block, ...]] | None = None
        """With the room, for a block does not name it: the same person may be blocked in two."""
        self._buttons: dict[str, ActionButton] = {}
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Blocked"))
        self.setVisible(False)

    def show_room(self, room: Room) -> None:
        """The blocks of this room that hold now."""
        self._room = room
        self.second()

    def second(self) -> None:
        """The time went on: blocks end."""
        room = self._room
        if room is None:
            return
        now_ms = self._store.now_ms()
        blocks = tuple(block for block in room.blocks if block.holds(now_ms))
        if (room.key, blocks) != self._shown:
            self._shown = room.key, blocks
            self._build(room, blocks)
        for user, button in self._buttons.items():
            button.allow(self._store.why_not(self._intent(room, user)))

    def _build(self, room: Room, blocks: tuple[Block, ...]) -> None:
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(16, 4, 16, 0)
        lines.setSpacing(4)
        self._buttons = {}
        for block in blocks:
            lines.addLayout(self._line(room, block, inner))
        self.setWidget(inner)
        self.setFixedHeight(min(MOST_PX, 4 + _LINE_PX * len(blocks)))
        self.setVisible(bool(blocks))

    def _line(self, room: Room, block: Block, parent: QWidget) -> QHBoxLayout:
        name = _name(room, block.user)
        label = ElidedLabel(self._look.font(13), parent)
        label.setProperty("role", "muted")
        label.setText(
            tr("Blocked: {name}, {until} · {reason}").format(
                name=name, until=_until(block), reason=reason_words(block.reason).lower()
            )
        )
        button = ActionButton(self._look, tr("Re-admit"), parent, tip=tr("Let {name} come back").format(name=name))
        button.setAccessibleName(tr("Re-admit {name}").format(name=name))
        button.clicked.connect(lambda: self.wanted.emit(self._intent(room, block.user)))
        self._buttons[block.user] = button
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label, 1)
        line.addWidget(button)
        return line

    def _intent(self, room: Room, user: str) -> Intent:
        return Intent(action="readmit", room=room.key, user=user)


def _name(room: Room, user: str) -> str:
    return safe(next((one.name for one in reversed(room.participants) if one.user == user and one.name), user))


def _until(block: Block) -> str:
    return "for good" if block.until is None else f"until {clock_time(block.until, with_seconds=False)}"
