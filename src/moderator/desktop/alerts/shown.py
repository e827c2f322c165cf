"""Remembers what the system was asked to show, over restarts and over all windows of this user."""

import logging
import sqlite3
from collections.abc import Container, Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

FILE: Final = "shown.db"
KEPT_MS: Final = 24 * 60 * 60_000
_WAIT_S: Final = 0.2
"""For another window that writes; the window stands still meanwhile."""
_WRITE: Final = "INSERT OR IGNORE INTO shown VALUES (?, ?)"
_TABLE: Final = "CREATE TABLE IF NOT EXISTS shown (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID"


class ShownMemory:
    """A small database in the data folder. Where it cannot be used, what this window has shown is still known."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._known: dict[str, int] = {}
        """When each was shown, the oldest first."""
        self._unwritten: dict[str, int] = {}
        """Of those, what could not be written down yet."""
        self._database: sqlite3.Connection | None = None
        self._database = self._open()

    def __contains__(self, id_: object) -> bool:
        """Whether this window knows that it was shown."""
        return id_ in self._known

    def claim(self, ids: Sequence[str], now_ms: int, standing: Container[str] = ()) -> frozenset[str]:
        """Those of them that nobody has shown before. From now on they count as shown: call it before showing.

        What was shown a day ago is forgotten, except what is still `standing`.
        """
        fresh = frozenset(ids) - self._known.keys()
        if fresh:
            self._forget(now_ms - KEPT_MS, standing)
            self._known.update(dict.fromkeys(fresh, now_ms))
        if self._database is None or not fresh:
            return fresh
        try:
            with self._database as database:
                database.execute("DELETE FROM shown WHERE at < ?", (now_ms - KEPT_MS,))
                database.executemany(_WRITE, self._unwritten.items())
                ours = frozenset(id_ for id_ in fresh if self._write(database, id_, now_ms))
        except sqlite3.OperationalError as error:  # no space, or locked: it may go the next time
            self._put_off(fresh, now_ms, error)
            return fresh
        except sqlite3.Error as error:
            self._give_up(error)
            return fresh
        self._unwritten.clear()
        return ours

    def close(self) -> None:
        """Nothing more is shown."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _forget(self, before_ms: int, standing: Container[str]) -> None:
        old = [id_ for id_, _ in takewhile(lambda one: one[1] < before_ms, self._known.items())]
        for id_ in old:
            if id_ not in standing:
                del self._known[id_]
                self._unwritten.pop(id_, None)

    @staticmethod
    def _write(database: sqlite3.Connection, id_: str, now_ms: int) -> bool:
        """Whether it was not there before."""
        return database.execute(_WRITE, (id_, now_ms)).rowcount == 1

    def _open(self) -> sqlite3.Connection | None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return self._read()
        except OSError as error:
            self._give_up(error)
            return None
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # no place to write, or locked: not the file's fault
                self._give_up(error)
                return None
            logger.warning("%s cannot be read (%s) and is begun anew: some warnings may be shown again", FILE, error)
        try:
            self._path.unlink()
            return self._read()
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)
            return None

    def _read(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=_WAIT_S)
        try:
            with database:
                database.execute("PRAGMA synchronous=OFF")  # it survives our end; that of the machine is rare enough
                database.execute(_TABLE)
                self._known.update(database.execute("SELECT id, at FROM shown ORDER BY at"))
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _put_off(self, ids: Iterable[str], now_ms: int, error: Exception) -> None:
        if not self._unwritten:
            logger.warning("%s cannot be written (%s): after a restart, warnings may be shown again", FILE, error)
        self._unwritten.update(dict.fromkeys(ids, now_ms))

    def _give_up(self, error: Exception) -> None:
        self.close()
        logger.warning("%s cannot be used (%s): after a restart, warnings may be shown again", FILE, error)
