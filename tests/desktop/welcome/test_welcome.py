"""From an empty profile to a room on the screen, by keys alone: real children, a simulated cloud, a real gateway."""

import asyncio
import contextlib
import tomllib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from secrets import token_hex

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from moderator.desktop.session import DesktopSession
from moderator.desktop.sessions import demo_session, own_session
from moderator.desktop.welcome.account_page import AccountPage
from moderator.desktop.welcome.arrival_page import ArrivalPage
from moderator.desktop.welcome.check_page import CheckPage
from moderator.desktop.welcome.page import Page
from moderator.desktop.welcome.platform_page import PlatformPage
from moderator.desktop.welcome.start_page import StartPage
from moderator.desktop.welcome.welcome_dialog import WelcomeDialog
from moderator.launch.child import Child
from tests.fakes.desk import OpenDesk, a_desk
from tests.fakes.keyrings import InMemory, system_keyring
from tests.fakes.window import until

Key = Qt.Key
API_KEY, API_SECRET = "APItest", token_hex(32)


@pytest.fixture(autouse=True)
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user who has nothing yet, and no keyring."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with system_keyring():
        yield tmp_path / "config" / "moderator"


class Newcomer:
    """Hands at the window of somebody who sees it for the first time."""

    def __init__(self, desk: OpenDesk) -> None:
        self.desk, self.hands = desk, desk.hands
        self.pasted = 0

    @property
    def dialog(self) -> WelcomeDialog:
        dialog = self.desk.desk.late_parts.welcome.dialog
        assert dialog is not None
        return dialog

    @property
    def page(self) -> Page:
        return self.dialog.page

    def enter(self) -> None:
        self.hands.press(Key.Key_Return)

    def down(self) -> None:
        self.hands.press(Key.Key_Down)

    def paste(self, text: str) -> None:
        """What somebody copied out of the platform's console."""
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit)
        QGuiApplication.clipboard().setText(text)
        line.selectAll()
        line.paste()
        self.pasted += 1

    def reads(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible())

    async def checked(self) -> str:
        """What the check said, once it is done."""
        page = self.page
        assert isinstance(page, CheckPage)
        await until(lambda: page.ready, 20)
        return self.reads()


@contextlib.asynccontextmanager
async def at_the_window(
    application: QApplication, folder: Path, session: DesktopSession | None = None
) -> AsyncIterator[Newcomer]:
    """Of a session without an account: the welcome has come up by itself, but in the demo."""
    session = session or own_session()
    async with a_desk(application, folder / "window", session) as desk:
        newcomer = Newcomer(desk)
        if session.config_path:
            await until(lambda: desk.desk.late_parts.welcome.dialog is not None)
            await until(lambda: QApplication.activeWindow() is newcomer.dialog)
        yield newcomer


@contextlib.asynccontextmanager
async def a_cloud(folder: Path, webhook: str = "http://127.0.0.1:1/") -> AsyncIterator[str]:
    """A simulated LiveKit with rooms; its address."""
    words = ["livekit", "--webhook", webhook, "--rooms", "3", "--speed", "10"]
    account = {"api_key": API_KEY, "api_secret": API_SECRET}
    cloud = await Child.start("moderator.simulator", words, account, folder / "cloud.log")
    try:
        yield str(cloud.ready["url"])
    finally:
        await cloud.stop()


async def connect(newcomer: Newcomer, url: str, secret: str = API_SECRET) -> str:
    """As far as the end of the check."""
    newcomer.enter()  # a platform
    newcomer.enter()  # LiveKit
    for text in (url, API_KEY, secret):
        newcomer.paste(text)
        newcomer.enter()
    newcomer.enter()  # 60 minutes, and only say so
    return await newcomer.checked()


async def test_from_nothing_to_a_room_by_few_keys(qapp: QApplication, tmp_path: Path, profile: Path) -> None:
    async with a_cloud(tmp_path) as url, at_the_window(qapp, tmp_path) as newcomer:
        assert "accepts our credentials" in await connect(newcomer, url)
        assert not (profile / "moderator.toml").exists(), "nothing is kept before"
        newcomer.enter()
        await until(lambda: isinstance(newcomer.page, ArrivalPage), 20)
        newcomer.enter()
        webhook = QGuiApplication.clipboard().text()
        assert webhook.endswith("/webhooks/livekit")
        async with a_cloud(tmp_path, webhook):  # it tells of the same account
            await until(lambda: "First event from LiveKit: room" in newcomer.reads(), 20)
        newcomer.enter()
        await until(newcomer.desk.store.rooms, 20)
        assert newcomer.desk.desk.late_parts.welcome.dialog is None
        assert newcomer.hands.pressed <= 10
        assert newcomer.pasted == 3
    written = (profile / "moderator.toml").read_text()
    assert API_SECRET not in written
    found = tomllib.loads(written)
    secret = profile / found["sources"]["livekit"]["api_secret"]["file"]
    assert (secret.read_text(), secret.stat().st_mode & 0o777) == (API_SECRET, 0o600)
    (type_,) = found["room_types"]
    assert (type_["match"], type_["duration"], type_["mode"]) == ({"source": "livekit"}, "60m", "observe")
    assert f":{found['gateway']['port']}/" in webhook, "the next start is at the same address"


async def test_wrong_credentials_are_said_and_can_be_changed(qapp: QApplication, tmp_path: Path, profile: Path) -> None:
    async with a_cloud(tmp_path) as url, at_the_window(qapp, tmp_path) as newcomer:
        said = await connect(newcomer, url, "w" * 40)
        assert "refuses our credentials" in said
        assert newcomer.dialog.verb_button.text() == "Connect anyway"
        newcomer.enter()  # change
        page = newcomer.page
        assert isinstance(page, AccountPage)
        assert page.entries["base_url"].text == url, "what was typed is still there"
        page.entries["api_secret"].line.setText(API_SECRET)
        newcomer.enter()
        newcomer.enter()
        assert "accepts our credentials" in await newcomer.checked()
        assert not profile.exists(), "nothing half-written"


async def test_a_platform_is_added_to_a_file_that_somebody_wrote(
    qapp: QApplication, tmp_path: Path, profile: Path
) -> None:
    before = "# ours\n[gateway]\nhold_above = 7  # calm\n"
    profile.mkdir(parents=True)
    (profile / "moderator.toml").write_text(before)
    keyring = InMemory()
    with system_keyring(keyring):
        async with a_cloud(tmp_path) as url, at_the_window(qapp, tmp_path) as newcomer:
            await connect(newcomer, url)
            newcomer.enter()
            await until(lambda: isinstance(newcomer.page, ArrivalPage), 20)
    text = (profile / "moderator.toml").read_text()
    assert text.startswith("# ours\n[gateway]\n")
    assert "hold_above = 7  # calm" in text
    assert tomllib.loads(text)["sources"]["livekit"]["api_secret"] == {"keyring": "livekit-api_secret"}
    assert keyring.kept == {("moderator", "livekit-api_secret"): API_SECRET}


async def test_closing_in_the_middle_leaves_nothing(qapp: QApplication, tmp_path: Path, profile: Path) -> None:
    async with at_the_window(qapp, tmp_path) as newcomer:
        newcomer.enter()
        newcomer.enter()
        newcomer.paste("wss://127.0.0.1:1")
        newcomer.hands.press(Key.Key_Escape)
        assert newcomer.desk.desk.late_parts.welcome.dialog is None
        await until(newcomer.desk.window.isActiveWindow)
        await until(lambda: newcomer.desk.says("No platform is connected yet"), 20)
        newcomer.desk.button("Connect a platform…").click()
        assert newcomer.page.heading == "Welcome to Moderator"
    assert not profile.exists()


async def test_looking_around_goes_over_to_the_demo_and_back(qapp: QApplication, tmp_path: Path) -> None:
    wanted: list[object] = []
    async with at_the_window(qapp, tmp_path) as newcomer:
        newcomer.desk.desk.elsewhere_wanted.connect(wanted.append)
        newcomer.down()
        newcomer.enter()
        await until(lambda: wanted)
        assert wanted == [demo_session]
    with demo_session(3) as session:
        async with at_the_window(qapp, tmp_path, session) as newcomer:
            newcomer.desk.desk.elsewhere_wanted.connect(wanted.append)
            newcomer.desk.window.commands["add_source"].do()
            assert newcomer.page.heading == "Welcome to Moderator"
            assert newcomer.dialog.close_button.text() == "Back to the demo"
            await until(lambda: QApplication.activeWindow() is newcomer.dialog)
            newcomer.hands.press(Key.Key_Escape)
            assert newcomer.desk.desk.late_parts.welcome.dialog is None
            assert len(wanted) == 1, "the demo goes on"
            await until(newcomer.desk.window.isActiveWindow)
            newcomer.desk.window.commands["add_source"].do()
            await until(lambda: QApplication.activeWindow() is newcomer.dialog)
            newcomer.enter()
            await until(lambda: len(wanted) == 2)
    with wanted[1]() as own:  # type: ignore[operator]
        assert own.welcome
        assert own.config_path.endswith("moderator.toml")


async def test_from_the_demos_platforms_there_is_a_way_back_to_the_demo(qapp: QApplication, tmp_path: Path) -> None:
    wanted: list[object] = []
    async with at_the_window(qapp, tmp_path, own_session(welcome=True)) as newcomer:
        newcomer.desk.desk.elsewhere_wanted.connect(wanted.append)
        assert isinstance(newcomer.page, PlatformPage)
        newcomer.dialog.back_button.click()
        assert newcomer.page.heading == "Welcome to Moderator"
        newcomer.hands.press(Key.Key_Escape)
        await until(newcomer.desk.window.isActiveWindow)
        newcomer.desk.window.commands["demo"].do()
        await until(lambda: QApplication.activeWindow() is newcomer.dialog)
        assert wanted == [], "nothing ends before somebody says so"
        newcomer.enter()
        await until(lambda: wanted)
    assert wanted == [demo_session]


async def test_a_gateway_that_is_none_is_not_gone_to(qapp: QApplication, tmp_path: Path, profile: Path) -> None:
    async with a_cloud(tmp_path) as url, at_the_window(qapp, tmp_path) as newcomer:
        newcomer.down()
        newcomer.down()
        newcomer.enter()
        for address in ("http://127.0.0.1:9", url):
            newcomer.paste(address)
            newcomer.enter()
            await until(lambda: newcomer.page.ready)
            assert newcomer.dialog.isVisible()
            assert not profile.exists()


async def test_it_fits_the_smallest_window(qapp: QApplication, tmp_path: Path) -> None:
    async with at_the_window(qapp, tmp_path) as newcomer:
        newcomer.hands.press(Key.Key_Escape)
        newcomer.desk.window.resize(640, 480)
        await until(newcomer.desk.window.isActiveWindow)
        newcomer.desk.desk.late_parts.welcome.open()
        await until(lambda: QApplication.activeWindow() is newcomer.dialog)
        newcomer.enter()
        for _ in range(4):
            newcomer.down()
        newcomer.enter()
        dialog = newcomer.dialog
        assert dialog.width() <= 640
        assert dialog.height() <= 480
        assert dialog.verb_button.geometry().bottom() < dialog.height()
        seen: list[str] = []
        for _ in range(12):
            focused = QApplication.focusWidget()
            assert focused is not None
            assert focused.accessibleName() or getattr(focused, "text", lambda: "")(), focused
            seen.append(focused.accessibleName())
            newcomer.hands.press(Key.Key_Tab)
        order = [seen.index(name) for name in ("API key", "API secret", "Signature secret", "Name")]
        assert order == sorted(order)


async def test_who_closes_it_leaves_no_secret_behind(qapp: QApplication, tmp_path: Path, profile: Path) -> None:
    async with at_the_window(qapp, tmp_path) as newcomer:
        newcomer.enter()
        newcomer.enter()
        for text in ("wss://127.0.0.1:1", API_KEY, API_SECRET):
            newcomer.paste(text)
            newcomer.enter()
        dialog, pages = newcomer.dialog, newcomer.dialog.findChildren(Page)
        (account,) = [page for page in pages if isinstance(page, AccountPage)]
        assert account is not newcomer.page, "it was left for the next one"
        line = account.entries["api_secret"].line
        newcomer.hands.press(Key.Key_Escape)
        assert (line.text(), line.isUndoAvailable()) == ("", False)
        await until(lambda: not any(shiboken6.isValid(one) for one in (dialog, account, line)))
        newcomer.desk.desk.theme.other()
        assert newcomer.desk.notice == ""
    assert not profile.exists()


async def test_a_double_click_goes_to_one_demo(qapp: QApplication, tmp_path: Path) -> None:
    wanted: list[object] = []
    async with at_the_window(qapp, tmp_path) as newcomer:
        newcomer.desk.desk.elsewhere_wanted.connect(wanted.append)
        page = newcomer.page
        assert isinstance(page, StartPage)
        page.demo.click()
        page.demo.click()
        await until(lambda: wanted)
        await until(lambda: "open the demo" not in {task.get_name() for task in asyncio.all_tasks()})
    assert wanted == [demo_session]
