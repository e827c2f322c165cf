"""Targets: files that somebody else wrote: appointments, recorded webhooks, rtcStats' measurements. Each is read as far
as it can be, or refused in a sentence.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from moderator.cli.failures import Failure
from moderator.cli.replaying import recorded
from moderator.client.appointment_files import BadFile, Parsed, parse_csv
from moderator.client.calendar_files import parse_calendar
from moderator.domain.durations import parse_duration_ms
from moderator.quality.dumps import read_dump
from moderator.quality.errors import QualityError
from tests.client import test_appointment_files, test_calendar_files
from tests.hostile.fuzzing.target import Target, without_values

DATA: Final = Path(__file__).parents[2] / "data"
RECORDED: Final = (
    '{"at": 1, "path": "/webhooks/clinic", "headers": {"content-type": "application/json"}, "body": "{}"}\n'
    '{"at": 250, "path": "/webhooks/clinic", "body_b64": "e30="}\n'
)
CALENDAR: Final = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
{test_calendar_files.ZONE}BEGIN:VEVENT
UID:abc
SUMMARY:A visit
DTSTART;TZID=Berlin:20261020T150000
DTEND;TZID=Berlin:20261020T154500
ATTENDEE;CN=Anna;X-MODERATOR-USER=u1;X-MODERATOR-ROLE=doctor:mailto:anna@example.org
ATTENDEE;CUTYPE=ROOM:mailto:room@example.org
X-MODERATOR-ROOM:2_MX4x
X-MODERATOR-TYPE:visit
END:VEVENT
BEGIN:VEVENT
UID:weekly
DTSTART:20261001T080000Z
DURATION:PT45M
RRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270101T000000Z
RDATE:20261022T080000Z
EXDATE:20261026T080000Z
END:VEVENT
BEGIN:VEVENT
UID:weekly
RECURRENCE-ID:20261029T080000Z
DTSTART:20261029T090000Z
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:day
DTSTART;VALUE=DATE:20261024
END:VEVENT
END:VCALENDAR
"""


def targets() -> list[Target]:
    """All of them."""
    tables = _appointments(lambda text: parse_csv(text, parse_duration_ms, NOW))
    calendars = _appointments(lambda text: parse_calendar(text, NOON))
    return [
        Target("csv", _tables, tables, grows=True),
        Target("calendar", lambda: [CALENDAR.encode()], calendars),
        Target("replay", lambda: [RECORDED.encode()], read_recording, grows=True),
        Target("dump", _dumps, read_measurements),
    ]


# --- appointments --------------------------------------------------------------------------------------------------

NOW: Final = test_appointment_files.NOW_MS
NOON: Final = test_calendar_files.NOW


def _tables() -> Sequence[bytes]:
    row = "appt-17,2026-05-01T12:00:00+02:00,45m,,visit,2_MX4x,u1:doctor; u2 ;urn:x:3:patient"
    other = '"appt ""18""",1777629600000,,2026-05-01T11:00:00Z,,,'
    head = test_appointment_files.HEAD
    return [f"{head}\n{row}\n{other}\n".encode(), f"\ufeffname;starts_at\r\nappt-19;{NOW + 1}\r\n".encode()]


def _appointments(parse: Callable[[str], Parsed]) -> Callable[[bytes], Iterator[str]]:
    """Rows that can be announced, and bad ones that say why."""

    def check(body: bytes) -> Iterator[str]:
        try:
            found = parse(body.decode("utf-8", "surrogateescape"))
        except BadFile as error:
            yield without_values(error)
            return
        lines = body.count(b"\n") + body.count(b"\r") + 2
        for row in found.rows:
            assert 1 <= row.line <= lines
            assert row.announcement.name
            assert len(row.announcement.name) <= len(body)
            yield f"an appointment {row.announcement.duration_ms is None} {bool(row.announcement.allow)}"
        for bad in found.bad:
            assert bad.why
            yield without_values(bad.why)[:12]
        yield f"left out {found.left_out > 0} {found.whole_days > 0}"

    return check


# --- recordings ----------------------------------------------------------------------------------------------------


def read_recording(body: bytes) -> Iterator[str]:
    """Webhooks that a request can carry."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recorded.jsonl"
        path.write_bytes(body)
        try:
            for one in recorded(path):
                one.content()
                assert all(header.isascii() for header in one.sent_headers())
                yield f"a webhook {one.body is None}"
        except Failure as error:
            yield without_values(str(error).removeprefix(str(path)))


def _dumps() -> Sequence[bytes]:
    whole = (DATA / "rtcstats" / "dump_1_alice.jsonl").read_bytes()
    head, lines = whole.split(b"\n")[:2], whole.split(b"\n")[2:]
    measured = [line for line in lines if line.startswith((b'["g"', b"[1,", b'["getStats"'))]
    return [b"\n".join([*head, *lines[:5], *measured[:count]]) for count in (2, 4)]


def read_measurements(body: bytes) -> Iterator[str]:
    """What can be read of it, as the feed sends it."""
    try:
        dump = read_dump(body)
    except QualityError as error:
        yield without_values(error)
        return
    msgspec.json.encode(dump.intervals)
    yield f"{min(9, len(dump.intervals))} {without_values(dump.notice)}"
