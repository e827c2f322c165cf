"""Tables of appointments: what is read, and what is said of what cannot be."""

import pytest

from moderator.client.appointment_files import BadFile, Parsed, parse_csv
from moderator.client.appointments import Announcement
from moderator.domain.announcements import Listed
from moderator.domain.durations import parse_duration_ms

HEAD = "name,starts_at,duration,ends_at,type,room,allow"
HOUR_MS = 3_600_000
NOON_MS = 1_777_629_600_000
"""2026-05-01T10:00:00Z"""
NOW_MS = NOON_MS - HOUR_MS


def parsed(*lines: str, head: str = HEAD) -> Parsed:
    return parse_csv("\n".join((head, *lines)), parse_duration_ms, NOW_MS)


def the_one(line: str) -> Announcement:
    found = parsed(line)
    assert found.bad == ()
    return found.rows[0].announcement


def why(line: str) -> str:
    found = parsed(line)
    assert found.rows == ()
    (bad,) = found.bad
    assert bad.line == 2
    return bad.why


def test_a_whole_row() -> None:
    assert the_one(
        "appt-17,2026-05-01T12:00:00+02:00,45m,,visit,2_MX4x,u1:doctor; u2 ;urn:x:3:patient"
    ) == Announcement(
        name="appt-17",
        starts_at=NOON_MS,
        duration_ms=45 * 60_000,
        type="visit",
        room="2_MX4x",
        allow=(Listed("u1", "doctor"), Listed("u2"), Listed("urn:x:3", "patient")),
    )


@pytest.mark.parametrize("text", ["2026-05-01T10:00:00Z", "2026-05-01 10:00+00:00", str(NOON_MS)])
def test_ways_to_write_a_time(text: str) -> None:
    assert the_one(f"a,{text},,,,,").starts_at == NOON_MS


@pytest.mark.parametrize(
    ("cells", "duration_ms"), [(",", None), ("90s,", 90_000), (f",{NOON_MS + HOUR_MS}", HOUR_MS), ("1.5h,", 5_400_000)]
)
def test_ways_to_write_how_long(cells: str, duration_ms: int | None) -> None:
    assert the_one(f"a,{NOON_MS},{cells},,,").duration_ms == duration_ms


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",2026-05-01T10:00:00Z,,,,,", "it has no name"),
        ("a,,,,,,", "starts_at: '' is no time"),
        ("a,tomorrow,,,,,", "starts_at: 'tomorrow' is no time"),
        ("a,2026-05-01T10:00:00,,,,,", "starts_at: say in which time zone"),
        ("a,1777629600,,,,,", "starts_at: a number is of milliseconds since 1970"),
        (f"a,{NOON_MS},an hour,,,,", "'an hour' is not a duration"),
        (f"a,{NOON_MS},0s,,,,", "it ends before it begins"),
        (f"a,{NOON_MS},,{NOON_MS},,,", "it ends before it begins"),
        (f"a,{NOON_MS},1h,{NOON_MS + 1},,,", "it has a duration and an end"),
        (f"a,{NOON_MS},,,,,:doctor", "allow: ':doctor' names nobody"),
        ("a,2032-01-01T10:00+01:00,,,,,", "starts_at: 2032-01-01T10:00+01:00 is more than two years ahead"),
        ("a,1956564000000,,,,,", "starts_at: 1956564000000 (2032-01-01 10:00 UTC) is more than two years ahead"),
        ("a,2026-04-01 10:00Z,,,,,", "starts_at: 2026-04-01 10:00Z is more than a day ago"),
        ("a,99999999999999,,,,,", "starts_at: 99999999999999 (5138-11-16 09:46 UTC) is more than two"),
        (f"a,{NOON_MS},8d,,,,", "it takes over seven days"),
        (f"a,{NOON_MS},5ms,,,,", "it takes less than a second"),
        (f"a,{NOON_MS},,,,", "it has 6 cells, and the first line names 7 columns"),
    ],
)
def test_what_is_wrong_is_said(line: str, said: str) -> None:
    assert said in why(line)


def test_each_bad_row_is_named_with_the_line_where_it_begins() -> None:
    found = parsed(
        f'"a\nb",{NOON_MS},,,,,',
        "",
        "x,never,,,,,",
        f"c,{NOON_MS},,,,,",
        f"c,{NOON_MS},,,,,",
    )
    assert [(row.line, row.announcement.name) for row in found.rows] == [(2, "a\nb"), (6, "c")]
    assert [(bad.line, bad.why.split(":")[0]) for bad in found.bad] == [
        (5, "starts_at"),
        (7, "c stands in line 6 already"),
    ]


def test_columns_may_come_in_any_order_with_a_mark_in_front() -> None:
    found = parse_csv(f"\ufeffStarts_At , NAME\r\n{NOON_MS},a\r\n", parse_duration_ms, NOW_MS)
    assert found.rows[0].announcement == Announcement(name="a", starts_at=NOON_MS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the column name is missing"),
        ("name,start\n", "there is no column 'start'"),
        ("name,type\n", "the column starts_at is missing"),
        ("name,name,starts_at\n", "a column is there twice"),
        ('name,starts_at\n"a,1', "this is no table"),
    ],
)
def test_a_file_that_is_no_such_table(text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        parse_csv(text, parse_duration_ms, NOW_MS)


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_what_spreadsheets_put_between_cells(between: str) -> None:
    rows = [["name", "starts_at", "allow"], ["a", str(NOON_MS), '"u1:doctor;u2"'], ["b", str(NOON_MS), "u1"]]
    found = parse_csv("\r\n".join(between.join(row) for row in rows), parse_duration_ms, NOW_MS)
    assert [one.announcement.allow for one in found.rows] == [(Listed("u1", "doctor"), Listed("u2")), (Listed("u1"),)]
    assert found.bad == ()


@pytest.mark.parametrize(
    "line",
    [
        f"a,{NOON_MS},{'9' * 5000}m",
        f"a,{NOON_MS},{'9' * 400}h",
        "a,9999-12-31T23:59:59-23:59,",
        "a,0001-01-01T00:00:00+23:59,",
    ],
)
def test_what_no_clock_can_count_is_a_bad_row(line: str) -> None:
    found = parsed(line, f"good,{NOON_MS},5m", head="name,starts_at,duration")
    assert [row.announcement.name for row in found.rows] == ["good"]
    assert [bad.line for bad in found.bad] == [2]
