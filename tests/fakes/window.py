"""The whole window in a test, on a store that the test owns. Who carries orders out only writes them down."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.orders.intents import DisconnectOrder, Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.palette.finding import Finding
from moderator.desktop.preferences import Preferences
from moderator.desktop.routing import Routing
from moderator.desktop.session import DesktopSession
from moderator.desktop.theme.look import Look
from moderator.desktop.window.main_window import MainWindow
from moderator.tasks import TaskScope
from tests.fakes.desktop import FakeStore, a_person, a_room, a_violation, a_warning

EVE = a_person("eve", "Eve")
CALM = a_room("calm", left_s=3000)
NEXT = a_room("next", left_s=200, warnings=[a_warning(300)])
CROWDED = a_room("crowded", left_s=1500, people=[*CALM.participants, EVE], violations=[a_violation("eve")])
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Let the window work until this is true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


class RecordedOrders:
    """A `moderator.desktop.routing.OrderTaker` to which everything works out, unless the test says otherwise."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.answer: Notice | None = None

    async def carry_out(self, intents: Sequence[Intent]) -> Notice:
        undo = tuple(
            Intent(action="extend", room=one.room, seconds=-(one.seconds or 300))
            for one in intents
            if one.action == "extend"
        )
        undo = undo or tuple(Intent(action="unlock", room=one.room) for one in intents if one.action == "lock")
        return self._told(tuple(intents), undo)

    async def disconnect(self, order: DisconnectOrder) -> Notice:
        return self._told(order, (Intent(action="readmit", room=order.room, user=order.user),))

    def _told(self, order: object, undo: tuple[Intent, ...] = ()) -> Notice:
        self.asked.append(order)
        return self.answer or Notice(tone="done", text="Done.", action="Undo" if undo else "", intents=undo, undo=undo)


class Hands:
    """Presses keys where the focus is, as a person does, and counts them."""

    def __init__(self) -> None:
        self.pressed = 0

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """One key, with those that are held."""
        focused = QApplication.focusWidget()
        assert focused is not None, "the focus is nowhere"
        self.pressed += 1
        QTest.keyClick(focused, key, modifiers)


class OpenWindow:
    """A shown window with its routing."""

    def __init__(
        self, store: FakeStore, look: Look, preferences: Preferences, tasks: TaskScope, session: DesktopSession
    ) -> None:
        self.store = store
        self.orders = RecordedOrders()
        self.hands = Hands()
        self.window = MainWindow(store, look, session, preferences)
        self.finding = Finding(self.window, store, look, preferences)
        self.routing = Routing(
            *(store, look, tasks, self.window.tell, store.time, self.window), lambda: self.window.notices.notice
        )
        self.routing.orders = self.orders
        self.window.wanted.connect(self.routing.want)
        self.window.answered.connect(self.routing.answer)
        bound = {
            "palette": self.finding.open,
            "undo": self.routing.undo,
            "next_pane": self.window.next_pane,
            "upcoming": self.window.lists.show_upcoming,
            "duty": self.window.top_bar.duty.toggle_duty,
        }
        self.window.bind({one.name: bound[one.name] for one in ACTIONS if one.name in bound})

    @property
    def selected(self) -> list[str]:
        """The selected rooms, top first."""
        return [key.room for key in self.window.table.view.selected_rooms()]

    async def asked(self, count: int) -> list[Any]:
        """Everything that was ordered, when it is so many orders."""
        await until(lambda: len(self.orders.asked) >= count)
        return self.orders.asked

    async def in_dialog(self) -> QWidget:
        """The dialog that has come up, once it listens."""
        await until(lambda: self.routing.dialog is not None and self.routing.dialog.isActiveWindow())
        self.store.time.elapse(300)
        self.store.hear()
        assert self.routing.dialog is not None
        return self.routing.dialog

    async def back(self) -> None:
        """The dialog has gone, and the window is in front again."""
        await until(lambda: self.routing.dialog is None and self.window.isActiveWindow())


@contextlib.asynccontextmanager
async def opened(
    store: FakeStore, look: Look, folder: Path, session: DesktopSession | None = None
) -> AsyncIterator[OpenWindow]:
    """The window, in front; gone afterwards."""
    preferences = Preferences(folder / "window.ini")
    async with TaskScope() as tasks:
        open_ = OpenWindow(store, look, preferences, tasks, session or DesktopSession())
        open_.window.show()
        open_.window.activateWindow()
        store.replaced.emit()
        await until(open_.window.isActiveWindow)
        try:
            yield open_
        finally:
            open_.window.hide()
            open_.window.deleteLater()
            await asyncio.sleep(0)


def the_alert_of(open_: OpenWindow, name: str) -> QWidget:
    """The card about a room."""
    cards = [one for one in open_.window.alerts.findChildren(QWidget) if one.accessibleName().startswith(f"{name}. ")]
    return cards[0]


def has_focus(part: QWidget) -> bool:
    """Whether the keyboard works there."""
    focused = QApplication.focusWidget()
    return focused is not None and (focused is part or part.isAncestorOf(focused))
