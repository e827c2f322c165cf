"""The audit as a file: CSV for spreadsheets, JSON Lines for programs. Pure."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Final

import msgspec

from moderator.feed.audit import AuditRow, Format

COLUMNS: Final = (
    *("seq", "recorded_at", "at", "source", "room", "room_name", "instance", "kind"),
    *("actor_kind", "actor_id", "actor_name", "outcome", "why", "data"),
)
MEDIA_TYPES: Final[dict[Format, str]] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of something to be carried out."""
_STEERING: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters, line ends, and marks and changes of direction."""
_event_decoder: Final = msgspec.json.Decoder()


def head_of_file(format_: Format) -> bytes:
    """What stands before the rows."""
    return _line(COLUMNS) if format_ == "csv" else b""


def lines(format_: Format, rows: tuple[AuditRow, ...]) -> bytes:
    """The rows, each a line."""
    if format_ == "csv":
        return b"".join(_line(_cells(row)) for row in rows)
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def _cells(row: AuditRow) -> tuple[str, ...]:
    event = _event_decoder.decode(row.event)
    actor = event["actor"]
    texts = (event["source"], event["room"], row.room_name, event["instance"], event["kind"])
    return (
        str(event["seq"]),
        _time(event["recorded_at"]),
        _time(event["at"]),
        *(_harmless(text or "") for text in texts),
        *(_harmless(text) for text in (actor["kind"], actor["id"], actor["name"], row.outcome, row.why)),
        _escaped(msgspec.json.encode(event["data"]).decode()),
    )


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula, and that shows as it is."""
    return _escaped(f"'{text}" if text.startswith(_FORMULA) else text)


def _escaped(text: str) -> str:
    """Without what would steer a terminal or turn the direction of what follows: it is written as in JSON."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _time(ms: int) -> str:
    """As people and spreadsheets read it, in UTC; as it is where that is no time."""
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return str(ms)


def _line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()
