"""How somebody who looks elsewhere is reached: by the system's notifications, by sounds, and in the taskbar. What is
quiet now, and the test of it all, belong here too.
"""

import asyncio
import importlib
import logging

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.alerts_panel import AlertsPanel
from moderator.desktop.alerts.heard import VOLUME
from moderator.desktop.alerts.hush import Hush
from moderator.desktop.alerts.interruptions import Interruptions
from moderator.desktop.alerts.notifications import Notifications
from moderator.desktop.alerts.rehearsal import Rehearsal
from moderator.desktop.alerts.rehearsal_words import Outcome
from moderator.desktop.alerts.shown import ShownMemory
from moderator.desktop.alerts.sounding import Sounding
from moderator.desktop.alerts.warning_watch import Notification
from moderator.desktop.live_store import LiveStore
from moderator.desktop.preferences import Preferences
from moderator.desktop.sounds.cues import Cue
from moderator.desktop.sounds.player import Player
from moderator.language import tr
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)


class Reach(QObject):
    """Made with the window; nothing reaches anybody before `start`."""

    wanted = Signal(object)
    """`Intent` or a tuple of them: a button of a notification."""
    status_changed = Signal(str)
    """`status` is another."""

    def __init__(
        self,
        panel: AlertsPanel,
        store: LiveStore,
        preferences: Preferences,
        memory: ShownMemory,
        tasks: TaskScope,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._store = store
        self._preferences = preferences
        self._memory = memory
        self._tasks = tasks
        self._notifications: Notifications | None = None
        self._no_notifications = ""
        self.hush = Hush(preferences, store.now_ms, store.monotonic, self)
        self.sounding = Sounding(preferences, self.hush, Player(), self)
        self.rehearsal = Rehearsal(panel.board, self, store.now_ms, self)
        self._interruptions = Interruptions(panel.board, store, memory, self.hush, self)
        self._interruptions.came.connect(self._on_came)
        for changed in (self.sounding.status_changed, self.hush.changed):
            changed.connect(self._tell)

    @property
    def status(self) -> str:
        """What does not work, as far as it was tried, and what must not be heard now; in a few words, or none."""
        hushed = self.hush.quiet_words, self.hush.muted_words
        return " \u00b7 ".join(part for part in (self.notification_status, self.sounding.status, *hushed) if part)

    @property
    def notification_status(self) -> str:
        """Why the system shows nothing, or nothing."""
        return self._notifications.status if self._notifications else self._no_notifications

    async def start(self) -> None:
        """From now on what interrupts is told; where something cannot be used, `status` says so."""
        try:
            notifier = await asyncio.to_thread(importlib.import_module, "moderator.desktop.alerts.system_notifier")
        except ImportError as error:
            logger.warning("no notifications: %s", error)
            self._no_notifications = tr("No notification service")
            self._tell()
        else:
            told = Notifications(
                self._panel.board, self._store, self._interruptions, notifier.SystemNotifier(), parent=self
            )
            told.wanted.connect(self.wanted)
            told.status_changed.connect(self._tell)
            told.start(self._tasks)
            self._notifications = told
        self._interruptions.start()

    async def close(self) -> None:
        """Take the notifications back, and let the speaker go. Before the tasks end."""
        if self._notifications is not None:
            await self._notifications.close()
        self.sounding.close()
        self._memory.close()

    def play_test(self) -> None:
        """Play a warning that is only a test."""
        self._tasks.start("test warning", self.rehearsal.play())

    def play_cue(self, cue: Cue) -> None:
        """Let a cue be heard, for somebody who chooses."""
        self._tasks.start("sound", self._play(cue))

    def tick(self) -> None:
        """A second has passed."""
        self.hush.tick()
        self.rehearsal.tick()
        self._interruptions.tick()

    # --- the ways that are rehearsed -------------------------------------------------------------------------------

    @property
    def panel_is_seen(self) -> bool:
        return self._panel.isVisible() and not self._panel.window().isMinimized()

    async def notify(self, notification: Notification) -> Outcome:
        if self._notifications is None:
            return "fails"
        return "fails" if await self._notifications.show_now(notification) else "works"

    async def sound(self) -> Outcome:
        if self._preferences.get(VOLUME) == 0:
            return "off"
        return "fails" if await self.sounding.play_now("later") else "works"

    # --- how -------------------------------------------------------------------------------------------------------

    async def _play(self, cue: Cue) -> None:
        await self.sounding.play_now(cue)

    def _on_came(self, came: tuple[Alert, ...]) -> None:
        self.sounding.hear(came, self._tasks)
        QApplication.alert(self._panel.window())

    def _tell(self, *_: object) -> None:
        self.status_changed.emit(self.status)
