"""The page about warnings."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QSlider,
    QTimeEdit,
    QWidget,
)

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.alerts.alerts_panel import AlertsPanel
from moderator.desktop.alerts.heard import SOUNDS, VOLUME
from moderator.desktop.alerts.hush import QUIET, QUIET_FROM, QUIET_TO
from moderator.desktop.alerts.reach import Reach
from moderator.desktop.alerts.shown import ShownMemory
from moderator.desktop.preferences import Preferences
from moderator.desktop.settings.warnings_page import WarningsPage
from moderator.desktop.theme.look import Look
from moderator.tasks import TaskScope
from tests.fakes.desktop import FakeStore
from tests.fakes.window import until


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


@pytest.fixture
async def page(store: FakeStore, look: Look, preferences: Preferences, tmp_path: Path) -> AsyncIterator[WarningsPage]:
    panel = AlertsPanel(store, look, KeyBindings())
    async with TaskScope() as scope:
        reach = Reach(panel, store, preferences, ShownMemory(tmp_path), scope, panel)
        page = WarningsPage(preferences, reach)
        page.show()
        yield page
        page.hide()
        await reach.close()


def read(page: WarningsPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


async def test_it_shows_what_is_chosen_and_remembers_what_is_chosen_anew(
    page: WarningsPage, preferences: Preferences
) -> None:
    first, later, last = page.findChildren(QComboBox)
    assert [box.currentText() for box in (first, later, last)] == ["Off", "For my rooms", "For my rooms"]
    first.setCurrentIndex(first.findData("all"))
    first.activated.emit(first.currentIndex())
    (slider,) = page.findChildren(QSlider)
    assert slider.value() == 60
    slider.setValue(25)
    assert (preferences.get(SOUNDS["first"]), preferences.get(VOLUME)) == ("all", 25)
    assert "25" in read(page)


@pytest.mark.parametrize(("written", "shown"), [("1e400", 60), ("9" * 23, 60), ("2147483647", 100), ("-5", 0)])
async def test_a_volume_that_makes_no_sense_is_no_crash(
    store: FakeStore, look: Look, tmp_path: Path, written: str, shown: int
) -> None:
    (tmp_path / "window.ini").write_text(f"[sounds]\nvolume={written}\n")
    preferences, panel = Preferences(tmp_path / "window.ini"), AlertsPanel(store, look, KeyBindings())
    async with TaskScope() as scope:
        reach = Reach(panel, store, preferences, ShownMemory(tmp_path), scope, panel)
        (slider,) = WarningsPage(preferences, reach).findChildren(QSlider)
        assert slider.value() == shown
        await reach.close()


async def test_quiet_hours_are_chosen_here(page: WarningsPage, preferences: Preferences) -> None:
    begins, ends = page.findChildren(QTimeEdit)
    assert not begins.isEnabled()
    page.findChildren(QCheckBox)[0].click()
    assert begins.isEnabled()
    begins.setTime(QTime(21, 30))
    ends.setTime(QTime(6, 5))
    chosen = preferences.get(QUIET), preferences.get(QUIET_FROM), preferences.get(QUIET_TO)
    assert chosen == (True, "21:30", "06:05")


async def test_the_test_says_what_works(page: WarningsPage) -> None:
    (button,) = [one for one in page.findChildren(QPushButton) if one.text() == "Play a test warning"]
    button.click()
    await until(lambda: "Notification: no service here shows any." in read(page))
    await until(lambda: "playing" not in read(page))
    assert "In the window: the alerts are closed." in read(page)


async def test_every_control_has_a_name(page: WarningsPage) -> None:
    kinds = (QAbstractButton, QSlider, QTimeEdit)
    controls: list[QWidget] = [one for kind in kinds for one in page.findChildren(kind) if one.isVisible()]
    names = [QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in controls]
    assert all(names)
    assert len(names) == len(set(names)) == 8
    buddies = {label.buddy() for label in page.findChildren(QLabel)}
    assert set(page.findChildren(QComboBox)) <= buddies


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    """Reading begins on the right."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


async def test_a_time_of_day_is_not_mirrored(mirrored: None, page: WarningsPage, preferences: Preferences) -> None:
    begins, ends = page.findChildren(QTimeEdit)
    for field, text in ((begins, "22:00"), (ends, "07:00")):
        assert QTime.fromString(text, "HH:mm").toString(field.displayFormat()) == field.text()
    begins.setTime(QTime(21, 45))
    assert preferences.get(QUIET_FROM) == "21:45"


async def test_the_volume_fills_from_where_reading_begins(mirrored: None, page: WarningsPage, look: Look) -> None:
    assert _ends_of(page) == (look.theme.line, look.theme.faint)


async def test_the_volume_fills_from_the_left_in_english(page: WarningsPage, look: Look) -> None:
    assert _ends_of(page) == (look.theme.faint, look.theme.line)


def _ends_of(page: WarningsPage) -> tuple[str, str]:
    """The colours of the volume's groove, at its left and its right end."""
    (slider,) = page.findChildren(QSlider)
    slider.setValue(50)
    shown = slider.grab().toImage()
    left, right = (shown.pixelColor(x, shown.height() // 2).name().upper() for x in (4, shown.width() - 5))
    return left, right
