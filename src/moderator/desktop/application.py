"""The Qt application. Nothing in it ends the run: asking to quit, by menu, session or signal, is only told."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Tells that somebody wants to quit; the main coroutine ends the run."""

    quit_wanted = Signal()

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        super().__init__(list(arguments) or ["moderator"])
        self.setApplicationName("moderator")
        self.setApplicationDisplayName("Moderator")
        self.setDesktopFileName("org.moderator.Moderator")
        self.setQuitOnLastWindowClosed(False)
        self.setStyle("Fusion")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            event.ignore()  # Qt leaving its loop first breaks asyncio's
            self.quit_wanted.emit()
            return True
        return super().event(event)
