"""Where a wish goes: to a dialog when a person has to decide something, to the gateway otherwise, and nowhere, with the
reason, when it is not possible."""

from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, Protocol

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from moderator.clock import Clock
from moderator.desktop.dialogs.disconnect_dialog import DisconnectDialog
from moderator.desktop.dialogs.end_room_dialog import EndRoomDialog
from moderator.desktop.dialogs.extend_dialog import ExtendDialog
from moderator.desktop.dialogs.extension import ExtendOrder
from moderator.desktop.dialogs.message_dialog import MessageDialog
from moderator.desktop.extending import asking, runs_into, wanted_end
from moderator.desktop.intents import ActionName, DisconnectOrder, Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.notices import Notice
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.domain.kinds import Reason
from moderator.domain.rooms import Room
from moderator.language import tr
from moderator.tasks import TaskScope

UNDO_S: Final = 600.0
"""How long Ctrl+Z takes something back."""
NO_GATEWAY: Final = Notice(tone="problem", text="Not done: the gateway is not connected yet. Nothing was queued.")


class OrderTaker(Protocol):
    """Who carries wishes out."""

    async def carry_out(self, intents: Sequence[Intent]) -> Notice: ...
    async def disconnect(self, order: DisconnectOrder) -> Notice: ...
    async def end(self, room: RoomKey, reason: Reason) -> Notice: ...
    async def message(self, room: RoomKey, text: str) -> Notice: ...


class _Done(Struct, frozen=True):
    """Something that can be taken back for a while."""

    at_s: float
    undo: tuple[Intent, ...]


class Routing(QObject):
    """Takes wishes from every part of a window; tells what came of them."""

    person_wanted = Signal(object)
    """`RoomKey`: somebody has to be chosen there first."""
    review_wanted = Signal(object)
    """`Intent`: show what is known of somebody, in a window of its own."""

    def __init__(
        self,
        store: LiveStore,
        look: Look,
        tasks: TaskScope,
        tell: Callable[[Notice], None],
        clock: Clock,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.orders: OrderTaker | None = None
        """None until there is a connection."""
        self._store = store
        self._look = look
        self._tasks = tasks
        self._tell = tell
        self._clock = clock
        self._window = window
        self._undo: deque[_Done] = deque(maxlen=50)
        self._dialog: QDialog | None = None

    def want(self, wish: Intent | tuple[Intent, ...]) -> None:
        """Grant a wish, or several of one sort, or say why not."""
        intents = self._meant(wish if isinstance(wish, tuple) else (wish,))
        possible = [intent for intent in intents if not self._refusal(intent)]
        if not possible:
            why = self._refusal(intents[0]) if intents else tr("Select a room first.")
            self._tell(Notice(tone="info", text=why))
            return
        if possible[0].action == "sessions":
            self.review_wanted.emit(possible[0])
            return
        opener = self._openers().get(possible[0].action)
        if opener is not None:
            self._ask(opener, intents)
        elif (done := self._undoable(intents)) is not None:
            self._take_back(done)
        else:
            self._carry_out(possible, left_out=self._left_out(intents, possible))

    def _left_out(self, intents: Sequence[Intent], possible: Sequence[Intent]) -> str:
        """What is not even tried, and why."""
        refused = [intent for intent in intents if intent not in possible]
        if not refused:
            return ""
        words = tr("Not for {count} of {all}: {why}")
        return words.format(count=len(refused), all=len(intents), why=self._refusal(refused[0]))

    def close_dialog(self) -> None:
        """The program ends: what was not decided is not done."""
        if self._dialog is not None:
            self._dialog.reject()

    def undo(self) -> None:
        """Take the last thing back that can be: by re-admitting, by shortening, by giving a microphone back."""
        while self._undo:
            done = self._undo[-1]
            if self._clock.monotonic() - done.at_s <= UNDO_S:
                self._take_back(done)
                return
            self._undo.pop()
        self._tell(Notice(tone="info", text=tr("There is nothing to undo.")))

    def _undoable(self, intents: tuple[Intent, ...]) -> _Done | None:
        """What these intents take back: a notice's "Undo" and Ctrl+Z are one, so that nothing is taken back twice."""
        return next((done for done in reversed(self._undo) if done.undo == intents), None)

    def _take_back(self, done: _Done) -> None:
        self._undo.remove(done)
        self._carry_out(done.undo, undoing=done)

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open now; there is never more than one."""
        return self._dialog

    def _meant(self, intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
        """One key claims and releases: who looks after all of these rooms already wants to stop. The same for locks.
        And where there is no end to move, one has to be chosen; where it takes time from the next appointment of the
        room, that has to be seen first.
        """
        if (intents and all(map(self._needs_an_end, intents))) or any(map(self._needs_a_look, intents)):
            return tuple(replace(intent, action="extend_custom") for intent in intents)
        if intents and all(intent.action == "claim" for intent in intents):
            return self._toggled(intents, self._is_mine, "release")
        if intents and all(intent.action == "lock" for intent in intents):
            return self._toggled(intents, self._is_locked, "unlock")
        return intents

    @staticmethod
    def _toggled(
        intents: tuple[Intent, ...], is_done: Callable[[RoomKey | None], bool], back: ActionName
    ) -> tuple[Intent, ...]:
        """For the rooms of which it is not true yet; where it is of all, the way back."""
        others = tuple(intent for intent in intents if not is_done(intent.room))
        return others or tuple(replace(intent, action=back) for intent in intents)

    def _needs_an_end(self, intent: Intent) -> bool:
        room = self._store.room(intent.room) if intent.room else None
        is_open = intent.action == "extend" and not intent.seconds and not intent.ends_at
        return is_open and room is not None and room.deadline is None

    def _needs_a_look(self, intent: Intent) -> bool:
        room = self._store.room(intent.room) if intent.room and intent.action == "extend" else None
        ends_at = wanted_end(intent, room) if room and not intent.into_next else None
        return room is not None and ends_at is not None and runs_into(room, ends_at) is not None

    def _is_locked(self, key: RoomKey | None) -> bool:
        room = self._store.room(key) if key else None
        return room is not None and room.locked is not None

    def _is_mine(self, key: RoomKey | None) -> bool:
        room, me = self._store.room(key) if key else None, self._store.me
        return room is not None and room.owner is not None and me is not None and room.owner.id == me.id

    def _refusal(self, intent: Intent) -> str:
        if intent.room is not None and self._store.room(intent.room) is None:
            return tr("This room is no longer there.")
        return self._store.why_not(intent)

    # --- dialogs ---------------------------------------------------------------------------------------------------

    def _ask(self, opener: Callable[[Sequence[Intent]], None], intents: Sequence[Intent]) -> None:
        """Open a dialog; only more time is asked for several rooms at once, and the dialog says which cannot get it."""
        if self._dialog is not None:
            return
        if len(intents) > 1 and intents[0].action != "extend_custom":
            self._tell(Notice(tone="info", text=tr("Select one room for this: it is decided room by room.")))
        else:
            opener(intents)

    def _openers(self) -> dict[str, Callable[[Sequence[Intent]], None]]:
        return {
            "disconnect": self._ask_disconnect,
            "extend_custom": self._ask_extend,
            "message": self._ask_message,
            "end": self._ask_end,
        }

    def _ask_disconnect(self, intents: Sequence[Intent]) -> None:
        intent = intents[0]
        assert intent.room is not None
        participant = intent.participant or self._only_one(intent.room)
        if not participant:
            self.person_wanted.emit(intent.room)
            return
        dialog = DisconnectDialog(self._store, self._look, self._clock, intent.room, participant, self._window)
        dialog.confirmed.connect(lambda order: self._start(lambda orders: orders.disconnect(order)))
        self._open(dialog)

    def _ask_extend(self, intents: Sequence[Intent]) -> None:
        keys = [room.key for room in self._rooms(intents)]
        seconds = intents[0].seconds
        dialog = ExtendDialog(self._store, self._look, self._clock, keys, self._window, seconds=seconds)
        dialog.confirmed.connect(self._extend)
        self._open(dialog)

    def _extend(self, order: ExtendOrder) -> None:
        wish = Intent(action="extend", seconds=order.seconds, ends_at=order.ends_at, into_next=order.into_next)
        self._carry_out([replace(wish, room=key) for key in order.rooms])

    def _ask_message(self, intents: Sequence[Intent]) -> None:
        dialog = MessageDialog(self._store, self._look, self._clock, self._rooms(intents)[0].key, self._window)
        dialog.confirmed.connect(lambda order: self._start(lambda orders: orders.message(order.room, order.text)))
        self._open(dialog)

    def _ask_end(self, intents: Sequence[Intent]) -> None:
        dialog = EndRoomDialog(self._store, self._look, self._clock, self._rooms(intents)[0].key, self._window)
        dialog.confirmed.connect(lambda order: self._start(lambda orders: orders.end(order.room, order.reason)))
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

    # --- orders ----------------------------------------------------------------------------------------------------

    def _carry_out(self, wishes: Sequence[Intent], *, undoing: _Done | None = None, left_out: str = "") -> None:
        """What needs no dialog, or no longer. A platform that has to be asked takes seconds, so that is said first."""
        if self.orders is not None and (asks := asking(wishes, self._store.room)):
            self._tell(asks)
        self._start(lambda orders: orders.carry_out(wishes), undoing=undoing, left_out=left_out)

    def _start(
        self,
        request: Callable[[OrderTaker], Coroutine[Any, Any, Notice]],
        *,
        undoing: _Done | None = None,
        left_out: str = "",
    ) -> None:
        if self.orders is None:
            self._tell(NO_GATEWAY)
            return
        self._tasks.start("order", self._follow(request(self.orders), undoing, left_out))

    async def _follow(self, order: Coroutine[Any, Any, Notice], undoing: _Done | None, left_out: str) -> None:
        notice = await order
        if undoing is not None and notice.tone == "problem":
            self._undo.append(replace(undoing, undo=notice.intents or undoing.undo))  # what failed can be tried again
        elif undoing is None and notice.tone == "done" and notice.intents:
            self._undo.append(_Done(self._clock.monotonic(), notice.intents))
        self._tell(replace(notice, text=f"{notice.text} {left_out}") if left_out else notice)
