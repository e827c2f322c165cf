"""Appointments out of calendars (iCalendar, RFC 5545): an event that recurs is one appointment each time. Pure."""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar, Event
from icalendar.error import BrokenCalendarProperty

from moderator.client.appointment_files import (
    BadFile,
    BadRow,
    Parsed,
    Row,
    Unreadable,
    collected,
    milliseconds,
    must_be_near,
    positive,
)
from moderator.client.appointments import Announcement
from moderator.domain.announcements import Listed

AHEAD: Final = timedelta(days=31)
"""So far an event that recurs is looked at: the next import brings what comes after."""
BEHIND: Final = timedelta(days=1)
MOST_TIMES: Final = 1_000
LONGEST_AGO: Final = timedelta(days=50 * 366)
MOST_COUNTED: Final = 500_000
"""Times of all events of a file: some seconds."""
MOST_IN_AN_HOUR: Final = 12
_SELDOM: Final = frozenset({"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER"})
"""With these an hourly rule may never come true, which is found out only in the year 9999."""
_TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY"})
_MISTAKEN: Final = (AttributeError, TypeError, LookupError, ArithmeticError)
"""What the library, and who uses what it made, trips over where a property stands twice or is of another kind."""
_NO_PEOPLE: Final = frozenset({"ROOM", "RESOURCE"})
NameFrom = Literal["uid", "summary"]
_Event = Any
"""Of the library: what a property of an event is depends on its text, so each is looked at before it is used."""


def parse_calendar(text: str, now_ms: int, name_from: NameFrom = "uid") -> Parsed:
    """The appointments of a calendar from a day ago on. Raises BadFile.

    An appointment's name is the event's X-MODERATOR-NAME, else its UID or its SUMMARY as asked for. Where the event
    recurs, a hyphen and its planned beginning in UTC follow, as in `abc-20260501T080000Z`.
    """
    try:
        events = [found for found in Calendar.from_ical(text).walk("VEVENT") if isinstance(found, Event)]
    except ValueError as error:
        raise BadFile(f"this is no calendar: {error}") from error
    except OSError as error:  # zones are looked for as files
        raise BadFile("this is no calendar: it names a time zone that can be none") from error
    except _MISTAKEN as error:
        raise BadFile("this is no calendar: a property stands twice, or is of another kind than it says") from error
    lines = _lines(text)
    if len(lines) != len(events):
        raise BadFile("this is no calendar: an event begins in it and does not end")
    reader = _Reader(events, datetime.fromtimestamp(now_ms / 1000, tz=UTC), name_from)
    found = [row for line, event in zip(lines, events, strict=True) for row in reader.rows(line, event)]
    return collected(found, reader.left_out, reader.whole_days)


def _lines(text: str) -> list[int]:
    """Where events begin, in their order. A line that begins with a blank goes on with the one before."""
    lines = enumerate(text.split("\n"), start=1)
    return [number for number, line in lines if line.rstrip().upper() == "BEGIN:VEVENT"]


class _Reader:
    """Reads one calendar, knowing which times of an event that recurs have an event of their own."""

    def __init__(self, events: list[_Event], now: datetime, name_from: NameFrom) -> None:
        self._now = now
        self._name_from = name_from
        self._moved = {(str(one.get("UID", "")), moved) for one in events if (moved := _recurrence_id(one)) is not None}
        self.left_out = self.whole_days = self._counted = 0

    def rows(self, line: int, event: _Event) -> Iterator[Row | BadRow]:
        """The appointments of one event; none when it is cancelled, over, or for whole days."""
        try:
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                self.left_out += 1
                return
            if "DTSTART" in event and type(event["DTSTART"].dt) is date:
                self.whole_days += 1
                return
            yield from [Row(line, found) for found in self._announcements(event)]
        except BrokenCalendarProperty as error:
            yield BadRow(line, f"it cannot be read: {error.__cause__ or error}")
        except OverflowError:
            yield BadRow(line, "it has a time or a duration that no calendar has")
        except _MISTAKEN:
            yield BadRow(line, "a property of it stands there twice, or is of another kind than it says")
        except (Unreadable, ValueError) as error:
            yield BadRow(line, " ".join(str(error).split()))

    def _announcements(self, event: _Event) -> Iterator[Announcement]:
        start, duration = _start(event), _duration_ms(event)
        original = _recurrence_id(event)
        if original is not None:
            yield from self._unless_over(event, f"-{_stamp(original)}", start, duration)
        elif "RRULE" not in event and "RDATE" not in event:
            yield from self._unless_over(event, "", start, duration)
        else:
            for each in self._times(event, start):
                yield from self._unless_over(event, f"-{_stamp(each)}", each, duration)

    def _unless_over(self, event: _Event, suffix: str, start: datetime, duration: int | None) -> Iterator[Announcement]:
        if start < self._now - BEHIND:
            self.left_out += 1
            return
        must_be_near(milliseconds(start), f"DTSTART: {start.isoformat()}", milliseconds(self._now))
        yield Announcement(
            name=self._name(event) + suffix,
            starts_at=milliseconds(start),
            duration_ms=duration,
            type=_text(event, "X-MODERATOR-TYPE"),
            room=_text(event, "X-MODERATOR-ROOM"),
            allow=_attendees(event),
        )

    def _name(self, event: _Event) -> str:
        name = (_text(event, "X-MODERATOR-NAME") or _text(event, self._name_from.upper())).strip()
        if not name:
            raise Unreadable(f"it has no {self._name_from.upper()} to be its name")
        return name

    def _times(self, event: _Event, start: datetime) -> list[datetime]:
        """When it takes place from a day ago to a month ahead, but for times that have an event of their own."""
        times = rruleset()
        times.rdate(start)
        for rule in _several(event.get("RRULE")):
            _must_be_countable(rule, start, self._now)
            times.rrule(rrulestr(rule.to_ical().decode(), dtstart=start))
        for moment in _dates(event, "RDATE"):
            times.rdate(moment)
        for moment in _dates(event, "EXDATE"):
            times.exdate(moment)
        found = self._within_a_month(times)
        uid = str(event.get("UID", ""))
        return [each for each in found if (uid, each) not in self._moved]

    def _within_a_month(self, times: rruleset) -> list[datetime]:
        """Those from a day ago on. Every time before is counted too: without a limit for the file it takes hours."""
        found: list[datetime] = []
        for each in times:
            self._counted += 1
            if self._counted > MOST_COUNTED:
                raise Unreadable("what recurs in this calendar began too long ago: let it begin later")
            if each > self._now + AHEAD:
                break
            if each >= self._now - BEHIND:
                found.append(each)
            if len(found) > MOST_TIMES:
                raise Unreadable(f"it takes place more than {MOST_TIMES} times within a month")
        return found


def _must_be_countable(rule: Any, start: datetime, now: datetime) -> None:
    """Raises Unreadable for a rule that would be counted without end."""
    frequency = set(rule.get("FREQ", ()))
    if any(int(each) < 1 for each in rule.get("INTERVAL", ())):
        raise Unreadable("its INTERVAL is less than 1")
    if frequency & _TOO_OFTEN:
        raise Unreadable("it recurs more often than every hour: that is no appointment")
    in_an_hour = math.prod(len(rule.get(part, ())) or 1 for part in ("BYMINUTE", "BYSECOND"))
    in_a_day = in_an_hour * (len(rule.get("BYHOUR", ())) or 1)
    if in_an_hour > MOST_IN_AN_HOUR or in_a_day > 24 * MOST_IN_AN_HOUR:
        raise Unreadable("it recurs more than twelve times in an hour: that is no appointment")
    if "HOURLY" in frequency and any(part in rule for part in _SELDOM):
        raise Unreadable("it recurs every hour of some days only: let it recur daily, BYHOUR")
    if start < now - LONGEST_AGO:
        raise Unreadable("it recurs since more than 50 years ago: let it begin later")


def _text(event: _Event, name: str) -> str:
    """Empty where it is not there. Raises Unreadable."""
    value = event.get(name, "")
    if isinstance(value, list):
        raise Unreadable(f"its {name} stands there twice")
    return str(value)


def _start(event: _Event) -> datetime:
    if "DTSTART" not in event:
        raise Unreadable("it has no DTSTART")
    return _with_zone(event["DTSTART"].dt)


def _with_zone(moment: object) -> datetime:
    if not isinstance(moment, datetime):
        raise Unreadable("it has a time and a day without one: an appointment begins and ends at a time")
    milliseconds(moment)
    return moment


def _duration_ms(event: _Event) -> int | None:
    """None: the type's."""
    if "DURATION" in event:
        return positive(round(event["DURATION"].dt.total_seconds() * 1000))
    if "DTEND" in event:
        return positive(milliseconds(_with_zone(event["DTEND"].dt)) - milliseconds(_start(event)))
    return None


def _recurrence_id(event: _Event) -> datetime | None:
    """The planned time of which this event tells something else; None where it does not."""
    try:
        moment = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else None
    except (BrokenCalendarProperty, *_MISTAKEN):
        return None
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        return None
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # in the years 1 and 9999
        return None


def _several(value: Any) -> list[Any]:
    """Properties that may be there more than once come alone or as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _dates(event: _Event, name: str) -> Iterator[datetime]:
    for dates in _several(event.get(name)):
        for each in dates.dts:
            if type(each.dt) is not date:
                yield _with_zone(each.dt)


def _attendees(event: _Event) -> tuple[Listed, ...]:
    """Everybody once: by X-MODERATOR-USER, else by the mail address."""
    found: dict[str, Listed] = {}
    for attendee in _several(event.get("ATTENDEE")):
        parameters = attendee.params
        address = str(attendee)
        if str(parameters.get("CUTYPE", "")).upper() in _NO_PEOPLE:
            continue
        mail = address[len("mailto:") :] if address.lower().startswith("mailto:") else address
        user = str(parameters.get("X-MODERATOR-USER", "")) or mail.strip()
        if user:
            found.setdefault(user, Listed(user, str(parameters.get("X-MODERATOR-ROLE", ""))))
    return tuple(found.values())


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
