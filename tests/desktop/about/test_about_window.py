from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from moderator.client.me import Me
from moderator.desktop.about.about_facts import Places
from moderator.desktop.about.about_window import AboutWindow
from moderator.desktop.theme.look import Look


def test_it_shows_versions_and_opens_folders_that_are_there(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    there = tmp_path / "data"
    there.mkdir()
    me = Me(name="Maya", scopes=(), version="99.0.0")
    window = AboutWindow(me, Places(tmp_path / "config", there, tmp_path / "log"), look)
    qtbot.addWidget(window)
    window.folder_wanted.disconnect()
    said = [label.text() for label in window.findChildren(QLabel)]
    assert {"99.0.0", str(there), "Inter", "SIL OFL 1.1"} <= set(said)
    assert any("an update of this program is due" in words for words in said)
    buttons = [one for one in window.findChildren(QPushButton) if one.text() == "Open folder"]
    assert [one.isEnabled() for one in buttons] == [False, True, False]
    with qtbot.waitSignal(window.folder_wanted) as wanted:
        buttons[1].click()
    assert wanted.args == [there]
    (texts,) = window.findChildren(QPlainTextEdit)
    assert "SIL OPEN FONT LICENSE" in texts.toPlainText()
    window.copy_button.click()
    assert "99.0.0" in QGuiApplication.clipboard().text()
