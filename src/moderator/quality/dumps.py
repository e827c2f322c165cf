"""Reads what a browser sent to rtcStats in one session: the file that the server kept (format 3, packed or not). Pure.

A browser writes the content, so nothing in it is believed: everything is bounded, and what cannot be read is passed
over and said. Only the measurements are looked at; addresses and names of devices, which a dump has too, are not.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import Struct

from moderator.quality.compression import CLOSE, GET_STATS, Reports, apply
from moderator.quality.errors import Unavailable
from moderator.quality.intervals import Interval, Reading, between, reading, side_by_side

FIRST_LINE: Final = b"RTCStatsDump"
FILE_FORMAT: Final = 3
MAX_UNPACKED_BYTES: Final = 256 * 1024 * 1024
MAX_LINE_BYTES: Final = 4 * 1024 * 1024
MAX_INTERVALS: Final = 200_000
"""Two days, at one measurement a second."""
MAX_WORK: Final = 3_000_000
"""Some seconds: statistics looked at, over all measurements. A call of 25 people has as many in eight hours."""
WORK_OF_A_LINE: Final = 5
MAX_CONNECTIONS: Final = 1_000
"""At the same time."""
MAX_MS: Final = 1e14
"""Of one line after another; some three thousand years."""

_UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_array: Final = msgspec.json.Decoder(list[Any])


class Metadata(Struct):
    """The second line, as far as it matters."""

    fileFormat: int  # noqa: N815 - rtcStats' name


class Dump(Struct, frozen=True):
    """What was measured, in order; connections side by side are one interval. `notice` says what is missing."""

    intervals: tuple[Interval, ...]
    notice: str | None = None


class Cut(Exception):
    """The rest cannot be read, or is too much; the message says why."""


def read_dump(content: bytes) -> Dump:
    """The measurements in a dump. Raises Unavailable when it is none; a damaged one is read as far as possible."""
    lines = _lines(content)
    _check_head(lines)
    connections = Connections()
    unreadable = 0
    cut = ""
    try:
        for line in lines:
            unreadable += not connections.add(line)
    except Cut as error:
        cut = f"the record is incomplete: {error}"
    connections.end_round()
    passed_over = f"{unreadable} lines of the record could not be read" if unreadable else ""
    return Dump(tuple(connections.intervals), "; ".join(filter(None, (cut, passed_over))) or None)


def _check_head(lines: Iterator[bytes]) -> None:
    try:
        if next(lines, b"").strip() != FIRST_LINE:
            raise Unavailable("this file is no record of rtcStats: look where rtcstats.dumps points to")
        metadata = msgspec.json.decode(next(lines, b""), type=Metadata)
    except (Cut, *_UNREADABLE) as error:
        raise Unavailable("the record cannot be read: it breaks off or is damaged at the beginning") from error
    if metadata.fileFormat != FILE_FORMAT:
        raise Unavailable(
            f"the record has format {metadata.fileFormat}, and only {FILE_FORMAT} can be read: "
            "set rtcStats.fileFormat of the server"
        )


def _lines(content: bytes) -> Iterator[bytes]:
    """One after the other, unpacked on the way. Raises Cut where that ends early."""
    file: io.BufferedIOBase = io.BytesIO(content)
    if content.startswith(b"\x1f\x8b"):
        file = gzip.GzipFile(fileobj=file)
    total = 0
    while line := _line(file):
        total += len(line)
        if len(line) > MAX_LINE_BYTES or total > MAX_UNPACKED_BYTES:
            raise Cut("it is too large")
        yield line


def _line(file: io.BufferedIOBase) -> bytes:
    try:
        return file.readline(MAX_LINE_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise Cut("the file is damaged, or was not written to its end") from error


class Connections:
    """The peer connections of one browser, followed line by line.

    Browsers measure each connection for itself. A round has each of them once at most; it ends when one comes again.
    """

    def __init__(self) -> None:
        self.intervals: list[Interval] = []
        self._now_ms = 0.0
        self._reports: dict[str, Reports] = {}
        self._readings: dict[str, Reading] = {}
        self._round: dict[str, Interval] = {}
        self._work = 0

    def add(self, line: bytes) -> bool:
        """One line: `[what, connection, value, ..., milliseconds since the line before]`. False if it is none.

        Raises Cut when there is too much.
        """
        self._count_work(WORK_OF_A_LINE)
        try:
            event = _array.decode(line)
        except _UNREADABLE:
            return False
        if len(event) < 4 or not _is_time(event[-1]):
            return False
        self._now_ms += event[-1]
        what, connection, value = event[:3]
        if not isinstance(connection, str):
            return True
        if what in GET_STATS:
            return self._measured(connection, value)
        if what in CLOSE:
            self._reports.pop(connection, None)
            self._readings.pop(connection, None)
        return True

    def _measured(self, connection: str, value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        reports = self._reports.setdefault(connection, {})
        apply(reports, value)
        self._count_work(len(reports))
        now = reading(round(self._now_ms), reports)
        before = self._readings.get(connection)
        self._readings[connection] = now
        if before is not None and (interval := between(before, now)):
            self._take(connection, interval)
        return True

    def _count_work(self, work: int) -> None:
        self._work += work
        if self._work > MAX_WORK or len(self._reports) > MAX_CONNECTIONS or len(self.intervals) >= MAX_INTERVALS:
            raise Cut("it is too large")

    def _take(self, connection: str, interval: Interval) -> None:
        if connection in self._round:
            self.end_round()
        self._round[connection] = interval

    def end_round(self) -> None:
        """What was measured side by side becomes one interval."""
        if self._round:
            self.intervals.append(side_by_side(list(self._round.values())))
            self._round.clear()


def _is_time(value: object) -> bool:
    """The first one counts from 1970, so it is large. An integer may be one that no float can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -MAX_MS < value < MAX_MS
