from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop.room.timeline_rows import newest_first, sign_of, timeline_row
from moderator.desktop.theme.resources import resource
from moderator.domain.events import (
    KINDS,
    Actor,
    DeadlineExtended,
    DisconnectFailed,
    DisconnectRequested,
    MessageRequested,
    RoomLocked,
    StreamUpdated,
    Unknown,
    WarningRaised,
)
from moderator.domain.ids import EventId
from moderator.domain.kinds import StreamKind
from tests.fakes.builders import DAY, a_decision, a_fact, joined, left, published
from tests.fakes.desktop import a_person, a_room

BILL = replace(joined("c2", DAY, name="bill"), seq=1)
WARNED = replace(a_decision(WarningRaised(deadline_version=1, threshold_ms=300_000), DAY + 1000), seq=2)


def test_every_kind_has_an_icon_that_is_there() -> None:
    events = [a_decision(Unknown(unknown_kind=kind)) for kind in [*KINDS, "of_a_newer_gateway"]]
    assert all(resource(f"icons/{sign_of(event).icon}.svg") for event in events)


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


def test_a_row_is_read_out_with_its_time() -> None:
    assert timeline_row(BILL, None).spoken == f"{clock_time(DAY)}, bill joined"
    assert timeline_row(replace(BILL, late=True), None).spoken == f"{clock_time(DAY)}, bill joined, reported late"


def test_what_is_shared_has_the_sign_of_its_medium() -> None:
    media: list[StreamKind] = ["camera", "microphone", "screen", "custom"]
    shown = [sign_of(published("c2", "s", DAY, kind=medium)).icon for medium in media]
    assert shown == ["video", "mic", "screen-share", "radio"]
    changed = [a_fact(StreamUpdated(participant="c2", stream="s", muted=muted), DAY) for muted in (True, False)]
    assert [sign_of(one).icon for one in changed] == ["mic-off", "mic"]


def test_who_came_stands_before_what_they_share_also_where_that_is_dated_in_whole_seconds() -> None:
    """However it arrives, and whosever clock is ahead: the list is newest first."""
    room = a_room(people=[a_person("c2", "Bill", joined_at=DAY + 350)])
    came = replace(joined("c2", DAY + 350, name="Bill"), seq=2, recorded_at=DAY + 300)
    shares = replace(published("c2", "s", DAY), seq=1, recorded_at=DAY + 290)
    rows = newest_first(timeline_row(one, room) for one in (came, shares))
    assert [row.text for row in rows] == ["Bill shares a camera", "Bill joined"]
    assert [row.time for row in rows] == [clock_time(DAY)] * 2


def test_a_command_stands_before_its_effect_also_where_that_is_dated_in_whole_seconds() -> None:
    room = a_room(people=[a_person("c2", "Bill")])
    order = DisconnectRequested(participant="c2", reason="conduct")
    asked = replace(a_decision(order, DAY + 400), seq=1, recorded_at=DAY + 400)
    gone = replace(left("c2", DAY), seq=2, recorded_at=DAY + 700)
    much_later = replace(left("c2", DAY), seq=3, recorded_at=DAY + 90_000)
    for effect in (gone, much_later):
        rows = newest_first(timeline_row(one, room) for one in (asked, effect))
        assert [row.text for row in rows] == ["Bill left", "Bill is being disconnected by Anna: conduct"]


def test_a_name_at_the_beginning_stays_as_it_is_written() -> None:
    told = MessageRequested(text="5 minutes left")
    by_name, by_rule = a_decision(told, by=Actor("moderator", "m", "maya")), a_decision(told, by=Actor("policy"))
    locked = a_decision(RoomLocked(), by=Actor("moderator", "m", "maya"))
    texts = [timeline_row(event, None).text for event in (by_name, by_rule, locked)]
    assert texts == ["maya wrote: 5 minutes left", "The room was told: 5 minutes left", "maya locked the room"]
