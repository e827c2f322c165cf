"""Every command of the table is done by somebody, and says why when it cannot be."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QTabWidget

from moderator.clock import SystemClock
from moderator.desktop.actions.actions import ACTIONS, action
from moderator.desktop.commands import (
    account_commands,
    demo_commands,
    own_gateway_commands,
    reasons,
    window_commands,
)
from moderator.desktop.desk import Desk
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import DesktopSession
from moderator.desktop.settings.settings_window import SettingsWindow
from moderator.tasks import TaskScope
from tests.fakes.gallery import SCENES
from tests.fakes.scenes import on_stage


@pytest.fixture
async def desk(qapp: QApplication, tmp_path: Path) -> AsyncIterator[Desk]:
    """A window that is connected to nothing."""
    async with TaskScope() as tasks:
        made = Desk(qapp, DesktopSession(), Preferences(tmp_path / "window.ini"), tmp_path, SystemClock(), tasks)
        made.window.show()
        yield made
        made.hide()
        await made.quiet()
        await made.aclose()
        await asyncio.sleep(0)


async def test_every_command_of_the_window_is_done_by_somebody(desk: Desk) -> None:
    done = {
        *window_commands(desk),
        *account_commands(desk),
        *own_gateway_commands(desk),
        *demo_commands(desk),
    }
    assert done == {one.name for one in ACTIONS if one.place == "window"}


async def test_what_cannot_be_done_without_a_connection_says_so(desk: Desk) -> None:
    said = {name: why() for name, why in reasons(desk).items()}
    assert said["undo"] == "There is nothing to undo."
    assert said["acknowledge_all"] == "Nothing is to be acknowledged."
    assert said["duty"] == said["hold"] == "Not connected yet."
    assert said["sign_out"] == "Nobody is signed in."


async def test_the_settings_have_a_page_for_each_subject(desk: Desk) -> None:
    window_commands(desk)["settings"]()
    (shown,) = [one for one in desk.window.findChildren(QDialog) if isinstance(one, SettingsWindow)]
    assert shown.isVisible()
    (tabs,) = shown.findChildren(QTabWidget)
    assert {"Look", "Keys"} <= {tabs.tabText(number) for number in range(tabs.count())}
    shown.reject()


async def test_the_pane_that_is_all_there_is_stays_and_says_why(qapp: QApplication, tmp_path: Path) -> None:
    async with on_stage(qapp, SCENES["one-room"], tmp_path) as shown:
        window, why_not = shown.window, reasons(shown.desk)["room_panel"]
        assert window.one_room.shown
        await shown.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert window.notices.notice is not None
        assert window.notices.notice.text == why_not() == "The room is shown alone. F12 brings the table back."
        assert window.notices.isVisible()
        assert window.pane.isVisible()
        window.keys.choose(action("single"), ())
        assert why_not() == "The room is shown alone: show all rooms first."
        window.one_room.toggle()
        assert why_not() == ""
        window_commands(shown.desk)["room_panel"]()
        assert not window.docks.is_shown("room")
