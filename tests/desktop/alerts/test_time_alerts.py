import pytest
from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.time_alerts import time_alerts
from moderator.domain.rooms import Person, Room
from tests.fakes.desktop import MAYA, NOW, a_person, a_room, a_warning, limits

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


def test_the_first_warning_is_the_owners_and_the_second_everybodys() -> None:
    room = a_room(left_s=271, warnings=[a_warning(300)], owner=ANA)
    assert alerts(room) == []
    assert len(alerts(replace(room, owner=Person("maya")))) == 1
    assert len(alerts(replace(room, warnings=(a_warning(60),)))) == 1


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
