"""For how long: a few durations side by side, one chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from moderator.desktop.dialogs.blocking import BlockChoice
from moderator.language import tr


class DurationChoice(QWidget):
    """All of them can be seen, and none opens over the dialog."""

    changed = Signal()

    def __init__(self, choices: Sequence[BlockChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = tuple(choices)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for place, choice in enumerate(self._choices):
            button = QPushButton(choice.word, self)
            button.setProperty("kind", "chip")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setChecked(place == 0)
            button.setAccessibleName(tr("Keep out {how_long}").format(how_long=choice.word))
            self._group.addButton(button, place)
            row.addWidget(button)
        row.addStretch()
        self._group.idToggled.connect(lambda _id, on: self.changed.emit() if on else None)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    @property
    def block(self) -> bool | int:
        """Seconds, or True for good."""
        return self._choices[self._group.checkedId()].block
