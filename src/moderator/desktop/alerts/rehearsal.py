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
        self._outcomes: dict[Channel, Outcome] = {}

    @property
    def findings(self) -> str:
        """A line for each way that was tried; empty before the first time."""
        return lines(self._outcomes)

    async def play(self) -> None:
        """Show, notify and sound, and tell on the card what came of it."""
        self._begun_at = self._now_ms()
        self._found(window="works" if self._ways.panel_is_seen else "fails", notification="trying", sound="trying")
        alert = rehearsal_alert(self._begun_at, self._outcomes)
        await asyncio.gather(self._sound(), self._notify(rehearsal_notification(alert)))

    def tick(self) -> None:
        """A second has passed."""
        if self._begun_at and self._now_ms() - self._begun_at > KEPT_MS:
            self._begun_at = 0
            self._board.show_test()

    async def _sound(self) -> None:
        self._found(sound=await self._ways.sound())

    async def _notify(self, notification: Notification) -> None:
        self._found(notification=await self._ways.notify(notification))

    def _found(self, **outcomes: Outcome) -> None:
        self._outcomes |= outcomes  # type: ignore[arg-type]  # the names are channels
        self._board.show_test(rehearsal_alert(self._begun_at, self._outcomes))
        self.changed.emit()
