import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.desktop.tables.columns import ALWAYS_SHOWN, Column
from moderator.desktop.tables.sorting import SORTABLE, Sort
from moderator.desktop.tables.table_layout import NARROWEST_PX, WIDEST_PX, TableLayout, in_order, read, written

movable = [column for column in Column if column not in (Column.ROOM, Column.EXTEND)]
layouts = st.builds(
    TableLayout,
    order=st.permutations(movable).map(in_order),
    hidden=st.frozensets(st.sampled_from([column for column in Column if column not in ALWAYS_SHOWN])),
    widths_px=st.dictionaries(st.sampled_from(list(Column)), st.integers(NARROWEST_PX, WIDEST_PX)),
    sort=st.builds(Sort, st.sampled_from(sorted(SORTABLE)), st.booleans()),
)


@given(layouts)
def test_what_was_written_is_read_again(layout: TableLayout) -> None:
    assert read(written(layout)) == layout


@pytest.mark.parametrize("text", ["", "{", "[]", '{"order": 5}', '{"widths": {"left": "wide"}}', "\x00"])
def test_what_cannot_be_read_is_as_at_first(text: str) -> None:
    assert read(text) == TableLayout()


def test_what_makes_no_sense_is_left_out() -> None:
    text = (
        '{"order": ["extend", "state", "mood", "state", "room"], "hidden": ["room", "left", "owner", "mood"],'
        ' "widths": {"left": 9000, "owner": 1, "mood": 80}, "sort": "extend", "reverse": true}'
    )
    layout = read(text)
    assert (layout.order[0], layout.order[-1], sorted(layout.order)) == (Column.ROOM, Column.EXTEND, sorted(Column))
    assert layout.hidden == {Column.OWNER}
    assert layout.widths_px == {Column.LEFT: WIDEST_PX, Column.OWNER: NARROWEST_PX}
    assert layout.sort == Sort()


def test_what_a_row_is_for_cannot_be_hidden() -> None:
    layout = TableLayout()
    assert layout.toggled(Column.ROOM) == layout.toggled(Column.LEFT) == layout
    assert layout.toggled(Column.OWNER).hidden == {Column.OWNER}
    assert layout.toggled(Column.OWNER).toggled(Column.OWNER) == layout
