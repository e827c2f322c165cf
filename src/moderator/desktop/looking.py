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
AGAIN_S: Final = 15.0
"""After the gateway did not take it."""
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
        """What the gateway may know, whether or not it answered."""
        self._due_s = 0.0
        """When it is to be told again, by the monotonic clock."""
        self._changed = asyncio.Event()
        self._telling = asyncio.Lock()
        """One word at a time: that somebody left must not overtake that they came."""
        window.installEventFilter(self)
        store.me_updated.connect(self._wake)
        application = QApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.applicationStateChanged.connect(self._wake)

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
        """The program ends. What is under way goes first, if it does not take too long."""
        self._selected = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVING_S):
                await self._look_away()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SEEN:
            self._changed.set()
        return False

    # --- how -------------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        self._changed.set()

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
        return max(0.0, self._due_s - self._clock.monotonic())

    async def _look_at(self, key: RoomKey) -> None:
        async with self._telling:
            if key != self._seen():  # left while it waited
                return
            self._told, pause_s = key, SAID_AGAIN_MS / 1000
            try:
                await self._client.look_at(*key)
            except GatewayError:
                pause_s = AGAIN_S
            self._due_s = self._clock.monotonic() + pause_s

    async def _look_away(self) -> None:
        async with self._telling:
            key, self._told = self._told, None
            if key is None:
                return
            with contextlib.suppress(GatewayError, TimeoutError):  # then it fades out
                async with asyncio.timeout(LEAVING_S):
                    await self._client.look_away(*key)
