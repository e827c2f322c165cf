"""The rooms as a Qt model that keeps its own order: a change of a room is one step, not a new sort.

Time is not in the model: a row stands where its absolute deadline puts it, and a tick changes no row.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from moderator.desktop.availability import why_not
from moderator.desktop.extending import step_s
from moderator.desktop.intents import Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.room_status import room_status
from moderator.desktop.tables.arrangement import (
    Filter,
    FilterName,
    Place,
    Row,
    Viewpoint,
    a_row,
    arranged,
    matches,
)
from moderator.desktop.tables.columns import RIGHT_ALIGNED, Column, Glance, text, tooltip
from moderator.desktop.tables.order import RoomOrder, Step
from moderator.desktop.tables.tallies import Tallies
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import tr

BULK: Final = 256
"""More changes at once than this are cheaper as one change of the whole layout (measured with 10,000 rooms)."""
SINGLE_ROWS: Final = 32
"""More rows than this are announced as one range: whatever of it is in sight is painted once."""
NO_PARENT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class RoomsModel(QAbstractTableModel):
    """One row for each room that the filter lets through, the next to end on top."""

    counts_changed = Signal(object)
    """`Mapping[FilterName, int]`: how many rooms each filter shows."""
    moved_changed = Signal(int)
    """How many rooms stand elsewhere than they should because the order is held."""

    def __init__(self, store: LiveStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._rows: dict[RoomKey, Row] = {}
        """Of every room, shown or not. A held row outlives its room, so that it keeps something to show."""
        self._gone: set[RoomKey] = set()
        """Rooms that are no more, while their rows are held."""
        self._order = RoomOrder()
        self._tallies = Tallies()
        self._filter = Filter()
        self._counts: Mapping[FilterName, int] = {}
        self._moved = 0
        self._samples: dict[str, Room] = {}
        """Of each source a room, to ask whether the source is stale."""
        self._stale: frozenset[str] = frozenset()
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
        return self._rows[self._order.keys[row]].room

    def is_over(self, row: int) -> bool:
        """The room ended or is gone, and its row is only held."""
        return self._order.keys[row] in self._gone or self.room_at(row).state == "ended"

    def glance(self, row: int) -> Glance:
        """A row's room as it is seen now."""
        room, me = self.room_at(row), self._store.me
        stale = self._store.staleness(room)
        wish = Intent(action="extend", room=room.key, seconds=step_s(room))
        return Glance(
            room=room,
            status=room_status(room, self._store.now_ms(), stale=stale),
            now_ms=self._store.now_ms(),
            me=me.id if me else "",
            why_not_extend=why_not(wish, room, me, stale=bool(stale)),
        )

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._order.keys)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(Column)

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
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in RIGHT_ALIGNED else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return self._titles()[section] if role == Qt.ItemDataRole.DisplayRole else None

    # --- what changes the rows -------------------------------------------------------------------------------------

    def set_filter(self, chosen: Filter) -> None:
        """Show other rooms. What was held is let go: who filters wants another picture."""
        if chosen != self._filter:
            self._filter = chosen
            self._lay_out((row.place, row.key) for row in self._matching())
            self._forget_gone()

    def hold_order(self, held: bool) -> None:
        """Keep every row where it is, or let them go where they belong."""
        if held == self._order.held or (held and not self._order.keys):
            return
        self._order.held = held
        if not held:
            self._lay_out(self._order.due())
            self._forget_gone()

    def look_again(self) -> None:
        """Time has passed: rooms may have come within a filter that depends on it."""
        if self._filter.name in {"ending", "stale"}:
            due = {row.key for row in self._matching()}
            self._settle(due.symmetric_difference(self._order.keys))
        self._tell_counts()
        if (stale := self._viewpoint().stale_sources) != self._stale:
            self._stale = stale
            self._repaint(self._order.keys)

    def _reload(self) -> None:
        rooms = {room.key: room for room in self._store.rooms()}
        self._take_in({key: rooms.get(key) for key in {*self._rows, *rooms}})

    def _update(self, keys: Iterable[RoomKey]) -> None:
        self._take_in({key: self._store.room(key) for key in keys})

    def _take_in(self, rooms: Mapping[RoomKey, Room | None]) -> None:
        me = self._store.me.id if self._store.me else ""
        for key, room in rooms.items():
            before = None if key in self._gone else self._rows.get(key)
            after = None if room is None else a_row(room, me)
            self._tallies.change(before, after)
            self._remember(key, after)
        self._settle(rooms)
        self._forget_gone()
        self._tell_counts()

    def _remember(self, key: RoomKey, row: Row | None) -> None:
        if row is not None:
            self._gone.discard(key)
            self._rows[key] = row
            self._samples[row.room.source] = row.room
        elif key in self._rows:
            self._gone.add(key)

    def _forget_gone(self) -> None:
        for key in [key for key in self._gone if self._order.row(key) is None]:
            self._gone.discard(key)
            del self._rows[key]

    def _settle(self, keys: Iterable[RoomKey]) -> None:
        """Bring these rooms to where they belong, or note that they are held."""
        view = self._viewpoint()
        places = {key: self._place(key, view) for key in keys}
        if self._order.held or len(places) <= BULK:
            for key, place in places.items():
                if step := self._order.plan(key, place):
                    self._take(step)
            self._repaint(places)
        else:
            self._lay_out(self._order.due(places))
        self._tell_moved()

    def _place(self, key: RoomKey, view: Viewpoint) -> Place | None:
        row = self._rows.get(key)
        shown = row is not None and key not in self._gone and matches(row, self._filter, view)
        return row.place if row is not None and shown else None

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
        if step.from_row == step.to_row:  # Qt refuses a move that is none
            self._order.take(step)
            return
        before = step.to_row + 1 if step.to_row > step.from_row else step.to_row  # Qt counts with the row still there
        self.beginMoveRows(NO_PARENT, step.from_row, step.from_row, NO_PARENT, before)
        self._order.take(step)
        self.endMoveRows()

    def _repaint(self, keys: Iterable[RoomKey]) -> None:
        rows = [row for key in keys if (row := self._order.row(key)) is not None]
        if len(rows) > SINGLE_ROWS:
            rows = [min(rows), max(rows)]
            self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[1], len(Column) - 1))
            return
        for row in rows:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

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
        known = [row for key, row in self._rows.items() if key not in self._gone]
        return arranged(known, self._filter, self._viewpoint())

    def _viewpoint(self) -> Viewpoint:
        stale = frozenset(name for name, room in self._samples.items() if self._store.staleness(room))
        return Viewpoint(self._store.now_ms(), stale)

    def _tell_counts(self) -> None:
        counts = self._tallies.counts(self._viewpoint())
        if counts != self._counts:
            self._counts = counts
            self.counts_changed.emit(counts)

    def _tell_moved(self) -> None:
        if (moved := self._order.moved) != self._moved:
            self._moved = moved
            self.moved_changed.emit(moved)

    def _titles(self) -> tuple[str, ...]:
        return (
            *(tr("Room"), tr("Left"), tr("Ends"), tr("People")),
            *(tr("State"), tr("Source"), tr("Owner"), ""),
        )
