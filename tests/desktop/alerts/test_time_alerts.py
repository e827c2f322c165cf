import pytest
from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.interrupting import Interruption
from moderator.desktop.alerts.time_alerts import next_change, time_alerts
from moderator.domain.rooms import Person, Room
from tests.fakes.desktop import MAYA, NOW, a_person, a_room, a_warning, an_appointment, limits

ANA = Person("ana", "Ana")


def alerts(room: Room, *, now_ms: int = NOW, held: bool = False) -> list[Alert]:
    return list(time_alerts(room, MAYA, now_ms, held=held))


def test_a_warning_says_when_and_for_how_many() -> None:
    room = a_room("cardio-14", left_s=47, warnings=[a_warning(60)])
    (alert,) = alerts(room)
    ends_at = clock_time(NOW + 47_000, with_seconds=False)
    assert (alert.title, alert.text) == ("cardio-14", f"Ends at {ends_at} and disconnects 2 people.")
    assert (alert.level, alert.icon, alert.moment) == ("critical", "alarm-clock", NOW + 47_000)
    assert [action.label for action in alert.actions] == ["+5 min", "Acknowledge", "Open"]


def test_the_tightest_warning_speaks_for_the_room() -> None:
    room = a_room(left_s=47, warnings=[a_warning(300), a_warning(60)])
    assert [alert.acknowledge[0].warning for alert in alerts(room)] == ["1-60000"]


@pytest.mark.parametrize(
    "room",
    [
        a_room(left_s=47, warnings=[a_warning(60, by="maya")]),
        a_room(left_s=47, warnings=[a_warning(300), a_warning(60, by="maya")]),
        a_room(left_s=900, version=2, warnings=[a_warning(60)]),
        a_room(left_s=47, warnings=[a_warning(60)], state="ended"),
        a_room(left_s=None),
        a_room(left_s=250),
        a_room(left_s=-5, people=()),
    ],
    ids=["acknowledged", "the tightest acknowledged", "extended", "ended", "no deadline", "not raised", "nobody there"],
)
def test_nothing_to_say(room: Room) -> None:
    assert alerts(room) == []


def test_anothers_room_stands_in_the_list_until_nobody_answers() -> None:
    room = a_room("cardio-14", left_s=271, warnings=[a_warning(300)], owner=ANA)
    (note,) = alerts(room, now_ms=NOW + 19_999)
    assert (note.level, note.interruption) == ("info", None)
    assert note.text.startswith("Ana looks after it. Ends at ")
    (call,) = alerts(room, now_ms=NOW + 20_000)
    assert (call.level, call.interruption) == ("warn", Interruption("first", is_ours=False))
    assert call.text.startswith("Nobody has answered for 20 s: Ana looks after it. Ends at ")
    assert note.id != call.id, "a note that was dismissed keeps no call for help away"


def test_who_does_not_answer_for_long_is_said_in_minutes() -> None:
    first = a_warning(300, raised_at=NOW - 241_000)
    room = a_room(left_s=59, warnings=[first, a_warning(60)], owner=ANA)
    assert alerts(room)[0].text.startswith("Nobody has answered for 4 min: Ana looks after it.")


def test_ones_own_room_and_nobodys_interrupt_at_once() -> None:
    room = a_room(left_s=47, warnings=[a_warning(60)])
    (nobodys,) = alerts(room)
    (own,) = alerts(replace(room, owner=Person("maya")))
    assert nobodys.interruption == Interruption("later", is_ours=False)
    assert own.interruption == Interruption("later", is_ours=True)
    assert (own.id, own.text) == (nobodys.id, nobodys.text)


@pytest.mark.parametrize("owner", [None, ANA, Person("maya")], ids=lambda one: one and one.id)
def test_who_answered_is_said_to_everybody_else(owner: Person | None) -> None:
    seen = replace(a_warning(60, by="ana"), acknowledged_by_name="Ana", acknowledged_at=NOW - 10_000)
    (alert,) = alerts(a_room(left_s=47, warnings=[seen], owner=owner))
    at = clock_time(NOW - 10_000, with_seconds=False)
    assert alert.text.startswith(f"Ana acknowledged it at {at}. Ends at ")
    assert (alert.level, alert.interruption, alert.acknowledge) == ("info", None, ())


def test_a_gateway_that_tells_no_name_of_who_answered() -> None:
    (alert,) = alerts(a_room(left_s=47, warnings=[a_warning(60, by="ana")]))
    assert alert.text.startswith("ana has acknowledged it. ")


def test_time_up_in_anothers_room_interrupts_when_it_stays_so() -> None:
    seen = a_warning(20, by="ana")
    room = a_room(left_s=0, warnings=[seen], owner=ANA)
    (note,) = alerts(room)
    assert (note.kind, note.level, note.interruption) == ("time_up", "info", None)
    (call,) = alerts(room, now_ms=NOW + 20_000)
    assert (call.level, call.interruption) == ("critical", Interruption("last", is_ours=False))


@pytest.mark.parametrize(
    ("room", "expected_s"),
    [
        (a_room(left_s=900), [900, 920, None]),
        (a_room(left_s=271, warnings=[a_warning(300)]), [20, 271, 291, None]),
        (a_room(left_s=271, warnings=[a_warning(300, by="ana")]), [271, 291, None]),
        (a_room(left_s=None), [None]),
        (a_room(left_s=900, state="ended"), [None]),
    ],
    ids=["not warned", "warned", "answered", "no deadline", "ended"],
)
def test_when_there_is_something_else_to_say(room: Room, expected_s: list[int | None]) -> None:
    moments: list[int | None] = []
    now_ms = NOW
    while (moment := next_change(room, now_ms)) is not None:
        moments.append((moment - NOW) // 1000)
        now_ms = moment
    assert [*moments, None] == expected_s


def test_the_next_appointment_is_told_where_the_usual_extension_runs_into_it() -> None:
    booked = an_appointment("gp-19", 200)
    room = replace(a_room(left_s=47, warnings=[a_warning(60)]), next_appointment=booked)
    begins = clock_time(booked.starts_at, with_seconds=False)
    assert alerts(room)[0].text.endswith(f"gp-19 begins at {begins} in this room.")
    assert "gp-19" not in alerts(replace(room, next_appointment=an_appointment("gp-19", 1800)))[0].text


def test_time_is_up_takes_the_warnings_place() -> None:
    room = a_room(left_s=10, warnings=[a_warning(20)])
    assert [alert.kind for alert in alerts(room)] == ["warning"]
    assert [alert.kind for alert in alerts(room, now_ms=NOW + 10_000)] == ["time_up"]


@pytest.mark.parametrize(
    ("room", "held", "said"),
    [
        (a_room(left_s=-1), False, "Time is up. 2 people are disconnected in a moment."),
        (a_room(left_s=-1, expired=True), False, "Time is up. 2 people are disconnected now."),
        (
            a_room(left_s=-1, people=[a_person("lee")]),
            True,
            "Time is up. Disconnects are paused: 1 person stays.",
        ),
        (
            a_room(left_s=-1, rules=limits(on_expiry="alert")),
            False,
            "Time is up. Nobody disconnects the 2 people: it is your turn.",
        ),
        (
            a_room(left_s=-1, rules=limits(mode="observe")),
            False,
            "Time is up. Nobody disconnects the 2 people: it is your turn.",
        ),
    ],
)
def test_what_happens_when_time_is_up(room: Room, held: bool, said: str) -> None:
    assert [alert.text for alert in alerts(room, held=held)] == [said]


@pytest.mark.parametrize(
    ("room", "held", "said"),
    [
        (a_room(left_s=47, warnings=[a_warning(60)], rules=limits(on_expiry="alert")), False, "you are told"),
        (a_room(left_s=47, warnings=[a_warning(60)]), True, "everybody stays"),
    ],
)
def test_a_warning_says_what_will_happen(room: Room, held: bool, said: str) -> None:
    assert said in alerts(room, held=held)[0].text


def test_an_end_that_the_platform_keeps_is_its_own_to_enforce() -> None:
    """Also while automatic disconnects are paused here: it does not know of that."""
    room = replace(a_room(left_s=47, warnings=[a_warning(60)], rules=limits(on_expiry="alert")), provider="stream")
    assert room.deadline
    kept = replace(room, deadline=replace(room.deadline, kept_by="provider"), deadline_is_platforms=True)
    ends_at = clock_time(NOW + 47_000, with_seconds=False)
    assert alerts(kept, held=True)[0].text == f"Stream ends it at {ends_at} and disconnects 2 people."
    late = alerts(kept, now_ms=NOW + 48_000, held=True)
    assert [one.text for one in late] == ["Time is up. Stream disconnects 2 people by itself."]


def test_a_room_that_is_ended_when_time_is_up_cuts_people_off() -> None:
    room = a_room(left_s=-1, rules=limits(on_expiry="end"))
    assert [one.text for one in alerts(room)] == ["Time is up. 2 people are disconnected in a moment."]


def test_another_version_is_another_alert() -> None:
    first = alerts(a_room(left_s=47, warnings=[a_warning(60)]))[0]
    second = alerts(a_room(left_s=47, version=2, warnings=[a_warning(60, version=2)]))[0]
    third = alerts(a_room(left_s=47, warnings=[a_warning(60)], instance="1"))[0]
    assert len({first.id, second.id, third.id}) == 3
