"""The tables of the log file, and how a file of an older format gets them."""

import sqlite3
from typing import Final

from moderator.domain.kinds import Outcome
from moderator.feed.codec import decode_entry
from moderator.journal.stored import StoredText, to_stored

FORMAT: Final = 2
"""Of the tables. Entries carry a version of their own."""

_BATCH: Final = 1_000

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
{";".join(_BESIDE)};
"""

INSERT_TEXT: Final = "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)"
SETTLE: Final = "UPDATE commands SET outcome = ? WHERE event_id = ?"


def text_rows(seq: int, texts: tuple[StoredText, ...]) -> list[tuple[object, ...]]:
    """The values of `INSERT_TEXT` for an entry."""
    return [(seq, number, *text) for number, text in enumerate(texts)]


def upgrade(connection: sqlite3.Connection) -> None:
    """Format 1 had everything in the body, and no salts. All or nothing. Raises CodecError, sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
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
        connection.execute("UPDATE meta SET value = ? WHERE name = 'format'", (str(FORMAT),))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was in the bodies is not to stay in the file


def _rewrite(connection: sqlite3.Connection, seq: int, body: bytes) -> None:
    entry = decode_entry(body, seq)
    stored = to_stored(entry)
    connection.execute("UPDATE entries SET body = ?, salt = ? WHERE seq = ?", (stored.body, stored.salt, seq))
    connection.executemany(INSERT_TEXT, text_rows(seq, stored.texts))
    for event in entry.events:
        if isinstance(event.data, Outcome):
            connection.execute(SETTLE, (event.kind, event.data.command))
