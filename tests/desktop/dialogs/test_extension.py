import pytest
from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.dialogs.extension import ExtendOrder, facts, presets, previews
from moderator.desktop.orders.availability import objection
from moderator.desktop.orders.intents import Intent
from moderator.domain.rooms import Viewer
from moderator.domain.settings import Capability
from tests.fakes.desktop import NOW, a_room, an_appointment, limits


def test_a_new_end_beside_the_old_one() -> None:
    (found,) = previews([a_room(left_s=60)], ExtendOrder((), 420), NOW)
    old, new = (clock_time(NOW + ms, with_seconds=False) for ms in (60_000, 480_000))
    assert (found.text, found.possible) == (f"{old} → {new}", True)


def test_seconds_are_shown_where_they_matter() -> None:
    (found,) = previews([a_room(left_s=60)], ExtendOrder((), 90), NOW)
    assert found.text.endswith(clock_time(NOW + 150_000))


def test_what_is_not_possible_says_why() -> None:
    rooms = [
        a_room(left_s=None),
        a_room(state="ended"),
        a_room(allowance_ms=60_000),
        a_room(allowance_ms=0),
        a_room(allowance_ms=420_000),
    ]
    found = previews(rooms, ExtendOrder((), 420), NOW)
    assert [one.text for one in found[:4]] == [
        "has no deadline",
        "has ended",
        "at most 1 min may be added",
        "nothing may be added",
    ]
    assert [one.possible for one in found] == [False, False, False, False, True]


def test_an_end_is_for_a_room_that_has_none() -> None:
    end = ExtendOrder((), ends_at=NOW + 1_800_000)
    found = previews([a_room(left_s=None), a_room(left_s=60), a_room(left_s=None, state="ended")], end, NOW)
    assert [one.text for one in found] == [
        f"no end → {clock_time(NOW + 1_800_000, with_seconds=False)}",
        "has a deadline by now",
        "has ended",
    ]


def test_a_platform_that_keeps_its_own_time_says_so() -> None:
    room = replace(a_room(), capabilities={"extend": Capability(None, "ends when the platform says")})
    assert previews([room], ExtendOrder((), 60), NOW)[0].text == "ends when the platform says"


def test_what_the_dialog_refuses_is_what_the_key_refuses() -> None:
    rooms = [a_room(left_s=None), a_room(state="ended"), a_room(allowance_ms=0), a_room(allowance_ms=60_000), a_room()]
    wishes = [Intent(action="extend", room=room.key, seconds=300) for room in rooms]
    found = [objection(wish, room) for wish, room in zip(wishes, rooms, strict=True)]
    lines = previews(rooms, ExtendOrder((), 300), NOW)
    assert [one.text for one in lines[:4]] == [one.brief for one in found if one]
    assert [one.possible for one in lines] == [one is None for one in found]


def test_presets_follow_the_type_of_the_room() -> None:
    assert presets([a_room()]) == (300, 600, 900)
    assert presets([a_room(rules=replace(limits(), extension_step_ms=30_000))]) == (30, 60, 90)
    assert presets([a_room(rules=None)]) == (300, 600, 900)


def test_an_end_beyond_the_next_appointment_names_it() -> None:
    booked = replace(a_room(left_s=60), next_appointment=an_appointment("appt-18", 300))
    within, into = (previews([booked], ExtendOrder((), seconds), NOW)[0] for seconds in (240, 300))
    assert (within.into, into.into) == ("", "appt-18")
    assert into.text.endswith(", into appt-18")
    assert into.possible


def test_time_is_taken_away_as_far_as_there_is_some() -> None:
    rooms = [a_room(left_s=600), a_room(left_s=299), a_room(left_s=-5), a_room(left_s=600, allowance_ms=0)]
    found = previews(rooms, ExtendOrder((), -300), NOW)
    assert [one.text for one in found[1:3]] == ["only 4 min 59 s left", "its time is up"]
    assert [one.possible for one in found] == [True, False, False, True]


def test_what_is_good_to_know_before_a_room_gets_more_time() -> None:
    room = a_room()
    assert room.deadline
    assert facts(room, NOW, "maya") == ()
    moved = replace(room.deadline, changed_by="ana", changed_by_name="Ana", moved_ms=300_000, changed_at=NOW - 120_000)
    at = clock_time(NOW - 120_000, with_seconds=False)
    full = replace(
        room, deadline=moved, next_appointment=an_appointment("appt-18", 1_800), viewers=(Viewer("zoe", "Zoë", NOW),)
    )
    begins = clock_time(NOW + 1_800_000, with_seconds=False)
    assert facts(full, NOW, "maya") == (
        f"Ana added 5 min at {at}.",
        f"appt-18 begins at {begins} in this room.",
        "Zoë is looking at this room too.",
    )


@pytest.mark.parametrize(
    ("by", "moved_ms", "words"),
    [
        ("maya", 300_000, "You added 5 min at "),
        ("maya", -60_000, "You took 1 min off at "),
        ("ana", -60_000, "ana took 1 min off at "),
    ],
)
def test_who_moved_the_end_last(by: str, moved_ms: int, words: str) -> None:
    room = a_room()
    assert room.deadline
    changed = replace(room, deadline=replace(room.deadline, changed_by=by, moved_ms=moved_ms, changed_at=NOW))
    (told,) = facts(changed, NOW, "maya")
    assert told.startswith(words)
