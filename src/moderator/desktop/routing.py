"""Where a wish goes: to a dialog when a person has to decide something, to the gateway otherwise, and nowhere, with the
reason, when it is not possible."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, Final, Protocol

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from moderator.client.texts import safe
from moderator.clock import Clock
from moderator.desktop.dialogs.dialogs import Dialogs
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.availability import is_past, why_not_there, why_not_together
from moderator.desktop.orders.changes import question, recent_change
from moderator.desktop.orders.extending import asking, step_s
from moderator.desktop.orders.intents import DisconnectOrder, Intent
from moderator.desktop.orders.meaning import meant
from moderator.desktop.orders.notices import Notice
from moderator.desktop.orders.rejoining import Rejoining
from moderator.desktop.orders.undoing import Done, UndoStack
from moderator.desktop.theme.look import Look
from moderator.domain.events import Event
from moderator.domain.rooms import Room
from moderator.language import ntr, tr
from moderator.tasks import TaskScope

READ_S: Final = 0.5
"""A question is not answered by the second half of a double click, nor by a key that was pressed twice."""
NO_ROOM_FOR: Final = frozenset({"disconnect"})
"""Decided person by person, never for several rooms at once."""


class OrderTaker(Protocol):
    """Who carries wishes out."""

    async def carry_out(self, intents: Sequence[Intent]) -> Notice: ...
    async def disconnect(self, order: DisconnectOrder) -> Notice: ...


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
        shown: Callable[[], Notice | None] = lambda: None,
    ) -> None:
        """`shown`: the notice that can be read now."""
        super().__init__(window)
        self.orders: OrderTaker | None = None
        """None until there is a connection."""
        self._store = store
        self._tasks = tasks
        self._tell = tell
        self._clock = clock
        self._shown = shown
        self._asked_at_s = -READ_S
        """When a question was told last."""
        self._undo = UndoStack()
        self._rejoining = Rejoining()
        self._dialogs = Dialogs(store, look, clock, window)
        self._dialogs.decided.connect(self._carry_out)
        self._dialogs.disconnect_decided.connect(self._disconnect)
        self._dialogs.person_wanted.connect(self.person_wanted)
        self._under_way: set[asyncio.Task[None]] = set()
        """Orders that the gateway has not answered yet."""
        store.events_arrived.connect(self._on_events)
        store.link_updated.connect(self._on_link)
        store.somebody_else.connect(self._forget)

    def want(self, wish: Intent | tuple[Intent, ...]) -> None:
        """Grant a wish, or several of one sort, or say why not. It comes from a key, a menu or a click: what it means
        depends on the picture."""
        wished = wish if isinstance(wish, tuple) else (wish,)
        me_id = self._store.me.id if self._store.me else ""
        self._grant(wished, lambda: meant(self._answered(wished), self._store.room, me_id))

    def answer(self, intents: tuple[Intent, ...]) -> None:
        """Do what the button of a notice says: that and nothing else, whatever the picture is by now."""
        self._grant(intents, lambda: intents)

    def _grant(self, wished: tuple[Intent, ...], meaning: Callable[[], tuple[Intent, ...]]) -> None:
        done = self._undo.find(wished)
        if done is not None and self._is_past(done):
            done = None
        intents = wished if done else meaning()
        possible = [intent for intent in intents if not self._refusal(intent)]
        why = why_not_together(intents, self._store.link) or self._why_none(intents, possible)
        if why:
            self._tell(Notice(tone="info", text=why))
        elif done is not None:
            self._take_back(done)
        elif possible[0].action == "sessions":
            self.review_wanted.emit(possible[0])
        elif (opener := self._dialogs.opener(possible[0])) is not None:
            self._ask(opener, intents)
        elif (asked := self._question(possible)) is not None:
            self._asked_at_s = self._clock.monotonic()
            self._tell(asked)
        else:
            self._carry_out(possible, told=self._with_left_out(intents, possible))

    def undo(self) -> None:
        """Take the last thing back that can be: by re-admitting, by shortening, by giving a microphone back."""
        done = self._undo.last(self._clock.monotonic())
        if done is None:
            self._tell(Notice(tone="info", text=tr("There is nothing to undo.")))
        elif self._is_unread():
            return
        elif self._is_past(done):
            self._undo.remove(done)
            self._tell(Notice(tone="info", text=" ".join(self._why_past(done))))
        else:
            self._take_back(done)

    def why_no_undo(self) -> str:
        """Why nothing can be taken back now; empty where something can."""
        return "" if self._undo.last(self._clock.monotonic()) else tr("There is nothing to undo.")

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open now; there is never more than one."""
        return self._dialogs.dialog

    def close_dialog(self) -> None:
        """The program ends, or nobody is let in any more: what was not decided is not done."""
        self._dialogs.close()

    # --- whether, and what -----------------------------------------------------------------------------------------

    def _refusal(self, intent: Intent) -> str:
        return why_not_there(intent, self._room(intent)) or self._store.why_not(intent)

    def _room(self, intent: Intent) -> Room | None:
        return self._store.room(intent.room) if intent.room else None

    def _why_none(self, intents: Sequence[Intent], possible: Sequence[Intent]) -> str:
        if possible:
            return ""
        return self._refusal(intents[0]) if intents else tr("Select a room first.")

    def _with_left_out(self, intents: Sequence[Intent], possible: Sequence[Intent]) -> Callable[[str], str]:
        """Adds to what came of the others what is not even tried, and why."""
        refused = [intent for intent in intents if intent not in possible]
        if not refused:
            return str
        words = ntr("{what} Not for {count} of {all}: {why}", "{what} Not for {count} of {all}: {why}", len(refused))
        why = self._refusal(refused[0])
        return lambda what: words.format(what=what, count=len(refused), all=len(intents), why=why)

    def _answered(self, intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
        """The same key once more, while it is asked whether that is meant, means yes."""
        shown = self._shown()
        if shown is None or not shown.asks or len(intents) != 1 or len(shown.intents) != 1:
            return intents
        if self._is_unread():
            return intents
        (asked,), (again,) = shown.intents, intents
        same = (again.action, again.room, again.seconds) == ("extend", asked.room, asked.seconds)
        return shown.intents if same and not again.version else intents

    def _is_unread(self) -> bool:
        """Whether something was asked so recently that no key can be the answer."""
        return self._clock.monotonic() - self._asked_at_s < READ_S

    def _question(self, intents: Sequence[Intent]) -> Notice | None:
        """Whether to add still more, where somebody else moved the end just before; that is asked once."""
        intent = intents[0]
        room = self._room(intent) if intent.action == "extend" else None
        me = self._store.me
        if len(intents) > 1 or room is None or me is None or intent.version or intent.ends_at:
            return None
        change = recent_change(room, me.id, self._store.now_ms())
        return question(safe(room.name), intent, intent.seconds or step_s(room), change) if change else None

    def _ask(self, opener: Callable[[Sequence[Intent]], None], intents: Sequence[Intent]) -> None:
        """Open a dialog; it says itself which of several rooms it cannot be done for."""
        if self._dialogs.dialog is not None:
            return
        if len(intents) > 1 and intents[0].action in NO_ROOM_FOR:
            self._tell(Notice(tone="info", text=tr("Select one room for this: it is decided person by person.")))
        else:
            opener(intents)

    # --- orders ----------------------------------------------------------------------------------------------------

    def _is_past(self, done: Done) -> bool:
        """Whether nothing takes it back, or not any more: its meetings are over."""
        return all(is_past(intent, self._room(intent)) for intent in done.undo)

    def _why_past(self, done: Done) -> Iterator[str]:
        """Sentences, so that nobody takes for this what the next press takes back."""
        if done.undo:
            yield self._refusal(done.undo[0])
        yield tr("What was done last cannot be taken back.")
        if self._undo.last(self._clock.monotonic()):
            yield tr("Undo once more takes back what was done before it.")

    def _take_back(self, done: Done) -> None:
        """What would leave a room hardly any time is asked about first."""
        still = tuple(intent for intent in done.undo if not is_past(intent, self._room(intent)))
        if not self._dialogs.ask_to_undo(still, lambda: self._undo_now(done, still)):
            self._undo_now(done, still)

    def _undo_now(self, done: Done, still: tuple[Intent, ...]) -> None:
        self._undo.remove(done)
        self._carry_out(still, undoing=done)

    def _carry_out(
        self, wishes: Sequence[Intent], *, undoing: Done | None = None, told: Callable[[str], str] = str
    ) -> None:
        """What needs no dialog, or no longer. A platform that has to be asked takes seconds, so that is said first.

        `told` makes what is told out of what came of it.
        """
        if self.orders is not None and (asks := asking(wishes, self._store.room)):
            self._tell(asks)
        self._start(lambda orders: self._follow(orders.carry_out(wishes), undoing, told), undoing)

    def _disconnect(self, order: DisconnectOrder) -> None:
        self._start(lambda orders: self._watch(orders, order))

    async def _watch(self, orders: OrderTaker, order: DisconnectOrder) -> None:
        """Order it, and look from now on whether they go and come back: the feed may tell of it before the answer."""
        room = self._store.room(order.room)
        self._rejoining.ordered(order, safe(room.name if room else order.room.room), self._clock.monotonic())
        notice = await orders.disconnect(order)
        self._settle(notice)
        for later in self._rejoining.answered(order, notice):
            self._tell(later)

    def _start(self, work: Callable[[OrderTaker], Coroutine[Any, Any, None]], undoing: Done | None = None) -> None:
        if self.orders is not None:
            task = self._tasks.start("order", work(self.orders))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            return
        if undoing is not None:
            self._undo.put_back(undoing, undoing.undo)
        self._tell(no_gateway())

    async def _follow(
        self, order: Coroutine[Any, Any, Notice], undoing: Done | None, told: Callable[[str], str]
    ) -> None:
        self._settle(await order, undoing, told)

    def _settle(self, notice: Notice, undoing: Done | None = None, told: Callable[[str], str] = str) -> None:
        """Keep what can be taken back, and tell what came of it."""
        if undoing is not None and notice.again:
            self._undo.put_back(undoing, notice.again)
        if undoing is not None and notice.tone == "done":
            notice = replace(notice, text=tr("Taken back. {what}").format(what=notice.text))
        elif undoing is None and (notice.undo or notice.tone == "done") and not notice.in_passing:
            self._undo.add(notice.undo, self._clock.monotonic())
        if notice.asks:
            self._asked_at_s = self._clock.monotonic()
        self._tell(replace(notice, text=told(notice.text)))

    def _on_link(self) -> None:
        if self._store.shut_out:
            self.close_dialog()  # it names a room and people, and what it decides would be refused

    def _forget(self) -> None:
        """Nobody takes back what somebody else did, sends the rest of their orders, or is told what came of them."""
        for task in self._under_way:
            task.cancel()
        self._undo, self._rejoining = UndoStack(), Rejoining()
        self.close_dialog()

    def _on_events(self, events: tuple[Event, ...]) -> None:
        for notice in self._rejoining.happened(events, self._clock.monotonic()):
            self._tell(notice)


def no_gateway() -> Notice:
    """What is said before there is a connection."""
    text = tr("Not done: the gateway is not connected yet. Nothing was queued.")
    return Notice(tone="problem", text=text)
