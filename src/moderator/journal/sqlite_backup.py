"""A copy of a log file as it is at one moment, taken while a gateway writes to it, and looked through before it counts.

What is written meanwhile waits for nobody, and is not in the copy.
"""

import os
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from msgspec import Struct

from moderator.feed.audit import Verified
from moderator.journal.event_log import LogError
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.sqlite_file import connect_to_read, explain, format_of
from moderator.journal.sqlite_tables import FORMAT

_OWNER_ONLY = 0o600
_UNWRITABLE = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE"}
"""What SQLite says of a file that it writes; the log is only read."""


class Backup(Struct, frozen=True):
    """What was copied."""

    size: int
    """In bytes."""
    found: Verified | None
    """What its checkpoints say; None of a log of an older format, which has none."""


def back_up(log: Path, to: Path) -> Backup:
    """Copy a log to a file that is not there yet and that only this user can read.

    The copy is a log of its own: when a gateway goes on with it, no reader takes it for the one it was taken of, which
    went on differently. Raises LogError, and has then left nothing behind.
    """
    if not log.is_file():
        raise LogError(f"There is no log {log}: name the configuration of the gateway that writes it.")
    if to.exists():
        raise LogError(f"{to} is there already: name a new file, a backup overwrites nothing.")
    part = to.with_name(f"{to.name}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    except FileExistsError as error:
        raise LogError(f"{part} is there: another backup is being made, or was cut off. Then delete it.") from error
    except OSError as error:
        raise LogError(f"{part} cannot be written: {error.strerror}.") from error
    try:
        found = _look_through(part, _copy(log, part))
        _sync(part)
        part.rename(to)
        _sync(to.parent)
        return Backup(to.stat().st_size, found)
    except OSError as error:
        raise LogError(f"{part} cannot be written: {error.strerror}.") from error
    finally:
        for left in (part, part.with_name(f"{part.name}-journal")):
            left.unlink(missing_ok=True)


def _copy(log: Path, part: Path) -> int:
    """Returns the format of what was copied."""
    try:
        with closing(connect_to_read(log)) as source, closing(sqlite3.connect(part, isolation_level=None)) as copy:
            source.execute("BEGIN")  # one moment for all of it: else each commit would make it begin anew
            format_ = format_of(log, source)
            if format_ is None:
                raise LogError(f"The log {log} is empty: there is nothing to copy.")
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
            copy.execute("UPDATE meta SET value = ? WHERE name = 'log_id'", (secrets.token_hex(8),))
            return format_
    except sqlite3.Error as error:
        if error.sqlite_errorname in _UNWRITABLE:
            raise LogError(f"{part} cannot be written: its disk is full, or broken. Free some space on it.") from error
        raise explain(log, error) from error


def _look_through(part: Path, format_: int) -> Verified | None:
    with closing(connect_to_read(part)) as copy:
        (says,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if says != "ok":
        raise LogError(f"The copy is damaged ({says}), and so is perhaps the log: check its disk, then try again.")
    return verify_file(part) if format_ == FORMAT else None


def _sync(path: Path) -> None:
    """So that it survives a power failure. (Not every system can do that with a folder.)"""
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
