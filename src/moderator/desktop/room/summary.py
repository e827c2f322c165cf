"""The selected room's name, its time, who looks after it, and what can be done with it as a whole."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from moderator.client.texts import safe
from moderator.desktop.actions.actions import action as find_action
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.durations import amount
from moderator.desktop.orders.extending import step_s
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.picture import Picture
from moderator.desktop.room.big_time import BigTime
from moderator.desktop.room.summary_texts import (
    announced_words,
    changed_words,
    countdown,
    lock_words,
    owner_words,
    time_words,
)
from moderator.desktop.room.viewers_line import ViewersLine
from moderator.desktop.room_status import Status, room_status
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.action_button import ActionButton
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.desktop.widgets.wrapped_row import WrappedRow
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import tr

GAP_PX: Final = 6
_KEY_OF: Final = {"unlock": "lock", "release": "claim"}
"""The same key does it and takes it back."""


class Summary(QWidget):
    """Shows one room; the pane says which, and when."""

    wanted = Signal(object)
    """`Intent`."""

    def __init__(self, store: Picture, look: Look, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._look = look
        self._keys = keys
        self._key: RoomKey | None = None
        self._name = ElidedLabel(look.font("body", "semibold"), self)
        self._type = ElidedLabel(look.font("body"), self)
        self._type.setProperty("role", "muted")
        self._big = BigTime(look, self)
        self._state = QLabel(self)
        self._state_icon = QLabel(self)
        self._time = _muted(self)
        self._changed = _muted(self)
        self._announced = _muted(self)
        self._lock_icon = QLabel(self)
        self._lock = ElidedLabel(look.font("body"), self)
        self._lock.setProperty("role", "muted")
        self._owner = ElidedLabel(look.font("body"), self)
        self._owner.setProperty("role", "muted")
        self._viewers = ViewersLine(store, look, self)
        self._orders = QWidget(self)
        """What can be done with the room; not there where nothing can be, so that the rest is not cut off."""
        self._buttons = self._make_buttons()
        self._arrange()
        look.changed.connect(self.refresh)

    def set_large(self, *, large: bool) -> None:
        """As befits the only room, or as among many."""
        self._big.set_large(large=large)
        self._name.setFont(self._look.font("title" if large else "body", "semibold"))

    def set_past(self, *, past: bool) -> None:
        """It is looked back at, and there is a line less room for it."""
        self._orders.setVisible(not past)

    def show_room(self, key: RoomKey) -> None:
        """Another room."""
        self._key = key
        self.refresh()

    def refresh(self) -> None:
        """Look at the store again."""
        room = self._store.room(self._key) if self._key else None
        if room is None:
            return
        me_id = self._store.me.id if self._store.me else ""
        self._name.setText(safe(room.name or room.room))
        self._type.setText(safe(room.type or ""))
        self._time.setText(time_words(room))
        for label, words in ((self._changed, changed_words(room, me_id)), (self._announced, announced_words(room))):
            label.setText(words)
            label.setVisible(bool(words))
        self._show_lock(room, me_id)
        self._owner.setText(owner_words(room, me_id))
        self._viewers.show_room(room)
        mine = room.owner is not None and room.owner.id == me_id
        self._buttons["claim"].setVisible(not mine)
        self._buttons["release"].setVisible(mine)
        self._allow(room)
        self.tick()
        self._big.setAccessibleName(tr("Time left: {time}").format(time=self._big.text))

    def tick(self) -> None:
        """The time went on; only what counts down is touched."""
        room = self._store.room(self._key) if self._key else None
        if room is None:
            return
        now_ms, stale = self._store.now_ms(), self._store.staleness(room)
        status = room_status(room, now_ms, stale=stale)
        self._big.show_time(countdown(room, now_ms, stale=bool(stale)), status.level)
        self._show_state(status)

    # --- how -------------------------------------------------------------------------------------------------------

    def _show_lock(self, room: Room, me_id: str) -> None:
        names = {id_: one.name for id_, one in self._store.on_duty.items()}
        if room.owner is not None:
            names[room.owner.id] = room.owner.name
        self._lock.setText(lock_words(room, names, me_id))
        icon = "lock" if room.locked else "lock-open"
        self._lock_icon.setPixmap(self._look.pixmap(icon, self._look.theme.muted, 14, self.devicePixelRatioF()))
        self._buttons["lock"].setVisible(room.locked is None)
        self._buttons["unlock"].setVisible(room.locked is not None)

    def _show_state(self, status: Status) -> None:
        if self._state.property("level") != status.level:
            self._state.setProperty("level", status.level)
            self._state.style().polish(self._state)
        self._state.setText(status.word)
        icon, color = status.icon, self._look.theme.level(status.level)
        self._state_icon.setVisible(bool(icon))
        if icon:
            self._state_icon.setPixmap(self._look.pixmap(icon, color, 16, self.devicePixelRatioF()))

    def _allow(self, room: Room) -> None:
        step = tr("Extend {step}").format(step=amount(step_s(room)))
        self._buttons["extend"].setText(step if room.deadline or room.state == "ended" else tr("Set the end…"))
        self._buttons["extend_custom"].setVisible(room.deadline is not None)
        for action, button in self._buttons.items():
            button.allow(self._store.why_not(Intent(action=action, room=room.key)))

    def _make_buttons(self) -> dict[ActionName, ActionButton]:
        look = self._look
        made: dict[ActionName, ActionButton] = {
            "extend": ActionButton(
                look,
                tr("Extend"),
                self,
                icon="timer",
                kind="primary",
                tip=tr("Add the usual time, or set an end"),
            ),
            "extend_custom": ActionButton(look, tr("Custom…"), self, tip=tr("Add any amount of time")),
            "message": ActionButton(
                look,
                tr("Message…"),
                self,
                icon="message-square",
                tip=tr("Tell everybody in the room"),
            ),
            "end": ActionButton(
                look, tr("End room…"), self, icon="circle-x", kind="danger", tip=tr("Disconnect everybody")
            ),
            "lock": ActionButton(look, tr("Lock"), self, tip=tr("Nobody else comes in")),
            "unlock": ActionButton(look, tr("Unlock"), self, tip=tr("Anybody may come in again")),
            "claim": ActionButton(look, tr("Claim"), self, tip=tr("Look after this room yourself")),
            "release": ActionButton(look, tr("Release"), self, tip=tr("Look after this room no more")),
        }
        made["extend_custom"].setAccessibleName(find_action("extend_custom").words)
        for action, button in made.items():
            button.clicked.connect(lambda _=False, action=action: self._want(action))
            button.follow(self._keys, find_action(_KEY_OF.get(action, action), "room"), with_cap=action == "extend")
        return made

    def _want(self, action: ActionName) -> None:
        if self._key is not None:
            self.wanted.emit(Intent(action=action, room=self._key))

    def _arrange(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 12, 16, 12)
        rows.setSpacing(4)
        rows.addLayout(_row(self._name, self._type, stretch_at=1, spacing=8))
        rows.addWidget(self._big)
        rows.addLayout(_row(self._state_icon, self._state, spacing=6))
        rows.addWidget(self._time)
        rows.addWidget(self._changed)
        rows.addWidget(self._announced)
        buttons = self._buttons
        orders = QVBoxLayout(self._orders)
        orders.setContentsMargins(0, 8, 0, 8)
        orders.setSpacing(GAP_PX)
        orders.addLayout(_wrapped(buttons["extend"], buttons["extend_custom"]))
        orders.addLayout(_wrapped(buttons["message"], buttons["end"]))
        rows.addWidget(self._orders)
        rows.addLayout(_row(self._lock_icon, self._lock, buttons["lock"], buttons["unlock"], stretch_at=1))
        rows.addLayout(_row(self._owner, buttons["claim"], buttons["release"], stretch_at=0))
        rows.addWidget(self._viewers)
        rows.addStretch()
        self._state.setTextFormat(Qt.TextFormat.PlainText)


def _muted(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", "muted")
    return label


def _wrapped(*buttons: QWidget) -> WrappedRow:
    """Side by side, or below each other in a language whose words are longer."""
    row = WrappedRow(GAP_PX)
    row.setContentsMargins(0, 0, 0, 0)
    for button in buttons:
        row.addWidget(button)
    return row


def _row(*widgets: QWidget, stretch_at: int = -1, spacing: int = GAP_PX) -> QHBoxLayout:
    """Side by side; the one at `stretch_at` takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for index, widget in enumerate(widgets):
        row.addWidget(widget, 1 if index == stretch_at else 0)
    if stretch_at < 0:
        row.addStretch()
    return row
