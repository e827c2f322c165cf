"""What was found, as rows: an icon, the words with the letters that matched, what it is about, and its key."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from moderator.desktop.actions.key_bindings import shown
from moderator.desktop.palette.entries import Entry
from moderator.desktop.theme.key_cap import CAP_PX, cap_px, paint_cap
from moderator.desktop.theme.look import Look
from moderator.language import tr

ROW_PX: Final = 36
ICON_PX: Final = 16
_SIDE_PX: Final = 12
_GAP_PX: Final = 12


class Row(Struct, frozen=True):
    """An entry, and the places of the letters that were typed."""

    entry: Entry
    marks: frozenset[int] = frozenset()


class FoundModel(QAbstractListModel):
    """The few rows that are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """These, from now on."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> Row:
        """The row at this place."""
        return self._rows[number]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self._rows[index.row()].entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(entry)
        return None


class FoundList(QListView):
    """Never has the focus: the keyboard stays in the line above."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.found = FoundModel(self)
        self.setModel(self.found)
        self.setItemDelegate(_RowPainter(self.found, look, self))
        self.setAccessibleName(tr("Found"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.entered.connect(self.setCurrentIndex)

    @property
    def chosen(self) -> Entry | None:
        """What Enter takes."""
        index = self.currentIndex()
        return self.found.row(index.row()).entry if index.isValid() else None

    def step(self, by: int) -> None:
        """Down by so many rows, or up; round at the ends."""
        if count := self.found.rowCount():
            self.setCurrentIndex(self.found.index((self.currentIndex().row() + by) % count))


class _RowPainter(QStyledItemDelegate):
    def __init__(self, model: FoundModel, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, theme = self._model.row(index.row()), self._look.theme
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selection))
            painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 6, 6)
        left, right = area.left() + _SIDE_PX, area.right() + 1 - _SIDE_PX
        left = self._paint_icon(painter, option, row.entry, left)
        right = self._paint_key(painter, option, row.entry.key, right)
        left = self._paint_words(painter, option, row, QRect(left, area.top(), right - left, ROW_PX))
        self._paint_detail(painter, option, row.entry, QRect(left, area.top(), right - left, ROW_PX))
        painter.restore()

    def _paint_icon(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, left: int) -> int:
        """Returns where there is room from."""
        color = self._look.theme.faint if entry.why_not else self._look.theme.muted
        icon = self._look.pixmap(entry.icon, color, ICON_PX, painter.device().devicePixelRatio())
        place = QRect(left, option.rect.top() + (ROW_PX - ICON_PX) // 2, ICON_PX, ICON_PX)
        painter.drawPixmap(self._mirrored(option, place).topLeft(), icon)
        return left + ICON_PX + _GAP_PX

    def _paint_key(self, painter: QPainter, option: QStyleOptionViewItem, key: str, right: int) -> int:
        """Returns where there is room up to."""
        if not key:
            return right
        text, font = shown(key), self._look.font("tiny")
        cap = QRect(right - cap_px(font, text), option.rect.top() + (ROW_PX - CAP_PX) // 2, cap_px(font, text), CAP_PX)
        paint_cap(painter, self._mirrored(option, cap), text, font, self._look.theme.muted)
        return cap.left() - _GAP_PX

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, row: Row, area: QRect) -> int:
        """With the letters that were typed standing out. Returns where the words end."""
        theme, font = self._look.theme, self._look.font("body", "medium")
        text = QFontMetrics(font).elidedText(row.entry.words, Qt.TextElideMode.ElideRight, max(0, area.width()))
        layout = QTextLayout(text, font)
        layout.setTextOption(_as_it_reads(option.direction))
        layout.setFormats([] if row.entry.why_not else self._emphasis(row.marks, len(text)))
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(area.width())
        width = ceil(line.naturalTextWidth())
        layout.endLayout()
        place = self._mirrored(option, QRect(area.left(), area.top(), width, ROW_PX))
        painter.setPen(QColor(theme.faint if row.entry.why_not else theme.text))
        layout.draw(painter, QPointF(place.left(), place.top() + (ROW_PX - line.height()) / 2))
        return area.left() + width + _GAP_PX

    def _emphasis(self, marks: frozenset[int], length: int) -> list[QTextLayout.FormatRange]:
        stands_out = QTextCharFormat()
        stands_out.setForeground(QColor(self._look.theme.accent))
        stands_out.setFontWeight(600)
        made = []
        for place in sorted(mark for mark in marks if mark < length):
            one = QTextLayout.FormatRange()
            one.start, one.length, one.format = place, 1, stands_out
            made.append(one)
        return made

    def _paint_detail(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, area: QRect) -> None:
        text = entry.why_not or entry.detail
        if not text or area.width() < 2 * _GAP_PX:
            return
        font = self._look.font("small")
        painter.setFont(font)
        painter.setPen(QColor(self._look.theme.muted))
        side = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        fits = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(self._mirrored(option, area), side, fits)

    @staticmethod
    def _mirrored(option: QStyleOptionViewItem, area: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, area)


def _as_it_reads(direction: Qt.LayoutDirection) -> QTextOption:
    made = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    made.setTextDirection(direction)
    made.setWrapMode(QTextOption.WrapMode.NoWrap)
    return made


def spoken(entry: Entry) -> str:
    """The row for a screen reader."""
    return ", ".join(part for part in (entry.words, entry.detail, shown(entry.key), entry.why_not) if part)
