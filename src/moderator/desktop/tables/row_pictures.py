"""Rows of the rooms table as pictures: painted when they read differently, and otherwise only put where they stand.

To paint a row takes as long as to put a hundred. Rows move all the time where there are many rooms, and Qt then paints
everything in sight.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QTableView

from moderator.desktop.tables.columns import Column, Glance
from moderator.desktop.tables.glancing import Reading
from moderator.desktop.tables.rooms_delegate import Cell, RoomsDelegate
from moderator.desktop.tables.rooms_fonts import RowFonts
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import Theme
from moderator.domain.ids import RoomKey

SPARE: Final = 2
"""Pictures are kept of so many times the rows in sight."""


class Frame(Struct, frozen=True):
    """What all rows have in common: where another is in force, every picture is painted anew."""

    width_px: int
    ratio: float
    direction: Qt.LayoutDirection
    columns: tuple[tuple[Column, int, int], ...]
    """Those that are shown: left side and width."""
    fonts: RowFonts
    theme: Theme


class Ways(Struct, frozen=True):
    """What else a row looks like."""

    selected: bool
    current: bool
    hot: bool
    pressed: bool


class Picture:
    """A row as it was painted last."""

    def __init__(self, pixmap: QPixmap, reading: Reading, ways: Ways, glance: Glance) -> None:
        self.pixmap = pixmap
        self.reading = reading
        self.ways = ways
        self.glance = glance


class RowPictures:
    """Of the rows in sight, by room, so that a row which moves takes its picture with it."""

    def __init__(self, view: QTableView, model: RoomsModel, delegate: RoomsDelegate, look: Look) -> None:
        self._view = view
        self._model = model
        self._delegate = delegate
        self._look = look
        self._frame: Frame | None = None
        self._pictures: dict[RoomKey, Picture] = {}

    def paint(self, region: QRegion) -> None:
        """Put the rows there, and the ground where there are none."""
        self._begin()
        view, viewport = self._view, self._view.viewport()
        painter, selection = QPainter(viewport), view.selectionModel()
        areas: Iterable[QRect] = region  # type: ignore[assignment]  # as it is documented
        for row in {row for area in areas for row in rows_between(view, area.top(), area.bottom())}:
            picture = self._picture(row, selected=selection.isRowSelected(row))
            painter.drawPixmap(0, view.rowViewportPosition(row), picture)
        below = view.verticalHeader().length() - view.verticalHeader().offset()
        ground = QRect(0, below, viewport.width(), max(0, viewport.height() - below))
        painter.fillRect(ground, QColor(self._look.theme.window))
        painter.end()

    def _begin(self) -> None:
        """Forget what is out of date, or was scrolled away."""
        frame = self._frame_now()
        in_sight = rows_between(self._view, 0, self._view.viewport().height() - 1)
        if frame != self._frame:
            self._frame = frame
            self._pictures.clear()
        elif len(self._pictures) > SPARE * len(in_sight):
            keys = {self._model.key_at(row) for row in in_sight}
            self._pictures = {key: found for key, found in self._pictures.items() if key in keys}

    def _frame_now(self) -> Frame:
        view = self._view
        shown = (column for column in Column if not view.isColumnHidden(column))
        return Frame(
            width_px=view.viewport().width(),
            ratio=view.devicePixelRatioF(),
            direction=view.layoutDirection(),
            columns=tuple((one, view.columnViewportPosition(one), view.columnWidth(one)) for one in shown),
            fonts=self._delegate.fonts,
            theme=self._look.theme,
        )

    def _picture(self, row: int, *, selected: bool) -> QPixmap:
        """What a row looks like now."""
        key, reading = self._model.key_at(row), self._model.reading(row)
        delegate = self._delegate
        ways = Ways(selected, row == delegate.current_row, key == delegate.hot, key == delegate.pressed)
        found = self._pictures.get(key)
        if found is None or found.reading != reading or found.ways != ways:
            found = self._pictures[key] = self._painted(row, reading, ways, found)
        return found.pixmap

    def _painted(self, row: int, reading: Reading, ways: Ways, before: Picture | None) -> Picture:
        glance = self._model.glance(row)
        if before is not None and before.ways == ways and is_later(before.glance, glance):
            self._paint(before.pixmap, glance, reading, ways, {Column.LEFT})
            return Picture(before.pixmap, reading, ways, glance)
        pixmap = self._blank()
        self._paint(pixmap, glance, reading, ways, set(Column))
        return Picture(pixmap, reading, ways, glance)

    def _blank(self) -> QPixmap:
        assert self._frame is not None
        ratio = self._frame.ratio
        pixmap = QPixmap(round(self._frame.width_px * ratio), round(self._frame.fonts.row_px * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(self._frame.theme.window))
        return pixmap

    def _paint(self, pixmap: QPixmap, glance: Glance, reading: Reading, ways: Ways, wanted: set[Column]) -> None:
        frame = self._frame
        assert frame is not None
        painter = QPainter(pixmap)
        for column, left, width in frame.columns:
            if column in wanted:
                area = QRect(left, 0, width, frame.fonts.row_px)
                cell = Cell(painter, area, frame.direction, glance, over=reading.over)
                self._delegate.paint_cell(cell, column, selected=ways.selected, current=ways.current)
        painter.end()


def rows_between(view: QTableView, top: int, bottom: int) -> range:
    """The rows that have anything between these heights of the viewport."""
    first, last = view.rowAt(top), view.rowAt(bottom)
    if first < 0:  # below the last row
        return range(0)
    return range(first, (view.model().rowCount() - 1 if last < 0 else last) + 1)


def is_later(before: Glance, after: Glance) -> bool:
    """Whether the same is seen at a later moment, so that only the time that is left reads differently."""
    same = before.room is after.room and before.status == after.status and before.mark == after.mark
    return same and before.why_not_extend == after.why_not_extend and before.others == after.others
