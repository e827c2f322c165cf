"""The newcomer's lines name the keys that count."""

from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.actions import action
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.preferences import Preferences
from moderator.desktop.theme.look import Look
from moderator.desktop.window.hint import Hint


def test_it_names_the_keys_in_force(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    keys = KeyBindings(Preferences(tmp_path / "window.ini"))
    hint = Hint(look, keys)
    qtbot.addWidget(hint)

    def said() -> list[str]:
        return [line for label in hint.findChildren(QLabel) for line in label.text().splitlines()]

    extend, alerts, undo = said()
    assert ("press E:" in extend, "F6 goes" in alerts, undo.endswith("Ctrl+Z re-admits.")) == (True, True, True)
    keys.choose(action("extend"), ("X",))
    keys.choose(action("next_pane"), ())
    keys.choose(action("undo"), ())
    extend, alerts, undo = said()
    assert "press X:" in extend
    assert alerts == "Somebody who should not be there is an alert, among the alerts beside the rooms."
    assert undo.endswith("keeps them out.")
