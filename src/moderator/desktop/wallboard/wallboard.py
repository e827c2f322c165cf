"""The wallboard's window: all is painted, nothing can be pressed, and every size follows from the screen's height.

The smallest letters are a twenty-seventh of it and what counts is twice that or more: on a 43 inch screen 20 and 45 mm
high, which is readable from four metres.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QCloseEvent, QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyle, QWidget

from moderator.client.texts import clock_time
from moderator.desktop.link_text import link_text
from moderator.desktop.live_store import LiveStore
from moderator.desktop.theme.fonts import Weight
from moderator.desktop.theme.look import Look
from moderator.desktop.ticker import TICK_MS
from moderator.desktop.wallboard.board import Tile, counts, headline, next_to_end, over_time, tile
from moderator.domain.rooms import Room
from moderator.language import tr

LINES: Final = 27
"""So many lines of the smallest letters the screen has."""
TILE_UNITS: Final = (14, 6.4)
"""The least width and height of a tile, in lines."""
MARGIN_UNITS: Final = 1.0
GAP_UNITS: Final = 0.5
COUNTS_APART: Final = 2.2
HEAD_UNITS: Final = 6.3
"""Above the tiles."""
APART: Final = 1.0
"""Between the headline and the time."""
HEADLINE_LEAST: Final = 1.1
"""A headline that is too long is written smaller, down to this; beyond it is cut."""
HELP_MS: Final = 5_000
_WHOLE_LETTERS: Final = int(Qt.TextFlag.TextDontClip)
"""Those of some scripts reach above and below the line that Latin ones keep to."""
_START, _END = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
LOUD: Final = frozenset({"warn", "critical"})
_LEAVES: Final = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_F11})


class Wallboard(QWidget):
    """Fills a screen until Escape or F11."""

    left = Signal()
    """Back to the window."""

    def __init__(self, store: LiveStore, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._store = store
        self._look = look
        self._unit = 40.0
        self.setWindowTitle(tr("Wallboard"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._help = QTimer(self, singleShot=True, interval=HELP_MS)
        self._help.timeout.connect(self.hide_help)
        self._next: list[Room] = []
        self._over = 0
        for interval_ms, act in ((TICK_MS, self.update), (1000, self._look_again)):
            timer = QTimer(self, interval=interval_ms, timerType=Qt.TimerType.PreciseTimer)
            timer.timeout.connect(act)
            timer.start()
        store.replaced.connect(self._look_again)
        store.link_updated.connect(self._look_again)
        self._look_again()
        look.changed.connect(self.update)
        self._help.start()

    def fill_screen_of(self, window: QWidget) -> None:
        """Show it where that window is."""
        screen = window.screen()
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.activateWindow()
        self.setFocus()

    def state_line(self) -> str:
        """How the link is and when anything was heard last; for a while after a key, how to leave."""
        if self._help.isActive():
            return tr("Esc or F11 leaves")
        store = self._store
        word = link_text(store.link, store.freshness, store.age_s, store.clock_error_ms).word
        if store.age_s is None:
            return word
        heard = clock_time(store.now_ms() - round(store.age_s * 1000))
        return tr("{state} · updated {time}").format(state=word, time=heard)

    def hide_help(self) -> None:
        """The line on how to leave has been read."""
        self._help.stop()
        self.update()

    # --- Qt --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key but the two that leave tells which these are."""
        if event.key() in _LEAVES:
            self.close()
            return
        self._help.start()
        self.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._unit = min(self.height() / LINES, self.width() / 44)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._look.theme.window))
        store = self._store
        stale = store.freshness == "stale"
        self._paint_head(painter, stale=stale)
        self._paint_tiles(painter, [tile(room, store.now_ms(), stale=stale) for room in self._next])
        if stale:
            width = round(self._unit / 3)
            painter.setPen(QPen(QColor(self._look.theme.stale), width))
            painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
            painter.drawRect(self.rect().adjusted(width // 2, width // 2, -width // 2, -width // 2))
        painter.end()

    # --- the head --------------------------------------------------------------------------------------------------

    def _paint_head(self, painter: QPainter, *, stale: bool) -> None:
        store, found = self._store, self._store.figures
        stale_for = store.staleness_of("") if stale and store.age_s is not None else ""
        top = headline(found, self._over, ready=store.ready, stale_for=stale_for)
        self.setAccessibleName(top.text)
        color = self._look.color(top.level)
        self._icon(painter, top.icon, color, self._area(1, 1, 2, 2), 2.0)
        wide = self.width() / self._unit - 2 * MARGIN_UNITS
        right = self._area(MARGIN_UNITS, 0.9, wide, 2.2)
        clock = clock_time(store.now_ms(), with_seconds=False)
        taken = self._write(painter, right, clock, 1.8, "semibold", "text", end=True)
        beside = self._area(3.5, 0.9, wide + MARGIN_UNITS - 3.5 - taken - APART, 2.2)
        self._write(painter, beside, top.text, 1.8, "semibold", color, least=HEADLINE_LEAST)
        self._write(painter, right.translated(0, round(1.9 * self._unit)), self.state_line(), 1, end=True)
        self._paint_counts(painter, counts(found))

    def _look_again(self) -> None:
        rooms = self._store.rooms() if self._store.ready else []
        self._next = [] if self._store.shut_out else next_to_end(rooms)
        self._over = over_time(rooms, self._store.now_ms())
        self.update()

    def _paint_counts(self, painter: QPainter, found: Sequence[tuple[str, str, str]]) -> None:
        """One after the other; the last are left out where the screen is too narrow."""
        left, end = MARGIN_UNITS, self.width() / self._unit - MARGIN_UNITS
        for number, word, color in found:
            left += self._write(painter, self._area(left, 4.3, end - left, 1.7), number, 1.3, "semibold", color) + 0.4
            left += self._write(painter, self._area(left, 4.3, end - left, 1.7), word, 1) + COUNTS_APART

    # --- the tiles -------------------------------------------------------------------------------------------------

    def _paint_tiles(self, painter: QPainter, found: Sequence[Tile]) -> None:
        """As many as fit, the first in the corner where reading begins."""
        width, height = self.width() / self._unit - 2 * MARGIN_UNITS, self.height() / self._unit - HEAD_UNITS
        columns, rows = max(1, int(width // TILE_UNITS[0])), max(1, int(height // TILE_UNITS[1]))
        across, down = (width + GAP_UNITS) / columns, (height - MARGIN_UNITS + GAP_UNITS) / rows
        for place, one in enumerate(found[: columns * rows]):
            left, top = MARGIN_UNITS + place % columns * across, HEAD_UNITS + place // columns * down
            self._paint_tile(painter, one, left, top, across - GAP_UNITS, down - GAP_UNITS)

    def _paint_tile(self, painter: QPainter, one: Tile, left: float, top: float, width: float, height: float) -> None:
        theme, color = self._look.theme, self._look.color(one.level)
        area = QRectF(self._area(left, top, width, height))
        painter.setPen(QPen(QColor(color if one.level in LOUD else theme.line), 4 if one.level in LOUD else 2))
        painter.setBrush(
            QColor({"critical": theme.critical_ground, "warn": theme.warn_ground}.get(one.level, theme.raised))
        )
        painter.drawRoundedRect(area, self._unit / 4, self._unit / 4)
        inside, foot = width - 1.2, top + height - 1.8
        self._write(painter, self._area(left + 0.6, top + 0.3, inside, 1.6), one.code, 1.3, "semibold", "text")
        ends = self._area(left + 0.6, top + 0.3, inside, 1.6)
        self._write(painter, ends, tr("ends {time}").format(time=one.ends), 1, end=True)
        middle = self._area(left + 0.6, top + 1.8, inside, height - 3.5)
        self._write(painter, middle, one.left, min(3, height - 3.6), "semibold", color)
        indent = 0.0
        if one.icon:
            self._icon(painter, one.icon, color, self._area(left + 0.6, foot + 0.2, 1.1, 1.1), 1.1)
            indent = 1.4
        self._write(painter, self._area(left + 0.6 + indent, foot, inside - indent, 1.5), one.word, 1, "medium", color)

    # --- in lines of the smallest letters --------------------------------------------------------------------------

    def _area(self, left: float, top: float, width: float, height: float) -> QRect:
        """Mirrored where reading begins on the right."""
        area = QRectF(left, top, width, height)
        scaled = QRect(*(round(value * self._unit) for value in (area.x(), area.y(), area.width(), area.height())))
        return QStyle.visualRect(self.layoutDirection(), self.rect(), scaled)

    def _write(
        self,
        painter: QPainter,
        area: QRect,
        text: str,
        size: float,
        weight: Weight = "regular",
        color: str = "muted",
        *,
        end: bool = False,
        least: float | None = None,
    ) -> float:
        """Returns how wide it is. What has no place in this size is cut, or first written smaller, down to `least`."""
        px = round(size * self._unit)
        if least is not None:
            px = max(round(least * self._unit), fitting_px(self._look, text, px, weight, area.width()))
        painter.setFont(self._look.font(px, weight))
        painter.setPen(QColor(self._look.color(color)))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        side = QStyle.visualAlignment(self.layoutDirection(), _END if end else _START)
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(area, int(flags) | _WHOLE_LETTERS, shown)
        return painter.fontMetrics().horizontalAdvance(shown) / self._unit

    def _icon(self, painter: QPainter, name: str, color: str, area: QRect, size: float) -> None:
        pixmap = self._look.pixmap(name, color, round(size * self._unit), self.devicePixelRatioF())
        painter.drawPixmap(area.topLeft(), pixmap)


def fitting_px(look: Look, text: str, px: int, weight: Weight, width_px: int) -> int:
    """The height in which the text has place in this width: `px`, or less."""
    needed_px = QFontMetrics(look.font(px, weight)).horizontalAdvance(text)
    return px if needed_px <= width_px else px * width_px // needed_px
