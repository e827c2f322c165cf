"""What the welcome does: which page comes next, the check as a child, the account kept, and the way to another session.

The pages ask nobody; everything that takes time is started here.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

from moderator.client.texts import safe
from moderator.desktop.link_text import sentence
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.notices import Notice
from moderator.desktop.session import DesktopSession, Opening
from moderator.desktop.theme.look import Look
from moderator.desktop.welcome import leads
from moderator.desktop.welcome.account_page import AccountPage
from moderator.desktop.welcome.arrival import arrival
from moderator.desktop.welcome.arrival_page import ArrivalPage
from moderator.desktop.welcome.check_page import CheckPage
from moderator.desktop.welcome.gateway_page import GatewayPage
from moderator.desktop.welcome.page import Page
from moderator.desktop.welcome.platform_page import PlatformPage
from moderator.desktop.welcome.platforms import Platform
from moderator.desktop.welcome.sessions_page import SessionsPage
from moderator.desktop.welcome.start_page import StartPage
from moderator.desktop.welcome.welcome_dialog import WelcomeDialog
from moderator.desktop.window.main_window import MainWindow
from moderator.language import tr
from moderator.launch.account import Account
from moderator.launch.checking import check_account
from moderator.launch.child import NotStarted
from moderator.launch.keeping import (
    NotKept,
    is_unused,
    keep_account,
    keep_public_url,
    port_of,
    public_url_of,
    sources_of,
)
from moderator.launch.ports import HOST, free_port
from moderator.tasks import TaskScope

GATEWAY_S: Final = 10.0
"""How long the embedded gateway may take to say where it is."""
KEY: Final = "welcome"
"""Of the notices: the latest takes the place of the one before."""


class Welcome(QObject):
    """For a window with a gateway of its own, and for the demo's, from which it leads to one."""

    elsewhere_wanted = Signal(object)
    """`Opening`: go over to that session."""
    quit_wanted = Signal()
    renewed = Signal()
    """The gateway has another configuration now, with which it may start where it could not."""

    def __init__(
        self, window: MainWindow, session: DesktopSession, store: LiveStore, look: Look, tasks: TaskScope
    ) -> None:
        super().__init__(window)
        self.dialog: WelcomeDialog | None = None
        self._window, self._session, self._store, self._look, self._tasks = window, session, store, look, tasks
        self._config = Path(session.config_path)
        self._gateway = ""
        self._known = asyncio.Event()
        """Where the gateway is."""
        self._running: asyncio.Task[None] | None = None
        for news in (window.ticker.second, store.replaced, store.rooms_updated):
            news.connect(self._look_for_arrival)

    def use(self, gateway: str) -> None:
        """The embedded gateway is at this address."""
        self._gateway = gateway
        self._known.set()

    def open_at_start(self) -> None:
        """Ask, where there is no account yet or it was asked for."""
        if self._session.config_path and (self._session.welcome or is_unused(self._config)):
            self._open_dialog(at_platform=self._session.welcome or self._has_sources)

    def open(self) -> None:
        """Ask for an account; where there is none here, what is wanted at all."""
        self._open_dialog(at_platform=self._has_sources)

    def offer_demo(self) -> None:
        """Ask what is wanted: the demo, as it seems. Until it is chosen this window stays."""
        self._open_dialog(at_platform=False)
        if self.dialog is not None and isinstance(page := self.dialog.page, StartPage):
            page.first = page.demo
            page.take_focus()

    def close(self) -> None:
        """The program ends, or goes elsewhere."""
        if self.dialog is not None:
            self.dialog.reject()

    # --- which page comes next -------------------------------------------------------------------------------------

    @property
    def _has_sources(self) -> bool:
        return bool(self._session.config_path and sources_of(self._config))

    def _open_dialog(self, *, at_platform: bool) -> None:
        if self.dialog is not None:
            return
        self.dialog = WelcomeDialog(self._window)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.left.connect(self._stop)
        self.dialog.quit_wanted.connect(self.quit_wanted)
        if not self._session.config_path:
            self.dialog.close_button.setText(tr("Back to the demo"))
        self._ask_what()
        if at_platform:
            self._ask_platform()
        self.dialog.open()

    def _ask_what(self) -> None:
        page = StartPage(self._look)
        page.platform_wanted.connect(self._ask_platform)
        page.demo_wanted.connect(self._look_around)
        page.gateway_wanted.connect(self._ask_gateway)
        self._show(page)

    def _ask_gateway(self) -> None:
        page = GatewayPage(self._look)
        page.done.connect(lambda: self._start("look for a gateway", self._go_to_gateway(page)))
        self._show(page)

    def _look_around(self) -> None:
        if self._session.config_path:
            self._start("open the demo", self._open_demo())
        else:
            self.close()

    def _ask_platform(self) -> None:
        """Its account is kept for a gateway of one's own: from the demo it is asked for there."""
        if not self._session.config_path:
            self._start("leave the demo", self._leave_demo())
            return
        page = PlatformPage(self._look)
        page.chosen.connect(self._ask_account)
        self._show(page)

    def _ask_account(self, platform: Platform) -> None:
        page = AccountPage(platform, sources_of(self._config), self._look)
        follow = self._check_at_once if platform.keeps_ends else self._ask_sessions
        page.done.connect(lambda: follow(page))
        self._show(page)

    def _ask_sessions(self, entered: AccountPage) -> None:
        page = SessionsPage()
        page.done.connect(lambda: self._check(entered, page.minutes, disconnects=page.disconnects_at_end))
        self._show(page)

    def _check_at_once(self, entered: AccountPage) -> None:
        """The platform keeps the ends of its rooms itself: there is nothing to ask."""
        self._check(entered, None, disconnects=False)

    def _check(self, entered: AccountPage, minutes: int | None, *, disconnects: bool) -> None:
        platform = entered.platform
        account = Account(entered.name.text, platform.provider, entered.options, entered.secrets, minutes, disconnects)
        page = CheckPage(platform, entered, self._look)
        page.done.connect(lambda: self._begin_keeping(account, platform, page))
        self._show(page)
        self._start("check the account", self._look_at(account, page))

    def _show(self, page: Page, *, final: bool = False) -> None:
        if self.dialog is not None:
            self.dialog.show_page(page, final=final)

    # --- what takes time -------------------------------------------------------------------------------------------

    async def _open_demo(self) -> None:
        self._go(await leads.to_demo())

    async def _leave_demo(self) -> None:
        self._go(await leads.to_own())

    async def _go_to_gateway(self, page: GatewayPage) -> None:
        """Only to what is one."""
        page.ask()
        finding = await asyncio.to_thread(importlib.import_module, "moderator.desktop.welcome.finding")
        if why := await finding.why_no_gateway(page.url):
            page.fail(sentence(why))
            return
        try:
            gateway = await leads.to_gateway(page.url)
        except OSError as error:
            page.fail(sentence(error.strerror or str(error)))
        else:
            self._go(gateway)

    async def _look_at(self, account: Account, page: CheckPage) -> None:
        try:
            await check_account(account, public_url_of(self._config) or await self._address(), page.found)
        except NotStarted as error:
            page.fail(sentence(str(error)))
        else:
            page.finish()

    def _begin_keeping(self, account: Account, platform: Platform, page: CheckPage) -> None:
        page.keep()  # now: it cannot be pressed a second time
        self._tasks.start("keep the account", self._keep(account, platform, page))

    async def _keep(self, account: Account, platform: Platform, page: CheckPage) -> None:
        """To the end, also when the dialog is closed meanwhile."""
        port = urlsplit(await self._address()).port or free_port()
        try:
            await asyncio.to_thread(keep_account, self._config, account, port)
        except NotKept as error:
            self._say_not_kept(page, error)
        else:
            if self._is_shown(page):
                self._show_arrival(account, platform)
            await self._renew()

    def _show_arrival(self, account: Account, platform: Platform) -> None:
        page = ArrivalPage(platform, {**account.options, **account.secrets}, account.source, self._look)
        page.public_url_given.connect(
            lambda url: self._tasks.start("keep the address", self._keep_public_url(page, url))
        )
        page.done.connect(self.close)
        page.show_address(public_url_of(self._config) or self._gateway)
        self._show(page, final=True)
        self._look_for_arrival()

    async def _keep_public_url(self, page: ArrivalPage, url: str) -> None:
        try:
            await asyncio.to_thread(keep_public_url, self._config, url)
        except NotKept as error:
            self._say_not_kept(page, error)
        else:
            if self._is_shown(page):
                page.show_address(url)
            await self._renew()

    def _say_not_kept(self, page: CheckPage | ArrivalPage, error: NotKept) -> None:
        if self._is_shown(page):
            page.fail(sentence(str(error)))
        else:
            self._window.tell(Notice(tone="problem", text=safe(sentence(str(error))), key=KEY))

    def _is_shown(self, page: Page) -> bool:
        """Whether it is there still: closing the dialog deletes its pages."""
        return self.dialog is not None and self.dialog.page is page

    async def _renew(self) -> None:
        """Have the gateway read its configuration again, whoever's it is."""
        if self._session.renew is not None and not await self._session.renew():
            words = tr("Another window of yours runs the gateway. Close that one: then the new platform is read here.")
            self._window.tell(Notice(tone="problem", text=words, key=KEY))
        self.renewed.emit()

    async def _address(self) -> str:
        """Where the gateway is; where it cannot be started, where it will be."""
        try:
            async with asyncio.timeout(GATEWAY_S):
                await self._known.wait()
        except TimeoutError:
            self.use(f"http://{HOST}:{port_of(self._config) or free_port()}")
        return self._gateway

    # --- how -------------------------------------------------------------------------------------------------------

    def _go(self, where: Opening) -> None:
        self.close()
        self.elsewhere_wanted.emit(where)

    def _look_for_arrival(self) -> None:
        """As long as the last page is shown."""
        page = self.dialog.page if self.dialog is not None else None
        if isinstance(page, ArrivalPage):
            page.say(arrival(page.source, page.platform, self._store.sources, self._store.rooms()))

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """In the place of what the page before started."""
        self._stop()
        self._running = self._tasks.start(name, work)

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _on_closed(self) -> None:
        self.dialog = None
        self._stop()
        self._window.activateWindow()
