"""The pages of the welcome as scenes, each over an empty window. Nothing is asked, kept or started."""

from collections.abc import Callable
from typing import Final

from moderator.desktop.session import DesktopSession
from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.account_page import AccountPage
from moderator.desktop.welcome.arrival import Arrival
from moderator.desktop.welcome.arrival_page import ArrivalPage
from moderator.desktop.welcome.check_page import CheckPage
from moderator.desktop.welcome.gateway_page import GatewayPage
from moderator.desktop.welcome.page import Page
from moderator.desktop.welcome.platform_page import PlatformPage
from moderator.desktop.welcome.platforms import PLATFORMS
from moderator.desktop.welcome.sessions_page import SessionsPage
from moderator.desktop.welcome.start_page import StartPage
from moderator.desktop.welcome.welcome_dialog import WelcomeDialog
from moderator.desktop.window.main_window import MainWindow
from moderator.language import tr
from moderator.launch.checking import Found
from tests.fakes.desktop import a_store
from tests.fakes.scenes import Scene, Shown

OF: Final = {one.provider: one for one in PLATFORMS}
VALUES: Final = {"base_url": "wss://clinic.livekit.cloud", "api_key": "APIx7", "api_secret": "0123456789"}
REFUSED: Final = Found(
    ok=False,
    what="The LiveKit server refuses our credentials.",
    remedy="Are api_key and api_secret those of one key of this server?",
)
SESSION: Final = DesktopSession(config_path="moderator.toml")


def account(look: Look) -> AccountPage:
    page = AccountPage(OF["livekit"], (), look)
    for key, text in VALUES.items():
        page.entries[key].line.setText(text)
    return page


def mistyped(look: Look) -> Page:
    page = AccountPage(OF["vonage"], (), look)
    page.entries["application_id"].line.setText("29f760f8")
    page.entries["private_key"].line.setText("-----BEGIN PUBLIC KEY-----")
    return page


def checked(look: Look) -> Page:
    page = CheckPage(OF["livekit"], account(look), look)
    page.found(Found(True, "The LiveKit server answers, and accepts our credentials. Rooms that are open: 3."))
    page.finish()
    return page


def refused(look: Look) -> Page:
    page = CheckPage(OF["livekit"], account(look), look)
    page.found(REFUSED)
    page.finish()
    return page


def unreached(look: Look) -> Page:
    page = ArrivalPage(OF["livekit"], VALUES, "livekit", look)
    page.show_address("http://127.0.0.1:23411")
    listed = tr("{platform} answers: no room is open there now.").format(platform="LiveKit")
    page.say(Arrival("listed", listed, tr("No webhook yet: register the address above, then join.")))
    return page


def arrived(look: Look) -> Page:
    page = ArrivalPage(OF["livekit"], VALUES, "livekit", look)
    page.show_address("https://moderation.example.org")
    first = tr("First event from {platform}: room {room}").format(platform="LiveKit", room="cardio-14")
    page.say(Arrival("heard", first))
    return page


def janus(look: Look) -> Page:
    values = {"base_url": "http://127.0.0.1:8088/janus", "webhook_user": "janus", "webhook_password": "0123"}
    page = ArrivalPage(OF["janus"], values, "janus", look)
    page.show_address("http://127.0.0.1:23411")
    waiting = tr("Waiting for the first event from {platform}…").format(platform="Janus")
    page.say(Arrival("waiting", waiting, tr("Register the address above, then let somebody join a room.")))
    return page


class WelcomeScene(Scene, frozen=True, kw_only=True):
    """A scene that any main window can show."""

    make: Callable[[Look], Page]
    final: bool

    def open(self, window: MainWindow) -> WelcomeDialog:
        """The dialog with the page."""
        dialog = WelcomeDialog(window)
        dialog.show_page(StartPage(window._look))
        page = self.make(window._look)
        if not isinstance(page, StartPage):
            dialog.show_page(page, final=self.final)
        dialog.open()
        return dialog


def _scene(make: Callable[[Look], Page], *, final: bool = False, size: tuple[int, int] = (1100, 760)) -> WelcomeScene:
    async def act(shown: Shown) -> None:
        scene.open(shown.window)

    scene = WelcomeScene(store=a_store, act=act, size=size, session=SESSION, make=make, final=final)
    return scene


WELCOME: Final[dict[str, WelcomeScene]] = {
    "welcome": _scene(StartPage),
    "welcome-platform": _scene(PlatformPage),
    "welcome-account": _scene(account),
    "welcome-account-mistyped": _scene(mistyped),
    "welcome-account-smallest": _scene(account, size=(640, 480)),
    "welcome-sessions": _scene(lambda _: SessionsPage()),
    "welcome-checked": _scene(checked),
    "welcome-refused": _scene(refused),
    "welcome-unreached": _scene(unreached, final=True),
    "welcome-arrived": _scene(arrived, final=True),
    "welcome-janus": _scene(janus, final=True),
    "welcome-gateway": _scene(GatewayPage),
}
"""In the order in which somebody comes by them."""
