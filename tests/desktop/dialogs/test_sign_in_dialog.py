"""The dialog alone: what it shows and what it wants."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from moderator.desktop.dialogs.sign_in_dialog import SignInDialog
from moderator.desktop.theme.look import Look

ADDRESS = "https://id.example.org/device"


class Opened:
    def __init__(self, qtbot: QtBot, look: Look) -> None:
        self.wanted: list[str] = []
        self.dialog = SignInDialog("moderation.example.org", look)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.code_wanted.connect(lambda: self.wanted.append("a code"))
        self.dialog.page_wanted.connect(self.wanted.append)
        self.dialog.token_given.connect(self.wanted.append)
        self.dialog.open()

    def text(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def opened(qtbot: QtBot, look: Look) -> Opened:
    return Opened(qtbot, look)


def test_it_asks_for_a_code_first(opened: Opened) -> None:
    assert "Sign in at moderation.example.org" in opened.text()
    assert "Asking the gateway for a code" in opened.text()
    assert not opened.dialog.open_button.isVisible()


def test_a_code_is_shown_with_what_to_do(opened: Opened) -> None:
    opened.dialog.show_code("WDJB-MJHT", ADDRESS, 570)
    assert "WDJB-MJHT" in opened.text()
    assert ADDRESS in opened.text()
    assert "It counts for 10 min." in opened.text()
    QTest.keyClick(opened.dialog.open_button, Qt.Key.Key_Space)
    assert opened.wanted == [ADDRESS]
    opened.dialog.copy_button.click()
    assert QApplication.clipboard().text() == "WDJB-MJHT"


def test_a_code_that_leads_nowhere_can_be_replaced(opened: Opened) -> None:
    opened.dialog.show_code("WDJB-MJHT", ADDRESS, 570)
    opened.dialog.code_failed("The code has expired.")
    assert "The code has expired." in opened.text()
    assert "WDJB-MJHT" not in opened.text()
    opened.dialog.again_button.click()
    assert opened.wanted == ["a code"]
    assert "Asking the gateway for a code" in opened.text()
    assert not opened.dialog.again_button.isVisible()


def test_where_there_is_no_code_there_is_the_token(opened: Opened) -> None:
    opened.dialog.code_failed("This gateway offers no sign-in.", again=False)
    assert not opened.dialog.again_button.isVisible()
    assert opened.dialog.focusWidget() is opened.dialog.token_field


def test_a_token_is_hidden_handed_on_and_can_be_corrected(opened: Opened) -> None:
    field = opened.dialog.token_field
    assert field.echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClicks(field, "a.b.c")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert opened.wanted == ["a.b.c"], "once, however often Enter is pressed"
    opened.dialog.token_failed("The token is not valid.")
    assert "The token is not valid." in opened.text()
    assert (field.text(), opened.dialog.use_button.isEnabled()) == ("a.b.c", True)
    opened.dialog.use_button.click()
    assert "not valid" not in opened.text()


def test_foreign_words_are_shown_as_they_are(opened: Opened) -> None:
    opened.dialog.show_code("<b>X</b>\x1b", ADDRESS, 60)
    assert "<b>X</b>\ufffd" in opened.text()


def test_everything_can_be_read_at_its_size(opened: Opened) -> None:
    """Nothing that wraps is cut off, whatever is shown."""
    shows: list[Callable[[], None]] = [
        lambda: opened.dialog.show_code("WDJB-MJHT", ADDRESS + "/a-long-way" * 9, 570),
        lambda: opened.dialog.code_failed("The gateway cannot be reached: " + "it is away " * 20),
        lambda: opened.dialog.token_failed("The token is not valid. " * 9),
    ]
    for show in shows:
        show()
        for label in opened.dialog.findChildren(QLabel):
            if label.isVisible():
                assert label.height() >= label.heightForWidth(label.width()), label.text()
