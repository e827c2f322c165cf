"""The file behind the log: its lock, its format, and what to tell people when it cannot be used. The tables are in
`sqlite_tables`.

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

from moderator.feed.codec import CodecError
from moderator.journal.event_log import LogError
from moderator.journal.sqlite_tables import FORMAT, TABLES, upgrade

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_OWNER_ONLY: Final = 0o600
_BUSY_TIMEOUT_S: Final = 5.0
_WAL_LIMIT_BYTES: Final = 64 * 1024 * 1024

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
            if isinstance(error, CodecError):
                raise LogError(f"The log {path} holds something that this version cannot read: {error}.") from error
            if isinstance(error, OSError):
                raise LogError(_cannot_open(path, error)) from error
            raise

    def connect_to_read(self) -> sqlite3.Connection:
        """A connection that cannot write; it may be closed by another thread."""
        return connect_to_read(self.path)

    def close(self) -> None:
        """Let another process have the file. To be called once."""
        self.connection.close()
        os.close(self._lock)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, without taking the file from whoever has it. Raises sqlite3.Error."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(uri, _BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, uri=True)


def format_of(path: Path, connection: sqlite3.Connection) -> int | None:
    """Of the tables; None when there are none yet. Raises LogError when the file is somebody else's, or too new."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    meta = _meta(connection) if {"meta", "entries"} <= tables else {}
    if not meta.get("format", "").isdecimal():
        raise LogError(f"The log {path} is a database of another program: name another file.")
    if int(meta["format"]) > FORMAT:
        raise LogError(
            f"The log {path} was written by a newer version (format {meta['format']}, this one knows {FORMAT}): "
            "install that version, or name another file."
        )
    return int(meta["format"])


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
        format_ = format_of(path, connection)
    return _connect(path, format_)


def _make_empty(path: Path) -> None:
    """SQLite would make the file readable to others; its companions take over the mode of the file."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    if sys.platform != "win32":  # so that the name survives a power failure as well
        folder = os.open(path.parent, os.O_RDONLY)
        with suppress(OSError):
            os.fsync(folder)
        os.close(folder)


def _meta(connection: sqlite3.Connection) -> dict[str, str]:
    return {str(name): str(value) for name, value in connection.execute("SELECT name, value FROM meta")}


def _make_tables(connection: sqlite3.Connection) -> None:
    log_id = secrets.token_hex(8)
    connection.executescript(
        f"BEGIN IMMEDIATE; {TABLES} INSERT INTO meta VALUES ('log_id', '{log_id}'), ('format', '{FORMAT}'); COMMIT;"
    )


def _connect(path: Path, format_: int | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path, _BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise LogError(f"The log {path} lies on a disk that cannot share memory: name a file on a local disk.")
        connection.execute("PRAGMA synchronous = FULL")  # an entry acknowledged survives a power failure
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
        if format_ is None:
            _make_tables(connection)
        elif format_ < FORMAT:
            upgrade(connection)
        connection.executescript(
            "BEGIN IMMEDIATE; ROLLBACK"
        )  # may it be written? better known now than at the first event
    except BaseException:
        connection.close()
        raise
    return connection
