"""Files that are there whole or not at all, whatever ends the program in between."""

import os
import stat
from pathlib import Path

from moderator.launch.sharing import OWNER_ONLY


def write_whole(path: Path, text: str) -> None:
    """Put a text in the place of what is there; a new file is for this user's eyes only. Raises OSError."""
    path = path.resolve()  # a link stays one
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else OWNER_ONLY
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    write_new(draft, text, mode)
    try:
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_new(path: Path, text: str, mode: int = OWNER_ONLY) -> None:
    """A file that was not there before; its lines end as in the text. Raises FileExistsError, else OSError."""
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8", newline="")
    try:
        with file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
