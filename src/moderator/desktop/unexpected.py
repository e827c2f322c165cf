"""Errors nobody expected: every hook leads to one reporter, which logs them and lets the window say so."""

import asyncio
import logging
import sys
import threading
from types import TracebackType
from typing import Any, Final

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from moderator.language import tr

logger = logging.getLogger(__name__)

_QT_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class UnexpectedErrors(QObject):
    """Takes what slots, threads and tasks let through, and logs it."""

    told = Signal(str)
    """A sentence about each; it reaches widgets in their own thread, wherever the error was."""

    def install(self) -> None:
        """Take the place of the interpreter's hooks and of Qt's message handler."""
        sys.excepthook = self.from_slot
        threading.excepthook = self._from_thread
        qInstallMessageHandler(_log_qt_message)

    def install_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take what the loop's callbacks and forgotten tasks let through."""
        loop.set_exception_handler(self._from_loop)

    def report(self, where: str, error: BaseException) -> None:
        """Log it with its traceback, and tell the listener."""
        logger.error("unexpected in %s", where, exc_info=error)
        words = tr("Something went wrong in {where}: {error}. The log has the details.")
        self.told.emit(words.format(where=where, error=type(error).__name__))

    def from_slot(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """`sys.excepthook`: errors in slots and timers land here, and the program goes on."""
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.report(tr("the window"), error)

    def _from_thread(self, failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None:
            self.report(tr("a thread"), failure.exc_value)

    def _from_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.report(tr("a task"), error)
        else:
            logger.error("event loop: %s", context.get("message"))


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_QT_LEVELS.get(kind, logging.WARNING), "%s", message)
