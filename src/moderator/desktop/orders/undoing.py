"""What was done and can still be taken back, for ten minutes. Pure: the time is an argument, in seconds."""

from collections import deque
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.desktop.orders.intents import Intent

UNDO_S: Final = 600.0
"""How long something can be taken back."""
MOST: Final = 50


class Done(Struct, frozen=True):
    """Something that was done, which can be taken back for a while."""

    at_s: float
    undo: tuple[Intent, ...]
    """Empty where nothing takes it back: whoever tries is told, before something else is taken back in its place."""


class UndoStack:
    """The last thing first. A notice's button and Ctrl+Z are one, so that nothing is taken back twice."""

    def __init__(self) -> None:
        self._done: deque[Done] = deque(maxlen=MOST)

    def add(self, undo: tuple[Intent, ...], now_s: float) -> None:
        """This was done now."""
        self._done.append(Done(now_s, undo))

    def last(self, now_s: float) -> Done | None:
        """The last thing, as long as it could be taken back."""
        while self._done and now_s - self._done[-1].at_s > UNDO_S:
            self._done.pop()
        return self._done[-1] if self._done else None

    def find(self, intents: tuple[Intent, ...]) -> Done | None:
        """What these wishes take back; None where they are wishes like any other. A part of the window that offers the
        way back does not say in which meeting."""
        possible = (done for done in reversed(self._done) if done.undo)
        return next((done for done in possible if intents in (done.undo, _in_any_meeting(done.undo))), None)

    def remove(self, done: Done) -> None:
        """It is being taken back, or cannot be."""
        if done in self._done:
            self._done.remove(done)

    def put_back(self, done: Done, left: tuple[Intent, ...]) -> None:
        """It was taken back only up to what is `left`: that can be tried again, in the time it had."""
        self._done.append(replace(done, undo=left))


def _in_any_meeting(intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    return tuple(replace(one, instance="") for one in intents)
