"""How somebody has arranged the rooms table: the order of its columns, which are shown, how wide, and what the rows are
sorted by. Pure; written as text that another version of the program can read.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from moderator.desktop.tables.columns import ALWAYS_SHOWN, FIXED, Column
from moderator.desktop.tables.sorting import BY_DEADLINE, SORTABLE, Sort

_NONE: Final[Mapping[Column, int]] = MappingProxyType({})
_BY_NAME: Final = {column.name.lower(): column for column in Column}
NARROWEST_PX: Final = 40
WIDEST_PX: Final = 600


class TableLayout(Struct, frozen=True):
    """What was chosen; everything else follows the window, the font and the language."""

    order: tuple[Column, ...] = tuple(Column)
    """From the beginning of a line to its end: all columns."""
    hidden: frozenset[Column] = frozenset()
    widths_px: Mapping[Column, int] = _NONE
    """Of columns that somebody has drawn wider or narrower."""
    sort: Sort = BY_DEADLINE

    def toggled(self, column: Column) -> "TableLayout":
        """The column shown where it was hidden, or hidden."""
        hidden = self.hidden ^ {column}
        return replace(self, hidden=hidden - ALWAYS_SHOWN)


class _Written(Struct, omit_defaults=True):
    order: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    widths: dict[str, int] = field(default_factory=dict)
    sort: str = ""
    reverse: bool = False


def written(layout: TableLayout) -> str:
    """The layout as text."""
    form = _Written(
        order=[_name(column) for column in layout.order],
        hidden=sorted(_name(column) for column in layout.hidden),
        widths={_name(column): width for column, width in layout.widths_px.items()},
        sort=_name(layout.sort.column),
        reverse=layout.sort.reverse,
    )
    return msgspec.json.encode(form).decode()


def read(text: str) -> TableLayout:
    """The layout that was written so; what makes no sense, or no sense any more, is as at first."""
    try:
        form = msgspec.json.decode(text, type=_Written)
    except (msgspec.DecodeError, RecursionError):  # somebody edited the file
        return TableLayout()
    sorted_by = _BY_NAME.get(form.sort, BY_DEADLINE.column)
    widths = {column: form.widths[name] for name, column in _BY_NAME.items() if name in form.widths}
    return TableLayout(
        order=in_order([_BY_NAME[name] for name in form.order if name in _BY_NAME]),
        hidden=frozenset(_BY_NAME[name] for name in form.hidden if name in _BY_NAME) - ALWAYS_SHOWN,
        widths_px={column: min(max(width, NARROWEST_PX), WIDEST_PX) for column, width in widths.items()},
        sort=Sort(sorted_by, form.reverse) if sorted_by in SORTABLE else BY_DEADLINE,
    )


def in_order(columns: Sequence[Column]) -> tuple[Column, ...]:
    """All columns: these in their order, others where they stand at first, first and last where they belong."""
    movable = list(dict.fromkeys(column for column in columns if column not in FIXED))
    for column in Column:
        if column not in FIXED and column not in movable:
            movable.insert(min(int(column) - 1, len(movable)), column)
    return (Column.ROOM, *movable, Column.EXTEND)


def _name(column: Column) -> str:
    return column.name.lower()
