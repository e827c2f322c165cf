"""The header of the rooms table: which columns stand where and how wide, and which one the rows are sorted by."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionHeaderV2, QWidget

from moderator.desktop.tables.columns import RIGHT_ALIGNED, Column, samples, spared_columns, title
from moderator.desktop.tables.rooms_fonts import GAP_PX, ICON_PX, MARGIN_PX, RowFonts
from moderator.desktop.tables.sorting import SORTABLE, Sort
from moderator.desktop.tables.table_layout import NARROWEST_PX, TableLayout, in_order
from moderator.desktop.theme.look import Look

HEADER_PX: Final = 32
ARROW_PX: Final = 12
AIR_PX: Final = 8
"""Between the columns, beyond what they need."""


class RoomsHeader(QHeaderView):
    """Columns are moved and drawn wider by hand; a click sorts. Name and button keep their places."""

    arranged = Signal(object)
    """`TableLayout`: the moderator arranged it by hand."""
    sort_wanted = Signal(object)
    """`Column`: its header was clicked."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self._layout = TableLayout()
        self._sort = self._layout.sort
        self._natural_px: dict[Column, int] = dict.fromkeys(Column, NARROWEST_PX)
        self._by_hand = True
        self._table_px = 0
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setFixedHeight(HEADER_PX)
        self.setMinimumSectionSize(0)
        self.sectionClicked.connect(self._on_clicked)
        self.sectionMoved.connect(self._on_moved)
        self.sectionResized.connect(self._on_resized)
        look.changed.connect(self.viewport().update)

    @property
    def table_layout(self) -> TableLayout:
        """As it is arranged now; what the rows are sorted by is the model's."""
        return self._layout

    def arrange(self, layout: TableLayout) -> None:
        """Columns as they were arranged before."""
        self._layout = layout
        with self._not_by_hand():
            for place, column in enumerate(layout.order):
                self.moveSection(self.visualIndex(column), place)
        self._fit()

    def show_sort(self, sort: Sort) -> None:
        """An arrow in the column that the rows are sorted by."""
        self._sort = sort
        self.viewport().update()

    def measure(self, fonts: RowFonts) -> None:
        """Columns as wide as what usually stands in them, and as their titles."""
        for column in Column:
            self._natural_px[column] = max(self._title_px(column), _cell_px(column, fonts))
        self._fit()

    def fit_into(self, table_px: int) -> None:
        """The table is so wide now."""
        self._table_px = table_px
        self._fit()

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        option, column, theme = QStyleOptionHeaderV2(), Column(section), self._look.theme
        self.initStyleOption(option)
        self.initStyleOptionForIndex(option, section)
        hot = bool(option.state & QStyle.StateFlag.State_MouseOver) and column in SORTABLE
        painter.save()
        painter.fillRect(rect, QColor(theme.hover if hot else theme.window))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme.line))
        self._paint_title(painter, rect, column)
        painter.restore()

    # --- how ---------------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        """Leave out what the table is too narrow for, and give the others their widths."""
        if self.count() != len(Column):
            return
        widths = {column: self._width_px(column) for column in Column if column not in self._layout.hidden}
        widths.pop(Column.ROOM)
        spared = spared_columns(self._table_px, widths)
        with self._not_by_hand():
            for column in Column:
                stretches = column == Column.ROOM
                self.setSectionResizeMode(column, _MODES[stretches])
                self.setSectionHidden(column, column in spared or column in self._layout.hidden)
                if not stretches and not self.isSectionHidden(column):
                    self.resizeSection(column, widths[column])

    def _paint_title(self, painter: QPainter, rect: QRect, column: Column) -> None:
        is_sorted, font = column == self._sort.column, self._font()
        to_right = column in RIGHT_ALIGNED
        area = rect.adjusted(MARGIN_PX if column == Column.ROOM else GAP_PX, 0, -GAP_PX, -1)
        words = QFontMetrics(font).elidedText(title(column), Qt.TextElideMode.ElideRight, area.width())
        px = QFontMetrics(font).horizontalAdvance(words)
        if is_sorted:  # beside the title, on the side where the cells' text does not end
            left = area.right() + 1 - px - GAP_PX - ARROW_PX if to_right else area.left() + px + GAP_PX
            arrow = QRect(left, rect.top() + (rect.height() - ARROW_PX) // 2, ARROW_PX, ARROW_PX)
            icon, ratio = "arrow-down" if self._sort.reverse else "arrow-up", self.devicePixelRatioF()
            pixmap = self._look.pixmap(icon, self._look.theme.text, ARROW_PX, ratio)
            painter.drawPixmap(QStyle.visualRect(self.layoutDirection(), rect, arrow).topLeft(), pixmap)
        side = Qt.AlignmentFlag.AlignRight if to_right else Qt.AlignmentFlag.AlignLeft
        painter.setFont(font)
        painter.setPen(QColor(self._look.theme.text if is_sorted else self._look.theme.muted))
        painter.drawText(
            QStyle.visualRect(self.layoutDirection(), rect, area),
            QStyle.visualAlignment(self.layoutDirection(), side) | _IN_THE_MIDDLE,
            words,
        )

    def _font(self) -> QFont:
        return self._look.font("small", "medium")

    def _title_px(self, column: Column) -> int:
        words = QFontMetrics(self._font()).horizontalAdvance(title(column))
        return words + 2 * GAP_PX + (GAP_PX + ARROW_PX if column in SORTABLE else 0)

    def _width_px(self, column: Column) -> int:
        return max(NARROWEST_PX, self._layout.widths_px.get(column, self._natural_px[column]))

    def _on_clicked(self, section: int) -> None:
        self.sort_wanted.emit(Column(section))

    def _on_moved(self, *_places: int) -> None:
        if self._by_hand:
            order = in_order([Column(self.logicalIndex(place)) for place in range(self.count())])
            self.arrange(replace(self._layout, order=order))  # puts name and button back where they belong
            self.arranged.emit(self._layout)

    def _on_resized(self, section: int, _before_px: int, width_px: int) -> None:
        if self._by_hand and width_px and section != Column.ROOM:
            widths = {**self._layout.widths_px, Column(section): max(width_px, NARROWEST_PX)}
            self._layout = replace(self._layout, widths_px=widths)
            self.arranged.emit(self._layout)

    @contextmanager
    def _not_by_hand(self) -> Iterator[None]:
        before, self._by_hand = self._by_hand, False
        try:
            yield
        finally:
            self._by_hand = before


_MODES: Final = {True: QHeaderView.ResizeMode.Stretch, False: QHeaderView.ResizeMode.Interactive}
_IN_THE_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute


def _cell_px(column: Column, fonts: RowFonts) -> int:
    font, beside_px = _CELLS[column](fonts) if column in _CELLS else (fonts.regular, 0)
    return (
        max(QFontMetrics(font).horizontalAdvance(words) for words in samples(column)) + 2 * GAP_PX + beside_px + AIR_PX
    )


_CELLS: Final[dict[Column, Callable[[RowFonts], tuple[QFont, int]]]] = {
    Column.LEFT: lambda fonts: (fonts.countdown, GAP_PX),
    Column.PEOPLE: lambda fonts: (fonts.strong, GAP_PX + ICON_PX),
    Column.STATE: lambda fonts: (fonts.medium, GAP_PX + ICON_PX),
    Column.OWNER: lambda fonts: (fonts.medium, 0),
    Column.EXTEND: lambda fonts: (fonts.small, 18 + MARGIN_PX),
}
"""The font of a column's cells, and the pixels of what stands beside the text."""
