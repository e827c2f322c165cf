import pytest
from msgspec.structs import replace

from moderator.desktop.room.people_list import KEPT_AFTER_LEAVING, people_of
from moderator.domain.announcements import Listed
from moderator.domain.rooms import Failure, Participant, Pending, Room, Stream, Violation
from moderator.domain.settings import MINUTE_MS
from tests.fakes.desktop import NOW, a_person, a_room, a_violation, an_appointment

LEE = a_person("c1", "Dr Lee", user="u1", role="specialist", joined_at=NOW - 59 * MINUTE_MS)
BILL = a_person("c2", "Bill Buffalo", user="u2", joined_at=NOW - 58 * MINUTE_MS)


def gone(one: Participant, ago_ms: int, *, removed: bool = False) -> Participant:
    return replace(one, state="disconnected" if removed else "left", left_at=NOW - ago_ms)


def sharing(one: Participant, *streams: Stream) -> Participant:
    return replace(one, streams=streams)


def stream(kind: str, *, muted: bool | None = None) -> Stream:
    return Stream(f"{kind}-1", kind, "", NOW, muted)  # type: ignore[arg-type]  # a kind


def only(room: Room) -> list[str]:
    return [row.name for row in people_of(room)]


def test_two_connections_of_one_user_are_one_person_with_two_devices() -> None:
    second = replace(LEE, id="c9", joined_at=NOW - MINUTE_MS)
    (row,) = people_of(a_room(people=(LEE, second)))
    assert row.participants == ("c1", "c9")
    assert row.details(NOW) == "specialist · here 59 min · 2 devices"


def test_connections_without_a_user_are_people_of_their_own() -> None:
    anonymous = [a_person(f"c{n}", "Guest", user="") for n in range(2)]
    assert len(people_of(a_room(people=anonymous))) == 2


def test_coming_back_neither_resets_nor_doubles_the_time() -> None:
    first = gone(replace(LEE, joined_at=NOW - 50 * MINUTE_MS), 20 * MINUTE_MS)
    overlapping = gone(replace(LEE, id="c8", joined_at=NOW - 40 * MINUTE_MS), 15 * MINUTE_MS)
    back = replace(LEE, id="c9", joined_at=NOW - 10 * MINUTE_MS)
    (row,) = people_of(a_room(people=(first, overlapping, back)))
    assert row.details(NOW) == "specialist · here 45 min"


def test_violations_come_first_and_then_who_came_first() -> None:
    guest = a_person("c7", "guest-91", joined_at=NOW)
    assert only(a_room(people=(BILL, LEE, guest), violations=[a_violation("c7")])) == [
        "guest-91",
        "Dr Lee",
        "Bill Buffalo",
    ]


def test_the_last_few_who_left_are_kept() -> None:
    left = [gone(a_person(f"g{n}", f"G{n}", joined_at=NOW - 60 * MINUTE_MS), n * MINUTE_MS) for n in range(8)]
    rows = people_of(a_room(people=(LEE, *left)))
    assert [row.name for row in rows] == ["Dr Lee", *(f"G{n}" for n in range(KEPT_AFTER_LEAVING))]
    assert rows[1].details(NOW).startswith("left ")


def test_who_was_removed_is_said_to_have_been() -> None:
    (row,) = people_of(a_room(people=(gone(LEE, 0, removed=True),)))
    assert row.details(NOW).startswith("removed ")
    assert not row.here


def test_media_are_what_the_platform_tells_each_sort_once() -> None:
    one = sharing(LEE, stream("screen"), stream("camera"), replace(stream("camera"), id="second"))
    (row,) = people_of(a_room(people=(one,)))
    assert [medium.word for medium in row.media] == ["camera", "screen"]


def test_who_shares_something_can_be_muted() -> None:
    """A camera too: Vonage has one stream for sound and picture."""
    (row,) = people_of(a_room(people=(LEE, sharing(replace(LEE, id="phone"), stream("camera")))))
    assert row.sharing == ("phone",), "the device that shares, not the first"
    assert people_of(a_room(people=(LEE,)))[0].sharing == ()


def test_a_muted_microphone_is_told_by_icon_and_word() -> None:
    (row,) = people_of(a_room(people=(sharing(LEE, stream("microphone", muted=True)),)))
    assert [(medium.icon, medium.word) for medium in row.media] == [("mic-off", "muted microphone")]
    assert row.sharing == (LEE.id,)


def test_notes_say_what_is_wrong_and_what_is_under_way() -> None:
    room = replace(
        a_room(people=(LEE,), violations=[replace(a_violation("c1"), reason="not_listed")]),
        pending=(Pending(command="disconnect", target="c1", by="maya", at=NOW, id="x"),),
        failures=(Failure("mute", "c1", NOW, 1, "the platform is slow"),),
    )
    (row,) = people_of(room)
    assert row.notes == (
        "Not on the list (only observed)",
        "disconnecting…",
        "could not be muted: the platform is slow",
    )


@pytest.mark.parametrize(
    ("command", "under_way", "failed"),
    [
        ("mute", "muting…", "could not be muted: no"),
        ("revoke", "taking the microphone away…", "microphone not taken away: no"),
        ("restore", "giving the microphone back…", "microphone not given back: no"),
    ],
)
def test_notes_about_a_microphone(command: str, under_way: str, failed: str) -> None:
    pending = Pending(command=command, target="c1", by="maya", at=NOW, id="x")
    (row,) = people_of(replace(a_room(people=(LEE,)), pending=(pending,)))
    assert row.notes == (under_way,)
    (row,) = people_of(replace(a_room(people=(LEE,)), failures=(Failure(command, "c1", NOW, 1, "no"),)))
    assert row.notes == (failed,)


def test_screens_are_what_can_be_stopped() -> None:
    (row,) = people_of(a_room(people=(sharing(LEE, stream("screen"), stream("camera")),)))
    assert row.screens == ("screen-1",)


def test_a_violation_of_one_device_marks_the_person() -> None:
    second = replace(LEE, id="c9")
    violation = Violation(policy="p", participant="c9", user="u1", reason="room_full", found_at=NOW, enforced=True)
    (row,) = people_of(a_room(people=(LEE, second), violations=[violation]))
    assert (row.presence, row.notes) == ("violation", ("Room is full",))


def test_the_name_is_the_best_there_is_and_safe_to_show() -> None:
    people = (a_person("c1@17", "", user=""), a_person("c2", "", user="u2"), a_person("c3", "a\x1b[31mb"))
    assert sorted(only(a_room(people=people))) == ["a\ufffd[31mb", "c1", "u2"]


def test_initials_are_of_the_first_and_the_last_word() -> None:
    names = {"Dr Lee": "DL", "Bill": "B", "guest-91": "G9", "": "C", "Ana  van der Berg": "AB", "…": "?"}
    for name, initials in names.items():
        (row,) = people_of(a_room(people=(a_person("c", name, user=""),)))
        assert row.initials == initials


def test_a_row_can_be_spoken() -> None:
    one = sharing(LEE, stream("camera"))
    (row,) = people_of(a_room(people=(one,), violations=[replace(a_violation("c1"), enforced=True)]))
    assert row.spoken(NOW) == "Dr Lee, Room is full, specialist, here 59 min, camera"


def test_raw_data_are_there_for_support() -> None:
    (row,) = people_of(a_room(people=(replace(LEE, data='{"userId":"u1"}'),)))
    assert row.raw == 'connection: c1\nuser: u1\ndata: {"userId":"u1"}'


def test_two_people_of_one_name_are_told_apart_by_the_end_of_their_ids() -> None:
    people = (a_person("c1", "Kim", user="user-1a2b"), a_person("c2", "Kim", user="user-9x8y"), a_person("c3", "Lee"))
    rows = people_of(a_room(people=people))
    assert [row.title for row in rows] == ["Lee", "Kim (1a2b)", "Kim (9x8y)"]
    assert rows[1].spoken(NOW).startswith("Kim (1a2b), ")


def test_who_is_expected_and_not_here_has_a_place() -> None:
    left = gone(replace(BILL, id="c5", user="bill"), MINUTE_MS)
    announced = an_appointment("appt-17", -60, "u1", "bill", "kim")
    kim = replace(announced, allow=(*announced.allow[:2], Listed("kim", "interpreter")))
    room = replace(a_room(people=(LEE, left)), appointment=kim)
    rows = people_of(room)
    assert [(row.name, row.presence) for row in rows] == [
        ("Dr Lee", "here"),
        ("kim", "expected"),
        ("Bill Buffalo", "left"),
    ]
    assert rows[1].details(NOW) == "interpreter · expected"
    assert rows[1].details(NOW + 5 * MINUTE_MS) == "interpreter · has not come"
    assert rows[1].spoken(NOW) == "kim, interpreter, expected"
    assert not rows[1].here
    assert only(replace(room, state="ended")) == ["Dr Lee", "Bill Buffalo"]


@pytest.mark.parametrize(
    ("users", "suffixes"),
    [
        (("user-1111", "user-2222"), ["1111", "2222"]),
        (("north-1234", "south-1234"), ["nort", "sout"]),
        (("anna@clinic.example", "anna@praxis.example"), ["anna@cli", "anna@pra"]),
        (("Anna", "Anna-2"), ["", "na-2"]),
        (("x" * 40 + "1" + "y" * 40, "x" * 40 + "2" + "y" * 40), ["y" * 32] * 2),
    ],
)
def test_as_much_of_the_id_as_tells_people_of_one_name_apart(users: tuple[str, str], suffixes: list[str]) -> None:
    people = [a_person(f"c{number}", "Anna", user=user) for number, user in enumerate(users)]
    assert [row.suffix for row in people_of(a_room(people=people))] == suffixes


@pytest.mark.parametrize("name", ["anna", "Anna ", "\uff21nna"])
def test_a_name_that_looks_like_another_is_told_apart_from_it(name: str) -> None:
    first = a_person("c1", "Anna", user="user-1111")
    room = a_room(people=(first, a_person("c2", name, user="user-2222")))
    assert [row.suffix for row in people_of(room)] == ["1111", "2222"]
