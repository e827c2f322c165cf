"""What stands on the wallboard."""

import pytest
from msgspec.structs import replace

from moderator.desktop.census.census import Census, Figures
from moderator.desktop.wallboard.board import NEXT, counts, headline, next_to_end, over_time, tile
from tests.fakes.desktop import NOW, a_room

CALM = replace(Census().figures(NOW), live=3)


@pytest.mark.parametrize(
    ("found", "over", "stale_for", "text", "level"),
    [
        (CALM, 0, "", "All calm", "normal"),
        (replace(CALM, live=0), 0, "", "No live rooms", "normal"),
        (replace(CALM, ending=1), 0, "", "1 room ends within 5 minutes", "warn"),
        (replace(CALM, ending=4, unacknowledged=2), 0, "", "Nobody has answered 2 warnings", "critical"),
        (replace(CALM, unacknowledged=2, violations=1), 0, "", "Somebody is not allowed in 1 room", "critical"),
        (replace(CALM, violations=1), 2, "", "Time is up in 2 rooms", "critical"),
        (replace(CALM, violations=1), 2, "22 s", "Old picture: nothing heard for 22 s", "stale"),
    ],
)
def test_the_worst_comes_first(found: Figures, over: int, stale_for: str, text: str, level: str) -> None:
    top = headline(found, over, ready=True, stale_for=stale_for)
    assert (top.text, top.level) == (text, level)


def test_before_the_first_picture_nothing_is_said_to_be_calm() -> None:
    assert headline(CALM, 0, ready=False, stale_for="").text == "Connecting"


def test_the_next_to_end_come_first_and_those_without_an_end_not_at_all() -> None:
    rooms = [
        a_room("later", left_s=900),
        a_room("never", left_s=None),
        a_room("next", left_s=20),
        a_room("over", left_s=-5, state="ended"),
    ]
    assert [room.room for room in next_to_end(rooms)] == ["next", "later"]
    assert len(next_to_end([a_room(f"room-{n}", left_s=n) for n in range(NEXT + 9)])) == NEXT


def test_a_tile_has_no_name_in_it() -> None:
    found = tile(a_room("Mrs Miller", left_s=252), NOW, stale=False)
    assert (found.code, found.left, found.level) == ("MM", "04:12", "warn")
    assert "Miller" not in repr(found)


def test_an_old_tile_says_so() -> None:
    found = tile(a_room(left_s=252), NOW, stale=True)
    assert (found.left, found.word, found.level) == ("≈ 04:12", "Stale", "stale")


def test_rooms_over_time_are_those_with_people_in_them() -> None:
    rooms = [a_room("a", left_s=-3), a_room("b", left_s=-3, people=()), a_room("c", left_s=3)]
    assert over_time(rooms, NOW) == 1


def test_a_nought_is_nothing_to_look_at() -> None:
    assert [color for _, _, color in counts(replace(CALM, live=0))] == ["muted"] * 5
    assert counts(replace(CALM, live=1200))[0] == ("1,200", "live", "text")
