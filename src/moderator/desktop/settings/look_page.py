"""The page about how the window looks."""

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from moderator.desktop.languages import LANGUAGE, LANGUAGES
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.theme.look import THEME
from moderator.language import tr


class LookPage(QWidget):
    """Every choice counts at once, but the language: that is spoken from the next start on."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Look"))
        self._preferences = preferences
        form = QFormLayout(self)
        themes = {"system": tr("As the system"), "light": tr("Light"), "dark": tr("Dark")}
        form.addRow(tr("Theme"), self._choice(THEME, themes))
        form.addRow(tr("Language"), self._choice(LANGUAGE, {"system": tr("As the system"), **LANGUAGES}))

    def _choice(self, preference: Preference[str], names: dict[str, str]) -> QComboBox:
        box = QComboBox(self)
        for value, name in names.items():
            box.addItem(name, value)
        box.setCurrentIndex(max(0, box.findData(self._preferences.get(preference))))
        box.activated.connect(lambda _: self._preferences.put(preference, box.currentData()))
        return box
