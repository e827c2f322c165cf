"""The parts of a window that nobody waits for at the start: loaded and made after the first paint, or as soon as
somebody wants one of them. What they do is theirs."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from moderator.desktop.live_store import LiveStore
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import DesktopSession
from moderator.desktop.theme.look import Look
from moderator.desktop.window.main_window import MainWindow
from moderator.tasks import TaskScope

if TYPE_CHECKING:
    from moderator.desktop.palette.finding import Finding
    from moderator.desktop.welcome.welcome import Welcome


class LateParts(QObject):
    """The palette and the welcome of one window."""

    elsewhere_wanted = Signal(object)
    """`Opening`: go over to that session."""
    quit_wanted = Signal()
    renewed = Signal()
    """The gateway has another configuration now."""

    def __init__(
        self,
        window: MainWindow,
        session: DesktopSession,
        store: LiveStore,
        look: Look,
        preferences: Preferences,
        tasks: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._store = window, session, store
        self._look, self._preferences, self._tasks = look, preferences, tasks
        self._finding: Finding | None = None
        self._welcome: Welcome | None = None

    async def load(self) -> None:
        """Make them; loaded on a thread, for the window is in use by now."""
        await asyncio.to_thread(importlib.import_module, "moderator.desktop.palette.finding")
        _ = self.finding  # from here on it hears of rooms
        if self._session.config_path:
            await asyncio.to_thread(importlib.import_module, "moderator.desktop.welcome.welcome")
            self.welcome.open_at_start()

    @property
    def finding(self) -> Finding:
        """What the palette offers."""
        if self._finding is None:
            from moderator.desktop.palette.finding import Finding  # noqa: PLC0415  # a tenth of the start

            self._finding = Finding(self._window, self._store, self._look, self._preferences)
        return self._finding

    @property
    def welcome(self) -> Welcome:
        """Most windows never open it."""
        if self._welcome is None:
            from moderator.desktop.welcome.welcome import Welcome  # noqa: PLC0415

            made = self._welcome = Welcome(self._window, self._session, self._store, self._look, self._tasks)
            made.elsewhere_wanted.connect(self.elsewhere_wanted)
            made.quit_wanted.connect(self.quit_wanted)
            made.renewed.connect(self.renewed)
        return self._welcome

    def open_palette(self) -> None:
        """Where anything can be found by name."""
        self.finding.open()

    def open_welcome(self) -> None:
        """Ask for an account."""
        self.welcome.open()

    def offer_demo(self) -> None:
        """Ask what is wanted: the demo, as it seems."""
        self.welcome.offer_demo()

    def close(self) -> None:
        """The program ends."""
        if self._welcome is not None:
            self._welcome.close()
