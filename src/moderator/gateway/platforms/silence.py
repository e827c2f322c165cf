"""Whether a platform's webhooks still come. Silence is noticed by evidence, or by time while people are in rooms.

Pure: times come in, milliseconds since the epoch, UTC, by the gateway's clock. Lists that fail are `sources`' business.
"""

from typing import Final

SILENT_AFTER_MS: Final = 5 * 60_000
CALM_MS: Final = 30 * 60_000
"""The same where lists work: they show what is missed, and two people who talk cause no webhook for long."""
TELLING_MS: Final = 10_000
"""So long a webhook may be under way after what it tells of."""


class Hearing:
    """The webhooks of one source, as far as they were heard since the gateway started, by any gateway on the log."""

    def __init__(self) -> None:
        self.heard_at: int | None = None
        self.episode = 0
        """Names a silence that was noticed: the same in every gateway, where the log tells of anything before it."""
        self._told_at = 0
        self.silent_since: int | None = None
        """When silence was noticed; None while there is none."""
        self.detail = ""
        """What was noticed, as a sentence without its full stop."""
        self._occupied_since: int | None = None
        """Without a pause somebody was in a room since then: how long one has listened, also after a restart."""
        self._untold_at: int | None = None
        """When the first thing was there that no webhook told of."""

    def heard(self, at: int) -> None:
        """A webhook came. It takes back what was missed, but not silence: see `recover`."""
        self.heard_at, self._untold_at = at if self.heard_at is None else max(at, self.heard_at), None

    def told(self, at: int) -> None:
        """The log shows what a webhook told to one of its gateways."""
        self._told_at = at
        self.heard(at)

    def over(self, at: int) -> None:
        """The log says that the source is heard again: the next silence is another one."""
        self._told_at = at

    @property
    def is_over(self) -> bool:
        """Whether something was heard since silence was noticed, which nobody may have written down yet."""
        return self.silent_since is not None and (self.heard_at or 0) > self.silent_since

    def recover(self) -> None:
        """It was written down that the source is heard again."""
        self.silent_since, self.detail = None, ""

    def miss(self, since: int, seen_at: int) -> None:
        """A list shows what no webhook told of; it happened after `since`, and had happened by `seen_at`."""
        if self.heard_at is not None and self.heard_at < since and self._untold_at is None:
            self._untold_at = seen_at

    def listen(self, now: int, occupied: int, *, lists_work: bool) -> bool:
        """Whether this is the moment to report silence; `occupied` is the number of rooms with somebody in them."""
        if not occupied:
            self._occupied_since = None
        elif self._occupied_since is None:
            self._occupied_since = now
        allowed_ms = CALM_MS if lists_work else SILENT_AFTER_MS
        noticed = self._untold(now) or self._nothing_heard(now, occupied, allowed_ms)
        if not noticed or self.silent_since is not None:
            return False
        why = "not be set up" if self.heard_at is None else "be switched off"
        self.detail = f"{noticed}: webhooks may {why}{'; lists still work' if lists_work else ''}"
        self.silent_since, self._untold_at, self.episode = now, None, self._told_at or now
        return True

    def _untold(self, now: int) -> str:
        if self._untold_at is None or now - self._untold_at < TELLING_MS:
            return ""
        return "a list shows a join or leave that no event told of"

    def _nothing_heard(self, now: int, occupied: int, allowed_ms: int) -> str:
        if self._occupied_since is None:
            return ""
        silent_ms = now - max(self.heard_at or 0, self._occupied_since)
        if silent_ms < allowed_ms:
            return ""
        rooms = "1 room is" if occupied == 1 else f"{occupied} rooms are"
        return f"no events for {silent_ms // 60_000} min while {rooms} live"
