"""Opens the dialogs in which a person decides something, one at a time; what they decided is handed on. Each is loaded
when it is first opened, not with the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from moderator.clock import Clock
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room

if TYPE_CHECKING:
    from moderator.desktop.dialogs.end_room_dialog import EndOrder
    from moderator.desktop.dialogs.extension import ExtendOrder
    from moderator.desktop.dialogs.message_dialog import MessageOrder


class Dialogs(QObject):
    """One window's dialogs about rooms and people."""

    decided = Signal(object)
    """`tuple[Intent, ...]`: to be carried out as they are."""
    disconnect_decided = Signal(object)
    """`DisconnectOrder`."""
    person_wanted = Signal(object)
    """`RoomKey`: somebody has to be chosen there first."""

    def __init__(self, store: LiveStore, look: Look, clock: Clock, window: QWidget) -> None:
        super().__init__(window)
        self._store = store
        self._look = look
        self._clock = clock
        self._window = window
        self._dialog: QDialog | None = None
        self._next: tuple[Intent, ...] = ()
        """What has still to be asked about when the open dialog has closed."""

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open now; there is never more than one."""
        return self._dialog

    def close(self) -> None:
        """The program ends: what was not decided is not done."""
        if self._dialog is not None:
            self._dialog.reject()

    def opener(self, intent: Intent) -> Callable[[Sequence[Intent]], None] | None:
        """What asks about such a wish; None where there is nothing to ask, or it was decided."""
        if intent.reason is not None or intent.text:
            return None
        openers: dict[ActionName, Callable[[Sequence[Intent]], None]] = {
            "disconnect": self._ask_disconnect,
            "extend_custom": self._ask_extend,
            "message": self._ask_message,
            "end": self._ask_end,
        }
        return openers.get(intent.action)

    def ask_to_undo(self, intents: Sequence[Intent], decide: Callable[[], None]) -> bool:
        """Ask first where hardly any time would be left; False where there is nothing to ask."""
        from moderator.desktop.dialogs.shorten_dialog import leaves_little  # noqa: PLC0415

        if not leaves_little(intents, self._store.room, self._store.now_ms(), undoing=True):
            return False
        self._ask_shorten(intents, decide)
        return True

    # --- how -------------------------------------------------------------------------------------------------------

    def _ask_disconnect(self, intents: Sequence[Intent]) -> None:
        from moderator.desktop.dialogs.disconnect_dialog import DisconnectDialog  # noqa: PLC0415

        intent = intents[0]
        assert intent.room is not None
        participant = intent.participant or self._only_one(intent.room)
        if not participant:
            self.person_wanted.emit(intent.room)
            return
        dialog = DisconnectDialog(self._store, self._look, self._clock, intent.room, participant, self._window)
        dialog.confirmed.connect(self.disconnect_decided)
        self._open(dialog)

    def _ask_extend(self, intents: Sequence[Intent]) -> None:
        from moderator.desktop.dialogs.extend_dialog import ExtendDialog  # noqa: PLC0415

        keys = [room.key for room in self._rooms(intents)]
        seconds = intents[0].seconds
        dialog = ExtendDialog(self._store, self._look, self._clock, keys, self._window, seconds=seconds)
        dialog.confirmed.connect(self._extend)
        self._open(dialog)

    def _extend(self, order: ExtendOrder) -> None:
        from moderator.desktop.dialogs.shorten_dialog import leaves_little  # noqa: PLC0415

        wish = Intent(action="extend", seconds=order.seconds, ends_at=order.ends_at, into_next=order.into_next)
        wishes = tuple(replace(wish, room=key) for key in order.rooms)
        if leaves_little(wishes, self._store.room, self._store.now_ms()):
            self._next = wishes
        else:
            self.decided.emit(wishes)

    def _ask_message(self, intents: Sequence[Intent]) -> None:
        from moderator.desktop.dialogs.message_dialog import MessageDialog  # noqa: PLC0415

        keys = [room.key for room in self._rooms(intents)]
        dialog = MessageDialog(self._store, self._look, self._clock, keys, self._window)
        dialog.confirmed.connect(self._message)
        self._open(dialog)

    def _message(self, order: MessageOrder) -> None:
        self.decided.emit(tuple(Intent(action="message", room=key, text=order.text) for key in order.rooms))

    def _ask_end(self, intents: Sequence[Intent]) -> None:
        from moderator.desktop.dialogs.end_room_dialog import EndRoomDialog  # noqa: PLC0415

        keys = [room.key for room in self._rooms(intents)]
        dialog = EndRoomDialog(self._store, self._look, self._clock, keys, self._window)
        dialog.confirmed.connect(self._end)
        self._open(dialog)

    def _end(self, order: EndOrder) -> None:
        self.decided.emit(tuple(Intent(action="end", room=key, reason=order.reason) for key in order.rooms))

    def _ask_shorten(self, intents: Sequence[Intent], decide: Callable[[], None]) -> None:
        from moderator.desktop.dialogs.shorten_dialog import ShortenDialog  # noqa: PLC0415

        if self._dialog is None:
            dialog = ShortenDialog(self._store, self._look, self._clock, intents, self._window)
            dialog.confirmed.connect(decide)
            self._open(dialog)

    def _only_one(self, key: RoomKey) -> str:
        """Whom the table's key can only mean: the one whom a policy objects to, or the only one in the room."""
        room = self._store.room(key)
        objected = {found.participant for found in room.violations} if room else set()
        here = [one.id for one in room.here()] if room else []
        candidates = [one for one in here if one in objected] or here
        return candidates[0] if len(candidates) == 1 else ""

    def _rooms(self, intents: Sequence[Intent]) -> list[Room]:
        return [room for intent in intents if intent.room and (room := self._store.room(intent.room))]

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def _on_closed(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()
        self._window.activateWindow()  # no window manager gives the keyboard back where there is none
        if wishes := self._next:
            self._next = ()
            self._ask_shorten(wishes, lambda: self.decided.emit(wishes))
