"""The rooms as a Qt model that keeps its own order: a change of a room is one step, not a new sort.

Time is not in the model: a row stands where its absolute deadline puts it, and a tick changes no row.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from moderator.desktop.live_store import LiveStore
from moderator.desktop.pace import Pace
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.tables.arrangement import Filter, FilterName, Row, Viewpoint
from moderator.desktop.tables.columns import RIGHT_ALIGNED, Column, Glance, text, title, tooltip
from moderator.desktop.tables.glancing import Reading, glance, left_s, reading
from moderator.desktop.tables.known_rows import KnownRows
from moderator.desktop.tables.order import RoomOrder, Step
from moderator.desktop.tables.sorting import SORTABLE, Place, Sort, spoken_title
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room

BULK: Final = 256
"""More changes at once than this are cheaper as one change of the whole layout (measured with 10,000 rooms)."""
COLUMNS: Final = len(Column)
NO_PARENT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
Countdown = tuple[RoomKey, int | None, bool]
"""The room, the whole seconds that are left, and whether somebody may have changed them unseen."""


class RoomsModel(QAbstractTableModel):
    """One row for each room that the filter lets through, the next to end on top."""

    counts_changed = Signal(object)
    """`Mapping[FilterName, int]`: how many rooms each filter shows."""
    settled = Signal()
    """Rooms that changed stand where they belong, or are held."""
    moved_changed = Signal(int)
    """How many rooms stand elsewhere than they should because the order is held."""

    def __init__(self, store: LiveStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.in_sight: Callable[[], range] = lambda: range(self.rowCount())
        """The rows that somebody sees: of others Qt is told only what it has to know."""
        self._store = store
        self._known = KnownRows()
        self._order = RoomOrder()
        self._filter = Filter()
        self._counts: Mapping[FilterName, int] = {}
        self._moved = 0
        self._stale: frozenset[str] = frozenset()
        self._pace = Pace(store, self._tell_counts, self)
        store.replaced.connect(self._reload)
        store.rooms_updated.connect(self._update)
        store.me_updated.connect(self._reload)
        self._reload()

    # --- what views ask --------------------------------------------------------------------------------------------

    @property
    def filter(self) -> Filter:
        """What is shown."""
        return self._filter

    @property
    def sort_order(self) -> Sort:
        """What the rows are ordered by."""
        return self._known.sort

    @property
    def counts(self) -> Mapping[FilterName, int]:
        """How many rooms each filter shows."""
        return self._counts

    @property
    def held(self) -> bool:
        """Somebody works in the table, so that every row stays where it is."""
        return self._order.held

    @property
    def moved(self) -> int:
        """How many rooms stand elsewhere than they should."""
        return self._moved

    def key_at(self, row: int) -> RoomKey:
        """Which room a row shows."""
        return self._order.keys[row]

    def row_of(self, key: RoomKey) -> int | None:
        """Where a room is shown, or None when it is not."""
        return self._order.row(key)

    def room_at(self, row: int) -> Room:
        """The room of a row as it is now, or as it was last."""
        return self._known.room(self.key_at(row))

    def is_over(self, row: int) -> bool:
        """The room ended or is gone, and its row is only held."""
        return self._known.is_over(self.key_at(row))

    def glance(self, row: int) -> Glance:
        """A row's room as it is seen now."""
        room = self.room_at(row)
        return glance(room, self._known.mark(room.key), self._store)

    def reading(self, row: int) -> Reading:
        """All that what stands in a row depends on: as long as this is the same, so is that."""
        room = self.room_at(row)
        return reading(room, self._known.mark(room.key), self._store, over=self.is_over(row))

    def countdown(self, row: int) -> Countdown:
        """What a row's time left reads, without its words: as long as this is the same it need not be painted."""
        room = self.room_at(row)
        return room.key, left_s(room, self._store), bool(self._store.staleness(room))

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._order.keys)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        column = Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text(column, self.glance(index.row()))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(tooltip(column, self.glance(index.row())))
            case Qt.ItemDataRole.AccessibleTextRole if column == Column.ROOM:
                return self.glance(index.row()).spoken()
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = Column(section)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title(column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken_title(column, self._known.sort)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column in RIGHT_ALIGNED else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    # --- what changes the rows -------------------------------------------------------------------------------------

    def set_filter(self, chosen: Filter) -> None:
        """Show other rooms. What was held is let go: who filters wants another picture."""
        if chosen != self._filter:
            self._filter = chosen
            self._lay_out((row.place, row.key) for row in self._matching())
            self._known.forget_gone(self._order.keys)

    def set_needed(self, keys: frozenset[RoomKey]) -> None:
        """These rooms need the moderator, and no others."""
        changed = self._known.needed ^ keys
        self._known.needed = keys
        if changed:
            self._update(changed)

    def set_sort(self, sort: Sort) -> None:
        """Another order. What was held is let go: who sorts wants it sorted."""
        if sort != self._known.sort and sort.column in SORTABLE:
            self._known.sort_by(sort)
            self._lay_out((row.place, row.key) for row in self._matching())
            self._known.forget_gone(self._order.keys)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, COLUMNS - 1)

    def put_exceptions_first(self, first: bool) -> None:
        """Rooms that need somebody before all others, or every room by its deadline."""
        if first != self._known.exceptions_first:
            self._known.exceptions_first = first
            self._known.sort_by(self._known.sort)
            if self._order.held:
                self._settle(list(self._known.keys()))  # they go there once the order is let go
            else:
                self._lay_out((row.place, row.key) for row in self._matching())

    def hold_order(self, held: bool) -> None:
        """Keep every row where it is, or let them go where they belong."""
        if held == self._order.held or (held and not self._order.keys):
            return
        self._order.held = held
        if not held:
            self._lay_out(self._order.due())
            self._known.forget_gone(self._order.keys)

    def look_again(self) -> None:
        """Time has passed: rooms may have come within a filter that depends on it."""
        if self._filter.name in {"ending", "stale"} or self._filter.part is not None:
            due = {row.key for row in self._matching()}
            self._settle(due.symmetric_difference(self._order.keys))
        self._tell_counts()
        if (stale := self._viewpoint().stale_sources) != self._stale:
            self._stale = stale
            self._repaint(frozenset(self._order.keys))

    def _reload(self) -> None:
        rooms = {room.key: room for room in self._store.rooms()}
        self._take_in({key: rooms.get(key) for key in {*self._known.keys(), *rooms}})

    def _update(self, keys: Iterable[RoomKey]) -> None:
        self._take_in({key: self._store.room(key) for key in keys})

    def _take_in(self, rooms: Mapping[RoomKey, Room | None]) -> None:
        me = self._store.me.id if self._store.me else ""
        renamed = self._known.take_in(rooms, me)
        self._settle(rooms)
        self._repaint(renamed.difference(rooms))
        self._known.forget_gone(self._order.keys)
        self._pace.ask()

    def _settle(self, keys: Iterable[RoomKey]) -> None:
        """Bring these rooms to where they belong, or note that they are held."""
        view = self._viewpoint()
        places = {key: self._known.place(key, self._filter, view) for key in keys}
        if self._order.held or len(places) <= BULK:
            for key, place in places.items():
                if step := self._order.plan(key, place):
                    self._take(step)
            self.settled.emit()
            self._repaint(places)
        else:
            self._lay_out(self._order.due(places))
            self.settled.emit()
        self._tell_moved()

    def _take(self, step: Step) -> None:
        match step.kind:
            case "insert":
                self.beginInsertRows(NO_PARENT, step.to_row, step.to_row)
                self._order.take(step)
                self.endInsertRows()
            case "remove":
                self.beginRemoveRows(NO_PARENT, step.from_row, step.from_row)
                self._order.take(step)
                self.endRemoveRows()
            case "move":
                self._move(step)

    def _move(self, step: Step) -> None:
        if step.from_row == step.to_row or self._is_unseen(step):  # Qt refuses a move that is none
            self._order.take(step)
            return
        before = step.to_row + 1 if step.to_row > step.from_row else step.to_row  # Qt counts with the row still there
        self.beginMoveRows(NO_PARENT, step.from_row, step.from_row, NO_PARENT, before)
        self._order.take(step)
        self.endMoveRows()

    def _is_unseen(self, step: Step) -> bool:
        """No row moves that is in sight or between those held (corners of what is selected): Qt would paint all."""
        held, seen = [index.row() for index in self.persistentIndexList()], self.in_sight()
        return bool(seen) and step.misses((seen[0], seen[-1])) and step.misses(held)

    def _repaint(self, keys: Container[RoomKey]) -> None:
        """Of these rooms those in sight: nothing keeps what the rows of others read."""
        for row in self.in_sight():
            if self._order.keys[row] in keys:
                self.dataChanged.emit(self.index(row, 0), self.index(row, COLUMNS - 1))

    def _lay_out(self, rows: Iterable[tuple[Place, RoomKey]]) -> None:
        """Show these. Whoever holds an index of a room holds one of the same room afterwards: a selection that kept its
        row would be a selection of another room.
        """
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [(self._order.keys[index.row()], index.column()) for index in before]
        self._order.replace(rows)
        self.changePersistentIndexList(before, [self._index_of(key, column) for key, column in held])
        self.layoutChanged.emit()
        self._tell_moved()

    def _index_of(self, key: RoomKey, column: int) -> QModelIndex:
        row = self._order.row(key)
        return QModelIndex() if row is None else self.index(row, column)

    def _matching(self) -> list[Row]:
        return self._known.arranged(self._filter, self._viewpoint())

    def _viewpoint(self) -> Viewpoint:
        return Viewpoint(self._store.now_ms(), self._store.stale_sources)

    def _tell_counts(self) -> None:
        counts = self._known.counts(self._viewpoint())
        if counts != self._counts:
            self._counts = counts
            self.counts_changed.emit(counts)

    def _tell_moved(self) -> None:
        if (moved := self._order.moved) != self._moved:
            self._moved = moved
            self.moved_changed.emit(moved)
