"""The tables of the log file, and how a file of an older format gets them."""

import sqlite3
from typing import Final

from moderator.domain.kinds import Outcome
from moderator.feed.codec import decode_entry
from moderator.journal.stored import StoredText, to_stored

FORMAT: Final = 3
"""Of the tables. Entries carry a version of their own."""

_BATCH: Final = 1_000

_START: Final = """
CREATE TABLE start (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, body BLOB)
"""
"""What the log had led to at `seq`. No body: it was dropped, and what was made up to there comes too late."""

_BESIDE: Final = (
    # What can tell who somebody is; the body of the entry commits to each, in order. No salt: it was erased, and
    # `erased` is the pseudonym.
    """
CREATE TABLE texts (
    seq INTEGER NOT NULL, number INTEGER NOT NULL, source TEXT NOT NULL, room TEXT NOT NULL, participant TEXT NOT NULL,
    subject TEXT NOT NULL, salt BLOB, value BLOB NOT NULL, erased TEXT, PRIMARY KEY (seq, number)
) WITHOUT ROWID
""",
    # What the entries that were taken out had led to.
    """
CREATE TABLE trimmed (one INTEGER PRIMARY KEY CHECK (one = 1), through INTEGER NOT NULL, snapshot BLOB NOT NULL)
""",
)

TABLES: Final = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- AUTOINCREMENT: a number is never given again, not even when the newest entries were trimmed.
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, recorded_at INTEGER NOT NULL, body BLOB NOT NULL,
    salt BLOB NOT NULL DEFAULT x''
);
-- Which rooms an entry is about; room '' stands for events about the source itself.
CREATE TABLE entry_rooms (
    source TEXT NOT NULL, room TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (source, room, seq)
) WITHOUT ROWID;
-- `outcome` is the kind of event that settled it.
CREATE TABLE commands (
    number INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT ''
);
CREATE INDEX open_commands ON commands (number) WHERE done = 0;
{";".join((*_BESIDE, _START))};
"""

INSERT_TEXT: Final = "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
SETTLE: Final = "UPDATE commands SET outcome = :outcome WHERE event_id = :command"


COPY_TABLES: Final = """
CREATE TABLE refs (seq INTEGER PRIMARY KEY, ref BLOB NOT NULL UNIQUE, place INTEGER NOT NULL);
CREATE INDEX ref_places ON refs (place);
CREATE TABLE position (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
-- Entries after `after`, up to `upto`, are not here yet: it began later, and fills in what was before.
CREATE TABLE missing (one INTEGER PRIMARY KEY CHECK (one = 1), after INTEGER NOT NULL, upto INTEGER NOT NULL);
"""
"""What a file has besides when it is a copy of a log elsewhere."""
INSERT_REF: Final = "INSERT INTO refs VALUES (?, ?, ?)"
SET_POSITION: Final = "INSERT OR REPLACE INTO position VALUES (1, ?)"
SET_FILLED: Final = "UPDATE missing SET after = ?"
SETTLE_UNKNOWN: Final = (
    "INSERT INTO commands (event_id, seq, done, outcome) VALUES (:command, 0, 1, :outcome) "
    "ON CONFLICT (event_id) DO UPDATE SET outcome = excluded.outcome"
)
"""As `SETTLE`, where the command may be filled in later."""
OPEN_COMMAND: Final = (
    "INSERT INTO commands (event_id, seq) VALUES (?, ?) ON CONFLICT (event_id) DO UPDATE SET seq = excluded.seq "
    "WHERE seq = 0"
)
"""Put forward twice it is carried out once."""
TAKE_OUT_REPETITION: Final = (
    "UPDATE commands SET seq = 0 WHERE seq = ?",  # they are those of the first, of which it is known what became
    *(f"DELETE FROM {table} WHERE seq = ?" for table in ("texts", "entry_rooms", "refs", "entries")),
)
"""An entry out of a copy, where the first of its id is filled in next."""


def text_rows(seq: int, texts: tuple[StoredText, ...]) -> list[tuple[object, ...]]:
    """The values of `INSERT_TEXT` for an entry."""
    return [(seq, number, *text) for number, text in enumerate(texts)]


def is_copy(connection: sqlite3.Connection) -> bool:
    """Whether the file is a copy of a log elsewhere. Raises sqlite3.Error."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'position'").fetchone() is not None


def upgrade(connection: sqlite3.Connection, format_: int) -> None:
    """From an older format. All or nothing. Raises CodecError, sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if format_ == 1:
            _take_texts_out(connection)
        connection.execute(_START)
        connection.execute("UPDATE meta SET value = ? WHERE name = 'format'", (str(FORMAT),))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was in the bodies is not to stay in the file


def _take_texts_out(connection: sqlite3.Connection) -> None:
    """Format 1 had everything in the body, and no salts."""
    for statement in (
        "ALTER TABLE entries ADD COLUMN salt BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE commands ADD COLUMN outcome TEXT NOT NULL DEFAULT ''",
        *_BESIDE,
    ):
        connection.execute(statement)
    after = 0
    while rows := connection.execute(
        "SELECT seq, body FROM entries WHERE seq > ? ORDER BY seq LIMIT ?", (after, _BATCH)
    ).fetchall():
        for seq, body in rows:
            _rewrite(connection, seq, body)
        after = rows[-1][0]


def _rewrite(connection: sqlite3.Connection, seq: int, body: bytes) -> None:
    entry = decode_entry(body, seq)
    stored = to_stored(entry)
    connection.execute("UPDATE entries SET body = ?, salt = ? WHERE seq = ?", (stored.body, stored.salt, seq))
    connection.executemany(INSERT_TEXT, text_rows(seq, stored.texts))
    for event in entry.events:
        if isinstance(event.data, Outcome):
            connection.execute(SETTLE, {"outcome": event.kind, "command": event.data.command})
