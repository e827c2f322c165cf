"""A log file as evidence for `verifying`: read beside whoever writes to it, all at one moment, without its lock."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from moderator.domain.accounting import Checkpoint, LogTrimmed, PersonErased
from moderator.domain.events import Event
from moderator.domain.kinds import Data
from moderator.feed.audit import Verified
from moderator.feed.codec import UNDECODABLE, CodecError
from moderator.journal.columns import BodyHead, Columns, TextColumns, odd_column
from moderator.journal.event_log import LogError
from moderator.journal.sqlite_erasing import trimmed_in
from moderator.journal.sqlite_file import connect_to_read, explain, format_of
from moderator.journal.sqlite_tables import FORMAT
from moderator.journal.stored import from_stored
from moderator.journal.verifying import (
    UNREADABLE,
    Anchor,
    Erasure,
    Evidence,
    Record,
    TextRecord,
    Trim,
    Vouching,
    verify,
)

T = TypeVar("T", bound=Data)
Row = tuple[Any, ...]
_body_decoder: Final = msgspec.json.Decoder(BodyHead)
_anchor_decoder: Final = msgspec.json.Decoder(Anchor)


def verify_file(path: Path, anchor: Path | None = None) -> Verified:
    """Check a log file, also while a gateway writes to it. Blocks for as long as it takes to read it whole.

    Raises LogError when the file, or that of the anchor, cannot be read.
    """
    if not path.is_file():
        raise LogError(f"There is no log {path}: name the configuration of the gateway that writes it.")
    try:
        with closing(connect_to_read(path)) as store:
            _check_format(path, store)
            _check_whole(path, store)
            store.text_factory = _text_of
            # Before the moment of the log: what the anchor says by now must be in it.
            size = _size(anchor)
            store.execute("BEGIN")
            return verify(_evidence(store, anchor, size))
    except sqlite3.Error as error:
        raise explain(path, error) from error
    except OSError as error:
        raise LogError(f"The anchor {anchor} cannot be read: {error.strerror}.") from error


def _check_format(path: Path, store: sqlite3.Connection) -> None:
    if format_of(path, store) != FORMAT:
        raise LogError(f"The log {path} is of an older version, without checkpoints: start the gateway once.")


def _check_whole(path: Path, store: sqlite3.Connection) -> None:
    """A copy may have begun at a start."""
    is_copy = store.execute("SELECT 1 FROM sqlite_master WHERE name = 'missing'").fetchone() is not None
    if is_copy and store.execute("SELECT 1 FROM missing WHERE after < upto").fetchone() is not None:
        raise LogError(f"The copy {path} is not whole yet: wait until the gateway has read the history of the log.")


def _size(anchor: Path | None) -> int | None:
    """None while there is no such file."""
    try:
        return None if anchor is None else anchor.stat().st_size
    except FileNotFoundError:
        return None


def _evidence(store: sqlite3.Connection, anchor: Path | None, size: int | None) -> Evidence:
    trims = _of_kind(store, LogTrimmed, "log_trimmed")
    erasures = _of_kind(store, PersonErased, "person_erased")
    return Evidence(
        records=_records(store),
        checkpoints=(Vouching(seq, data) for seq, _, data in _of_kind(store, Checkpoint, "checkpoint")),
        anchors=_anchors(anchor, size or 0) if anchor and not _is_before_first_line(store, size) else (),
        erasures=[Erasure(seq, event.at, data.pseudonym, data.texts) for seq, event, data in erasures],
        trims=[Trim(seq, event.at, data.through, data.entries, data.hash) for seq, event, data in trims],
        trimmed=trimmed_in(store),
    )


def _is_before_first_line(store: sqlite3.Connection, size: int | None) -> bool:
    """The first checkpoint is in the log a little before its line is in the anchor."""
    return size is None and len(list(islice(_of_kind(store, Checkpoint, "checkpoint"), 2))) <= 1


def _of_kind(store: sqlite3.Connection, type_: type[T], kind: str) -> Iterator[tuple[int, Event, T]]:
    """Where such events stand in the log. A record that only says that it is of that kind is for its leaf to tell."""
    query = "SELECT seq, body FROM entries WHERE instr(body, CAST(? AS BLOB)) ORDER BY seq"
    for seq, body in store.execute(query, (f'"kind":"{kind}"',)):
        try:
            events = from_stored(body, seq, []).events
        except CodecError:
            continue
        yield from ((seq, event, event.data) for event in events if isinstance(event.data, type_))


def _records(store: sqlite3.Connection) -> Iterator[Record]:
    texts = _Beside(
        store.execute(
            "SELECT seq, salt, value, erased, source, room, participant, subject FROM texts ORDER BY seq, number"
        )
    )
    rooms = _Beside(store.execute("SELECT seq, source, room FROM entry_rooms ORDER BY seq"))
    for seq, *row in store.execute("SELECT seq, id, recorded_at, salt, body FROM entries ORDER BY seq"):
        yield _record(seq, tuple(row), texts.of(seq), rooms.of(seq))


class _Beside:
    """Rows of another table, for entries that are asked for in order."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next = next(self._groups, None)

    def of(self, seq: int) -> list[Row]:
        """Without the number of the entry."""
        found: list[Row] = []
        while self._next is not None and self._next[0] <= seq:
            if self._next[0] == seq:
                found = [row[1:] for row in self._next[1]]
            self._next = next(self._groups, None)
        return found


def _text_of(value: bytes) -> str:
    return value.decode(errors="replace")


def _bytes(value: object) -> bytes:
    """Whoever changes a file may leave anything in it."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def _text(salt: object, value: object, erased: object) -> TextRecord:
    return TextRecord(None if salt is None else _bytes(salt), _bytes(value), None if erased is None else str(erased))


def _record(seq: int, row: Row, text_rows: list[Row], rooms: list[Row]) -> Record:
    id_, at, salt, body = row[0], row[1], _bytes(row[2]), _bytes(row[3])
    texts = [_text(*text[:3]) for text in text_rows]
    known_at = at if isinstance(at, int) else 0
    try:
        head = _body_decoder.decode(body)
    except UNDECODABLE:
        return Record(seq, known_at, UNREADABLE, salt, body, (), texts)
    columns = [
        TextColumns._make((*row[3:], None if text.salt is None else text.value))
        for row, text in zip(text_rows, texts, strict=True)
    ]
    odd = odd_column(head, Columns(id_, at, frozenset(map(tuple, rooms)), columns))
    commitments = [one for event in head.events for one in event.personal]
    kind = head.events[0].kind if head.events else UNREADABLE
    return Record(seq, head.recorded_at, kind, salt, body, commitments, texts, odd)


def _anchors(path: Path, size: int) -> Iterator[Anchor]:
    """Checkpoints in the first `size` bytes, and every trimming. A line that was cut off while it was written is the
    last one, and says nothing.
    """
    read = 0
    with path.open("rb") as file:
        for line in file:
            read += len(line)
            try:
                anchor = _anchor_decoder.decode(line)
            except UNDECODABLE:
                continue
            if anchor.trimmed or read <= size:
                yield anchor
