"""Calendars: names, times in their zones, what recurs, and what cannot be an appointment."""

from datetime import UTC, datetime

import pytest

from moderator.client.appointment_files import BadFile, Parsed
from moderator.client.calendar_files import parse_calendar
from moderator.domain.announcements import Listed

NOW = int(datetime(2026, 10, 20, 12, tzinfo=UTC).timestamp() * 1000)
ZONE = """BEGIN:VTIMEZONE
TZID:Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def event(*lines: str, uid: str = "abc") -> str:
    own = [f"UID:{uid}"] if uid else []
    return "\n".join(["BEGIN:VEVENT", *own, *lines, "END:VEVENT", ""])


def parsed(*events: str, **options: str) -> Parsed:
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n" + ZONE + "".join(events) + "END:VCALENDAR\n"
    return parse_calendar(text, NOW, **options)  # type: ignore[arg-type]


def at(day: int, hour: int, month: int = 10) -> int:
    return int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp() * 1000)


def names(found: Parsed) -> list[str]:
    assert found.bad == ()
    return [row.announcement.name for row in found.rows]


def test_an_event_is_an_appointment() -> None:
    found = parsed(
        event(
            "SUMMARY:Dr Lee",
            "DTSTART;TZID=Berlin:20261021T100000",
            "DTEND;TZID=Berlin:20261021T104500",
            "X-MODERATOR-TYPE:visit",
            "X-MODERATOR-ROOM:2_MX4x",
            "ATTENDEE;CN=Lee;X-MODERATOR-USER=u1;X-MODERATOR-ROLE=doctor:mailto:lee@example.org",
            "ATTENDEE;ROLE=REQ-PARTICIPANT:MAILTO:bill@example.org",
            "ATTENDEE:mailto:bill@example.org",
            "ATTENDEE;CUTYPE=ROOM:mailto:room7@example.org",
        )
    )
    (row,) = found.rows
    one = row.announcement
    assert (one.name, one.starts_at, one.duration_ms) == ("abc", at(21, 8), 45 * 60_000)
    assert (one.type, one.room) == ("visit", "2_MX4x")
    assert one.allow == (Listed("u1", "doctor"), Listed("bill@example.org"))


def test_the_name_is_the_one_asked_for() -> None:
    lines = ("SUMMARY:Dr Lee", "DTSTART:20261021T100000Z")
    assert names(parsed(event(*lines))) == ["abc"]
    assert names(parsed(event(*lines), name_from="summary")) == ["Dr Lee"]
    assert names(parsed(event(*lines, "X-MODERATOR-NAME:appt-1"))) == ["appt-1"]


def test_what_recurs_is_one_appointment_each_time_at_the_hour_that_clocks_show() -> None:
    found = parsed(event("DTSTART;TZID=Berlin:20261012T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=5"))
    assert names(found) == ["abc-20261026T090000Z", "abc-20261102T090000Z", "abc-20261109T090000Z"]
    assert [row.announcement.starts_at for row in found.rows] == [at(26, 9), at(2, 9, 11), at(9, 9, 11)]
    before = parsed(event("DTSTART;TZID=Berlin:20261013T100000", "RRULE:FREQ=WEEKLY;COUNT=3"))
    assert names(before) == ["abc-20261020T080000Z", "abc-20261027T090000Z"], "summer time ended in between"


def test_what_recurs_for_good_is_read_for_a_month() -> None:
    found = parsed(event("DTSTART:20200101T120000Z", "RRULE:FREQ=DAILY"))
    assert len(found.rows) == 33
    assert names(found)[0] == "abc-20261019T120000Z"
    assert names(found)[-1] == "abc-20261120T120000Z"


def test_times_that_were_left_out_added_and_moved() -> None:
    weekly = event(
        "DTSTART:20261021T100000Z",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE:20261028T100000Z",
        "RDATE:20261030T100000Z",
    )
    moved = event("RECURRENCE-ID:20261104T100000Z", "DTSTART:20261105T150000Z")
    cancelled = event("RECURRENCE-ID:20261111T100000Z", "DTSTART:20261111T100000Z", "STATUS:CANCELLED")
    found = parsed(weekly, moved, cancelled)
    assert names(found) == ["abc-20261021T100000Z", "abc-20261030T100000Z", "abc-20261104T100000Z"]
    assert found.rows[-1].announcement.starts_at == at(5, 15, 11)
    assert found.left_out == 1


def test_what_is_over_or_cancelled_is_left_out() -> None:
    found = parsed(
        event("DTSTART:20261001T100000Z"),
        event("DTSTART:20261101T100000Z", "STATUS:CANCELLED", uid="x"),
        event("DTSTART:20261020T100000Z", uid="today"),
    )
    assert (names(found), found.left_out) == (["today"], 2)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["SUMMARY:x"], "it has no DTSTART"),
        (["DTSTART:20261021T100000Z", "DTEND;VALUE=DATE:20261022"], "it has a time and a day without one"),
        (["DTSTART:20300101T100000Z"], "DTSTART: 2030-01-01T10:00:00+00:00 is more than two years ahead"),
        (["DTSTART:20261021T100000"], "say in which time zone"),
        (["DTSTART:2026garbage"], "2026garbage"),
        (["DTSTART:20261021T100000Z", "DTEND:20261021T100000Z"], "it ends before it begins"),
        (["DTSTART:20261021T100000Z", "DURATION:-PT1H"], "it ends before it begins"),
        (["DTSTART:20261021T100000Z", "RRULE:FREQ=SECONDLY"], "more often than every hour"),
        (["DTSTART:20261021T100000Z", "RRULE:FREQ=HOURLY;BYMINUTE=0,20,40"], "more than 1000 times"),
        (["DTSTART:20261021T100000Z", "RRULE:FREQ=SOMETIMES"], "SOMETIMES"),
    ],
)
def test_what_is_no_appointment_is_named_with_its_line(lines: list[str], said: str) -> None:
    found = parsed(event("DTSTART:20261021T100000Z", uid="good"), event(*lines))
    assert [row.announcement.name for row in found.rows] == ["good"]
    (bad,) = found.bad
    assert (bad.line, said in bad.why) == (23, True), bad


def test_whole_days_are_counted_and_left_out() -> None:
    holidays = (
        event("DTSTART;VALUE=DATE:20261021", uid="x"),
        event("DTSTART;VALUE=DATE:20261021", "RRULE:FREQ=YEARLY", uid="y"),
    )
    found = parsed(*holidays, event("DTSTART:20261021T100000Z"))
    assert (names(found), found.whole_days, found.left_out) == (["abc"], 2, 0)


def test_a_name_is_needed_and_stands_once() -> None:
    nameless = parsed(event("DTSTART:20261021T100000Z", uid=""))
    assert [bad.why for bad in nameless.bad] == ["it has no UID to be its name"]
    twice = parsed(event("DTSTART:20261021T100000Z"), event("DTSTART:20261022T100000Z"))
    assert [bad.why for bad in twice.bad] == ["abc stands in line 19 already"]


@pytest.mark.parametrize("text", ["", "name,starts_at\n", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"])
def test_a_file_that_is_no_calendar(text: str) -> None:
    with pytest.raises(BadFile, match="this is no calendar"):
        parse_calendar(text, NOW)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["DTSTART:20261021T080000Z", "RRULE:FREQ=DAILY;INTERVAL=0"], "INTERVAL"),
        (["DTSTART:00010101T080000Z", "RRULE:FREQ=DAILY"], ""),
        (["DTSTART:19000101T080000Z", "RRULE:FREQ=DAILY"], "50 years"),
        (["DTSTART:20261021T080000Z", f"RRULE:FREQ=DAILY;BYSECOND={','.join(map(str, range(60)))}"], "twelve times"),
        (["DTSTART:20261021T080000Z", "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=31"], "some days only"),
        (["DTSTART:99991231T235959Z", "DTEND:99991231T235959Z"], ""),
        (["DTSTART:20261021T080000Z", "DURATION:P" + "9" * 20 + "D"], ""),
    ],
)
def test_what_would_be_counted_without_end_or_has_no_date_is_a_bad_row(lines: list[str], said: str) -> None:
    found = parsed(event(*lines), event("DTSTART:20261021T080000Z", uid="good"))
    assert [row.announcement.name for row in found.rows] == ["good"]
    (bad,) = found.bad
    assert said in bad.why


def test_a_file_of_hourly_rules_from_long_ago_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderator.client.calendar_files.MOST_COUNTED", 2000)
    hourly = [event("DTSTART:20260920T080000Z", "RRULE:FREQ=HOURLY", uid=f"e{n}") for n in range(5)]
    found = parsed(*hourly)
    assert len(found.bad) == 4
    assert "too long ago" in found.bad[0].why


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["DTSTART:20261021T080000Z", "DTSTART:20261021T090000Z"], "twice"),
        (["DTSTART;VALUE=TEXT:tomorrow"], "another kind"),
        (["DTSTART:20261021T080000Z", "DURATION:PT45M", "DURATION:PT50M"], "twice"),
        (["DTSTART:20261021T080000Z", "RRULE:BYDAY=MO"], "another kind"),
        (["DTSTART:20261021T080000Z", "UID:another"], "its UID stands there twice"),
        (["DTSTART:20261021T080000Z", "X-MODERATOR-ROOM:a", "X-MODERATOR-ROOM:b"], "its X-MODERATOR-ROOM stands"),
    ],
)
def test_what_stands_twice_or_is_of_another_kind_is_said(lines: list[str], why: str) -> None:
    found = parsed(event(*lines), event("DTSTART:20261021T080000Z", uid="well"))
    assert [row.announcement.name for row in found.rows] == ["well"]
    (bad,) = found.bad
    assert why in bad.why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261021T080000Z\n", "does not end"),
        ("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:a\nTZID:b\nEND:VTIMEZONE\nEND:VCALENDAR\n", "stands twice"),
    ],
)
def test_a_file_that_breaks_off_is_no_calendar(text: str, why: str) -> None:
    with pytest.raises(BadFile, match=why):
        parse_calendar(text, NOW)


def test_a_description_may_hold_the_words_that_an_event_begins_with() -> None:
    described = event("DESCRIPTION:the file says", " BEGIN:VEVENT", "DTSTART:20261021T080000Z")
    assert [row.line for row in parsed(described, event("DTSTART:20261021T080000Z", uid="two")).rows] == [19, 25]
