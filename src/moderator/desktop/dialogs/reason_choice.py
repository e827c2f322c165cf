"""The reasons to choose one from, as in the audit."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from moderator.desktop.dialogs.indicators import ThemedRadioButton
from moderator.desktop.reasons import REASONS, reason_words
from moderator.desktop.theme.look import Look
from moderator.domain.kinds import Reason
from moderator.language import tr

COLUMNS: Final = 2


class ReasonChoice(QWidget):
    """Radio buttons; exactly one is chosen. Arrow keys move the choice."""

    changed = Signal()

    def __init__(self, look: Look, chosen: Reason, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Reason"))
        self._group = QButtonGroup(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        rows = -(-len(REASONS) // COLUMNS)
        for index, reason in enumerate(REASONS):
            button = ThemedRadioButton(look, reason_words(reason), self)
            button.setAccessibleName(tr("Reason: {reason}").format(reason=reason_words(reason)))
            button.setChecked(reason == chosen)
            self._group.addButton(button, index)
            grid.addWidget(button, index % rows, index // rows)
        self._group.idToggled.connect(lambda _, on: self.changed.emit() if on else None)

    @property
    def reason(self) -> Reason:
        """The one that is chosen."""
        return REASONS[self._group.checkedId()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}.get(
            Qt.Key(event.key())
        )
        if step is None:
            super().keyPressEvent(event)
            return
        self._group.button((self._group.checkedId() + step) % len(REASONS)).setChecked(True)
        self.take_focus()

    def take_focus(self) -> None:
        """Give the focus to what is chosen."""
        if (button := self._group.checkedButton()) is not None:
            button.setFocus()
