"""The page about how the window looks."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from moderator.desktop.languages import LANGUAGE, LANGUAGES
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.tables.rooms_fonts import DENSITY
from moderator.desktop.theme.choosing import SYSTEM, THEME
from moderator.language import marked, tr

_THEMES: Final = {
    SYSTEM: marked("As the system"),
    "light": marked("Light"),
    "dark": marked("Dark"),
    "light_contrast": marked("Light, high contrast"),
    "dark_contrast": marked("Dark, high contrast"),
}
_DENSITIES: Final = {"compact": marked("Close together"), "normal": marked("Normal"), "roomy": marked("Far apart")}


class LookPage(QWidget):
    """Every choice counts at once, but the language: that is spoken from the next start on."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Look"))
        self._preferences = preferences
        self._boxes: dict[Preference[str], QComboBox] = {}
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        form.addRow(tr("Theme"), self._choice(THEME, _translated(_THEMES)))
        form.addRow(tr("Rows"), self._choice(DENSITY, _translated(_DENSITIES)))
        languages = {"system": tr("As the system"), **LANGUAGES}
        form.addRow(tr("Language, from the next start on"), self._choice(LANGUAGE, languages))
        preferences.changed.connect(self._show)

    def _choice(self, preference: Preference[str], names: Mapping[str, str]) -> QComboBox:
        self._boxes[preference] = box = QComboBox(self)
        for value, name in names.items():
            box.addItem(name, value)
        self._show(preference)
        box.activated.connect(lambda _: self._preferences.put(preference, box.currentData()))
        return box

    def _show(self, preference: Preference[str]) -> None:
        if (box := self._boxes.get(preference)) is not None:
            chosen = box.findData(self._preferences.get(preference))
            box.setCurrentIndex(chosen if chosen >= 0 else box.findData(preference.default))


def _translated(names: Mapping[str, str]) -> dict[str, str]:
    return {value: tr(name) for value, name in names.items()}
