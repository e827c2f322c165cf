"""When Python searches for cyclic garbage. The window stands still meanwhile: the longer, the more there is."""

import gc
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QTimer

from moderator.desktop.live_store import LiveStore

SETTLED_MS: Final = 15_000
"""After a snapshot; by then everything is made that is made for each room, such as what is searched."""

RARELY: Final = 100
"""Searches of what is young between two whole ones: Python's ten come while a snapshot's rooms are not left out yet."""


def pass_over(store: LiveStore) -> None:
    """Leave out of the search what there is by then, from each snapshot and each whole search on: thousands of rooms
    and the whole window stay anyway, and to search them takes more than a frame. What of it became garbage stays until
    `clear_away`; that is little, for rooms and people are in no cycles."""
    later = QTimer(store, singleShot=True, interval=SETTLED_MS)
    later.timeout.connect(_freeze)
    store.replaced.connect(_freeze)
    store.replaced.connect(later.start)
    if _after not in gc.callbacks:
        gc.callbacks.append(_after)
        gc.set_threshold(*gc.get_threshold()[:2], RARELY)


def clear_away() -> None:
    """What is left of a window goes now: collected later, in the middle of Qt's work on the next one, it is a crash."""
    if _after in gc.callbacks:
        gc.callbacks.remove(_after)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.unfreeze()
    gc.collect()


def _freeze() -> None:
    gc.freeze()


def _after(phase: str, info: dict[str, int]) -> None:
    """Of a search by itself: a whole one finds the same again, and more each time."""
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()
