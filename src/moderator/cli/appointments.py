"""`moderator appointments`: import them from a table or a calendar, list them, withdraw one."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from moderator.cli.appointment_checks import check_plan, no_such_source
from moderator.cli.connection import connection
from moderator.cli.failures import DONE, FAILED, Failure
from moderator.client.appointment_files import BadFile, BadRow, Parsed, Row, parse_csv
from moderator.client.appointments import AppointmentsClient
from moderator.client.errors import Busy, Forbidden, GatewayError, GatewayUnreachable, SignedOut
from moderator.client.texts import safe, table
from moderator.clock import SystemClock
from moderator.domain.attendance import Attendance
from moderator.domain.durations import parse_duration_ms
from moderator.feed.appointments import AppointmentList

MAX_FILE_BYTES: Final = 32 * 1024 * 1024
CALENDARS: Final = frozenset({".ics", ".ical", ".icalendar", ".ifb"})
PROGRESS_EVERY: Final = 100
BUSY_TRIES: Final = 10
BUSY_PAUSE_S: Final = 1.0
NOT_SENT: Final = "not_sent"
UNKNOWN_SOURCE: Final = "unknown_source"
SHARED: Final = frozenset({NOT_SENT, "unknown_type"})
"""Codes that many rows have for one reason."""
AT_A_TIME: Final = "an appointment begins at a time"
HEAD: Final = ("STARTS", "STATE", "NAME", "SOURCE", "ROOM", "HERE", "MISSING")
PLAN_HEAD: Final = ("LINE", "STARTS", "MINUTES", "NAME", "TYPE", "ROOM", "PEOPLE")
T = TypeVar("T")


class Result(Struct, frozen=True):
    """What became of one row."""

    line: int
    name: str
    ok: bool
    code: str = ""
    detail: str = ""


def appointments(arguments: Namespace) -> int:
    """What was asked for of appointments."""
    return _ACTIONS[arguments.action](arguments)


# --- import --------------------------------------------------------------------------------------------------------


def _import(arguments: Namespace) -> int:
    """Announce what a file holds: all of it, or nothing when a row is bad, unless bad ones are to be left out."""
    parsed = _typed(_parsed(arguments), arguments.type)
    for bad in parsed.bad:
        print(f"{arguments.file}:{bad.line}: {safe(bad.why)}", file=sys.stderr)
    if parsed.left_out:
        print(f"moderator: {parsed.left_out} are over or cancelled, and left out", file=sys.stderr)
    if parsed.whole_days:
        print(f"moderator: {parsed.whole_days} are for whole days, and left out: {AT_A_TIME}", file=sys.stderr)
    if parsed.bad and not arguments.skip_bad:
        _say([], parsed.bad, arguments)
        raise Failure(f"nothing was sent: {len(parsed.bad)} cannot be read (--skip-bad leaves them out)")
    if not parsed.rows:
        raise Failure("there is no appointment to announce in this file")
    if arguments.dry_run:
        _say_plan(parsed.rows, parsed.bad, arguments)
        return asyncio.run(check_plan(arguments))
    results = asyncio.run(_announce_all(arguments, parsed.rows))
    _say(results, parsed.bad, arguments)
    return DONE if all(one.ok for one in results) else FAILED


def _parsed(arguments: Namespace) -> Parsed:
    path = Path(arguments.file)
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Failure(f"{path} is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB: import it in parts")
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{path} is not text in UTF-8") from error
    try:
        if path.suffix.lower() not in CALENDARS:
            return parse_csv(text, parse_duration_ms, SystemClock().now_ms())
        from moderator.client.calendar_files import parse_calendar  # its libraries are not small

        return parse_calendar(text, SystemClock().now_ms(), arguments.names)
    except BadFile as error:
        raise Failure(f"{path}: {error}") from error


def _typed(parsed: Parsed, type_: str) -> Parsed:
    """With a type for those that name none."""
    rows = (
        row if row.announcement.type else Row(row.line, replace(row.announcement, type=type_)) for row in parsed.rows
    )
    return replace(parsed, rows=tuple(rows)) if type_ else parsed


async def _announce_all(arguments: Namespace, rows: Sequence[Row]) -> list[Result]:
    """One by one, in the file's order. What concerns all of them stops at the first."""
    results: list[Result] = []
    async with connection(arguments) as at:
        gateway = AppointmentsClient(*at)
        for row in rows:
            results.append(await _announce(gateway, arguments.source, row))
            if len(results) % PROGRESS_EVERY == 0:
                print(f"moderator: {len(results)} of {len(rows)}", file=sys.stderr)
            if results[-1].code == UNKNOWN_SOURCE:
                results[-1] = replace(results[-1], code=NOT_SENT, detail=await no_such_source(at, arguments.source))
            if results[-1].code == NOT_SENT:
                why = results[-1].detail
                results += [
                    Result(one.line, one.announcement.name, False, NOT_SENT, why) for one in rows[len(results) :]
                ]
                break
    return results


async def _announce(gateway: AppointmentsClient, source: str, row: Row) -> Result:
    name = row.announcement.name
    for attempt in range(1, BUSY_TRIES + 1):
        try:
            await gateway.announce(source, row.announcement)
        except Busy as error:
            if attempt == BUSY_TRIES:
                return Result(row.line, name, False, error.code, str(error))
            await asyncio.sleep(BUSY_PAUSE_S)
        except (GatewayUnreachable, SignedOut, Forbidden) as error:
            return Result(row.line, name, False, NOT_SENT, str(error))
        except GatewayError as error:
            return Result(row.line, name, False, error.code, str(error))
        else:
            break
    return Result(row.line, name, True)


def _say(results: Sequence[Result], bad: Sequence[BadRow], arguments: Namespace) -> None:
    if arguments.json:
        print(msgspec.json.encode({"results": results, "bad": bad}).decode())
        return
    for line in refusals(results):
        print(f"{arguments.file}:{line}", file=sys.stderr)
    announced = sum(one.ok for one in results)
    if results:
        print(f"{announced} of {len(results)} announced in {arguments.source}")


def refusals(results: Sequence[Result]) -> list[str]:
    """A line for each row that was refused; one for all of them where the reason has nothing to do with the row."""
    alike: dict[tuple[str, str], list[Result]] = {}
    for one in results:
        if not one.ok:
            alike.setdefault(("" if one.code in SHARED else one.name, one.detail), []).append(one)
    return [_refusal(group) for group in alike.values()]


def _refusal(alike: Sequence[Result]) -> str:
    first = alike[0]
    more = f", and {len(alike) - 1} more" if len(alike) > 1 else ""
    return f"{first.line}: {safe(first.name)}{more}: {safe(first.detail)}"


def _say_plan(rows: Sequence[Row], bad: Sequence[BadRow], arguments: Namespace) -> None:
    if arguments.json:
        print(msgspec.json.encode({"rows": rows, "bad": bad}).decode())
    else:
        print("\n".join(table([PLAN_HEAD, *map(_plan_row, rows)])))


def _plan_row(row: Row) -> tuple[str, ...]:
    one = row.announcement
    minutes = "-" if one.duration_ms is None else f"{one.duration_ms / 60_000:g}"
    texts = (safe(one.name), safe(one.type) or "-", safe(one.room) or "-")
    return (str(row.line), _day_and_time(one.starts_at), minutes, *texts, str(len(one.allow)))


# --- list, withdraw ------------------------------------------------------------------------------------------------


def _list(arguments: Namespace) -> int:
    """Print what is announced, by its start."""
    found = _asked(arguments, lambda gateway: gateway.appointments(arguments.source or ""))
    if arguments.json:
        print(msgspec.json.encode(found).decode())
    elif found.appointments:
        print("\n".join(listing(found)))
    else:
        print("moderator: nothing is announced", file=sys.stderr)
    return DONE


def listing(found: AppointmentList) -> list[str]:
    """The lines of the table. Safe to print."""
    lines = table([HEAD, *map(_row, found.appointments)])
    return [*lines, "there are more"] if found.more else lines


def _row(one: Attendance) -> tuple[str, ...]:
    return (
        _day_and_time(one.starts_at),
        one.state,
        safe(one.name),
        one.source,
        safe(one.room) or "-",
        f"{len(one.here)}/{len(one.allow)}" if one.allow else "-",
        safe(", ".join(one.missing)) or "-",
    )


def _withdraw(arguments: Namespace) -> int:
    """Take an announcement back."""
    done = _asked(arguments, lambda gateway: gateway.withdraw(arguments.source, arguments.name))
    print(msgspec.json.encode(done).decode() if arguments.json else safe(f"{arguments.name} is withdrawn"))
    return DONE


def _asked(arguments: Namespace, ask: Callable[[AppointmentsClient], Coroutine[Any, Any, T]]) -> T:
    async def run() -> T:
        async with connection(arguments) as at:
            return await ask(AppointmentsClient(*at))

    return asyncio.run(run())


def _day_and_time(at_ms: int) -> str:
    """Local, with the day: appointments are ahead."""
    return f"{datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone():%Y-%m-%d %H:%M}"


_ACTIONS: Final[dict[str, Callable[[Namespace], int]]] = {"import": _import, "list": _list, "withdraw": _withdraw}
