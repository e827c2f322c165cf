"""How much of one source's webhooks is in memory at a time. What is too much is refused, and platforms send it again.

Each source has shares of its own, so that a flood of one leaves the others alone. Bodies that come in one piece are no
part of the first share: somebody who sends large ones slowly, without a signature, keeps no others out.
"""

import logging
from typing import Final

MOST_RECEIVING_BYTES: Final = 8 * 1024 * 1024
"""Of bodies whose end has not come."""
MOST_STORING_BYTES: Final = 8 * 1024 * 1024
"""Of webhooks that wait for the disk: some two thousand, two transactions of the log, which others wait behind."""
BESIDES_BYTES: Final = 4 * 1024
"""What a webhook takes beside its body."""
logger = logging.getLogger(__name__)


class Full(Exception):
    """It does not fit in now."""


class Share:
    """What may be held for one purpose."""

    def __init__(self, what: str, most_bytes: int) -> None:
        """`what` is for the log, as `webhooks of clinic that wait for the disk`."""
        self.bytes = 0
        self._what = what
        self._most_bytes = most_bytes
        self._is_said = False

    def take(self, size: int) -> None:
        """Hold so many bytes more. Raises Full, and then holds none of them."""
        if self.bytes + size > self._most_bytes:
            if not self._is_said:  # once in each flood
                logger.warning("there are too many %s: more of them are refused until it is better", self._what)
            self._is_said = True
            raise Full(self._what)
        self.bytes += size

    def give_back(self, size: int) -> None:
        """They are not held any more."""
        self.bytes -= size
        if not self.bytes:
            self._is_said = False


class Intake:
    """Of one source."""

    def __init__(self, source: str) -> None:
        self.receiving = Share(f"webhooks of {source} whose end has not come", MOST_RECEIVING_BYTES)
        self.storing = Share(f"webhooks of {source} that wait for the disk", MOST_STORING_BYTES)
