"""The page about keys: what each does, another one for it, and whether single letters count."""

from itertools import groupby
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from moderator.desktop.actions.action import PLACES, Action
from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.actions.key_bindings import Conflict, KeyBindings, shown
from moderator.desktop.settings.key_field import KeyField
from moderator.language import tr

FIELD_PX: Final = 168


class KeysPage(QWidget):
    """Every choice counts at once."""

    def __init__(self, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self._keys = keys
        self._fields: dict[str, tuple[Action, KeyField]] = {}
        self._letters = QCheckBox(tr("Single letters do something while a list has the focus"), self)
        self._letters.toggled.connect(keys.letters_on)
        self._word = QLabel(self)
        self._word.setTextFormat(Qt.TextFormat.PlainText)
        self._word.setWordWrap(True)
        self._word.setProperty("role", "muted")
        reset = QPushButton(tr("Reset all keys"), self)
        reset.setAutoDefault(False)
        reset.clicked.connect(self._reset)
        foot = QHBoxLayout()
        foot.addWidget(self._word, 1)
        foot.addWidget(reset)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 16, 0, 0)
        rows.setSpacing(12)
        rows.addWidget(self._letters)
        rows.addWidget(self._table(), 1)
        rows.addLayout(foot)
        keys.changed.connect(self._refresh)
        self._explain()
        self._refresh()

    # --- how -------------------------------------------------------------------------------------------------------

    def _table(self) -> QScrollArea:
        inner = QWidget(self)
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        row = 0
        for place, members in groupby(ACTIONS, key=lambda one: one.place):
            heading = QLabel(tr(PLACES[place]), inner)
            heading.setProperty("role", "heading")
            heading.setContentsMargins(0, 12 if row else 0, 0, 4)
            grid.addWidget(heading, row, 0, 1, 2)
            for one in members:
                row += 1
                self._add(grid, row, one, inner)
            row += 1
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAccessibleName(tr("List of keys"))
        scroll.setWidget(inner)
        return scroll

    def _add(self, grid: QGridLayout, row: int, one: Action, parent: QWidget) -> None:
        words = QLabel(tr(one.text), parent)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        field = KeyField(parent)
        field.setFixedWidth(FIELD_PX)
        field.listens.connect(self._explain)
        field.taken.connect(lambda key, one=one: self._take(one, key))
        field.emptied.connect(lambda one=one: self._keys.choose(one, ()))
        grid.addWidget(words, row, 0)
        grid.addWidget(field, row, 1)
        self._fields[one.id] = one, field

    def _take(self, action: Action, key: str) -> None:
        conflict = self._keys.conflict(action, key)
        if conflict is None:
            self._keys.choose(action, (key,))
        self._say(_why_not(conflict) if conflict else "", level="critical" if conflict else "")

    def _explain(self) -> None:
        self._say(tr("Choose a line and press its new key. Backspace takes the key away, Esc leaves it as it is."))

    def _say(self, sentence: str, *, level: str = "") -> None:
        self._word.setProperty("level", level)
        self._word.style().unpolish(self._word)
        self._word.style().polish(self._word)
        self._word.setText(sentence)

    def _reset(self) -> None:
        self._keys.reset()
        self._explain()

    def _refresh(self) -> None:
        self._letters.setChecked(self._keys.letters)
        for one, field in self._fields.values():
            in_force, chosen = self._keys.keys(one), self._keys.chosen(one)
            field.show_keys(tr(" or ").join(map(shown, in_force)), changed=chosen != one.keys)
            field.setAccessibleName(tr("Key for: {action}").format(action=tr(one.text)))
            field.setAccessibleDescription(field.text())


def _why_not(conflict: Conflict) -> str:
    if conflict.holder is None:
        return tr("{key} moves through lists and the window. Choose another key.").format(key=shown(conflict.key))
    words = tr("{key} already means “{action}”. Choose another key, or change that one first.")
    return words.format(key=shown(conflict.key), action=tr(conflict.holder.text))
