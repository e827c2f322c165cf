import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.desktop.room_status import RANK, room_status, threshold_word
from moderator.domain.rooms import ReportedEnd, Room
from tests.fakes.desktop import NOW, a_person, a_room, a_violation, limits

TABLE: list[tuple[str, Room, str, str]] = [
    ("plenty of time", a_room(left_s=301), "normal", "On time"),
    ("the first threshold, to the millisecond", a_room(left_s=300), "warn", "Last 5 minutes"),
    ("between two", a_room(left_s=61), "warn", "Last 5 minutes"),
    ("the second", a_room(left_s=60), "critical", "Last minute"),
    ("the last", a_room(left_s=20), "critical", "Last 20 seconds"),
    ("the very end", a_room(left_s=0), "critical", "Time is up"),
    ("over time", a_room(left_s=-133), "critical", "Time is up"),
    ("no deadline yet", a_room(left_s=None), "info", "Waiting"),
    ("no type", a_room(left_s=None, rules=None), "normal", "No limit"),
    (
        "the platform told of no end",
        replace(a_room(left_s=None), reported_end=ReportedEnd(NOW, "e")),
        "normal",
        "No limit",
    ),
    ("nobody, no deadline", a_room(left_s=None, people=[]), "info", "Empty"),
    ("nobody, the clock runs on", a_room(left_s=1800, people=[]), "info", "Empty"),
    ("nobody, and it ends soon", a_room(left_s=59, people=[]), "critical", "Last minute"),
    ("one too many", a_room(violations=[a_violation("bill")]), "critical", "Over size"),
    ("a violation matters more than time", a_room(left_s=250, violations=[a_violation("x")]), "critical", "Over size"),
    (
        "somebody who may not be there",
        a_room(violations=[replace(a_violation("x"), policy="of a newer gateway")]),
        "critical",
        "Not allowed",
    ),
    ("not listed", a_room(violations=[a_violation("x", policy="allow_list")]), "critical", "Not on the list"),
    ("a wrong share", a_room(violations=[a_violation("x", policy="screen_share")]), "critical", "Wrong share"),
    (
        "the gravest of several",
        a_room(violations=[a_violation("x", policy="screen_share"), a_violation("y", policy="lock")]),
        "critical",
        "Not let in",
    ),
    ("ended", a_room(left_s=-5, state="ended", violations=[a_violation("x")]), "info", "Ended"),
]


@pytest.mark.parametrize(("room", "level", "word"), [case[1:] for case in TABLE], ids=[case[0] for case in TABLE])
def test_the_state_that_matters_most(room: Room, level: str, word: str) -> None:
    status = room_status(room, NOW)
    assert (status.level, status.word) == (level, word)


@pytest.mark.parametrize(("room", "level"), [(case[1], case[2]) for case in TABLE], ids=[case[0] for case in TABLE])
def test_what_is_not_normal_is_told_by_an_icon_too(room: Room, level: str) -> None:
    assert bool(room_status(room, NOW).icon) == (level != "normal")


@pytest.mark.parametrize("room", [a_room(), a_room(left_s=-1), a_room(violations=[a_violation("x")])])
def test_what_is_out_of_date_says_so_whatever_it_shows(room: Room) -> None:
    status = room_status(room, NOW, stale="22 s")
    assert (status.level, status.word) == ("stale", "Stale 22 s")


def test_a_room_that_ended_cannot_be_out_of_date() -> None:
    assert room_status(a_room(state="ended"), NOW, stale="22 s").word == "Ended"


def test_the_only_threshold_is_the_last_one() -> None:
    room = a_room(left_s=59)
    assert room.deadline is not None
    assert room_status(replace(room, deadline=replace(room.deadline, warn_ms=(60_000,))), NOW).level == "critical"
    assert room_status(replace(room, deadline=replace(room.deadline, warn_ms=())), NOW).word == "On time"


@pytest.mark.parametrize(
    ("threshold_ms", "word"),
    [(300_000, "5 minutes"), (60_000, "1 minute"), (20_000, "20 seconds"), (1_000, "1 second"), (90_000, "90 seconds")],
)
def test_a_threshold(threshold_ms: int, word: str) -> None:
    assert threshold_word(threshold_ms) == word


thresholds = st.lists(st.integers(1, 900_000), max_size=5).map(tuple)


@given(
    thresholds,
    st.integers(-1_000_000, 1_000_000),
    st.integers(0, 1_000_000),
    st.integers(0, 2),
    st.booleans(),
)
def test_as_time_passes_a_deadline_never_gets_calmer(
    warn_ms: tuple[int, ...], now: int, later: int, people: int, violated: bool
) -> None:
    room = a_room(
        people=[a_person(str(number)) for number in range(people)],
        violations=[a_violation("x")] if violated else [],
        rules=limits(),
    )
    assert room.deadline is not None
    room = replace(room, deadline=replace(room.deadline, ends_at=0, warn_ms=warn_ms))
    before, after = room_status(room, now), room_status(room, now + later)
    assert RANK[after.level] <= RANK[before.level]
