"""How the cells of the rooms table are painted, everything in them; `row_pictures.py` keeps what was painted."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from moderator.desktop.room_status import Level
from moderator.desktop.tables import row_texts
from moderator.desktop.tables.columns import RIGHT_ALIGNED, Column, Glance, text
from moderator.desktop.tables.rooms_fonts import GAP_PX, ICON_PX, MARGIN_PX, Density, RowFonts
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey

EDGE_PX: Final = 4
LOCK_PX: Final = 14
BUTTON_PX: Final = 24
CHIP_PX: Final = 18
"""The least height of a chip."""
_SIDES: Final = {True: Qt.AlignmentFlag.AlignRight, False: Qt.AlignmentFlag.AlignLeft}
_IN_THE_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
_CUT: Final = {Column.ROOM: Qt.TextElideMode.ElideMiddle}
"""Names that are alike differ at their ends."""


class Cell:
    """One cell that is being painted."""

    def __init__(
        self, painter: QPainter, area: QRect, direction: Qt.LayoutDirection, glance: Glance, *, over: bool
    ) -> None:
        self.painter = painter
        self.area = area
        self.direction = direction
        self.glance = glance
        self.over = over

    def place(self, area: QRect) -> QRect:
        """The area, mirrored where text runs from right to left."""
        return QStyle.visualRect(self.direction, self.area, area)


class RoomsDelegate(QStyledItemDelegate):
    """Paints rooms in the theme's colours."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current_row = -1
        """The row with the keyboard's frame; none while the table has no focus."""
        self.hot: RoomKey | None = None
        """The room whose button the pointer is on."""
        self.pressed: RoomKey | None = None
        self._look = look
        self.set_density("normal")
        self._paint_content: Final[dict[Column, Callable[[Cell], None]]] = {
            Column.ROOM: self._paint_name,
            Column.LEFT: self._paint_left,
            Column.ENDS: lambda cell: self._write(cell, Column.ENDS, "muted"),
            Column.PEOPLE: self._paint_people,
            Column.STATE: self._paint_state,
            Column.SOURCE: lambda cell: self._write(cell, Column.SOURCE, "muted"),
            Column.OWNER: self._paint_owner,
            Column.EXTEND: self._paint_button,
        }

    def set_density(self, density: Density) -> None:
        """Rows of 24, 32 or 40 pixels, with letters to match."""
        self.fonts = RowFonts(self._look, density)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, self.fonts.row_px)

    def button_rect(self, area: QRect, label: str, direction: Qt.LayoutDirection) -> QRect:
        """Where the button is in its cell."""
        width = max(36, QFontMetrics(self.fonts.small).horizontalAdvance(label) + 18)
        height = min(BUTTON_PX, self.fonts.row_px - 4)
        left = area.right() + 1 - MARGIN_PX - width
        button = QRect(left, area.top() + (area.height() - 1 - height) // 2, width, height)
        return QStyle.visualRect(direction, area, button)

    def paint_cell(self, cell: Cell, column: Column, *, selected: bool, current: bool) -> None:
        """Paint one cell, whatever was there."""
        painter = cell.painter
        painter.save()
        painter.setClipRect(cell.area)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # figures are not mirrored, names as written
        self._paint_ground(cell, selected=selected)
        self._paint_content[column](cell)
        if current:
            self._paint_frame(cell, column)
        painter.restore()

    # --- what all cells have ---------------------------------------------------------------------------------------

    def _paint_ground(self, cell: Cell, *, selected: bool) -> None:
        theme = self._look.theme
        cell.painter.fillRect(cell.area, QColor(theme.selection if selected else theme.window))
        if cell.glance.status.level == "stale":
            cell.painter.fillRect(cell.area, QBrush(QColor(theme.line), Qt.BrushStyle.BDiagPattern))
        line = QRect(cell.area.left(), cell.area.bottom(), cell.area.width(), 1)
        cell.painter.fillRect(line, QColor(theme.line))

    def _paint_frame(self, cell: Cell, column: Column) -> None:
        area, accent = cell.area, QColor(self._look.theme.accent)
        cell.painter.fillRect(QRect(area.left(), area.top(), area.width(), 1), accent)
        cell.painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), accent)
        if column == Column.EXTEND:
            cell.painter.fillRect(cell.place(QRect(area.right(), area.top(), 1, area.height())), accent)

    def _write(
        self, cell: Cell, column: Column, color: str, font: QFont | None = None, area: QRect | None = None
    ) -> None:
        font = font or self.fonts.regular
        area = area or cell.area.adjusted(GAP_PX, 0, -GAP_PX, -1)
        cut = _CUT.get(column, Qt.TextElideMode.ElideRight)
        words = QFontMetrics(font).elidedText(text(column, cell.glance), cut, area.width())
        side = QStyle.visualAlignment(cell.direction, _SIDES[column in RIGHT_ALIGNED])
        cell.painter.setFont(font)
        cell.painter.setPen(QColor(self._look.color("muted" if cell.over else color)))
        cell.painter.drawText(cell.place(area), side | _IN_THE_MIDDLE, words)

    def _draw_icon(self, cell: Cell, name: str, color: str, left: int, size_px: int) -> None:
        ratio = cell.painter.device().devicePixelRatio()
        top = cell.area.top() + (cell.area.height() - 1 - size_px) // 2
        pixmap = self._look.pixmap(name, self._look.color("muted" if cell.over else color), size_px, ratio)
        where = cell.place(QRect(left, top, size_px, size_px)).topLeft()
        cell.painter.drawPixmap(where, pixmap)

    # --- what each column has --------------------------------------------------------------------------------------

    def _paint_name(self, cell: Cell) -> None:
        level = cell.glance.status.level
        if level in {"warn", "critical"} and not cell.over:
            edge = QRect(cell.area.left(), cell.area.top(), EDGE_PX, cell.area.height() - 1)
            cell.painter.fillRect(cell.place(edge), QColor(self._look.color(level)))
        area = cell.area.adjusted(MARGIN_PX, 0, -GAP_PX, -1)
        if cell.glance.room.locked is not None:
            area.setRight(area.right() - GAP_PX - LOCK_PX)
            width = QFontMetrics(self.fonts.medium).horizontalAdvance(text(Column.ROOM, cell.glance))
            left = area.left() + min(width, area.width()) + GAP_PX
            self._draw_icon(cell, "lock", "muted", left, LOCK_PX)
        self._write(cell, Column.ROOM, "text", self.fonts.medium, area)

    def _paint_left(self, cell: Cell) -> None:
        if cell.glance.overtime and cell.glance.status.level != "stale":
            self._paint_chip(cell)
            return
        untimed = cell.glance.room.deadline is None
        self._write(
            cell, Column.LEFT, "muted" if untimed else _left_color(cell.glance.status.level), self.fonts.countdown
        )

    def _paint_chip(self, cell: Cell) -> None:
        """Time is up: the level's colour and the ground change places."""
        label, theme = cell.glance.left, self._look.theme
        width = QFontMetrics(self.fonts.countdown).horizontalAdvance(label) + 12
        height = max(CHIP_PX, self.fonts.row_px - 10)
        top = cell.area.top() + (cell.area.height() - 1 - height) / 2
        chip = QRectF(cell.place(QRect(cell.area.right() + 1 - width, round(top), width, height)))
        cell.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell.painter.setPen(Qt.PenStyle.NoPen)
        cell.painter.setBrush(QColor(theme.critical))
        cell.painter.drawRoundedRect(chip, 4, 4)
        cell.painter.setFont(self.fonts.countdown)
        cell.painter.setPen(QColor(theme.window))
        cell.painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, label)

    def _paint_people(self, cell: Cell) -> None:
        over_full = row_texts.over_full(cell.glance.room)
        font, color = (self.fonts.strong, "critical") if over_full else (self.fonts.regular, "text")
        self._write(cell, Column.PEOPLE, color, font)
        width = QFontMetrics(font).horizontalAdvance(text(Column.PEOPLE, cell.glance))
        left = cell.area.right() + 1 - GAP_PX - width - GAP_PX - 14
        self._draw_icon(cell, "users", "critical" if over_full else "muted", left, 14)

    def _paint_state(self, cell: Cell) -> None:
        status = cell.glance.status
        color = "muted" if status.level == "normal" else _left_color(status.level)
        area = cell.area.adjusted(GAP_PX, 0, -GAP_PX, -1)
        if status.icon:
            self._draw_icon(cell, status.icon, color, area.left(), ICON_PX)
            area.setLeft(area.left() + ICON_PX + GAP_PX)
        loud = status.level in {"warn", "critical"}
        self._write(cell, Column.STATE, color, self.fonts.medium if loud else self.fonts.regular, area)

    def _paint_owner(self, cell: Cell) -> None:
        mine, area = cell.glance.mine, cell.area.adjusted(GAP_PX, 0, -GAP_PX, -1)
        if cell.glance.others:  # somebody else looks at the room now; the tooltip says who
            self._draw_icon(cell, "eye", "info", area.left(), LOCK_PX)
            area.setLeft(area.left() + LOCK_PX + GAP_PX)
        font = self.fonts.medium if mine else self.fonts.regular
        self._write(cell, Column.OWNER, "text" if mine else "muted", font, area)

    def _paint_button(self, cell: Cell) -> None:
        label, theme, key = text(Column.EXTEND, cell.glance), self._look.theme, cell.glance.room.key
        if not label or cell.over:
            return
        enabled = not cell.glance.why_not_extend
        ground = theme.hover if enabled and key in (self.hot, self.pressed) else theme.window
        border = theme.faint if enabled and key == self.pressed else theme.line
        button = QRectF(self.button_rect(cell.area, label, cell.direction))
        cell.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell.painter.setPen(QPen(QColor(border), 1))
        cell.painter.setBrush(QColor(ground))
        cell.painter.drawRoundedRect(button.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        cell.painter.setFont(self.fonts.small)
        cell.painter.setPen(QColor(theme.text if enabled else theme.faint))
        offset = QPointF(0, 1 if enabled and key == self.pressed else 0)
        cell.painter.drawText(button.translated(offset), Qt.AlignmentFlag.AlignCenter, label)


def _left_color(level: Level) -> str:
    """Waiting is news, but no reason for colour in a table of many."""
    return "text" if level in {"normal", "info"} else level
