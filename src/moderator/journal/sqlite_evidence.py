"""A log file as evidence for `verifying`: read beside whoever writes to it, all at one moment, without its lock."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from moderator.domain.accounting import Checkpoint, LogTrimmed, PersonErased
from moderator.domain.kinds import Data
from moderator.feed.audit import Verified
from moderator.feed.codec import CodecError
from moderator.journal.event_log import LogError
from moderator.journal.sqlite_file import connect_to_read, explain, format_of
from moderator.journal.sqlite_tables import FORMAT
from moderator.journal.stored import from_stored
from moderator.journal.verifying import UNREADABLE, Anchor, Evidence, Record, TextRecord, Vouching, verify


class _Event(Struct):
    kind: str
    personal: list[str] = []


class _Body(Struct):
    events: list[_Event]


T = TypeVar("T", bound=Data)
_body_decoder: Final = msgspec.json.Decoder(_Body)
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
            store.execute("BEGIN")
            return verify(_evidence(store, anchor))
    except sqlite3.Error as error:
        raise explain(path, error) from error
    except OSError as error:
        raise LogError(f"The anchor {anchor} cannot be read: {error.strerror}.") from error


def _check_format(path: Path, store: sqlite3.Connection) -> None:
    if format_of(path, store) != FORMAT:
        raise LogError(f"The log {path} is of an older version, without checkpoints: start the gateway once.")


def _evidence(store: sqlite3.Connection, anchor: Path | None) -> Evidence:
    trimmed = (data.through for _, data in _of_kind(store, LogTrimmed, "log_trimmed"))
    erased = (data.pseudonym for _, data in _of_kind(store, PersonErased, "person_erased"))
    return Evidence(
        records=_records(store),
        checkpoints=(Vouching(seq, data) for seq, data in _of_kind(store, Checkpoint, "checkpoint")),
        anchors=_anchors(anchor) if anchor else (),
        erased=frozenset(erased),
        trimmed=max(trimmed, default=0),
    )


def _of_kind(store: sqlite3.Connection, type_: type[T], kind: str) -> Iterator[tuple[int, T]]:
    """Where such events stand in the log. A record that only says that it is of that kind is for its leaf to tell."""
    query = "SELECT seq, body FROM entries WHERE instr(body, CAST(? AS BLOB)) ORDER BY seq"
    for seq, body in store.execute(query, (f'"kind":"{kind}"',)):
        try:
            events = from_stored(body, seq, []).events
        except CodecError:
            continue
        yield from ((seq, event.data) for event in events if isinstance(event.data, type_))


def _records(store: sqlite3.Connection) -> Iterator[Record]:
    texts = groupby(
        store.execute("SELECT seq, salt, value, erased FROM texts ORDER BY seq, number"), key=lambda row: row[0]
    )
    next_texts = next(texts, None)
    for seq, at, salt, body in store.execute("SELECT seq, recorded_at, salt, body FROM entries ORDER BY seq"):
        own: list[TextRecord] = []
        while next_texts is not None and next_texts[0] <= seq:
            if next_texts[0] == seq:
                own = [_text(*row[1:]) for row in next_texts[1]]
            next_texts = next(texts, None)
        yield _record(seq, at if isinstance(at, int) else 0, _bytes(salt), _bytes(body), own)


def _bytes(value: object) -> bytes:
    """Whoever changes a file may leave anything in it."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def _text(salt: object, value: object, erased: object) -> TextRecord:
    return TextRecord(None if salt is None else _bytes(salt), _bytes(value), None if erased is None else str(erased))


def _record(seq: int, at: int, salt: bytes, body: bytes, texts: list[TextRecord]) -> Record:
    try:
        events = _body_decoder.decode(body).events
    except msgspec.MsgspecError:
        return Record(seq, at, UNREADABLE, salt, body, (), texts)
    commitments = [one for event in events for one in event.personal]
    return Record(seq, at, events[0].kind if events else UNREADABLE, salt, body, commitments, texts)


def _anchors(path: Path) -> Iterator[Anchor]:
    """A line that was cut off while it was written is the last one, and says nothing."""
    with path.open("rb") as file:
        for line in file:
            try:
                yield _anchor_decoder.decode(line)
            except msgspec.MsgspecError:
                continue
