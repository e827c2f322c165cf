"""How windows of one user share one embedded gateway: a lock that its owner holds, and a file that says where it is.

The system frees the lock when the owner ends, however it ends; so the file is believed only while the lock is held.
"""

import contextlib
import os
import stat
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

OWNER_ONLY: Final = 0o600


class Shared(Struct, frozen=True):
    """An embedded gateway, as its owner tells the user's other windows. Secret."""

    url: str
    token: str
    key: str
    """With it another window goes on where this one ends, at the same address and with the same tokens."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"


class OwnerLock:
    """Held by the window that looks after the gateway of a folder, or by whoever else the folder is for."""

    def __init__(self, folder: Path, name: str = "owner.lock") -> None:
        self._path = folder / name
        self._file: int | None = None

    def take(self) -> bool:
        """Whether it is ours now. Raises OSError when there can be no such file."""
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
        try:
            if sys.platform == "win32":
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Let another window have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class SharedFile:
    """The owner's word to the other windows."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "gateway.json"

    def write(self, shared: Shared) -> None:
        """Say it, for this user's eyes only. Raises OSError."""
        draft = self._path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
            file.write(msgspec.json.encode(shared))
        draft.replace(self._path)

    def read(self) -> Shared | None:
        """What was said; None when nothing was, or when somebody else could have said it."""
        try:
            with self._path.open("rb") as file:
                if not is_private(os.fstat(file.fileno())):
                    return None
                shared = msgspec.json.decode(file.read(), type=Shared)
            return shared if _is_ours(shared.url) else None
        except (OSError, msgspec.MsgspecError, ValueError, RecursionError):  # ValueError: not text, or no address
            return None

    def remove(self) -> None:
        """There is no gateway any more."""
        with contextlib.suppress(OSError):
            self._path.unlink()


def _is_ours(url: str) -> bool:
    """An address that an embedded gateway can have. Raises ValueError for what is no address at all."""
    parts = urlsplit(url)
    return (parts.scheme, parts.hostname) == ("http", "127.0.0.1") and bool(parts.port)


def is_private(status: os.stat_result) -> bool:
    """Whether what has this status is this user's, and nobody else's to read or to write."""
    if sys.platform == "win32":  # the user's own folder is
        return True
    return status.st_uid == os.getuid() and not stat.S_IMODE(status.st_mode) & 0o077
