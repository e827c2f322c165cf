"""One open window with everything behind it: what is known, what is told, and the connection to its gateway."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from moderator.client.tokens import FixedToken
from moderator.clock import Clock
from moderator.desktop.actions import ACTIONS
from moderator.desktop.alerts.notifications import Notifications
from moderator.desktop.alerts.shown import ShownMemory
from moderator.desktop.alerts.tray import Tray
from moderator.desktop.dialogs.key_help import KeyHelp, KeyLine
from moderator.desktop.intents import ActionName, Intent
from moderator.desktop.live_store import LiveStore, OwnTime
from moderator.desktop.notices import Notice
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.reviews.reviews import Reviews
from moderator.desktop.routing import Routing
from moderator.desktop.session import ChildStatus, DesktopSession, EmbeddedGateway, GatewayAccess
from moderator.desktop.settings.look_page import LookPage
from moderator.desktop.settings.settings_window import SettingsWindow
from moderator.desktop.signing_in import SigningIn
from moderator.desktop.theme.look import THEME, Look
from moderator.desktop.theme.tokens import DARK, LIGHT, Theme
from moderator.desktop.window.main_window import MainWindow
from moderator.domain.ids import RoomKey
from moderator.language import tr
from moderator.tasks import TaskScope

if TYPE_CHECKING:
    from moderator.desktop.network import Network

logger = logging.getLogger(__name__)

_PLACES: Final = {
    "room": "In the rooms table",
    "person": "In the people",
    "alert": "In the alerts",
    "window": "Anywhere",
}

TOLD_OF_TRAY: Final = Preference("tray/told", False)
HISTORY_DELAY_S: Final = 0.15
"""Who goes down the table by key does not ask for the timeline of every room on the way."""
_TO_BE_SEEN: Final[frozenset[ActionName]] = frozenset({"select", "disconnect", "end", "message", "extend_custom"})


class Desk(QObject):
    """Owns the parts; they know each other only as far as they have to."""

    quit_wanted = Signal()

    def __init__(
        self,
        application: QApplication,
        session: DesktopSession,
        preferences: Preferences,
        folder: Path,
        clock: Clock,
        tasks: TaskScope,
    ) -> None:
        super().__init__()
        self._application = application
        self._session = session
        self.preferences = preferences
        self._clock = clock
        self._tasks = tasks
        self._network: Network | None = None
        self._supervision: asyncio.Task[None] | None = None
        """Of the embedded gateway; done when it has been given up."""
        self.look = Look(self._theme(), self)
        self.look.dress(application)
        self.store = LiveStore(OwnTime(clock), clock, self)
        self.window = MainWindow(self.store, self.look, session, preferences)
        self.routing = Routing(self.store, self.look, tasks, self.window.tell, clock, self.window)
        self.signing_in = SigningIn(self.window, self.store, self.look, tasks)
        self.reviews = Reviews(self.store, self.look, tasks, self.window)
        self._tray = Tray(self.window.alerts.board, self.store, self.look, self)
        self._memory = ShownMemory(folder)
        self._notifications: Notifications | None = None
        self._history: asyncio.Task[None] | None = None
        self._connect()

    def show(self) -> None:
        """Open the window."""
        self.window.show()
        self.window.activateWindow()
        self.window.ticker.start()
        self._tray.show()

    def hide(self) -> None:
        """The program ends: nothing is shown any more, and where everything stood is remembered."""
        self.window.ticker.stop()
        self._tray.close()
        self.routing.close_dialog()
        self.signing_in.close()
        self.reviews.close()
        self.window.remember()
        self.window.hide()

    def problem(self, sentence: str) -> None:
        """Say that something unexpected happened."""
        self.window.tell(Notice(tone="problem", text=sentence, key="unexpected"))

    async def connect_to_gateway(self) -> None:
        """Start the embedded gateway where there is one, then read its feed. Returns when all of it runs."""
        if self._notifications is None:
            await self._follow_alerts()
        access = self._session.access or await self._start_embedded()
        if access is None:
            return
        network = await asyncio.to_thread(importlib.import_module, "moderator.desktop.network")
        orders = importlib.import_module("moderator.desktop.orders")
        self._network = await self._opened(network.Network, access)
        self.routing.orders = orders.Orders(self._network.client, self.store.room)
        self.reviews.questions = self._network.questions
        self._network.start(self._tasks)

    async def quiet(self) -> None:
        """Take the system's notifications back: nobody would hear their buttons any more. Before the tasks end."""
        if self._notifications is not None:
            await self._notifications.close()
        self._memory.close()

    async def aclose(self) -> None:
        """Close the connections, and the gateway if it is ours."""
        if self._network is not None:
            await self._network.aclose()
        if self._session.embedded is not None:
            await self._session.embedded.stop()
        self.store.blockSignals(True)  # a last batch may be waiting, and the widgets go now
        self.window.deleteLater()

    # --- how -------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.window.wanted.connect(self.routing.want)
        self.window.close_wanted.connect(self._close)
        self._tray.wanted.connect(self._take_from_outside)
        self._tray.open_wanted.connect(self.window.bring_to_front)
        self._tray.quit_wanted.connect(self.quit_wanted)
        self.window.retry_wanted.connect(self._retry)
        self.window.sign_in_wanted.connect(self.signing_in.open)
        self.window.pane.history_wanted.connect(self._load_history)
        self.routing.person_wanted.connect(self._choose_person)
        self.routing.review_wanted.connect(self.reviews.open_sessions)
        self.preferences.changed.connect(lambda one: self.look.set_theme(self._theme()) if one is THEME else None)
        self._application.styleHints().colorSchemeChanged.connect(lambda _: self.look.set_theme(self._theme()))
        self.window.bind(
            {
                "undo": self.routing.undo,
                "find": self._find,
                "settings": self._open_settings,
                "help": self._help,
                "theme": self._other_theme,
                "upcoming": self.window.lists.show_upcoming,
                "duty": self.window.top_bar.duty.toggle_duty,
                "audit": self.reviews.open_audit,
                "policy_report": self.reviews.open_policy,
                "next_pane": self.window.next_pane,
                "quit": self.quit_wanted.emit,
            }
            | ({} if self._session.sign_ins is None else self._account_handlers())
        )

    def _account_handlers(self) -> dict[str, Callable[[], None]]:
        return {"sign_in": self.signing_in.open, "sign_out": self.signing_in.sign_out}

    async def _follow_alerts(self) -> None:
        """Have the system tell what needs somebody who looks elsewhere; where it cannot, the window says so."""
        try:
            notifier = await asyncio.to_thread(importlib.import_module, "moderator.desktop.alerts.system_notifier")
        except ImportError as error:
            logger.warning("no notifications: %s", error)
            self.window.source_bar.note(tr("No notification service"))
            return
        board = self.window.alerts.board
        told = Notifications(board, self.store, self._memory, notifier.SystemNotifier(), self)
        told.wanted.connect(self._take_from_outside)
        told.status_changed.connect(self.window.source_bar.note)
        told.status_changed.connect(self._tray.say)
        told.start(self._tasks)
        self._notifications = told

    def _take_from_outside(self, wish: Intent | tuple[Intent, ...]) -> None:
        """From a notification or the tray: what has to be looked at brings the window to the front."""
        if isinstance(wish, Intent) and wish.action in _TO_BE_SEEN:
            self.window.bring_to_front()
        self.window.take(wish)

    def _close(self) -> None:
        """The window's cross: with an icon in the tray the watch goes on, and that is said the first time."""
        if not self._tray.is_there:
            self.quit_wanted.emit()
            return
        self.window.hide()
        if not self.preferences.get(TOLD_OF_TRAY):
            self.preferences.put(TOLD_OF_TRAY, True)
            self._tray.icon.showMessage("Moderator", tr("Still watching. Quit by this icon's menu, or Ctrl+Q."))

    async def _opened(self, kind: type[Network], access: GatewayAccess) -> Network:
        if self._session.sign_ins is None:
            tokens = self._session.tokens or FixedToken(access.token)
            return await kind.open(access.url, tokens, self.store, self._clock)
        network = await kind.open_account(access.url, self._session.sign_ins, self.store, self._clock, self._tasks)
        self.signing_in.use(network)
        return network

    async def _start_embedded(self) -> GatewayAccess | None:
        gateway = self._session.embedded
        assert gateway is not None
        try:
            access = await gateway.start()
        except OSError as error:
            self.window.child_changed(ChildStatus("failed", f"the gateway could not be started: {error}"))
            return None
        self._supervise(gateway)
        return access

    def _supervise(self, gateway: EmbeddedGateway) -> None:
        self._supervision = self._tasks.start("embedded gateway", gateway.run(self._child_changed))

    def _child_changed(self, status: ChildStatus) -> None:
        self.window.child_changed(status)
        if status.state == "running" and self._network is not None:
            self._network.retry()  # it is there again: why wait

    def _retry(self) -> None:
        """The strip's button. What it starts again is said there, without a button, until something has come of it."""
        gateway, given_up = self._session.embedded, self._supervision is not None and self._supervision.done()
        if gateway is not None and (self._network is None or given_up):
            self.window.child_changed(ChildStatus("restarting", tr("the gateway is started once more")))
        if self._network is None:
            self._tasks.start("connect", self.connect_to_gateway())
        elif gateway is not None and given_up:
            self._supervise(gateway)
        else:
            self._network.retry()

    def _load_history(self, key: RoomKey, instance: str) -> None:
        if self._network is None:
            self.window.pane.history_failed(key, instance, tr("the gateway is not connected yet"))
            return
        if self._history is not None:
            self._history.cancel()  # only what is looked at now matters
        self._history = self._tasks.start("timeline", self._read_history(self._network, key, instance))

    async def _read_history(self, network: Network, key: RoomKey, instance: str) -> None:
        from moderator.client.errors import GatewayError  # noqa: PLC0415  # loaded with the network

        await self._clock.wait(asyncio.Event(), HISTORY_DELAY_S)
        try:
            events = await network.timeline(key, instance)
        except GatewayError as error:
            self.window.pane.history_failed(key, instance, str(error))
        else:
            self.window.pane.set_history(key, instance, events)

    def _choose_person(self, key: RoomKey) -> None:
        self.window.show_room(key)
        self.window.pane.take_focus()
        self.window.tell(Notice(tone="info", text=tr("Choose who is to be disconnected, then press D.")))

    def _find(self) -> None:
        self.window.top_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.window.top_bar.search.selectAll()

    def _help(self) -> None:
        lines = [KeyLine(_PLACES[one.place], " or ".join(one.keys), one.text) for one in ACTIONS if one.keys]
        help_ = KeyHelp(lines, self.window)
        help_.finished.connect(lambda _: self.window.activateWindow())  # see Routing._on_closed
        help_.open()

    def _open_settings(self) -> None:
        window = SettingsWindow([LookPage(self.preferences)], self.window)
        window.finished.connect(lambda _: self.window.activateWindow())  # see Routing._on_closed
        window.open()

    def _theme(self) -> Theme:
        """What the user chose, else what the system says, else light."""
        chosen = self.preferences.get(THEME)
        if chosen in {"light", "dark"}:
            return DARK if chosen == "dark" else LIGHT
        return DARK if self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _other_theme(self) -> None:
        self.preferences.put(THEME, "light" if self.look.theme.dark else "dark")
