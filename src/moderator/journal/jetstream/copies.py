"""The copy of the log in a file of this gateway: what makes it the right one, and what only a copy is asked."""

import logging
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from moderator.domain.ids import EventId
from moderator.domain.state import Snapshot
from moderator.journal.jetstream.texts import Found
from moderator.journal.sqlite_erasing import trim
from moderator.journal.sqlite_file import LogFile
from moderator.journal.sqlite_starts import keep_start
from moderator.journal.sqlite_tables import INSERT_TEXT, SET_POSITION, text_rows
from moderator.journal.stored import StoredText

logger = logging.getLogger(__name__)

_COMPANIONS: Final = ("", "-wal", "-shm")
_UNSETTLE: Final = """
UPDATE commands SET outcome = '', done = 0 WHERE event_id IN (
    SELECT json_extract(event.value, '$.data.command')
    FROM entries, json_each(CAST(body AS TEXT), '$.events') AS event WHERE seq > ?
)
"""


class Row(NamedTuple):
    """An entry as the copy has it."""

    recorded_at: int
    salt: bytes
    body: bytes


class Missing(NamedTuple):
    """Entries after `after`, up to `upto`, that are to be filled in."""

    after: int
    upto: int


def open_copy(path: Path, log_id: str, newest: int) -> LogFile:
    """The copy of this log, which goes up to `newest`; an empty one where there is none. Blocking. Raises LogError.

    A copy of another log is moved aside, and so is one that knows more than there is: that log was lost or taken back.
    """
    file = LogFile.open(path, log_id)
    try:
        if file.log_id == log_id and position_in(file.connection) <= newest:
            return file
    except BaseException:
        file.close()
        raise
    file.close()
    _move_aside(path)
    return LogFile.open(path, log_id)


def _move_aside(path: Path) -> None:
    number = next(n for n in range(1, 1_000_000) if not path.with_name(f"{path.name}.{n}").exists())
    aside = path.with_name(f"{path.name}.{number}")
    for companion in _COMPANIONS:
        old = path.with_name(path.name + companion)
        if old.exists():
            old.rename(aside.with_name(aside.name + companion))
    told = "the copy %s is not of the log that is there now: it is read anew, and kept as %s, names and all"
    logger.warning(told, path, aside)


def position_in(store: sqlite3.Connection) -> int:
    """Up to where the copy goes; 0 when it is empty."""
    row = store.execute("SELECT seq FROM position").fetchone()
    return 0 if row is None else int(row[0])


def seq_of(store: sqlite3.Connection, entry: EventId) -> int | None:
    """Where an entry stands; None when it is not there."""
    row = store.execute("SELECT seq FROM entries WHERE id = ?", (entry,)).fetchone()
    return None if row is None else int(row[0])


def seqs_of(store: sqlite3.Connection, commands: Iterable[EventId]) -> Collection[int]:
    """Where the entries stand that these commands are in; those that are settled, or not here, are left out."""
    query = "SELECT seq FROM commands WHERE event_id = ? AND seq > 0 AND outcome = ''"
    return {seq for command in commands for (seq,) in store.execute(query, (command,))}


def rows_of(store: sqlite3.Connection, after: int, upto: int) -> dict[int, Row]:
    """The entries after `after`, up to `upto`."""
    query = "SELECT seq, recorded_at, salt, body FROM entries WHERE seq > ? AND seq <= ?"
    return {seq: Row(*row) for seq, *row in store.execute(query, (after, upto))}


def has_ref(store: sqlite3.Connection, ref: bytes) -> bool:
    """Whether an entry names these texts."""
    return store.execute("SELECT 1 FROM refs WHERE ref = ?", (ref,)).fetchone() is not None


def open_commands(store: sqlite3.Connection, seq: int) -> Sequence[EventId]:
    """The commands of an entry that nobody settled, and that were not in an earlier one."""
    query = "SELECT event_id FROM commands WHERE seq = ? AND done = 0 AND outcome = '' ORDER BY number"
    return [EventId(id_) for (id_,) in store.execute(query, (seq,))]


def refs_of(store: sqlite3.Connection, seqs: Collection[int]) -> dict[int, bytes]:
    """The references of the texts of these entries."""
    found = ((seq, store.execute("SELECT ref FROM refs WHERE seq = ?", (seq,)).fetchone()) for seq in seqs)
    return {seq: row[0] for seq, row in found if row is not None}


def texts_of(store: sqlite3.Connection, seq: int) -> list[StoredText]:
    """The texts of an entry, in their order."""
    query = "SELECT source, room, participant, subject, salt, value, erased FROM texts WHERE seq = ? ORDER BY number"
    return list(map(StoredText._make, store.execute(query, (seq,))))


def replace_texts(store: sqlite3.Connection, ref: bytes, found: Found) -> None:
    """The texts of an entry were rewritten. Nothing to do where it was trimmed."""
    row = store.execute("SELECT seq FROM refs WHERE ref = ?", (ref,)).fetchone()
    if row is None:
        return
    store.execute("DELETE FROM texts WHERE seq = ?", row)
    store.executemany(INSERT_TEXT, text_rows(row[0], found.texts))
    store.execute("UPDATE refs SET place = ? WHERE ref = ?", (found.place, ref))


def texts_to_purge(store: sqlite3.Connection, through: int) -> int:
    """Up to which place, itself not counted, there are only texts of entries up to `through`."""
    ((trimmed,), (left,)) = (
        store.execute(f"SELECT {which} FROM refs WHERE seq {where} ?", (through,)).fetchone()
        for which, where in (("max(place)", "<="), ("min(place)", ">"))
    )
    return 0 if trimmed is None else min(trimmed + 1, left or trimmed + 1)


def count_of_refs(store: sqlite3.Connection) -> int:
    """How many entries have texts."""
    return int(store.execute("SELECT count(*) FROM refs").fetchone()[0])


def unknown_places(store: sqlite3.Connection, first: int, last: int) -> list[tuple[int, int]]:
    """The places from `first` to `last` where no texts stand that an entry names, as ranges."""
    query = "SELECT place FROM refs WHERE place BETWEEN ? AND ? ORDER BY place"
    known = [first - 1, *(place for (place,) in store.execute(query, (first, last))), last + 1]
    return [(one + 1, next_ - 1) for one, next_ in pairwise(known) if next_ - one > 1]


def trim_copy(store: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Take out every entry that the snapshot stands for, also those that have not been read yet."""
    trim(store, snapshot)
    store.execute("DELETE FROM refs WHERE seq <= ?", (snapshot.seq,))
    store.execute("UPDATE missing SET after = max(after, ?)", (snapshot.seq,))
    store.execute(SET_POSITION, (max(position_in(store), snapshot.seq),))


def cut_copy(store: sqlite3.Connection, last: int) -> None:
    """Take out every entry after `last`, as if it had never been read."""
    store.execute(_UNSETTLE, (last,))
    for table in ("texts", "entry_rooms", "commands", "refs", "entries"):
        store.execute(f"DELETE FROM {table} WHERE seq > ?", (last,))
    store.execute("DELETE FROM start WHERE seq > ?", (last,))
    store.execute(SET_POSITION, (last,))


def begin_at(store: sqlite3.Connection, start: int, after: int, body: bytes) -> None:
    """Let an empty copy begin at a start; entries after `after` are filled in later."""
    keep_start(store, start, body)
    store.execute(SET_POSITION, (start,))
    if after < start:
        store.execute("INSERT INTO missing VALUES (1, ?, ?)", (after, start))


def missing_in(store: sqlite3.Connection) -> Missing | None:
    """What has to be filled in; None when all is there."""
    row = store.execute("SELECT after, upto FROM missing WHERE after < upto").fetchone()
    return None if row is None else Missing(*row)


def first_command_after(store: sqlite3.Connection, seq: int) -> int | None:
    """The next entry with a command that nobody settled."""
    query = "SELECT min(seq) FROM commands WHERE seq > ? AND done = 0 AND outcome = ''"
    (found,) = store.execute(query, (seq,)).fetchone()
    return None if found is None else int(found)
