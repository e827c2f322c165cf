"""A whole window with everything behind it, in a test: it connects by itself to what its session names."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from moderator.clock import SystemClock
from moderator.desktop.commands import offer_commands
from moderator.desktop.desk import Desk
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import DesktopSession
from moderator.desktop.tables.columns import Column, text
from moderator.tasks import TaskScope
from tests.fakes.builders import ROOM
from tests.fakes.window import Hands, until


class LeapingClock(SystemClock):
    """Real time, of which some can be left out. Pauses are a fifth of what they should be."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def leap(self, seconds: float) -> None:
        self._ahead_s += seconds

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead_s

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        return await super().wait(event, timeout_s / 5)


class OpenDesk:
    """A shown window, and hands at it."""

    def __init__(self, desk: Desk, clock: LeapingClock) -> None:
        self.desk, self.clock = desk, clock
        self.window, self.store = desk.window, desk.store
        self.hands = Hands()

    def left(self, room: str = ROOM) -> str:
        """The time left as the table shows it."""
        return self.cell(Column.LEFT, room)

    def cell(self, column: Column, room: str = ROOM) -> str:
        model = self.window.table.model
        (row,) = [n for n in range(model.rowCount()) if model.key_at(n).room == room]
        return text(column, model.glance(row))

    @property
    def notice(self) -> str:
        shown = self.window.notices.notice
        return f"{shown.tone}: {shown.text}" if shown else ""

    def button(self, words: str) -> QPushButton:
        """The visible button that says this."""
        buttons = [one for one in self.window.findChildren(QPushButton) if one.text() == words and one.isVisible()]
        assert len(buttons) == 1, words
        return buttons[0]

    def says(self, words: str) -> bool:
        """Whether this can be read anywhere in the window."""
        return any(words in label.text() for label in self.window.findChildren(QLabel) if label.isVisible())


@contextlib.asynccontextmanager
async def a_desk(application: QApplication, folder: Path, session: DesktopSession) -> AsyncIterator[OpenDesk]:
    """A window that connects by itself."""
    folder.mkdir(exist_ok=True)
    preferences = Preferences(folder / "window.ini")
    clock = LeapingClock()
    async with TaskScope() as tasks:
        desk = Desk(application, session, preferences, folder, clock, tasks)
        offer_commands(desk)
        desk.show()
        tasks.start("connect", desk.connect_to_gateway())
        await until(application.activeWindow)
        try:
            yield OpenDesk(desk, clock)
        finally:
            desk.hide()
            await tasks.cancel()
            await desk.aclose()
