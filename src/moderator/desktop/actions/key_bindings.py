"""Which keys are in force: those of the table of actions, as far as the user has not chosen others.

Whoever listens to keys asks here, and whoever shows them does too.
"""

from collections.abc import Iterable
from typing import Final, cast

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from moderator.desktop.actions.action import Action, Place
from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.orders.intents import ActionName
from moderator.desktop.preferences import Preference, Preferences
from moderator.language import tr

LETTERS: Final = Preference("keys/letters", True)
"""Whether keys count that write something, such as `E` and `Shift+E`."""
CHOSEN: Final = {one.id: Preference(f"keys/{one.id}", " ".join(one.keys)) for one in ACTIONS}
"""The keys of each action, with spaces between them."""
RESERVED: Final = frozenset(
    {"Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Enter", "Tab", "Shift+Tab", "Space", "Ctrl+A"}
)
"""What moves through lists and the window cannot be given to anything else."""
_ABOUT_THE_TABLE: Final = frozenset({"sort_again"})
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier


class Conflict(Struct, frozen=True):
    """A key that cannot be had: it belongs to that action, or to the lists themselves."""

    key: str
    holder: Action | None


class KeyBindings(QObject):
    """Of one window. Without preferences they are what the table says."""

    changed = Signal()

    def __init__(self, preferences: Preferences | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._by_key: dict[Place, dict[str, Action]] = {}
        self._look_up()
        if preferences is not None:
            preferences.changed.connect(self._on_changed)

    # --- what is in force ------------------------------------------------------------------------------------------

    @property
    def letters(self) -> bool:
        """Whether keys count that write something."""
        return self._preferences is None or self._preferences.get(LETTERS)

    def keys(self, action: Action) -> tuple[str, ...]:
        """The keys that do this now, in Qt's spelling."""
        return tuple(key for key in self.chosen(action) if self.letters or not is_letter(key))

    def key(self, name: str, place: Place) -> str:
        """The first of them as it is shown, such as `Shift+E`; empty where there is none."""
        found = next(one for one in ACTIONS if one.name == name and one.place == place)
        return next(iter(self.keys(found)), "")

    def pressed(self, place: Place, event: QKeyEvent) -> str:
        """The name of the action that this key means where the focus is; empty for none."""
        found = self._by_key[place].get(spelled(event))
        return found.name if found else ""

    def wish_for_room(self, event: QKeyEvent) -> ActionName | None:
        """What this key asks for a room, for whatever is about one room: people, an alert, an appointment. A key of
        their own goes first. None where it asks for nothing.
        """
        name = self.pressed("room", event)
        return cast("ActionName", name) if name and name not in _ABOUT_THE_TABLE else None

    # --- choosing --------------------------------------------------------------------------------------------------

    def chosen(self, action: Action) -> tuple[str, ...]:
        """Its keys, also where letters do not count at present."""
        if self._preferences is None:
            return action.keys
        return tuple(self._preferences.get(CHOSEN[action.id]).split())

    def conflict(self, action: Action, key: str) -> Conflict | None:
        """Why this key cannot be given to the action. Lists do not get in each other's way, the window in all's."""
        if key in RESERVED and key not in action.keys:
            return Conflict(key, None)
        others = (one for one in ACTIONS if one.id != action.id and _meet(one.place, action.place))
        holder = next((one for one in others if key in self.chosen(one)), None)
        return Conflict(key, holder) if holder else None

    def choose(self, action: Action, keys: Iterable[str]) -> None:
        """From now on these keys do it, and no others. Look for conflicts before."""
        if self._preferences is not None:
            self._preferences.put(CHOSEN[action.id], " ".join(keys))

    def letters_on(self, on: bool) -> None:
        """Whether keys are to count that write something."""
        if self._preferences is not None:
            self._preferences.put(LETTERS, on)

    def reset(self) -> None:
        """Everything as it was at first."""
        if self._preferences is not None:
            for preference in CHOSEN.values():
                self._preferences.forget(preference)
            self._preferences.forget(LETTERS)

    # --- how -------------------------------------------------------------------------------------------------------

    def _on_changed(self, preference: object) -> None:
        if preference is LETTERS or preference in CHOSEN.values():
            self._look_up()
            self.changed.emit()

    def _look_up(self) -> None:
        places: tuple[Place, ...] = ("room", "person", "alert", "window")
        self._by_key = {place: {} for place in places}
        for one in ACTIONS:
            for key in self.keys(one):
                self._by_key[one.place].setdefault(key, one)


def is_letter(key: str) -> bool:
    """Whether pressing this key would write something into a line: `E`, `Shift+E`, `?`."""
    return len(key.removeprefix("Shift+")) == 1


def spelled(event: QKeyEvent) -> str:
    """A key with what is held, as the table of actions spells it; empty for a key that is only held."""
    combination = event.keyCombination()
    if combination.key() in {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}:
        return ""
    held = combination.keyboardModifiers() & ~_KEYPAD
    key = Qt.Key.Key_Enter if combination.key() == Qt.Key.Key_Return else combination.key()
    text = QKeySequence(key | held.value).toString(QKeySequence.SequenceFormat.PortableText)
    symbol = text.removeprefix("Shift+")
    return symbol if len(symbol) == 1 and not symbol.isalpha() else text  # where a sign stands is the layout's business


def shown(key: str) -> str:
    """A key as the keyboards of this system and language have it: `Strg+K` in German."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def with_key(words: str, key: str) -> str:
    """A tooltip with the key in force behind it; `key` as it is shown, or empty."""
    return tr("{what} ({key})").format(what=words, key=key) if words and key else words


def _meet(one: Place, other: Place) -> bool:
    return one == other or "window" in (one, other)
