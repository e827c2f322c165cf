"""Plays a warning that is only a test, on every way on which somebody is reached, and finds out which of them work."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.rehearsal_words import Channel, Outcome, lines, rehearsal_alert, rehearsal_notification
from moderator.desktop.alerts.warning_watch import Notification

KEPT_MS: Final = 60_000
"""So long its card and its notification stay."""


class Ways(Protocol):
    """How somebody is reached."""

    @property
    def panel_is_seen(self) -> bool:
        """Whether the window shows its alerts."""

    async def notify(self, notification: Notification) -> Outcome:
        """Through the system."""

    async def sound(self) -> Outcome:
        """By a cue."""


class Rehearsal(QObject):
    """One at a time."""

    changed = Signal()
    """`findings` are others."""

    def __init__(self, board: AlertBoard, ways: Ways, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._ways = ways
        self._now_ms = now_ms
        self._begun_at = 0
        """Of the test whose card is shown; 0: none is."""
        self._outcomes: dict[Channel, Outcome] = {}

    @property
    def findings(self) -> str:
        """A line for each way that was tried; empty before the first time."""
        return lines(self._outcomes)

    async def play(self) -> None:
        """Show, notify and sound, and tell on the card what came of it; nothing while one is still trying."""
        if self._begun_at and "trying" in self._outcomes.values():
            return
        begun_at = self._begun_at = self._now_ms()
        window: Outcome = "works" if self._ways.panel_is_seen else "fails"
        self._found(begun_at, window=window, notification="trying", sound="trying")
        alert = rehearsal_alert(begun_at, self._outcomes)
        await asyncio.gather(self._sound(begun_at), self._notify(begun_at, rehearsal_notification(alert)))

    def tick(self) -> None:
        """A second has passed."""
        if self._begun_at and self._now_ms() - self._begun_at > KEPT_MS:
            self._begun_at = 0
            self._board.show_test()

    async def _sound(self, begun_at: int) -> None:
        self._found(begun_at, sound=await self._ways.sound())

    async def _notify(self, begun_at: int, notification: Notification) -> None:
        self._found(begun_at, notification=await self._ways.notify(notification))

    def _found(self, begun_at: int, **outcomes: Outcome) -> None:
        """What comes after its card has gone is too late."""
        if begun_at == self._begun_at:
            self._outcomes |= outcomes  # type: ignore[arg-type]  # the names are channels
            self._board.show_test(rehearsal_alert(begun_at, self._outcomes))
            self.changed.emit()
