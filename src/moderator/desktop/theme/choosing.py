"""Which theme is in force: the one that was chosen, else what the system asks for, now and when it asks for another."""

from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QStyleHints

from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, Theme

SYSTEM: Final = "system"
THEME: Final = Preference("look/theme", SYSTEM)
"""`SYSTEM`, or the name of a theme."""
THEMES: Final = {theme.name: theme for theme in (LIGHT, DARK, LIGHT_CONTRAST, DARK_CONTRAST)}
_BY_WISH: Final = {(theme.dark, theme.high_contrast): theme for theme in THEMES.values()}


def theme_for(chosen: str, *, dark: bool, high_contrast: bool) -> Theme:
    """The chosen theme; where none of ours is chosen, the one for these wishes of the system."""
    return THEMES.get(chosen, _BY_WISH[dark, high_contrast])


class ThemeChoice(QObject):
    """Keeps a look in step with the preferences and the system."""

    def __init__(self, look: Look, preferences: Preferences, system: QStyleHints) -> None:
        super().__init__(look)
        self._look = look
        self._preferences = preferences
        self._system = system
        preferences.changed.connect(self._on_preference)
        system.colorSchemeChanged.connect(self._follow)
        system.accessibility().contrastPreferenceChanged.connect(self._follow)
        self._follow()

    def other(self) -> None:
        """Light where it is dark, dark where it is light, as strong in contrast as before."""
        now = self._look.theme
        self._preferences.put(THEME, _BY_WISH[not now.dark, now.high_contrast].name)

    def _on_preference(self, changed: object) -> None:
        if changed is THEME:
            self._follow()

    def _follow(self) -> None:
        dark = self._system.colorScheme() == Qt.ColorScheme.Dark
        high_contrast = self._system.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        self._look.set_theme(theme_for(self._preferences.get(THEME), dark=dark, high_contrast=high_contrast))
