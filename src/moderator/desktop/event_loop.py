"""One event loop for Qt and asyncio. The only module that imports qasync.

Its timers are Qt's coarse ones and may fire up to half a second early: time that matters uses a `QTimer` with
`PreciseTimer` (`moderator.desktop.ticker`).
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import qasync
import shiboken6
from PySide6.QtCore import QTimerEvent
from PySide6.QtWidgets import QApplication


class _Timer(qasync._SimpleTimer):  # type: ignore[misc]
    """Calls back only while the loop runs.

    Qt's events are also processed when it does not, by qasync itself at the end of a run: a task that took a step there
    would find no running loop. What is due waits for the next run.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = loop

    def timerEvent(self, event: QTimerEvent) -> None:
        if self._loop.is_running():
            super().timerEvent(event)


class QtEventLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync has no types
    """qasync's loop, where what is abandoned is finalised and what runs has a running loop, as in asyncio's own."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application, already_running=False)
        self._timer = _Timer(self)

    def close(self) -> None:
        super().close()
        # It may have timers that still run (those of cancelled handles do). If the garbage collector deleted it, on
        # whatever thread it happens to work, Qt would call an object that is gone.
        if shiboken6.isValid(self._timer):
            shiboken6.delete(self._timer)

    def run_forever(self) -> None:
        before = sys.get_asyncgen_hooks()
        # Without these two an SSE stream that is broken off is never closed.
        sys.set_asyncgen_hooks(
            firstiter=self._asyncgen_firstiter_hook,
            finalizer=self._asyncgen_finalizer_hook,
        )
        try:
            super().run_forever()
        finally:
            sys.set_asyncgen_hooks(*before)


def run(application: QApplication, main: Coroutine[Any, Any, int]) -> int:
    """Run Qt and asyncio until `main` returns its exit status."""
    with asyncio.Runner(loop_factory=loop_factory(application)) as runner:
        return runner.run(main)


def loop_factory(application: QApplication) -> Callable[[], asyncio.AbstractEventLoop]:
    """Makes loops on this application, for `asyncio.Runner` and for tests."""
    return lambda: QtEventLoop(application)
