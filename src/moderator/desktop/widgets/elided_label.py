"""One line of foreign text: shortened where there is no room for it, whole in the tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from moderator.desktop.plain_tips import plain_tip


class ElidedLabel(QLabel):
    """A QLabel that asks for little width and paints an ellipsis."""

    def __init__(self, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tip = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        if text != self.text() or not self.accessibleName():
            super().setText(text)
            self.setToolTip(plain_tip(self._tip))
            self.setAccessibleName(text)

    def set_tip(self, tip: str) -> None:
        """What the tooltip says whether the text is shortened or not, in place of the whole text."""
        self._tip = tip
        self.setToolTip(plain_tip(tip))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = self.fontMetrics()
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        if not self._tip:
            self.setToolTip(plain_tip(self.text()) if shown != self.text() else "")
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.rect(),
            int(self.alignment()),
            option.palette,
            bool(option.state & QStyle.StateFlag.State_Enabled),
            shown,
            self.foregroundRole(),
        )
        painter.end()
