"""Whether this gateway's clock is right, as far as others tell the time: the servers of the log where it has some, else
the platforms, in their replies and by what they date their webhooks.

Everybody's last word is carried on by the clock that nobody sets (`ToldTime`), so a step of ours shows at once.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from moderator.domain.events import Event
from moderator.domain.kinds import Fact
from moderator.domain.retention import AHEAD_MS
from moderator.gateway.platforms.sources import LiveSource
from moderator.journal.event_log import EventLog, LogError

MOST_SKEW_MS: Final = 1_000
"""Deadlines are kept by each gateway's own clock: one that is further off would be early, or late."""
_APART_MS: Final = AHEAD_MS
"""More than this against a platform is no matter of a slow reply, and what it reports may not be placed."""


class Timekeeping:
    """Judges between clocks. Asks nobody and waits for nothing."""

    def __init__(self, log: EventLog, sources: Mapping[str, LiveSource]) -> None:
        self._log = log
        self._sources = sources

    def is_vouched_for(self) -> bool:
        """Whether somebody else tells the same time. One platform is enough: that two clocks are wrong alike is not to
        be expected.
        """
        skew_ms = self._log.health().clock_skew_ms
        if skew_ms is not None:
            return abs(skew_ms) <= MOST_SKEW_MS
        return any(_agrees(source) for source in self._sources.values())

    def why_wrong(self) -> str:
        """What others say against the clock, as a sentence; empty when nobody does."""
        skew_ms = self._log.health().clock_skew_ms
        if skew_ms is None:
            said = {_agrees(source) for source in self._sources.values()}
            apart = False in said and True not in said
            return "its clock and the platforms' are more than an hour apart: set it right" if apart else ""
        if abs(skew_ms) <= MOST_SKEW_MS:
            return ""
        return f"its clock is {abs(skew_ms)} ms {'ahead of' if skew_ms > 0 else 'behind'} the log's: set it right"

    def check(self, source: LiveSource, events: Sequence[Event], received_at: int) -> None:
        """Heed what time a webhook tells. Raises LogError where its facts would be stored and never show, though the
        gateway's clock may be the wrong one: the platform sends them again, perhaps when it is right.
        """
        dated = [event.at for event in events if isinstance(event.data, Fact)]
        if not dated:
            return
        source.webhook_time.tell(max(dated))
        skew_ms = self._log.health().clock_skew_ms
        if skew_ms is not None and abs(skew_ms) > _APART_MS:
            raise LogError(self.why_wrong())
        # What is a day old may well be: an outage, or somebody replays it. Nothing comes out of the future.
        if max(dated) > received_at + AHEAD_MS and not self.is_vouched_for():
            why = "its times are hours ahead of this gateway's clock, and no other clock agrees with ours"
            raise LogError(f"{source.name}: {why}: set both by NTP")


def _agrees(source: LiveSource) -> bool | None:
    """Whether a platform's clock and ours agree; None when that is not known. A webhook may have been late."""
    replied_ms, sent_ms = source.http.clock_skew_ms, source.webhook_time.skew_ms
    told = [skew_ms for skew_ms in (replied_ms, sent_ms) if skew_ms is not None]
    if any(abs(skew_ms) <= _APART_MS for skew_ms in told):
        return True
    if replied_ms is not None or any(skew_ms < 0 for skew_ms in told):
        return False
    return None
