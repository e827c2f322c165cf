from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.dialogs.extension import ExtendOrder, presets, previews
from moderator.domain.settings import Capability
from tests.fakes.desktop import NOW, a_room, an_appointment, limits


def test_a_new_end_beside_the_old_one() -> None:
    (found,) = previews([a_room(left_s=60)], ExtendOrder((), 420))
    old, new = (clock_time(NOW + ms, with_seconds=False) for ms in (60_000, 480_000))
    assert (found.text, found.possible) == (f"{old} → {new}", True)


def test_seconds_are_shown_where_they_matter() -> None:
    (found,) = previews([a_room(left_s=60)], ExtendOrder((), 90))
    assert found.text.endswith(clock_time(NOW + 150_000))


def test_what_is_not_possible_says_why() -> None:
    rooms = [
        a_room(left_s=None),
        a_room(state="ended"),
        a_room(allowance_ms=60_000),
        a_room(allowance_ms=0),
        a_room(allowance_ms=420_000),
    ]
    found = previews(rooms, ExtendOrder((), 420))
    assert [one.text for one in found[:4]] == [
        "has no deadline",
        "has ended",
        "at most 1 min may be added",
        "nothing may be added",
    ]
    assert [one.possible for one in found] == [False, False, False, False, True]


def test_an_end_is_for_a_room_that_has_none() -> None:
    end = ExtendOrder((), ends_at=NOW + 1_800_000)
    found = previews([a_room(left_s=None), a_room(left_s=60), a_room(left_s=None, state="ended")], end)
    assert [one.text for one in found] == [
        f"no end → {clock_time(NOW + 1_800_000, with_seconds=False)}",
        "has a deadline by now",
        "has ended",
    ]


def test_a_platform_that_keeps_its_own_time_says_so() -> None:
    room = replace(a_room(), capabilities={"extend": Capability(None, "ends when the platform says")})
    assert previews([room], ExtendOrder((), 60))[0].text == "ends when the platform says"


def test_presets_follow_the_type_of_the_room() -> None:
    assert presets([a_room()]) == (300, 600, 900)
    assert presets([a_room(rules=replace(limits(), extension_step_ms=30_000))]) == (30, 60, 90)
    assert presets([a_room(rules=None)]) == (300, 600, 900)


def test_an_end_beyond_the_next_appointment_names_it() -> None:
    booked = replace(a_room(left_s=60), next_appointment=an_appointment("appt-18", 300))
    within, into = (previews([booked], ExtendOrder((), seconds))[0] for seconds in (240, 300))
    assert (within.into, into.into) == ("", "appt-18")
    assert into.text.endswith(", into appt-18")
    assert into.possible
