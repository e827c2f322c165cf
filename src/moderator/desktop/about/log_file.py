"""The window's log as a file: what goes to standard error is seen by nobody who started it from a menu."""

import contextlib
import logging
import os
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

NAME: Final = "window.log"
FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FILE_BYTES: Final = 1_000_000
FILES: Final = 3
"""Older ones beside the one that is written."""

logger = logging.getLogger(__name__)


class _PrivateFiles(RotatingFileHandler):
    """For this user's eyes only: a log names rooms."""

    def _open(self):  # type: ignore[no-untyped-def]  # as the base class has it
        stream = super()._open()
        Path(self.baseFilename).chmod(0o600)
        return stream


@contextlib.contextmanager
def log_in(folder: Path) -> Iterator[None]:
    """Meanwhile the log goes into this folder too; where it cannot, that is logged and stops nothing."""
    handler = _handler(folder)
    if handler is None:
        yield
        return
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _handler(folder: Path) -> logging.Handler | None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _PrivateFiles(folder / NAME, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8")
    except OSError as error:
        logger.info("no log file: %s cannot be written: %s", folder, os.strerror(error.errno or 0))
        return None
    handler.setFormatter(logging.Formatter(FORMAT))
    return handler
