"""An opaque ground over another widget: nothing can be read through it. What is said on it is somebody else's."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from moderator.desktop.theme.look import Look


class Cover(QWidget):
    """Hidden at first; while it is shown it is as large as what it covers, and on top."""

    def __init__(self, look: Look, covered: QWidget) -> None:
        super().__init__(covered)
        self._look = look
        self._covered = covered
        covered.installEventFilter(self)
        look.changed.connect(self.update)
        self.hide()

    @property
    def is_drawn(self) -> bool:
        """Whether it covers, or would if the window were shown."""
        return not self.isHidden()

    def draw(self, *, drawn: bool) -> None:
        """Cover, or do so no longer."""
        self.setVisible(drawn)
        if drawn:
            self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.ChildAdded}:
            self._fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._look.color("window"))

    def _fit(self) -> None:
        self.setGeometry(self._covered.rect())
        self.raise_()
