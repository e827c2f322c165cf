"""What must not be heard now: in quiet hours, and while somebody has muted the sounds. It keeps no time of its own:
`tick` is called once a second."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

from moderator.client.texts import clock_time
from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.quiet_hours import QuietHours, is_let_through, quiet_until
from moderator.desktop.preferences import Preference, Preferences
from moderator.language import tr

MUTED_MS: Final = 15 * 60_000
QUIET: Final = Preference("quiet/on", False)
QUIET_FROM: Final = Preference("quiet/from", "22:00")
QUIET_TO: Final = Preference("quiet/to", "07:00")


class Hush(QObject):
    """Says of each alert whether it may be heard, and in words what is in force."""

    changed = Signal()
    """Something came into force, or is over."""

    def __init__(
        self,
        preferences: Preferences,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        """`now_ms`: the gateway's time, which may be set right; `monotonic`: seconds, by a clock that nobody sets."""
        super().__init__(parent)
        self._preferences = preferences
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._muted_until_s = 0.0
        self._over = 0
        """The end of the quiet hours that somebody ended early."""
        self._told: tuple[str, str] = self.quiet_words, self.muted_words
        preferences.changed.connect(self.tick)

    @property
    def is_quiet(self) -> bool:
        """Quiet hours are in force."""
        return self._quiet_until() is not None

    @property
    def is_muted(self) -> bool:
        """Somebody has muted the sounds for a while."""
        return self._monotonic() < self._muted_until_s

    @property
    def quiet_words(self) -> str:
        """Until when it is quiet; empty when it is not."""
        until = self._quiet_until()
        return "" if until is None else tr("Quiet until {time}").format(time=clock_time(until, with_seconds=False))

    @property
    def muted_words(self) -> str:
        """Until when the sounds are muted; empty when they are not."""
        if not self.is_muted:
            return ""
        until = self._now_ms() + round((self._muted_until_s - self._monotonic()) * 1000)
        return tr("Muted until {time}").format(time=clock_time(until, with_seconds=False))

    def lets_notify(self, alert: Alert) -> bool:
        """Whether the system may show it."""
        return not self.is_quiet or is_let_through(alert)

    def lets_sound(self, alert: Alert) -> bool:
        """Whether it may be heard."""
        return not self.is_muted and self.lets_notify(alert)

    def end_quiet(self) -> None:
        """Not for now: until these quiet hours would have ended."""
        self._over = self._quiet_until() or 0
        self.tick()

    def toggle_mute(self) -> None:
        """Mute the sounds for a quarter of an hour; again: hear them at once."""
        self._muted_until_s = 0.0 if self.is_muted else self._monotonic() + MUTED_MS / 1000
        self.tick()

    def tick(self) -> None:
        """Time has passed."""
        words = self.quiet_words, self.muted_words
        if words != self._told:
            self._told = words
            self.changed.emit()

    def _quiet_until(self) -> int | None:
        if not self._preferences.get(QUIET):
            return None
        hours = QuietHours(self._preferences.get(QUIET_FROM), self._preferences.get(QUIET_TO))
        until = quiet_until(hours, self._now_ms())
        return None if until == self._over else until
