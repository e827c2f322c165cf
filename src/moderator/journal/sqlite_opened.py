"""Whether the files of a log are still those that were opened. Whoever takes one away, or cuts it off, leaves SQLite
writing to what nobody will find again: then nothing may be acknowledged any more.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from moderator.journal.event_log import LogError, StoreTrouble

_WAL: Final = "-wal"
_LOCK: Final = ".lock"
_PARTS: Final = ("", _WAL, "-shm", _LOCK)
"""What is added to the name of the log."""


class OpenedFiles:
    """The files as they were when this process opened them. To be used in any thread."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when one of them is not there."""
        self._path = path
        self._identities = {f"{path}{part}": _identity(f"{path}{part}") for part in _PARTS}
        self._damage = ""
        self._written_bytes = 0
        self.written()

    def written(self) -> None:
        """A transaction ended: what is in the write-ahead log now has to stay there. For the thread that writes."""
        with suppress(OSError):
            self._written_bytes = os.stat(f"{self._path}{_WAL}").st_size  # noqa: PTH116 - for each transaction

    def damaged(self, error: LogError) -> None:
        """Something in them could not be right: nothing is written to them any more."""
        self._damage = self._damage or str(error)

    def check(self) -> None:
        """Raises LogError with a sentence that says what to do."""
        if self._damage:
            raise LogError(self._damage)
        for name, identity in self._identities.items():
            if _identity_now(name) != identity:
                raise self._taken_away(name)

    def check_to_write(self) -> None:
        """As `check`, and whether nobody cut off what was written. For the thread that writes."""
        self.check()
        if os.stat(f"{self._path}{_WAL}").st_size < self._written_bytes:  # noqa: PTH116
            raise self._trouble(
                f"{self._path.name}{_WAL} was cut off by another program: stop the gateway, keep a copy of all files, "
                "and start it again, or restore a backup"
            )

    def _taken_away(self, name: str) -> LogError:
        gone = f"{Path(name).name} was taken away or replaced while it was in use"
        if name.endswith(_LOCK):
            return self._trouble(f"{gone}, so another gateway may use the log as well: stop all of them, and start one")
        return self._trouble(f"{gone}: put the same file back, or stop the gateway and restore a backup")

    def _trouble(self, why: str) -> LogError:
        return StoreTrouble(f"The log {self._path} cannot be used, {why}.")


def _identity(name: str) -> tuple[int, int]:
    found = os.stat(name)  # noqa: PTH116 - for each transaction
    return found.st_dev, found.st_ino


def _identity_now(name: str) -> tuple[int, int] | None:
    try:
        return _identity(name)
    except OSError:
        return None
