"""The keys that moderator tokens are signed with: one for each kind of token, changed without a restart.

Which claims a token has to have is for `tokens` to say.
"""

import asyncio
import logging
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from moderator.clock import Clock
from moderator.gateway.configuration.key_lines import key_lines
from moderator.gateway.waiting import sleep

logger = logging.getLogger(__name__)

MAX_FILE_BYTES: Final = 64 * 1024
LOOK_EVERY_S: Final = 3.0
REFRESH_LABEL: Final = b"moderator refresh token"


def derived_key(key: str, label: bytes) -> str:
    """A key for another kind of token, from which nobody learns `key` (HKDF with SHA-256)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(key.encode()).hex()


class Keys:
    """The first signs, all of them verify. With a `path`, that file is looked at again and again."""

    def __init__(self, lines: Sequence[str], path: Path | None = None) -> None:
        """Raises ValueError when one of them is no key to be used."""
        self._path = path
        self._complained_of = ""
        self._seen: tuple[str, ...] = ()
        """New keys that the last look found: the next one has to find the same, since a file may be half written."""
        self._use(key_lines("\n".join(lines)))

    def __repr__(self) -> str:
        return f"Keys({len(self._access)} keys)"

    @property
    def access(self) -> tuple[str, ...]:
        """For tokens that are sent with requests, newest first."""
        return self._access

    @property
    def refresh(self) -> tuple[str, ...]:
        """For tokens that are only good for getting a new one."""
        return self._refresh

    async def run(self, clock: Clock) -> None:
        """Until cancelled: take over what the file holds. Ends at once where there is no file."""
        while self._path is not None:
            await sleep(clock, LOOK_EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Read the file. One that cannot be used changes nothing, and is complained of once in the log."""
        assert self._path is not None
        seen, self._seen = self._seen, ()
        try:
            lines = key_lines(await asyncio.to_thread(_text_of, self._path))
        except (OSError, ValueError) as error:
            self._complain(error)
            return
        self._complained_of = ""
        if lines == self._access:
            return
        self._seen = lines
        if lines == seen:
            self._use(lines)
            logger.info("the keys of moderator tokens have changed: %d are in use", len(lines))

    def _use(self, lines: tuple[str, ...]) -> None:
        self._access = lines
        self._refresh = tuple(derived_key(line, REFRESH_LABEL) for line in lines)

    def _complain(self, error: OSError | ValueError) -> None:
        reason = (error.strerror or "it cannot be read") if isinstance(error, OSError) else str(error)
        if isinstance(error, UnicodeDecodeError):  # it would quote the file
            reason = "it is not text"
        if reason != self._complained_of:
            logger.error("the new keys in %s cannot be used, so the old ones stay: %s", self._path, reason)
            self._complained_of = reason


def _text_of(path: Path) -> str:
    """Raises OSError or ValueError. Nothing but a file: whoever opens a pipe waits for somebody to write into it."""
    file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise ValueError("it is no regular file")
        return os.read(file, MAX_FILE_BYTES).decode()
    finally:
        os.close(file)
