"""How long what could not be read or written is tried again."""

import asyncio
from typing import Final

from moderator.journal.event_log import LogError, StoreTrouble
from moderator.journal.jetstream.connection import PAUSE_S

TROUBLE_PAUSE_S: Final = 1.0
MOST_FAILURES: Final = 100
"""One after the other."""


class Patience:
    """Of one who goes through entries. A store that cannot be used is waited for as long as it takes."""

    def __init__(self) -> None:
        self._failures = 0

    def progressed(self) -> None:
        """It went on meanwhile."""
        self._failures = 0

    async def after(self, error: LogError) -> None:
        """Pause; raises the error when there were too many for this one to pass."""
        if isinstance(error, StoreTrouble):
            await asyncio.sleep(TROUBLE_PAUSE_S)
            return
        self._failures += 1
        if self._failures > MOST_FAILURES:
            raise error
        await asyncio.sleep(PAUSE_S)
