"""One request of a command: its turn, and how long a platform that refuses for now is asked again.

How it is made is in `platforms.asking`. Which requests make up a command, and what shows that it was done, is not
known here.
"""

import logging
import random
from typing import Final

from moderator.clock import Clock
from moderator.domain.events import Event
from moderator.gateway.platforms.limiter import Urgency
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.waiting import sleep
from moderator.providers.errors import ProviderError, RateLimited, Unavailable

logger = logging.getLogger(__name__)

GIVE_UP_AFTER_S: Final = 30.0
"""A command that the platform keeps refusing for now is given up after this long, and said to have failed."""
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 8.0


class CommandFailed(Exception):
    """A command will not be carried out. The message is a sentence for moderators; `facts` were learned on the way."""

    def __init__(self, code: str, why: str, facts: tuple[Event, ...] = ()) -> None:
        super().__init__(why)
        self.code = code
        self.facts = facts


async def turn(source: LiveSource, urgency: Urgency, patience_s: float = GIVE_UP_AFTER_S) -> None:
    """Wait until the source may be asked. Raises CommandFailed when the platform asks for too long a pause, or has not
    answered anybody for so long.
    """
    try:
        await source.limiter.turn(urgency, patience_s)
    except TimeoutError as error:
        if source.circuit.is_open:
            why = f"{source.name} does not answer: try again when it does"
            raise CommandFailed(Unavailable.code, why) from error
        # What somebody ordered now must not happen to a room as it is much later.
        sentence = f"the platform asked for a pause of {source.limiter.paused_s():.0f} s: try again then"
        raise CommandFailed("rate_limited", sentence) from error
    await source.calls.admit()


class Patience:
    """With one command; it lasts for half a minute, and for as long again whenever it is renewed."""

    def __init__(self, event: Event, clock: Clock) -> None:
        self._event = event
        self._clock = clock
        self.renew()

    def renew(self) -> None:
        """Something was achieved."""
        self._give_up_at = self._clock.monotonic() + GIVE_UP_AFTER_S
        self._pause_s = FIRST_PAUSE_S

    @property
    def is_over(self) -> bool:
        """Whether nothing was achieved for long enough."""
        return self._clock.monotonic() > self._give_up_at

    async def pause(self, source: LiveSource, error: ProviderError) -> None:
        """Wait before the next try. Raises CommandFailed when there shall be none."""
        asked_s = error.retry_after_s if isinstance(error, RateLimited) else None
        source.heed(error)
        wait_s = max(asked_s or 0.0, self._pause_s * random.uniform(0.5, 1.0))
        if not error.temporary or self._clock.monotonic() + wait_s > self._give_up_at:
            when = f" It asks for {asked_s:.0f} s: try again then." if asked_s else ""
            raise CommandFailed(error.code, f"{error}{when}") from error
        logger.info(
            "%s of %s is tried again in %.1f s: %s",
            self._event.kind,
            self._event.source,
            wait_s,
            error,
            extra={"source": self._event.source},
        )
        await sleep(self._clock, wait_s)
        self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2)
