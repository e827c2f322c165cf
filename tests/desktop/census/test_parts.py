"""Which rooms belong to a part."""

import pytest
from msgspec.structs import replace

from moderator.desktop.census.parts import Part, bucket_of, is_in, unacknowledged_since
from moderator.domain.rooms import Person, Room
from tests.fakes.desktop import NOW, a_room, a_warning

UNOWNED = Part("unowned")
OVERLOOKED = Part("unacknowledged")


@pytest.mark.parametrize(
    ("left_s", "bucket"),
    [(-90, 0), (0, 0), (59.999, 0), (60, 1), (299, 1), (300, 2), (899, 2), (1799, 3), (3599, 4), (3600, 5)],
)
def test_a_stretch_ends_before_its_bound_and_what_is_over_is_in_the_first(left_s: float, bucket: int) -> None:
    assert bucket_of(round(left_s * 1000)) == bucket


def _warned(ago_s: int, **more: object) -> Room:
    return replace(a_room(left_s=200, warnings=[a_warning(300, raised_at=NOW - ago_s * 1000)]), **more)


@pytest.mark.parametrize(
    ("room", "part", "belongs"),
    [
        (a_room(left_s=300), UNOWNED, True),
        (a_room(left_s=299, owner=Person("leo")), UNOWNED, False),
        (a_room(left_s=301), UNOWNED, False),
        (a_room(left_s=None), UNOWNED, False),
        (_warned(21), OVERLOOKED, True),
        (_warned(20), OVERLOOKED, False),
        (_warned(60, warnings=(a_warning(300, by="leo"),)), OVERLOOKED, False),
        (_warned(60, warnings=(a_warning(300, version=7),)), OVERLOOKED, False),
        (a_room(source="school"), Part("source", source="school"), True),
        (a_room(source="clinic"), Part("source", source="school"), False),
        (a_room(left_s=None), Part("ends"), False),
    ],
)
def test_rooms_of_a_part(room: Room, part: Part, *, belongs: bool) -> None:
    assert is_in(room, part, NOW) is belongs


def test_only_the_tightest_warning_counts() -> None:
    room = a_room(left_s=50, warnings=[a_warning(300), a_warning(60, by="leo")])
    assert unacknowledged_since(room) is None
