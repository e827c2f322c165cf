"""The anchor file: beside the log, and best on another machine, so that it shows when the end of the log is cut off."""

import logging
import os
from pathlib import Path
from typing import Final

import msgspec

from moderator.feed.codec import UNDECODABLE
from moderator.journal.verifying import Anchor

logger = logging.getLogger(__name__)

_OWNER_ONLY: Final = 0o600
_TAIL_BYTES: Final = 64 * 1024
_decoder: Final = msgspec.json.Decoder(Anchor)


def add_line(path: Path, anchor: Anchor) -> bool:
    """Whether the line is on the disk when this returns; that it is not is logged. Blocks."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
        try:
            os.write(file, msgspec.json.encode(anchor) + b"\n")
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        logger.error("the anchor %s cannot be written: %s", path, error.strerror)
        return False
    return True


def last_checkpoint(path: Path) -> Anchor | None:
    """The newest checkpoint that the anchor knows of; None where it knows none, or may only be written. Blocks."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            lines = file.read().splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        try:
            anchor = _decoder.decode(line)
        except UNDECODABLE:
            continue
        if not anchor.trimmed:
            return anchor
    return None
