"""The line over a room that is looked back at: when that was, that nothing can be changed there, and the way back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from moderator.client.texts import clock_time
from moderator.desktop import times
from moderator.desktop.durations import rough
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.action_button import ActionButton
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.language import tr

HEIGHT_PX = 44
_ICON_PX = 16


class PastBar(QWidget):
    """Hidden while the room is shown as it is."""

    back_wanted = Signal()
    """To what is now."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon = QLabel(self)
        self._title = QLabel(self)
        self._title.setProperty("role", "heading")
        self._title.setProperty("level", "info")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._ago = ElidedLabel(look.font("body"), self)
        self._ago.setProperty("role", "muted")
        self.back = ActionButton(look, tr("Back to live"), self, key="Esc", tip=tr("Show the room as it is now"))
        self.back.clicked.connect(self.back_wanted)
        self.setFixedHeight(HEIGHT_PX)
        self._arrange()
        self._paint_icon()
        look.changed.connect(self._paint_icon)
        self.setVisible(False)

    def show_moment(self, at: int, now_ms: int, known_from: int | None) -> None:
        """The moment that is looked at; `known_from`: what was before that is not known any more."""
        self._title.setText(title(at))
        self._ago.setText(ago_words(at, now_ms, known_from))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._look.theme.selection))
        painter.end()

    def _paint_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._look.pixmap("history", self._look.theme.info, _ICON_PX, ratio))
        self.update()

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._title)
        row.addWidget(self._ago, 1)
        row.addWidget(self.back)


def title(at: int) -> str:
    """`As of 13:42:10. Read-only.`"""
    return tr("As of {time}. Read-only.").format(time=clock_time(at))


def ago_words(at: int, now_ms: int, known_from: int | None) -> str:
    """`today, 12 min ago`, and from when on the past is known where it is not known from the beginning."""
    day, ago = times.day_words(at, now_ms), rough(now_ms - at)
    if known_from is None:
        return tr("{day}, {duration} ago").format(day=day, duration=ago)
    return tr("{day}, {duration} ago · known from {time} on").format(
        day=day, duration=ago, time=clock_time(known_from, with_seconds=False)
    )
