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
from moderator.journal.event_log import LogError, StoreTrouble
from moderator.journal.sqlite_opened import OpenedFiles
from moderator.journal.sqlite_tables import COPY_TABLES, FORMAT, TABLES, is_copy, upgrade

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

_COPY_EXPECTED: Final = "The file {} is a log of its own, not the copy of one: name another (nats.copy)."
_LOG_EXPECTED: Final = "The file {} is the copy of a log on NATS: name its servers, or another file (gateway.log)."

STORE_ERRORS: Final = (sqlite3.Error, CodecError, UnicodeDecodeError)
"""What `explain` can be asked about."""


def explain(path: Path, error: Exception) -> LogError:
    """The error to raise for what the store said: which file, what is wrong with it, and what to do.

    A StoreTrouble where it is the machine's: a damaged file does not mend itself.
    """
    if isinstance(error, LogError):
        return error
    if isinstance(error, CodecError):
        return LogError(
            f"The log {path} holds something that this version cannot read: {error}. If no newer version wrote it, "
            f"{_REMEDIES[sqlite3.SQLITE_CORRUPT]}."
        )
    remedy = _REMEDIES.get(_code(error), f"because of {error!s}: nothing in it was changed")
    kind = StoreTrouble if isinstance(error, sqlite3.OperationalError) else LogError
    return kind(f"The log {path} cannot be used, {remedy}.")


def _code(error: Exception) -> int:
    if isinstance(error, UnicodeDecodeError):  # SQLite quotes what it found, which is no text
        return sqlite3.SQLITE_CORRUPT
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF  # the rest of the code only refines it


class LogFile:
    """An open log file, held by this process alone. Blocking: not for the event loop's thread."""

    def __init__(self, path: Path, lock: int, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        """For the one writer: a transaction is on the disk when its commit returns."""
        self.log_id = _meta(connection)["log_id"]
        self.opened = OpenedFiles(path)
        self._lock = lock

    @classmethod
    def open(cls, path: Path, copy_of: str = "") -> "LogFile":
        """Take the file, making it if there is none. Raises LogError, and has then changed nothing in the file.

        `copy_of` is the id of a log elsewhere: then a file that is made is a copy of that, which need not survive a
        power failure whole.
        """
        try:
            path = path.resolve()
            lock = _take(path, "nats.copy" if copy_of else "gateway.log")
        except OSError as error:
            raise LogError(_cannot_open(path, error)) from error
        try:
            return cls(path, lock, _prepare(path, copy_of))
        except BaseException as error:
            os.close(lock)
            if isinstance(error, STORE_ERRORS):
                raise explain(path, error) from error
            if isinstance(error, OSError):
                raise LogError(_cannot_open(path, error)) from error
            raise

    def connect_to_read(self) -> sqlite3.Connection:
        """A connection that cannot write; it may be closed by another thread. Raises sqlite3.Error, LogError."""
        self.opened.check()  # else it could be to another log
        return connect_to_read(self.path)

    def explain(self, error: Exception) -> LogError:
        """See `explain`. Where that says that the file is damaged nothing is written to it any more."""
        explained = explain(self.path, error)
        if _code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            self.opened.damaged(explained)
        return explained

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
    if not meta.get("format", "").isdecimal() or "log_id" not in meta:
        raise LogError(f"The log {path} is a database of another program: name another file.")
    if int(meta["format"]) > FORMAT:
        raise LogError(
            f"The log {path} was written by a newer version (format {meta['format']}, this one knows {FORMAT}): "
            "install that version, or name another file."
        )
    return int(meta["format"])


def _take(path: Path, key: str) -> int:
    """The lock: a file of its own, so that it cannot get in the way of SQLite's locks. It stays when it is released.

    `key` is what names the file in the configuration.
    """
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
    try:
        if sys.platform == "win32":
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        remedy = f"stop that one, or name another file ({key})"
        raise LogError(f"The log {path} is in use by another gateway: {remedy}.") from error
    return lock


def _cannot_open(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"The log {path} cannot be made, its folder is not there: create {path.parent}."
    return f"The log {path} cannot be opened ({error.strerror}): give the gateway's user write access to {path.parent}."


def _prepare(path: Path, copy_of: str) -> sqlite3.Connection:
    """Make the file and its tables where they are missing."""
    if not path.exists():
        _make_empty(path)
    with closing(sqlite3.connect(path, _BUSY_TIMEOUT_S, isolation_level=None)) as connection:
        format_ = format_of(path, connection)
        if format_ is not None and is_copy(connection) != bool(copy_of):
            raise LogError(_COPY_EXPECTED.format(path) if copy_of else _LOG_EXPECTED.format(path))
    return _connect(path, format_, copy_of)


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


def _make_tables(connection: sqlite3.Connection, copy_of: str) -> None:
    log_id = copy_of or secrets.token_hex(8)
    tables = f"{TABLES} {COPY_TABLES if copy_of else ''}"
    connection.executescript(
        f"BEGIN IMMEDIATE; {tables} INSERT INTO meta VALUES ('log_id', '{log_id}'), ('format', '{FORMAT}'); COMMIT;"
    )


def _connect(path: Path, format_: int | None, copy_of: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, _BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise LogError(f"The log {path} lies on a disk that cannot share memory: name a file on a local disk.")
        # An entry acknowledged survives a power failure; of a copy what is lost is read again.
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if copy_of else 'FULL'}")
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
        if format_ is None:
            _make_tables(connection, copy_of)
        elif format_ < FORMAT:
            upgrade(connection, format_)
        connection.executescript(
            "BEGIN IMMEDIATE; ROLLBACK"
        )  # may it be written? better known now than at the first event
    except BaseException:
        connection.close()
        raise
    return connection
