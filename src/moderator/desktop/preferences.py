"""What the user has chosen, and where the window stood: typed, remembered in one file, told to whoever shows it.

Each preference is a constant of the module that uses it. The file is text that people may edit, `name=value` in
sections. It is read here and not by QSettings, which makes objects of what stands there, and so runs code.
"""

import base64
import binascii
import json
import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QByteArray, QObject, Signal

from moderator.launch.private_files import write_whole

logger = logging.getLogger(__name__)

Value = TypeVar("Value", str, bool, int, QByteArray)
_INTEGER: Final = re.compile(r"-?[0-9]{1,10}")
_MOST: Final = 2**31 - 1
"""What Qt takes for a number."""


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
        self._file = file
        self._texts = _read(file)
        self._unsaved: dict[str, str | None] = {}
        """By key; None: back to the default."""

    def get(self, preference: Preference[Value]) -> Value:
        """What was chosen, or the default."""
        text = self._texts.get(preference.key)
        if text is None:
            return preference.default
        try:
            value: Value = _FROM_TEXT[type(preference.default)](text)
        except ValueError:  # somebody edited the file
            return preference.default
        return value

    def put(self, preference: Preference[Value], value: Value) -> None:
        """Choose; the same again tells nobody."""
        if self.get(preference) != value:
            self._change(preference.key, _TO_TEXT[type(preference.default)](value))
            self.changed.emit(preference)

    def forget(self, preference: Preference[Value]) -> None:
        """Back to the default."""
        if preference.key in self._texts:
            self._change(preference.key, None)
            self.changed.emit(preference)

    def save(self) -> None:
        """Write what is not in the file yet; it holds what other windows have chosen meanwhile, too."""
        if not self._unsaved:
            return
        self._texts = _with(_read(self._file), self._unsaved)
        try:
            write_whole(self._file, _written(self._texts))
        except OSError as error:  # tried again with the next choice
            logger.info("%s cannot be written: %s", self._file, error.strerror)
        else:
            self._unsaved.clear()

    def _change(self, key: str, text: str | None) -> None:
        self._unsaved[key] = text
        self.save()


# --- values as text --------------------------------------------------------------------------------------------------


def _bool(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


def _int(text: str) -> int:
    if not _INTEGER.fullmatch(text) or abs(int(text)) > _MOST:
        raise ValueError(text)
    return int(text)


def _str(text: str) -> str:
    return str(json.loads(text)) if text.startswith('"') else text


def _str_text(value: str) -> str:
    is_plain = value.isprintable() and value == value.strip() and not value.startswith('"')
    return value if is_plain else json.dumps(value)


def _bytes(text: str) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except binascii.Error as error:
        raise ValueError(text) from error


_FROM_TEXT: Final[Mapping[type, Callable[[str], Any]]] = {bool: _bool, int: _int, str: _str, QByteArray: _bytes}
"""Each raises ValueError."""
_TO_TEXT: Final[Mapping[type, Callable[[Any], str]]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    str: _str_text,
    QByteArray: lambda value: base64.b64encode(value.data()).decode(),
}


# --- the file --------------------------------------------------------------------------------------------------------


def _read(file: Path) -> dict[str, str]:
    """The texts by key, such as `look/theme`; lines that make no sense are left out."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    texts, section = dict[str, str](), ""
    for line in map(str.strip, lines):
        name, equals, text = line.partition("=")
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif section and equals:
            texts[f"{section}/{name.strip()}"] = text.strip()
    return texts


def _with(texts: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    return {key: text for key, text in {**texts, **changes}.items() if text is not None}


def _written(texts: Mapping[str, str]) -> str:
    sections: dict[str, list[str]] = {}
    for key, text in sorted(texts.items()):
        section, _, name = key.partition("/")
        sections.setdefault(section, []).append(f"{name}={text}\n")
    return "\n".join(f"[{section}]\n{''.join(lines)}" for section, lines in sections.items())
