"""Tells the gateway which room this moderator looks at, for the others to see. Best effort: nobody is bothered when it
cannot be told. How others are told is in `moderator.desktop.viewing_words`."""

import asyncio
import contextlib
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from moderator.client.commands import GatewayClient
from moderator.client.errors import GatewayError
from moderator.clock import Clock
from moderator.desktop.live_store import LiveStore
from moderator.domain.ids import RoomKey
from moderator.domain.viewing import SAID_AGAIN_MS

STAYS_S: Final = 1.5
"""Who goes down the table by key does not look at every room on the way."""
LEAVING_S: Final = 0.5
"""The longest that the end of the program waits for the gateway."""
_SEEN: Final = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange})


class Looking(QObject):
    """Give it the room that is selected; it looks for itself whether the window can be seen."""

    def __init__(self, window: QWidget, store: LiveStore, client: GatewayClient, clock: Clock) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._client = client
        self._clock = clock
        self._selected: RoomKey | None = None
        self._told: RoomKey | None = None
        self._told_at_s = 0.0
        self._changed = asyncio.Event()
        self._leaving = asyncio.Lock()
        window.installEventFilter(self)
        store.me_updated.connect(self._changed.set)
        application = QApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.applicationStateChanged.connect(self._changed.set)

    def select(self, key: RoomKey | None) -> None:
        """Another room is selected, or none."""
        self._selected = key
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._changed.clear()
            seen = self._seen()
            if seen is None:
                await self._look_away()
            if seen is None or not self._is_active():  # who looks elsewhere for a moment has not left the room
                await self._changed.wait()
            elif not await self._clock.wait(self._changed, self._pause_s(seen)):
                await self._look_at(seen)

    async def leave(self) -> None:
        """The program ends."""
        self._selected = None
        await self._look_away()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SEEN:
            self._changed.set()
        return False

    # --- how -------------------------------------------------------------------------------------------------------

    def _seen(self) -> RoomKey | None:
        """The room that can be seen, where the gateway wants to know."""
        me = self._store.me
        if me is None or "viewing" not in me.features or "rooms:watch" not in me.scopes:
            return None
        return self._selected if self._window.isVisible() and not self._window.isMinimized() else None

    @staticmethod
    def _is_active() -> bool:
        return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive

    def _pause_s(self, key: RoomKey) -> float:
        if key != self._told:
            return STAYS_S
        return max(0.0, self._told_at_s + SAID_AGAIN_MS / 1000 - self._clock.monotonic())

    async def _look_at(self, key: RoomKey) -> None:
        self._told, self._told_at_s = key, self._clock.monotonic()
        with contextlib.suppress(GatewayError):  # it is said again in five minutes
            await self._client.look_at(*key)

    async def _look_away(self) -> None:
        async with self._leaving:  # who ends the program waits for what is under way
            key, self._told = self._told, None
            if key is None:
                return
            with contextlib.suppress(GatewayError, TimeoutError):  # then it fades out
                async with asyncio.timeout(LEAVING_S):
                    await self._client.look_away(*key)
