from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.room.timeline_rows import is_shown, newest_first, sign_of, timeline_row, timeline_text
from moderator.desktop.theme.resources import resource
from moderator.domain.events import (
    KINDS,
    Actor,
    DeadlineExtended,
    DeadlineReported,
    DisconnectFailed,
    ExtensionConfirmed,
    ParticipantLeft,
    WarningRaised,
)
from moderator.domain.ids import EventId
from tests.fakes.builders import DAY, a_decision, a_fact, joined, left
from tests.fakes.desktop import a_room

BILL = replace(joined("c2", DAY, name="bill"), seq=1)
WARNED = replace(a_decision(WarningRaised(deadline_version=1, threshold_ms=300_000), DAY + 1000), seq=2)


def test_every_kind_has_an_icon_that_is_there() -> None:
    assert all(resource(f"icons/{sign_of(kind).icon}.svg") for kind in [*KINDS, "of_a_newer_gateway"])


def test_a_failure_is_marked_as_one() -> None:
    failed = a_decision(DisconnectFailed(command=EventId("x"), why="the platform is slow"))
    assert (timeline_row(failed, None).sign.level, timeline_row(failed, None).sign.icon) == ("critical", "circle-alert")


def test_a_sentence_begins_large_but_a_name_stays_as_its_owner_writes_it() -> None:
    assert timeline_row(WARNED, None).text == "5:00 left"
    assert timeline_row(BILL, None).text == "bill joined"
    extended = a_decision(DeadlineExtended(version=2, seconds=60), by=Actor("moderator", "m1", "ana"))
    assert timeline_row(extended, None).text == "ana added 1:00"
    assert timeline_row(a_decision(KINDS["enforcement_resumed"](), 0), None).text.startswith("Automatic")


def test_what_was_reported_late_is_marked_apart_from_the_sentence() -> None:
    row = timeline_row(replace(BILL, late=True), None)
    assert (row.text, row.late) == ("bill joined", True)


def test_newest_first_each_event_once() -> None:
    first, second = timeline_row(BILL, None), timeline_row(WARNED, None)
    assert newest_first([first, second, first]) == [second, first]


def test_what_was_reported_late_stands_where_it_happened() -> None:
    gone = timeline_row(replace(joined("c3", DAY - 60_000, name="zoe"), seq=9, late=True), None)
    assert [row.text for row in newest_first([timeline_row(BILL, None), gone, timeline_row(WARNED, None)])] == [
        *("5:00 left", "bill joined", "zoe joined")
    ]


def test_at_one_time_the_log_says_what_came_first() -> None:
    rows = [timeline_row(replace(WARNED, at=DAY, recorded_at=DAY), None), timeline_row(BILL, None)]
    assert [row.text for row in newest_first(rows)] == ["5:00 left", "bill joined"]


def test_events_of_one_entry_keep_their_order() -> None:
    same = replace(WARNED, seq=1, at=DAY, recorded_at=DAY)
    rows = [timeline_row(BILL, None, 0), timeline_row(same, None, 1)]
    assert [row.text for row in newest_first(rows)] == ["5:00 left", "bill joined"]


def test_the_text_to_pass_on_tells_the_story_from_its_beginning() -> None:
    rows = newest_first([timeline_row(BILL, None), timeline_row(replace(WARNED, late=True), None)])
    assert timeline_text(a_room(), rows) == (
        "cardio-14 (clinic/cardio-14)\n"
        f"{clock_time(DAY)}  bill joined\n"
        f"{clock_time(DAY + 1000)}  5:00 left (reported late)\n"
    )


def test_the_end_that_a_platform_tells_again_and_again_is_told_once() -> None:
    told = [timeline_row(a_fact(DeadlineReported(ends_at=DAY + 60_000), DAY + at), None) for at in (0, 5, 9)]
    moved = timeline_row(a_fact(DeadlineReported(ends_at=DAY + 90_000), DAY + 20), None)
    assert len(newest_first([*told, moved])) == 2


def test_what_nobody_has_to_read_is_left_out() -> None:
    machine = a_fact(ParticipantLeft(participant="PA_bot", machine=True), DAY)
    said_already = a_decision(ExtensionConfirmed(command=EventId("c")))
    assert [is_shown(one) for one in (machine, said_already, left("c3", DAY), BILL)] == [False, False, True, True]
