"""The button in each row that extends the room, painted, no widget: where the pointer is on it, what comes of it."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QTableView

from moderator.desktop.tables.columns import Column, text
from moderator.desktop.tables.rooms_delegate import RoomsDelegate
from moderator.desktop.tables.rooms_model import RoomsModel
from moderator.domain.ids import RoomKey


class ExtendButton:
    """Of all rows of a view: only one can be pointed at, or be pressed."""

    def __init__(self, view: QTableView, model: RoomsModel, painter: RoomsDelegate) -> None:
        self._view = view
        self._rooms = model
        self._painter = painter

    @property
    def is_pressed(self) -> bool:
        """The mouse went down on one, and is not up again."""
        return self._painter.pressed is not None

    def at(self, point: QPoint) -> RoomKey | None:
        """The room whose button is there and can be pressed."""
        index = self._view.indexAt(point)
        if not index.isValid() or index.column() != Column.EXTEND or self._rooms.is_over(index.row()):
            return None
        glance = self._rooms.glance(index.row())
        label = text(Column.EXTEND, glance)
        button = self._painter.button_rect(self._view.visualRect(index), label, self._view.layoutDirection())
        return glance.room.key if label and not glance.why_not_extend and button.contains(point) else None

    def hover(self, point: QPoint | None) -> None:
        """The pointer is there; None: it has left the view."""
        key = None if point is None else self.at(point)
        if key != self._painter.hot:
            self._painter.hot = key
            self._repaint()

    def press(self, point: QPoint) -> bool:
        """The mouse went down there; returns whether on a button."""
        self._painter.pressed = self.at(point)
        if self.is_pressed:
            self._repaint()
        return self.is_pressed

    def release(self, point: QPoint) -> RoomKey | None:
        """The mouse is up again; returns the room, where it is the one on whose button it went down."""
        pressed, self._painter.pressed = self._painter.pressed, None
        self._repaint()
        return pressed if self.at(point) == pressed else None

    def _repaint(self) -> None:
        viewport = self._view.viewport()
        left, width = self._view.columnViewportPosition(Column.EXTEND), self._view.columnWidth(Column.EXTEND)
        viewport.update(QRect(left, 0, width, viewport.height()))
