"""For how long: a few durations side by side, one chosen."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from moderator.desktop.dialogs.blocking import BlockChoice
from moderator.desktop.widgets.wrapped_row import WrappedRow
from moderator.language import tr

GAP_PX: Final = 2


class DurationChoice(QWidget):
    """All of them can be seen, and none opens over the dialog."""

    changed = Signal()

    def __init__(self, choices: Sequence[BlockChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = tuple(choices)
        self._group = QButtonGroup(self)
        row = WrappedRow(GAP_PX)
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)
        for place, choice in enumerate(self._choices):
            button = QPushButton(choice.word, self)
            button.setProperty("kind", "chip")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setChecked(place == 0)
            button.setAccessibleName(tr("Keep out {how_long}").format(how_long=choice.word))
            self._group.addButton(button, place)
            row.addWidget(button)
        self._group.idToggled.connect(lambda _id, on: self.changed.emit() if on else None)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    @property
    def block(self) -> bool | int:
        """Seconds, or True for good."""
        return self._choices[self._group.checkedId()].block
