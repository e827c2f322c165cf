"""The folder of one demo, with everything that its programs and its window write: gone when the demo ends.

A demo that was killed cannot tidy up, so the next one does. A lock in the folder, which the system frees however its
owner ends, says whether somebody still needs it.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from moderator.launch.sharing import OwnerLock, is_private

PREFIX: Final = "moderator-demo-"
LOCK: Final = "demo.lock"


@contextlib.contextmanager
def demo_folder() -> Iterator[Path]:
    """A new folder for this user's eyes only. Raises OSError when there can be none."""
    _remove_left_behind(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        lock = OwnerLock(Path(name), LOCK)
        lock.take()
        try:
            yield Path(name)
        finally:
            lock.release()  # first: Windows removes no file that is open


def _remove_left_behind(where: Path) -> None:
    for folder in where.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_left_behind(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left_behind(folder: Path) -> bool:
    """Whether it is a demo's of this user that is dead. One without a lock has perhaps only just been made."""
    if not is_private(folder.lstat()) or not (folder / LOCK).is_file():
        return False
    lock = OwnerLock(folder, LOCK)
    try:
        return lock.take()
    finally:
        lock.release()
