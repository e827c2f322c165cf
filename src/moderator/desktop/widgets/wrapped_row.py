"""A row of buttons, in any language: where there is no room they get narrower, and then go on in a second line."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget


class WrappedRow(QLayout):
    """Every widget as wide as it likes to be; in one line of smaller ones, where that is enough."""

    def __init__(self, gap_px: int) -> None:
        super().__init__()
        self._gap_px = gap_px
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        """By width, until something in the row changes."""

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:  # Qt asks for the same again and again
            self._heights[width] = self._place(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._place(area, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        widest = max((item.minimumSize().width() for item in self._shown()), default=0)
        highest = max((item.sizeHint().height() for item in self._shown()), default=0)
        return QSize(widest + margins.left() + margins.right(), highest + margins.top() + margins.bottom())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, area: QRect, *, move: bool) -> int:
        """Go through the items line by line; returns the height they take."""
        inner = area.marginsRemoved(self.contentsMargins())
        left, top, line_px = inner.left(), inner.top(), 0
        for item, width in zip(self._shown(), self._widths(inner.width()), strict=True):
            size = QSize(width, item.sizeHint().height())
            if left > inner.left() and left + size.width() > inner.right() + 1:
                left, top, line_px = inner.left(), top + line_px + self._gap_px, 0
            if move:
                place = QRect(QPoint(left, top), size)
                item.setGeometry(QStyle.visualRect(self._direction(), area, place))
            left += size.width() + self._gap_px
            line_px = max(line_px, size.height())
        return top + line_px - area.top() + self.contentsMargins().bottom()

    def _widths(self, room_px: int) -> list[int]:
        """As they like to be; narrower where they then fit into one line."""
        liked = [item.sizeHint().width() for item in self._shown()]
        least = [min(one, _least_px(item)) for one, item in zip(liked, self._shown(), strict=True)]
        spare_px = room_px - self._gap_px * (len(liked) - 1) - sum(least)
        wish_px = sum(liked) - sum(least)
        if not 0 <= spare_px < wish_px:
            return [min(one, room_px) for one in liked]
        return [small + (one - small) * spare_px // wish_px for one, small in zip(liked, least, strict=True)]

    def _direction(self) -> Qt.LayoutDirection:
        parent = self.parentWidget()
        return parent.layoutDirection() if isinstance(parent, QWidget) else Qt.LayoutDirection.LeftToRight


def _least_px(item: QLayoutItem) -> int:
    widget = item.widget()
    return max(widget.minimumSizeHint().width(), widget.minimumWidth()) if widget else item.minimumSize().width()
