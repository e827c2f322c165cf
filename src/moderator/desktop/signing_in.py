"""Who looks into the window signs in and out: the dialog, the account behind it, and what the window says of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from moderator.client.errors import GatewayError, NotFound
from moderator.client.link import Link
from moderator.desktop.link_text import sentence
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.notices import Notice
from moderator.desktop.theme.look import Look
from moderator.desktop.window.main_window import MainWindow
from moderator.language import tr
from moderator.tasks import TaskScope

if TYPE_CHECKING:
    from moderator.client.account import Account  # loaded with the network, after the first paint
    from moderator.client.sign_in import DeviceCode
    from moderator.desktop.dialogs.sign_in_dialog import SignInDialog
    from moderator.desktop.network import Network

KEY: Final = "sign in"
"""Of the notices: the latest takes the place of the one before."""


class SigningIn(QObject):
    """For a window whose gateway people sign in at. It asks by itself once, when nobody is signed in at the start."""

    page_wanted = Signal(str)
    """An address for the browser."""

    def __init__(self, window: MainWindow, store: LiveStore, look: Look, tasks: TaskScope) -> None:
        super().__init__(window)
        self.dialog: SignInDialog | None = None
        self._window = window
        self._store = store
        self._look = look
        self._tasks = tasks
        self._network: Network | None = None
        self._account: Account | None = None
        self._asking: asyncio.Task[None] | None = None
        self._offered = False
        store.link_updated.connect(self._on_link)
        self.page_wanted.connect(lambda address: QDesktopServices.openUrl(QUrl(address)))

    def use(self, network: Network) -> None:
        """The connection is there; its account is what is signed in to."""
        self._network, self._account = network, network.account

    def open(self) -> None:
        """Show the dialog and ask for a code."""
        from moderator.desktop.dialogs.sign_in_dialog import SignInDialog  # noqa: PLC0415  # loaded when it is opened

        if self.dialog is not None or self._account is None:
            return
        self._offered = True
        self.dialog = SignInDialog(urlsplit(self._account.gateway).netloc, self._look, self._window)
        self.dialog.code_wanted.connect(self._ask_for_code)
        self.dialog.token_given.connect(self._use_token)
        self.dialog.page_wanted.connect(self.page_wanted)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()
        self._ask_for_code()

    def close(self) -> None:
        """The program ends."""
        if self.dialog is not None:
            self.dialog.reject()

    def sign_out(self) -> None:
        """End the session, forget the sign-in, and show nothing of the rooms any more."""
        if self._network is not None and self._account is not None:
            self._tasks.start("sign out", self._sign_out(self._network, self._account))

    # --- how -------------------------------------------------------------------------------------------------------

    def _on_link(self, link: Link) -> None:
        if link.state == "signed_out" and not self._offered:
            self.open()
        elif link.state == "live" and self.dialog is not None:  # signed in meanwhile, in a terminal perhaps
            self.dialog.accept()

    def _on_closed(self) -> None:
        self.dialog = None
        self._stop_asking()
        self._window.activateWindow()

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _ask_for_code(self) -> None:
        if self._account is not None and self.dialog is not None:
            self._asking = self._tasks.start("sign in", self._with_code(self._account, self.dialog))

    async def _with_code(self, account: Account, dialog: SignInDialog) -> None:
        def show(code: DeviceCode) -> None:
            dialog.show_code(code.user_code, code.address, code.expires_in)

        try:
            await account.sign_in(show)
        except GatewayError as error:
            dialog.code_failed(sentence(str(error)), again=not isinstance(error, NotFound))
        else:
            self._asking = None
            self._signed_in(account, dialog)

    def _use_token(self, token: str) -> None:
        if self._account is not None and self.dialog is not None:
            self._tasks.start("use a token", self._with_token(self._account, self.dialog, token))

    async def _with_token(self, account: Account, dialog: SignInDialog, token: str) -> None:
        try:
            await account.use_token(token)
        except GatewayError as error:
            if self.dialog is dialog:
                dialog.token_failed(sentence(str(error)))
        else:
            self._signed_in(account, dialog)

    def _signed_in(self, account: Account, dialog: SignInDialog) -> None:
        if self.dialog is dialog:
            dialog.accept()
        if self._network is not None:
            self._network.start_over(self._tasks)  # first: what was told to whoever sat here before is taken away
        words = tr("You are signed in. This is kept {where}.")
        self._window.tell(Notice(tone="done", text=words.format(where=account.where), key=KEY))

    async def _sign_out(self, network: Network, account: Account) -> None:
        network.stop(tr("you have signed out: sign in to go on"))
        if problem := await account.sign_out():
            text = tr("You have signed out here, but not everything could be ended: {why}").format(why=problem)
            self._window.tell(Notice(tone="problem", text=sentence(text), key=KEY))
        else:
            text = tr("You have signed out. Nothing of the sign-in is kept.")
            self._window.tell(Notice(tone="done", text=text, key=KEY))
