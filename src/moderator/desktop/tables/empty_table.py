"""What a table without rows says: why it is empty, and what can be done."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStyle, QVBoxLayout, QWidget

from moderator.client.texts import safe
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.tables.emptiness import Emptiness, EmptyAction, Progress, SourceProgress
from moderator.desktop.theme.look import Look
from moderator.language import tr

ICON_PX: Final = 32
ROW_PX: Final = 32
MARGIN_PX: Final = 16
BAR_PX: Final = 10
OUTLINES: Final = ((220, 44, 36, 96, 64), (148, 44, 36, 64, 56), (188, 44, 36, 84, 64), (244, 44, 36, 72, 48))
"""Widths of what will stand in a row: name, time left, end, state, source; not all alike, as names are not."""
_ICONS: Final[dict[Progress, tuple[str, str]]] = {
    "heard": ("circle-check", "live"),
    "waiting": ("hourglass", "muted"),
    "failing": ("circle-alert", "critical"),
}


class EmptyTable(QWidget):
    """An icon, a sentence, lines below it, and perhaps the way out; while rooms are to come, rows in outline behind."""

    clear_wanted = Signal()
    """Take the filter away."""
    connect_wanted = Signal()
    """Connect a platform."""
    test_wanted = Signal()
    """Play a warning, to see and hear whether it comes."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = "inbox"
        self._action: EmptyAction = ""
        self._shown: Emptiness | None = None
        self._is_loading = False
        self._icon, self._title, self._line = QLabel(self), QLabel(self), QLabel(self)
        self._title.setProperty("role", "heading")
        self._line.setProperty("role", "muted")
        for label in (self._title, self._line):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sources = QVBoxLayout()
        self._sources.setSpacing(4)
        self._button = QPushButton(self)
        self._button.clicked.connect(self._on_pressed)
        self._arrange()
        look.changed.connect(self._on_look)

    def say(self, icon: str, title: str, line: str, *, can_clear: bool = False) -> None:
        """Show this reason."""
        self.show_state(Emptiness(icon, title, line, "clear" if can_clear else ""))

    def show_state(self, state: Emptiness) -> None:
        """Show this reason; the same one again changes nothing."""
        if state == self._shown:
            return
        rebuild = self._shown is None or state.sources != self._shown.sources
        self._shown = state
        self._icon_name, self._action, self._is_loading = state.icon, state.action, state.loading
        self._title.setText(state.title)
        is_left = "\n\n" in state.line  # an example to copy stands as it is written
        self._line.setAlignment(Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignHCenter)
        self._line.setText(state.line)
        self._line.setVisible(bool(state.line))
        words: dict[EmptyAction, str] = {
            "": "",
            "clear": tr("Clear filter"),
            "connect": tr("Connect a platform…"),
            "test_warning": tr("Play a test warning"),
        }
        self._button.setText(words[state.action])
        self._button.setVisible(bool(state.action))
        if rebuild:
            self._show_sources(state.sources)
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The outlines fade downwards, and leave free what is said."""
        if not self._is_loading:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        free = self._said_rect()
        rows = self.height() // ROW_PX
        for row in range(rows):
            painter.setOpacity(max(0.15, 1 - row / max(1, rows)))
            painter.setBrush(self._look.color("line"))
            for bar in self._bars(row):
                if not bar.toRect().intersects(free):
                    painter.drawRoundedRect(bar, 4, 4)

    # --- how -------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for widget in (self._icon, self._title, self._line):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addLayout(self._sources)
        middle.addStretch()
        column.addLayout(middle)
        column.addSpacing(4)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def _bars(self, row: int) -> list[QRectF]:
        """As the columns stand: the name where reading begins, the rest at the other end."""
        widths, top = OUTLINES[row % len(OUTLINES)], row * ROW_PX + (ROW_PX - BAR_PX) // 2
        bars = [QRect(MARGIN_PX, top, widths[0], BAR_PX)]
        right = self.width() - MARGIN_PX
        for width in reversed(widths[1:]):
            bars.append(QRect(right - 96, top, width, BAR_PX))
            right -= 112
        kept = [bars[0], *(bar for bar in bars[1:] if bar.left() > bars[0].right() + MARGIN_PX)]
        return [QRectF(QStyle.visualRect(self.layoutDirection(), self.rect(), bar)) for bar in kept]

    def _said_rect(self) -> QRect:
        parts = [one for one in self.findChildren(QWidget) if one.isVisible()]
        said = QRect()
        for part in parts:
            said = said.united(QRect(part.mapTo(self, part.rect().topLeft()), part.size()))
        return said.adjusted(-24, -16, 24, 16)

    def _show_sources(self, sources: tuple[SourceProgress, ...]) -> None:
        while (item := self._sources.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for one in sources:
            self._sources.addWidget(self._source_row(one))

    def _source_row(self, source: SourceProgress) -> QWidget:
        words = {
            "heard": tr("{source}: answered"),
            "waiting": tr("{source}: waiting for its rooms"),
            "failing": tr("{source}: does not answer"),
        }[source.progress].format(source=source.name)
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        icon, text = QLabel(row), QLabel(words, row)
        text.setTextFormat(Qt.TextFormat.PlainText)
        name, color = _ICONS[source.progress]
        icon.setPixmap(self._look.pixmap(name, self._look.color(color), 16, self.devicePixelRatioF()))
        row.setToolTip(plain_tip(safe(source.why)))
        line.addWidget(icon)
        line.addWidget(text)
        line.addStretch()
        return row

    def _on_pressed(self) -> None:
        wanted = {"clear": self.clear_wanted, "connect": self.connect_wanted, "test_warning": self.test_wanted}
        wanted[self._action].emit()

    def _on_look(self) -> None:
        if self._shown is not None:
            self._show_sources(self._shown.sources)
        self._dress()

    def _dress(self) -> None:
        theme = self._look.theme
        self._icon.setPixmap(self._look.pixmap(self._icon_name, theme.faint, ICON_PX, self.devicePixelRatio()))
        self.update()
