"""Appointments out of files: what all kinds of file have in common, and tables (CSV). Calendars are in
`calendar_files`. Pure: text in, rows out; what is wrong is named with its line, and nothing is guessed.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from moderator.client.appointments import Announcement
from moderator.domain.announcements import Listed
from moderator.feed.appointments import AHEAD_MS, DAY_MS, MAX_DURATION_MS, MIN_DURATION_MS

REQUIRED: Final = ("name", "starts_at")
COLUMNS: Final = (*REQUIRED, "duration", "ends_at", "type", "room", "allow")
DELIMITERS: Final = ",;\t"
"""What spreadsheets put between cells: where decimals have a comma, it is the semicolon."""
_EPOCH_MS_DIGITS: Final = range(12, 15)
"""A number of milliseconds since 1970, of the years from 1973 on."""
Duration = Callable[[str], int]
"""Reads `45m` in milliseconds; raises ValueError with a sentence."""


class BadFile(Exception):
    """Nothing in this file can be used. The message is a sentence."""


class Row(Struct, frozen=True):
    """One appointment, and the line where it begins."""

    line: int
    announcement: Announcement


class BadRow(Struct, frozen=True):
    """Something that is no appointment, and why."""

    line: int
    why: str


class Parsed(Struct, frozen=True):
    """What a file holds."""

    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    left_out: int = 0
    """What is there, is well, and does not matter any more: cancelled, or over."""
    whole_days: int = 0
    """Events for whole days, such as holidays: they are no appointments."""


class Unreadable(Exception):
    """One appointment cannot be read. The message is a sentence."""


def parse_csv(text: str, duration: Duration, now_ms: int) -> Parsed:
    """The appointments of a table whose first line names its columns. Raises BadFile."""
    text = text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _must_be_known(header)
        found = list(_rows(reader, header, _Reading(duration, now_ms)))
    except csv.Error as error:
        raise BadFile(f"line {reader.line_num}: this is no table: {error}") from error
    return collected(found)


def collected(found: Iterable[Row | BadRow], left_out: int = 0, whole_days: int = 0) -> Parsed:
    """The rows, those of a name that stands there twice being bad from the second on."""
    rows: dict[str, Row] = {}
    bad: list[BadRow] = []
    for one in found:
        if isinstance(one, BadRow):
            bad.append(one)
        elif (first := rows.setdefault(one.announcement.name, one)) is not one:
            bad.append(BadRow(one.line, f"{one.announcement.name} stands in line {first.line} already"))
    return Parsed(tuple(rows.values()), tuple(bad), left_out, whole_days)


def milliseconds(moment: datetime) -> int:
    """Since the epoch. Raises Unreadable for a time without a zone."""
    if moment.utcoffset() is None:
        raise Unreadable("say in which time zone: 2026-05-01T10:00:00+02:00, or Z for UTC")
    return round(moment.timestamp() * 1000)


def must_be_near(starts_at: int, written: str, now_ms: int) -> None:
    """Raises Unreadable for a beginning that the gateway refuses, as it was written and as it was understood."""
    if now_ms - DAY_MS <= starts_at <= now_ms + AHEAD_MS:
        return
    when = "more than two years ahead" if starts_at > now_ms else "more than a day ago"
    raise Unreadable(f"{written}{_in_words(starts_at) if written.isdigit() else ''} is {when}")


def _in_words(at_ms: int) -> str:
    try:
        return f" ({datetime.fromtimestamp(at_ms / 1000, tz=UTC):%Y-%m-%d %H:%M} UTC)"
    except (OverflowError, ValueError, OSError):  # a time that no calendar has
        return ""


# --- tables --------------------------------------------------------------------------------------------------------


class _Reading(Struct, frozen=True):
    """What cells are read with."""

    duration: Duration
    now_ms: int


def _delimiter(text: str) -> str:
    """The one in the first line, whose cells are names of columns and have none inside."""
    return max(DELIMITERS, key=text.partition("\n")[0].count)


def _must_be_known(header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    if unknown:
        raise BadFile(f"line 1: there is no column {unknown[0]!r}: use {', '.join(COLUMNS)}")
    lacking = [name for name in REQUIRED if name not in header]
    if lacking:
        raise BadFile(f"line 1: the column {lacking[0]} is missing: the first line names the columns")
    if len(set(header)) < len(header):
        raise BadFile("line 1: a column is there twice")


def _rows(cells_of_rows: Iterator[list[str]], header: list[str], reading: _Reading) -> Iterator[Row | BadRow]:
    line = 1
    for cells in cells_of_rows:
        begins, line = line + 1, getattr(cells_of_rows, "line_num", line + 1)
        if not any(cell.strip() for cell in cells):
            continue
        try:
            if len(cells) != len(header):
                raise Unreadable(f"it has {len(cells)} cells, and the first line names {len(header)} columns")
            named = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            yield Row(begins, _announcement(named, reading))
        except Unreadable as error:
            yield BadRow(begins, str(error))


def _announcement(cells: dict[str, str], reading: _Reading) -> Announcement:
    if not cells["name"]:
        raise Unreadable("it has no name")
    starts_at = _start(cells["starts_at"], reading.now_ms)
    return Announcement(
        name=cells["name"],
        starts_at=starts_at,
        duration_ms=_duration_ms(cells, starts_at, reading.duration),
        type=cells.get("type", ""),
        room=cells.get("room", ""),
        allow=tuple(_listed(word) for word in cells.get("allow", "").split(";") if word.strip()),
    )


def _duration_ms(cells: dict[str, str], starts_at: int, duration: Duration) -> int | None:
    """None: the type's."""
    text, ends = cells.get("duration", ""), cells.get("ends_at", "")
    if text and ends:
        raise Unreadable("it has a duration and an end: leave one of them out")
    if ends:
        return positive(_moment(ends, "ends_at") - starts_at)
    try:
        return positive(duration(text)) if text else None
    except OverflowError as error:
        raise Unreadable("duration: it is too long for an appointment") from error
    except ValueError as error:
        raise Unreadable(str(error)) from error


def positive(duration_ms: int) -> int:
    """Raises Unreadable for an end that is not after the beginning, or that the gateway refuses."""
    if duration_ms <= 0:
        raise Unreadable("it ends before it begins")
    if not MIN_DURATION_MS <= duration_ms <= MAX_DURATION_MS:
        raise Unreadable("it takes less than a second" if duration_ms < MIN_DURATION_MS else "it takes over seven days")
    return duration_ms


def _start(text: str, now_ms: int) -> int:
    starts_at = _moment(text, "starts_at")
    try:
        must_be_near(starts_at, text, now_ms)
    except Unreadable as error:
        raise Unreadable(f"starts_at: {error}") from error
    return starts_at


def _moment(text: str, column: str) -> int:
    if text.isascii() and text.isdigit():
        if len(text) not in _EPOCH_MS_DIGITS:
            raise Unreadable(f"{column}: a number is of milliseconds since 1970, which {text} is not")
        return int(text)
    try:
        return milliseconds(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:  # the years 1 and 9999 have times that no zone has
        raise Unreadable(f"{column}: {text!r} is no time: write it like 2026-05-01T10:00:00+02:00") from error
    except Unreadable as error:
        raise Unreadable(f"{column}: {error}") from error


def _listed(word: str) -> Listed:
    """`user`, or `user:role`; the last colon counts, since ids may have some."""
    user, colon, role = word.strip().rpartition(":")
    found = Listed(user.strip(), role.strip()) if colon else Listed(role)
    if not found.user:
        raise Unreadable(f"allow: {word.strip()!r} names nobody: write user:role;user")
    return found
