"""One open window with everything behind it: what is known, what is told, and the connection to its gateway."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from moderator.client.tokens import FixedToken
from moderator.clock import Clock
from moderator.desktop.actions.key_bindings import shown
from moderator.desktop.alerts.reach import Reach
from moderator.desktop.alerts.shown import ShownMemory
from moderator.desktop.alerts.tray import Tray
from moderator.desktop.histories import Histories
from moderator.desktop.late_parts import LateParts
from moderator.desktop.live_store import LiveStore, OwnTime
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.reviews.reviews import Reviews
from moderator.desktop.routing import Routing
from moderator.desktop.session import ChildStatus, DesktopSession, EmbeddedGateway, GatewayAccess
from moderator.desktop.signing_in import SigningIn
from moderator.desktop.soundness import Soundness
from moderator.desktop.theme.choosing import ThemeChoice
from moderator.desktop.theme.look import Look
from moderator.desktop.window.main_window import MainWindow
from moderator.domain.ids import RoomKey
from moderator.language import tr
from moderator.tasks import TaskScope

if TYPE_CHECKING:
    from moderator.desktop.looking import Looking
    from moderator.desktop.network import Network

TOLD_OF_TRAY: Final = Preference("tray/told", False)
_TO_BE_SEEN: Final[frozenset[ActionName]] = frozenset(
    {"select", "filter", "disconnect", "end", "message", "extend_custom"}
)


class Desk(QObject):
    """Owns the parts; they know each other only as far as they have to. `commands.offer_commands` fills its menus."""

    quit_wanted = Signal()
    elsewhere_wanted = Signal(object)
    """`Opening`: close this window, and open that session."""

    def __init__(
        self,
        application: QApplication,
        session: DesktopSession,
        preferences: Preferences,
        folder: Path,
        clock: Clock,
        tasks: TaskScope,
        store: LiveStore | None = None,
    ) -> None:
        """`store` is what is shown before there is a gateway; without it a picture of nothing."""
        super().__init__()
        self._application = application
        self.session = session
        self.preferences = preferences
        self._clock = clock
        self._tasks = tasks
        self._network: Network | None = None
        self._looking: Looking | None = None
        self._connecting = False
        self._supervision: asyncio.Task[None] | None = None
        """Of the embedded gateway; done when it has been given up."""
        self.look = Look(parent=self)
        self.theme = ThemeChoice(self.look, preferences, application.styleHints())
        self.look.dress(application)
        self.store = store or LiveStore(OwnTime(clock), clock, self)
        self.window = MainWindow(self.store, self.look, session, preferences)
        self.routing = Routing(
            *(self.store, self.look, tasks, self.window.tell, clock, self.window), lambda: self.window.notices.notice
        )
        self.signing_in = SigningIn(self.window, self.store, self.look, tasks)
        self.reviews = Reviews(self.store, self.look, tasks, self.window)
        gateway = session.access.url if session.access else session.config_path
        found = preferences if session.data_folder is None else Preferences(folder / "found.ini", self)
        self.soundness = Soundness(self.window, self.store, found, gateway)
        self.late_parts = LateParts(self.window, session, self.store, self.look, preferences, tasks)
        self.tray = Tray(self.window.alerts.board, self.store, self.look, self)
        self.reach = Reach(self.window.alerts, self.store, preferences, ShownMemory(folder), tasks, self)
        self._told = False
        """The late parts are there, and the reach has begun."""
        self._histories = Histories(self.window.pane, clock, tasks)
        self._connect()

    def show(self) -> None:
        """Open the window."""
        self.window.show()
        self.window.activateWindow()
        self.window.ticker.start()
        self.tray.show()

    def hide(self) -> None:
        """The program ends: nothing is shown any more, and where everything stood is remembered."""
        self.window.ticker.stop()
        self.tray.close()
        self.routing.close_dialog()
        self.signing_in.close()
        self.late_parts.close()
        self.reviews.close()
        self.window.remember()
        self.window.hide()

    def problem(self, sentence: str) -> None:
        """Say that something unexpected happened."""
        self.window.tell(Notice(tone="problem", text=sentence, key="unexpected"))

    async def connect_to_gateway(self) -> None:
        """Start the embedded gateway where there is one, then read its feed. Returns when all of it runs; at once where
        that is under way already."""
        if self._connecting:
            return
        self._connecting = True
        try:
            await self._connect_once()
        finally:
            self._connecting = False

    async def _connect_once(self) -> None:
        if not self._told:
            self._told = True
            await self.late_parts.load()
            await self.reach.start()
        access = self.session.access or await self._start_embedded()
        if access is None:
            return
        network = await asyncio.to_thread(importlib.import_module, "moderator.desktop.network")
        orders = importlib.import_module("moderator.desktop.orders.orders")
        self._network = self._histories.network = await self._opened(network.Network, access)
        self.routing.orders = orders.Orders(self._network.client, self.store.room, self.store.now_ms)
        self.reviews.questions = self._network.questions
        self._network.start(self._tasks)
        self.soundness.follow_network(access.url)
        self._look(importlib.import_module("moderator.desktop.looking").Looking, self._network)

    async def quiet(self) -> None:
        """Take the system's notifications back: nobody would hear their buttons any more. Before the tasks end."""
        if self._looking is not None:
            await self._looking.leave()
        await self.reach.close()

    async def aclose(self) -> None:
        """Close the connections, and the gateway if it is ours; then all of it goes."""
        if self._network is not None:
            await self._network.aclose()
        if self.session.embedded is not None:
            await self.session.embedded.stop()
        self.store.blockSignals(True)  # a last batch may be waiting, and the widgets go now
        self.look.undress()
        self.window.deleteLater()
        self.deleteLater()

    # --- how -------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.window.wanted.connect(self.routing.want)
        self.window.answered.connect(self.routing.answer)
        self.window.close_wanted.connect(self._close)
        self.tray.wanted.connect(self._take_from_outside)
        self.tray.open_wanted.connect(self.window.bring_to_front)
        self.reach.wanted.connect(self._take_from_outside)
        self.reach.status_changed.connect(self.window.source_bar.note)
        self.reach.status_changed.connect(self.tray.say)
        self.window.alerts.follow(self.reach.hush)
        self.window.ticker.second.connect(self.reach.tick)
        self.window.ticker.second.connect(self.tray.second)
        self.window.retry_wanted.connect(self._retry)
        self.window.strip.evidence_wanted.connect(self.reviews.export_evidence)
        self.reviews.verified.connect(self.soundness.audit_checked)
        self.soundness.network_is_back.connect(self._on_network)
        self.window.sign_in_wanted.connect(self.signing_in.open)
        self.late_parts.elsewhere_wanted.connect(self.elsewhere_wanted)
        self.late_parts.quit_wanted.connect(self.quit_wanted)
        self.late_parts.renewed.connect(self._on_renewed)
        self.window.table.connect_wanted.connect(self.late_parts.open_welcome)
        self.routing.person_wanted.connect(self._choose_person)
        self.routing.review_wanted.connect(self.reviews.open_sessions)

    def _take_from_outside(self, wish: Intent | tuple[Intent, ...]) -> None:
        """From a notification or the tray: what has to be looked at brings the window to the front."""
        if any(one.action in _TO_BE_SEEN for one in (wish if isinstance(wish, tuple) else (wish,))):
            self.window.bring_to_front()
        self.window.take(wish)

    def _close(self) -> None:
        """The window's cross: with an icon in the tray the watch goes on, and that is said the first time."""
        if not self.tray.is_there:
            self.quit_wanted.emit()
            return
        self.window.hide()
        if not self.preferences.get(TOLD_OF_TRAY):
            self.preferences.put(TOLD_OF_TRAY, True)
            self.tray.icon.showMessage("Moderator", tr("Still watching. Quit by this icon's menu."))

    async def _opened(self, kind: type[Network], access: GatewayAccess) -> Network:
        if self.session.sign_ins is None:
            tokens = self.session.tokens or FixedToken(access.token)
            return await kind.open(access.url, tokens, self.store, self._clock)
        network = await kind.open_account(access.url, self.session.sign_ins, self.store, self._clock, self._tasks)
        self.signing_in.use(network)
        return network

    def _look(self, kind: type[Looking], network: Network) -> None:
        """Let the other moderators know which room is looked at here."""
        self._looking = kind(self.window, self.store, network.client, self._clock)
        self.window.lists.selected.connect(self._looking.select)
        self._tasks.start("looking", self._looking.run())

    async def _start_embedded(self) -> GatewayAccess | None:
        gateway = self.session.embedded
        assert gateway is not None
        try:
            access = await gateway.start()
        except OSError as error:
            self.window.child_changed(ChildStatus("failed", f"the gateway could not be started: {error}"))
            return None
        self.late_parts.welcome.use(access.url)
        self._supervise(gateway)
        return access

    def _supervise(self, gateway: EmbeddedGateway) -> None:
        self._supervision = self._tasks.start("embedded gateway", gateway.run(self._child_changed))

    def _child_changed(self, status: ChildStatus) -> None:
        self.window.child_changed(status)
        if status.state == "running" and self._network is not None:
            self._network.retry()  # it is there again: why wait

    def _on_network(self) -> None:
        if self._network is not None:
            self._network.retry()

    def _retry(self) -> None:
        """The strip's button. What it starts again is said there, without a button, until something has come of it."""
        if self._connecting:
            return
        gateway, given_up = self.session.embedded, self._supervision is not None and self._supervision.done()
        if gateway is not None and (self._network is None or given_up):
            self.window.child_changed(ChildStatus("restarting", tr("the gateway is started once more")))
        if self._network is None:
            self._tasks.start("connect", self.connect_to_gateway())
        elif gateway is not None and given_up:
            self._supervise(gateway)
        else:
            self._network.retry()

    def _on_renewed(self) -> None:
        """A gateway that runs is started again by itself; one that could not run may with its new configuration."""
        if self._supervision is None or self._supervision.done():
            self._retry()

    def _choose_person(self, key: RoomKey) -> None:
        self.window.show_room(key)
        self.window.pane.take_focus()
        pressed = shown(self.window.keys.key("disconnect", "person"))
        words = (
            tr("Choose who is to be disconnected, then press {key}.") if pressed else tr("Choose whom to disconnect.")
        )
        self.window.tell(Notice(tone="info", text=words.format(key=pressed)))
