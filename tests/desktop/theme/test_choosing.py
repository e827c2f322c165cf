from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from moderator.desktop.preferences import Preferences
from moderator.desktop.theme.choosing import THEME, THEMES, ThemeChoice, theme_for
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, Theme


@pytest.mark.parametrize(
    ("dark", "high_contrast", "theme"),
    [
        (False, False, LIGHT),
        (True, False, DARK),
        (False, True, LIGHT_CONTRAST),
        (True, True, DARK_CONTRAST),
    ],
)
def test_the_system_is_followed_unless_somebody_chose(dark: bool, high_contrast: bool, theme: Theme) -> None:
    assert theme_for("system", dark=dark, high_contrast=high_contrast) is theme
    assert theme_for("of another program", dark=dark, high_contrast=high_contrast) is theme
    for name, chosen in THEMES.items():
        assert theme_for(name, dark=dark, high_contrast=high_contrast) is chosen


def test_the_other_theme_is_as_strong_in_contrast(qapp: QApplication, tmp_path: Path) -> None:
    preferences, look = Preferences(tmp_path / "window.ini"), Look()
    choice = ThemeChoice(look, preferences, qapp.styleHints())
    choice.other()
    assert look.theme is DARK
    preferences.put(THEME, "dark_contrast")
    choice.other()
    assert look.theme is LIGHT_CONTRAST
    preferences.forget(THEME)
    assert look.theme is LIGHT


def test_a_look_that_is_gone_follows_nothing(qapp: QApplication, tmp_path: Path) -> None:
    preferences, look = Preferences(tmp_path / "window.ini"), Look()
    choice = ThemeChoice(look, preferences, qapp.styleHints())
    shiboken6.delete(look)
    preferences.put(THEME, "dark")
    assert not shiboken6.isValid(choice)
