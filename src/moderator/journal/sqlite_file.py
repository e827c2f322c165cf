"""The file behind the log: its lock, its tables, and what to tell people when it cannot be used.

One process at a time has the file. Nothing is written to a file that is not known to be a log this version
understands.
"""

import os
import secrets
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from moderator.journal.event_log import LogError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FORMAT: Final = 1
"""Of the tables. Entries carry a version of their own."""

_OWNER_ONLY: Final = 0o600
_BUSY_TIMEOUT_S: Final = 5.0
_WAL_LIMIT_BYTES: Final = 64 * 1024 * 1024

_TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- AUTOINCREMENT: a number is never given again, not even when the newest entries were trimmed.
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, recorded_at INTEGER NOT NULL, body BLOB NOT NULL
);
-- Which rooms an entry is about; room '' stands for events about the source itself.
CREATE TABLE entry_rooms (
    source TEXT NOT NULL, room TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (source, room, seq)
) WITHOUT ROWID;
CREATE TABLE commands (
    number INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX open_commands ON commands (number) WHERE done = 0;
"""

_REMEDIES: Final = {
    sqlite3.SQLITE_FULL: "the disk is full: free some space on it",
    sqlite3.SQLITE_IOERR: "the disk could not be read or written: check it and the space that is left on it",
    sqlite3.SQLITE_READONLY: "it may not be written: give the gateway's user write access to the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: give the gateway's user access to the file and its folder",
    sqlite3.SQLITE_PERM: "it may not be opened: give the gateway's user access to the file and its folder",
    sqlite3.SQLITE_BUSY: "another program has locked it: close that program",
    sqlite3.SQLITE_NOTADB: "it is no log: name another file, or move this one away",
    sqlite3.SQLITE_CORRUPT: "it is damaged: keep a copy, and restore it from a backup or by .recover of sqlite3",
}


def explain(path: Path, error: Exception) -> LogError:
    """The error to raise for what the store said: which file, what is wrong with it, and what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of the code only refines it
    remedy = _REMEDIES.get(code, f"because of {error!s}: nothing in it was changed")
    return LogError(f"The log {path} cannot be used, {remedy}.")


class LogFile:
    """An open log file, held by this process alone. Blocking: not for the event loop's thread."""

    def __init__(self, path: Path, lock: int, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        """For the one writer: a transaction is on the disk when its commit returns."""
        self.log_id = _meta(connection)["log_id"]
        self._lock = lock

    @classmethod
    def open(cls, path: Path) -> "LogFile":
        """Take the file, making it if there is none. Raises LogError, and has then changed nothing in the file."""
        try:
            path = path.resolve()
            lock = _take(path)
        except OSError as error:
            raise LogError(_cannot_open(path, error)) from error
        try:
            return cls(path, lock, _prepare(path))
        except BaseException as error:
            os.close(lock)
            if isinstance(error, sqlite3.Error):
                raise explain(path, error) from error
            if isinstance(error, OSError):
                raise LogError(_cannot_open(path, error)) from error
            raise

    def connect_to_read(self) -> sqlite3.Connection:
        """A connection that cannot write; it may be closed by another thread."""
        uri = f"{self.path.as_uri()}?mode=ro"
        return sqlite3.connect(uri, _BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, uri=True)

    def close(self) -> None:
        """Let another process have the file. To be called once."""
        self.connection.close()
        os.close(self._lock)


def _take(path: Path) -> int:
    """The lock: a file of its own, so that it cannot get in the way of SQLite's locks. It stays when it is released."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
    try:
        if sys.platform == "win32":
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        remedy = "stop that one, or name another file (gateway.log)"
        raise LogError(f"The log {path} is in use by another gateway: {remedy}.") from error
    return lock


def _cannot_open(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"The log {path} cannot be made, its folder is not there: create {path.parent}."
    return f"The log {path} cannot be opened ({error.strerror}): give the gateway's user write access to {path.parent}."


def _prepare(path: Path) -> sqlite3.Connection:
    """Make the file and its tables where they are missing."""
    if not path.exists():
        _make_empty(path)
    with closing(sqlite3.connect(path, _BUSY_TIMEOUT_S, isolation_level=None)) as connection:
        is_new = _is_new(path, connection)
    return _connect(path, is_new)


def _make_empty(path: Path) -> None:
    """SQLite would make the file readable to others; its companions take over the mode of the file."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    if sys.platform != "win32":  # so that the name survives a power failure as well
        folder = os.open(path.parent, os.O_RDONLY)
        with suppress(OSError):
            os.fsync(folder)
        os.close(folder)


def _is_new(path: Path, connection: sqlite3.Connection) -> bool:
    """Whether there are no tables yet. Raises LogError when the file is somebody else's, or of a newer version."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return True
    meta = _meta(connection) if {"meta", "entries"} <= tables else {}
    if not meta.get("format", "").isdecimal():
        raise LogError(f"The log {path} is a database of another program: name another file.")
    if int(meta["format"]) > FORMAT:
        raise LogError(
            f"The log {path} was written by a newer version (format {meta['format']}, this one knows {FORMAT}): "
            "install that version, or name another file."
        )
    return False


def _meta(connection: sqlite3.Connection) -> dict[str, str]:
    return {str(name): str(value) for name, value in connection.execute("SELECT name, value FROM meta")}


def _make_tables(connection: sqlite3.Connection) -> None:
    log_id = secrets.token_hex(8)
    connection.executescript(
        f"BEGIN IMMEDIATE; {_TABLES} INSERT INTO meta VALUES ('log_id', '{log_id}'), ('format', '{FORMAT}'); COMMIT;"
    )


def _connect(path: Path, is_new: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, _BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise LogError(f"The log {path} lies on a disk that cannot share memory: name a file on a local disk.")
        connection.execute("PRAGMA synchronous = FULL")  # an entry acknowledged survives a power failure
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
        if is_new:
            _make_tables(connection)
        connection.executescript(
            "BEGIN IMMEDIATE; ROLLBACK"
        )  # may it be written? better known now than at the first event
    except BaseException:
        connection.close()
        raise
    return connection
