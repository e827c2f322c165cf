"""Who has not come to an appointment."""

from moderator.client.texts import clock_time
from moderator.desktop.alerts.absence_alerts import absence_alerts
from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.upcoming.agenda import Agenda
from moderator.desktop.upcoming.coming import Coming
from moderator.domain.attendance import Attendance
from tests.fakes.desktop import NOW, FakeStore, an_appointment

STARTED = NOW - 400_000
AT = clock_time(STARTED, with_seconds=False)


def missed(*missing: str, state: str = "live", certain: bool = True) -> Coming:
    appointment = an_appointment("appt-17", -400, "bill", "lee", "kim", "ana")
    found = Attendance(
        source="clinic",
        name="appt-17",
        type="",
        starts_at=STARTED,
        duration_ms=None,
        ends_at=None,
        allow=appointment.allow,
        state=state,  # type: ignore[arg-type]  # a state
        room="r1" if state == "live" else "",
        instance="0" if state == "live" else "",
        missing=missing,
    )
    return Coming(attendance=found, certain=certain, names={"bill": "Bill"})


def said(*coming: Coming) -> list[str]:
    return [one.text for one in absence_alerts(coming)]


def test_who_is_missing_is_named() -> None:
    assert said(missed("bill")) == [f"Bill has not come: it was to begin at {AT}."]
    assert said(missed("bill", "lee")) == [f"Bill, lee have not come: it was to begin at {AT}."]
    assert said(missed("bill", "lee", "kim", "ana"))[0].startswith("Bill, lee, kim and 1 more have not come")
    assert said(missed("bill", state="missed")) == [f"Nobody has come: it was to begin at {AT}."]


def test_nothing_is_claimed_that_is_not_known() -> None:
    assert said(missed(), missed("bill", state="missed", certain=False), missed("lee", state="over")) == []


def test_it_is_calm_and_opens_the_room_that_there_is() -> None:
    in_room, nowhere = absence_alerts([missed("bill"), missed("bill", state="missed")])
    assert {in_room.level, nowhere.level} == {"info"}
    assert [action.label for action in in_room.actions] == ["Open"]
    assert (nowhere.actions, nowhere.room) == ((), None)


def test_who_comes_late_does_not_bring_a_dismissed_alert_back() -> None:
    first, later = (next(absence_alerts([missed(*who)])) for who in (("bill", "lee"), ("lee",)))
    assert first.id == later.id


def test_the_board_tells_when_the_time_has_come(store: FakeStore) -> None:
    board, agenda = AlertBoard(store), Agenda(store)
    board.follow(agenda)
    store.announce(an_appointment("appt-17", 1800, "bill"))
    assert not board.alerts
    store.time.elapse(1800_000 + 299_000)
    agenda.second()
    assert not board.alerts
    store.time.elapse(5_000)
    agenda.second()
    assert [(one.kind, one.title) for one in board.alerts] == [("absence", "appt-17")]
    board.dismiss(board.alerts[0])
    store.time.elapse(60_000)
    agenda.second()
    assert not board.alerts
