"""A whole window on a real gateway: what a person presses reaches it, and what it does is seen."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QListView

from moderator.clock import SystemClock
from moderator.desktop.alerts.hush import QUIET
from moderator.desktop.dialogs.key_help import KeyHelp
from moderator.desktop.orders.intents import Intent
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.reviews.audit.audit_window import AuditWindow
from moderator.desktop.reviews.policy.policy_window import PolicyWindow
from moderator.desktop.reviews.sessions.sessions_window import SessionsWindow
from moderator.desktop.session import ChildStatus, DesktopSession, GatewayAccess
from moderator.desktop.tables.rooms_fonts import DENSITY
from moderator.desktop.theme.choosing import THEME
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.gateway.access.tokens import issue_token
from moderator.launch.embedded import EmbeddedGateway
from tests.fakes.builders import KEY, SOURCE, joined
from tests.fakes.desk import LeapingClock, OpenDesk, a_desk
from tests.fakes.gateway import ISSUER, TOKEN_KEY, GatewayServed, bearer, joined_in
from tests.fakes.road import Road
from tests.fakes.window import until
from tests.launch.processes import is_gone, is_there

VISIT = RoomType(name="visit", duration_ms=60 * MINUTE_MS, mode="enforce")
Key, Control, Shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def access(port: int) -> DesktopSession:
    return DesktopSession(access=GatewayAccess(f"http://127.0.0.1:{port}", bearer().removeprefix("Bearer ")))


@pytest.fixture(autouse=True)
def no_system_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notifications of the desktop that runs the tests stay out of it."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


@pytest.fixture
async def gateway(qapp: QApplication, tmp_path: Path) -> AsyncIterator[GatewayServed]:
    """Two people in a visit that has half an hour left."""
    async with GatewayServed(tmp_path, VISIT) as gateway:
        began = gateway.clock.now_ms() - 30 * MINUTE_MS
        await gateway.tell(joined("c1", began, user="bill", name="Bill"), joined("c2", began, user="lee", name="Lee"))
        await gateway.until_read()
        await until(lambda: gateway.room.deadline)
        yield gateway


@pytest.fixture
async def road(gateway: GatewayServed) -> AsyncIterator[Road]:
    """The way to it."""
    async with Road(gateway.address[1]) as road:
        yield road


SitDown = Callable[[], contextlib.AbstractAsyncContextManager[OpenDesk]]


@pytest.fixture
def sit_down(qapp: QApplication, road: Road, tmp_path: Path) -> SitDown:
    """Opens a window that shows it, and closes it while the loop still runs: what a window starts needs the loop."""

    @contextlib.asynccontextmanager
    async def shown() -> AsyncIterator[OpenDesk]:
        async with a_desk(qapp, tmp_path / "window", access(road.port)) as desk:
            await until(lambda: desk.store.ready and desk.store.me and desk.window.table.model.rowCount())
            yield desk

    return shown


def extensions(gateway: GatewayServed) -> int:
    return len(gateway.read("deadline_extended"))


async def test_the_picture_comes_and_a_key_extends_what_is_seen(sit_down: SitDown, gateway: GatewayServed) -> None:
    async with sit_down() as desk:
        before = desk.left()
        assert before.startswith(("29:", "30:"))
        desk.hands.press(Key.Key_E)
        await until(lambda: desk.left().startswith(("34:", "35:")))
        await until(lambda: "+5 min" in desk.notice)
        assert (extensions(gateway), desk.hands.pressed) == (1, 1)
        desk.hands.press(Key.Key_Z, Control)
        await until(lambda: desk.left().startswith(("29:", "30:")))


async def test_what_is_asked_from_outside_and_looked_at_in_the_window_brings_it_back(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        both = tuple(Intent(action="disconnect", room=KEY, participant=one) for one in ("c1", "c2"))
        for wish in (Intent(action="select", room=KEY), both):
            desk.window.hide()
            desk.desk.reach.wanted.emit(wish)
            await until(desk.window.isVisible)
        await until(lambda: desk.notice)


async def test_history_is_read(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        lists = desk.window.pane.findChildren(QListView)
        (timeline,) = [one for one in lists if one.accessibleName().startswith("Timeline")]
        await until(lambda: timeline.model().rowCount() >= 3)
        assert not desk.says("The past could not be read")


async def test_history_that_cannot_be_read_can_be_asked_for_again(
    sit_down: SitDown, gateway: GatewayServed, road: Road
) -> None:
    async with sit_down() as desk:
        await gateway.tell(joined_in("room-2", "x", gateway.clock.now_ms()))
        await until(lambda: desk.window.table.model.rowCount() == 2)
        await road.close()
        desk.window.show_room(RoomKey(SOURCE, RoomId("room-2")))
        await until(lambda: desk.says("The past could not be read"))
        retry = desk.button("Retry")
        await road.open()
        retry.click()
        await until(lambda: not desk.says("The past could not be read"))
        assert not retry.isVisible()


# --- away and back -------------------------------------------------------------------------------------------------


async def test_while_the_gateway_is_away_it_is_said_and_nothing_is_queued(
    sit_down: SitDown, gateway: GatewayServed, road: Road
) -> None:
    async with sit_down() as desk:
        await road.close()
        await until(lambda: desk.says("Reconnecting"))
        assert "trying again" in desk.window.strip.text
        assert desk.button("Try again now").isEnabled()
        desk.hands.press(Key.Key_E)
        await until(lambda: desk.notice.startswith("problem: Could not extend"))
        await road.open()
        desk.button("Try again now").click()
        await until(lambda: desk.says("Live"))
        await gateway.until_read()
        assert (desk.window.strip.text, extensions(gateway)) == ("", 0)
        desk.hands.press(Key.Key_E)
        await until(lambda: extensions(gateway) == 1)


async def test_an_old_picture_says_so_everywhere(sit_down: SitDown, road: Road) -> None:
    async with sit_down() as desk:
        disconnect, end = desk.button("Disconnect\u2026"), desk.button("End room\u2026")
        desk.window.pane.select_person("c1")
        assert disconnect.isEnabled()
        assert end.isEnabled()
        await road.close()
        await until(lambda: desk.says("Reconnecting"))
        desk.clock.leap(16)
        await until(lambda: desk.window.strip.text.startswith("Nothing was heard for "))
        assert desk.says("Stale")
        assert desk.left().startswith("\u2248")
        for button in (disconnect, end):
            assert not button.isEnabled()
            assert button.toolTip() == plain_tip("Not while the picture is out of date.")
        desk.hands.press(Key.Key_E, Control | Shift)
        assert desk.notice == "info: Not while the picture is out of date."
        await road.open()
        desk.button("Try again now").click()
        await until(lambda: desk.says("Live") and disconnect.isEnabled() and end.isEnabled())
        assert not desk.left().startswith("\u2248")


def a_token(key: str = TOKEN_KEY, scope: str = "rooms:read", age_s: int = 0) -> str:
    return issue_token(key, ISSUER, "maya", [scope], ["*"], 60, SystemClock().now_ms() - age_s * 1000)


@pytest.mark.parametrize(
    ("token", "word"),
    [
        ({"age_s": 3600}, "Signed out"),
        ({"key": "the key of another gateway, long enough"}, "Signed out"),
        ({"scope": "rooms:extend"}, "No access"),
    ],
)
async def test_a_token_that_does_not_open_the_gateway_is_said(
    qapp: QApplication, gateway: GatewayServed, tmp_path: Path, token: dict[str, Any], word: str
) -> None:
    session = DesktopSession(access=GatewayAccess(f"http://127.0.0.1:{gateway.address[1]}", a_token(**token)))
    async with a_desk(qapp, tmp_path / "window", session) as desk:
        await until(lambda: desk.says(word))
        assert "What is shown" not in desk.window.strip.text, "nothing was, so far"
        assert not desk.store.ready


async def test_a_gateway_that_is_not_there_is_waited_for(
    qapp: QApplication, gateway: GatewayServed, road: Road, tmp_path: Path
) -> None:
    await road.close()
    async with a_desk(qapp, tmp_path / "window", access(road.port)) as desk:
        await until(lambda: desk.window.strip.text)
        assert desk.says("Connecting")
        desk.hands.press(Key.Key_E)  # there is nothing to extend
        await road.open()
        desk.button("Try again now").click()
        await until(lambda: desk.store.ready and desk.store.me)
        assert extensions(gateway) == 0


# --- a gateway of one's own ----------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def own_gateway(application: QApplication, folder: Path) -> AsyncIterator[tuple[OpenDesk, EmbeddedGateway]]:
    """A window with a gateway for a configuration that is not there."""
    config = folder / "none.toml"
    embedded = EmbeddedGateway(config, folder / "gateway", LeapingClock())
    session = DesktopSession(embedded=embedded, config_path=str(config))
    async with a_desk(application, folder / "window", session) as desk:
        yield desk, embedded


def kill(embedded: EmbeddedGateway) -> int:
    assert embedded.pid is not None
    os.kill(embedded.pid, signal.SIGKILL)
    return embedded.pid


async def test_without_a_configuration_the_window_says_what_to_write(qapp: QApplication, tmp_path: Path) -> None:
    async with own_gateway(qapp, tmp_path) as (desk, _):
        await until(lambda: desk.says("No platform is connected yet"), 20)
        assert desk.says("none.toml")


async def test_a_gateway_that_ends_is_started_again_and_leaves_with_the_window(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with own_gateway(qapp, tmp_path) as (desk, embedded):
        await until(lambda: desk.store.ready, 20)
        killed = kill(embedded)
        await until(lambda: "is started again" in desk.window.strip.text)
        await until(lambda: desk.says("Live") and not desk.window.strip.text, 20)
        assert embedded.pid not in {None, killed}
        pid = embedded.pid
        assert pid is not None
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 3
    assert await is_gone(pid, 1)


async def test_a_gateway_that_ends_again_and_again_is_given_up_until_somebody_asks(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with own_gateway(qapp, tmp_path) as (desk, embedded):
        await until(lambda: desk.store.ready, 20)
        killed: set[int] = set()

        def given_up() -> bool:
            if embedded.pid is not None and embedded.pid not in killed and is_there(embedded.pid):
                killed.add(kill(embedded))
            return "stays off" in desk.window.strip.text

        await until(given_up, 40)
        assert len(killed) >= 4
        desk.button("Try again").click()
        assert desk.window.strip.text == "The gateway is started once more."
        await until(lambda: desk.says("Live") and not desk.window.strip.text, 20)


async def test_a_gateway_that_cannot_be_started_is_said_and_tried_again(qapp: QApplication, tmp_path: Path) -> None:
    config = tmp_path / "none.toml"
    config.write_text("this is no TOML")
    async with own_gateway(qapp, tmp_path) as (desk, _):
        await until(lambda: "could not be started" in desk.window.strip.text, 20)
        config.unlink()
        desk.button("Try again").click()
        await until(lambda: desk.store.ready and not desk.window.strip.text, 20)


class SlowGateway:
    """A gateway of one's own that takes its time to start, and then cannot."""

    def __init__(self) -> None:
        self.starts = 0
        self.goes_on = asyncio.Event()

    async def start(self) -> GatewayAccess:
        self.starts += 1
        await self.goes_on.wait()
        raise OSError("no room left")

    async def run(self, changed: Callable[[ChildStatus], None]) -> None:
        raise NotImplementedError

    async def stop(self) -> None:
        self.goes_on.set()


async def test_what_is_being_started_is_not_started_twice(qapp: QApplication, tmp_path: Path) -> None:
    slow = SlowGateway()
    session = DesktopSession(embedded=slow, config_path=str(tmp_path / "none.toml"))
    async with a_desk(qapp, tmp_path / "window", session) as desk:
        await until(lambda: slow.starts)
        desk.desk.late_parts.welcome.renewed.emit()
        async with asyncio.timeout(5):  # it does not wait for the first
            await desk.desk.connect_to_gateway()
        assert slow.starts == 1
        slow.goes_on.set()
        await until(lambda: "could not be started" in desk.window.strip.text)
        desk.desk.late_parts.welcome.renewed.emit()
        await until(lambda: slow.starts == 2)


# --- one after the other -------------------------------------------------------------------------------------------


async def test_a_window_that_was_closed_leaves_nothing(
    qapp: QApplication, gateway: GatewayServed, tmp_path: Path
) -> None:
    seen: list[QObject] = []

    async def live() -> None:
        async with a_desk(qapp, tmp_path / "window", access(gateway.address[1])) as desk:
            await until(lambda: desk.store.ready)
            seen.extend([desk.desk, desk.store, desk.desk.look, desk.window, desk.desk.reach])

    await live()
    await live()
    await until(lambda: not any(shiboken6.isValid(one) for one in seen))
    assert qapp.styleSheet() == "", "nobody dresses it any more"


async def test_what_was_closed_hears_of_no_other_choice(sit_down: SitDown) -> None:
    async with sit_down() as open_:
        desk, commands = open_.desk, open_.window.commands
        for name in ("settings", "help", "about", "audit", "policy_report"):
            commands[name].do()
            await until(lambda: open_.window.findChildren(QDialog))
            for dialog in open_.window.findChildren(QDialog):
                dialog.close()
            await until(lambda: not open_.window.findChildren(QDialog))
        for theme in ("dark", "light_contrast", "light"):
            desk.preferences.put(THEME, theme)
            assert desk.look.theme.name == theme
        desk.preferences.put(DENSITY, "roomy")
        desk.preferences.put(QUIET, True)
        assert open_.notice == ""


# --- reviews -------------------------------------------------------------------------------------------------------


async def test_one_key_shows_what_observing_found(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        desk.hands.press(Key.Key_F9)
        (window,) = desk.window.findChildren(PolicyWindow)
        await until(lambda: window.table.panel.text.startswith("Nothing would have been done since "))
        assert (window.hours, desk.hands.pressed) == (24, 1)


async def test_one_key_shows_who_did_what(sit_down: SitDown, gateway: GatewayServed) -> None:
    async with sit_down() as desk:
        desk.hands.press(Key.Key_E)
        await until(lambda: extensions(gateway) == 1)
        desk.hands.press(Key.Key_F7)
        (window,) = desk.window.findChildren(AuditWindow)
        await until(window.table.rows.rowCount)
        said = [record.event.kind for record in window.table.rows.rows]
        assert {"deadline_extended", "participant_joined"} <= set(said)
        window.verify_button.click()
        await until(lambda: "records" in window.checked.text)
        assert window.checked.text.startswith(("Not changed", "Nothing vouches"))
        window.reject()


async def test_without_rtcstats_the_sessions_say_what_is_missing(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        desk.window.pane.take_focus()
        desk.hands.press(Key.Key_Q)
        (window,) = desk.window.findChildren(SessionsWindow)
        await until(lambda: "set rtcstats.database." in window.table.panel.text)


# --- the window's own ----------------------------------------------------------------------------------------------


async def test_the_keys_are_listed_once(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        for _ in range(3):
            desk.hands.press(Key.Key_F1)
        helps = desk.window.findChildren(KeyHelp)
        assert len(helps) == 1
        await until(helps[0].isActiveWindow)
        assert any("Extend by the room" in label.text() for label in helps[0].findChildren(QLabel))
        desk.hands.press(Key.Key_Escape)
        await until(lambda: not desk.window.findChildren(KeyHelp))
        assert QApplication.focusWidget() is desk.window.table.view


async def test_where_several_could_be_meant_the_people_get_the_keyboard(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        desk.hands.press(Key.Key_D)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.accessibleName() == "People in the room"
        assert "Choose who" in desk.notice
        desk.hands.press(Key.Key_D)
        await until(lambda: desk.desk.routing.dialog)
        assert desk.desk.routing.dialog is not None
        desk.desk.routing.dialog.reject()


async def test_search_help_and_quit_have_keys(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        quits: list[bool] = []
        desk.desk.quit_wanted.connect(lambda: quits.append(True))
        desk.hands.press(Key.Key_F, Control)
        assert QApplication.focusWidget() is desk.window.top_bar.search
        desk.hands.press(Key.Key_Q, Control)
        assert quits == [True]
        desk.window.close()
        assert quits == [True, True]


async def test_the_other_theme_is_remembered(qapp: QApplication, gateway: GatewayServed, tmp_path: Path) -> None:
    themes = []
    for _ in range(2):
        async with a_desk(qapp, tmp_path / "window", access(gateway.address[1])) as desk:
            themes.append(desk.desk.look.theme.dark)
            if len(themes) == 1:
                desk.hands.press(Key.Key_L, Control | Shift)
    assert themes == [False, True]


async def test_a_lock_and_duty_come_back_through_the_feed(sit_down: SitDown, gateway: GatewayServed) -> None:
    async with sit_down() as desk:
        desk.hands.press(Key.Key_L)
        await until(lambda: desk.store.rooms()[0].locked)
        assert gateway.room.locked
        assert gateway.room.locked.people == ("bill", "lee")
        await until(lambda: "is locked" in desk.notice)
        desk.hands.press(Key.Key_Z, Control)
        await until(lambda: not desk.store.rooms()[0].locked)
        desk.hands.press(Key.Key_D, Control | Shift)
        await until(desk.window.top_bar.duty.isChecked)
        assert list(gateway.gateway.ledger.state.on_duty) == list(desk.store.on_duty)
