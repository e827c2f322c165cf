"""When one room is shown alone."""

import pytest
from msgspec.structs import replace

from moderator.desktop.window.alone import Sight, shows_one

ALONE = Sight(live=1, shown=False, busy=False, table_is_plain=True, size_px=(1440, 900))


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, True),
        ({"live": 0}, False),
        ({"live": 2}, False),
        ({"busy": True}, False),
        ({"table_is_plain": False}, False),
        ({"size_px": (999, 900)}, False),
        ({"size_px": (1440, 599)}, False),
        ({"choice": False}, False),
        ({"choice": True, "live": 7, "size_px": (640, 480)}, True),
        ({"choice": True, "live": 0}, False),
        ({"shown": True, "table_is_plain": False}, True),
        ({"shown": True, "live": 2}, False),
        ({"shown": True, "live": 2, "busy": True}, True),
        ({"shown": True, "live": 0, "busy": True}, False),
    ],
)
def test_it_is_shown_where_it_is_the_only_one_and_nobody_is_disturbed(
    changes: dict[str, object], *, shown: bool
) -> None:
    assert shows_one(replace(ALONE, **changes)) is shown
