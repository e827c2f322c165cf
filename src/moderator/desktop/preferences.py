"""What the user has chosen, and where the window stood: typed, remembered in one file, told to whoever shows it.

Each preference is a constant of the module that uses it.
"""

from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

Value = TypeVar("Value", str, bool, int, QByteArray)


class Preference(Generic[Value]):
    """One choice: its name in the file, such as `look/theme`, and what holds until somebody chooses."""

    def __init__(self, key: str, default: Value) -> None:
        self.key = key
        self.default: Value = default


class Preferences(QObject):
    """The choices of one user. What the file has that is no value of the preference's type counts as not chosen."""

    changed = Signal(object)
    """`Preference`: it has another value."""

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = QSettings(str(file), QSettings.Format.IniFormat, self)

    def get(self, preference: Preference[Value]) -> Value:
        """What was chosen, or the default."""
        if not self._settings.contains(preference.key):
            return preference.default
        try:
            value = self._settings.value(preference.key, preference.default, type(preference.default))
        except (TypeError, ValueError):  # somebody edited the file
            return preference.default
        return value if isinstance(value, type(preference.default)) else preference.default

    def put(self, preference: Preference[Value], value: Value) -> None:
        """Choose; the same again tells nobody."""
        if self.get(preference) != value:
            self._settings.setValue(preference.key, value)
            self.changed.emit(preference)

    def forget(self, preference: Preference[Value]) -> None:
        """Back to the default."""
        if self._settings.contains(preference.key):
            self._settings.remove(preference.key)
            self.changed.emit(preference)

    def save(self) -> None:
        """Write to the file now."""
        self._settings.sync()
