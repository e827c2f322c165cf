"""A copy of the audit as a file: all of it or none, and only for this user's eyes."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import BinaryIO


async def save_whole(path: Path, fill: Callable[[Callable[[bytes], object]], Awaitable[None]]) -> int:
    """Have `fill` write what the file is to hold; returns how many bytes it was.

    A file that is there keeps its content until the new one is complete. Raises OSError, and whatever `fill` raises.
    """
    with _draft(path) as file:
        await fill(file.write)
        await asyncio.to_thread(_settle, file)
        return file.tell()


@contextlib.contextmanager
def _draft(path: Path) -> Iterator[BinaryIO]:
    """A file beside it that takes its place when nothing was raised, and is gone else."""
    handle, name = tempfile.mkstemp(".part", f".{path.name}.", path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
