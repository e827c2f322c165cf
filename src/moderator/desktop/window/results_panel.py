"""What became of each of several wishes, when not all of them worked out. It stays until somebody closes it, and never
takes the focus; what went well is told by the notice bar."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from moderator.desktop.orders.notices import SIGNS, Notice
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.language import tr

ROW_PX: Final = 24
ROWS: Final = 5
"""So many lines can be seen at once."""


class ResultsPanel(QFrame):
    """One line per wish, those first that did not work out."""

    wanted = Signal(object)
    """`tuple[Intent, ...]`: what the button does."""
    left = Signal()
    """It hid with the focus in it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._notice: Notice | None = None
        self._icon = QLabel(self)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setFont(look.font("body", "semibold"))
        self._action = QPushButton(self)
        self._close = QPushButton(self)
        self._lines = QListWidget(self)
        self.setProperty("ground", "raised")
        self.setAccessibleName(tr("Results"))
        self._lay_out()
        self._action.clicked.connect(self._on_action)
        self._close.clicked.connect(self.dismiss)
        for button in (self._action, self._close):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it where somebody works
        look.changed.connect(self._dress)
        self.hide()

    @property
    def notice(self) -> Notice | None:
        """What is shown now."""
        return self._notice

    def takes(self, notice: Notice) -> bool:
        """Show it, where it has results; a later notice about the same closes what is shown."""
        if notice.results:
            self._show(notice)
            return True
        if self._notice is not None and notice.key == self._notice.key:
            self.dismiss()
        return False

    def dismiss(self) -> None:
        """It was read, or was for somebody else."""
        self._notice = None
        self._text.clear()
        self._text.setAccessibleName("")
        self._lines.clear()
        had_focus = self.isAncestorOf(self.window().focusWidget())
        self.hide()
        if had_focus:
            self.left.emit()

    # --- how -------------------------------------------------------------------------------------------------------

    def _show(self, notice: Notice) -> None:
        self._notice = notice
        self._text.setText(notice.text)
        self._text.setAccessibleName(notice.text)
        self._action.setText(notice.action)
        self._action.setVisible(bool(notice.action))
        self._lines.clear()
        for result in notice.results:
            line = QListWidgetItem(result.text)
            line.setToolTip(plain_tip(result.text))
            line.setSizeHint(QSize(0, ROW_PX))
            self._lines.addItem(line)
        self._lines.setFixedHeight(ROW_PX * min(ROWS, len(notice.results)) + 2 * self._lines.frameWidth())
        self._dress()
        self.show()

    def _on_action(self) -> None:
        notice = self._notice
        self.dismiss()
        if notice is not None:
            self.wanted.emit(notice.intents)

    def _dress(self) -> None:
        self._close.setIcon(self._look.icon("x", "muted"))
        if self._notice is None:
            return
        icon, color = SIGNS[self._notice.tone]
        self._icon.setPixmap(self._look.pixmap(icon, self._look.color(color), 16, self.devicePixelRatioF()))
        for row, result in enumerate(self._notice.results):
            icon, color = SIGNS[result.tone]
            self._lines.item(row).setIcon(self._look.icon(icon, color))

    def _lay_out(self) -> None:
        self._close.setProperty("kind", "quiet")
        self._close.setAccessibleName(tr("Close the results"))
        self._lines.setAccessibleName(tr("What became of each"))
        self._lines.setFrameShape(QFrame.Shape.NoFrame)
        self._lines.setIconSize(QSize(14, 14))
        self._lines.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lines.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._lines.setUniformItemSizes(True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._text, 1)
        head.addWidget(self._action)
        head.addWidget(self._close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 4, 8, 8)
        rows.setSpacing(4)
        rows.addLayout(head)
        rows.addWidget(self._lines)
