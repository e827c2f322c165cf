"""In a process of its own: there is one application in each, and pytest-qt has made ours."""

import subprocess
import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

PROGRAM = """
from PySide6.QtCore import QEvent, QCoreApplication
from PySide6.QtWidgets import QWidget
from moderator.desktop.application import Application

application = Application()
wishes = []
application.quit_wanted.connect(lambda: wishes.append("quit"))
QCoreApplication.sendEvent(application, QEvent(QEvent.Type.Quit))
QCoreApplication.processEvents()
window = QWidget()
window.show()
window.close()
QCoreApplication.processEvents()
print(wishes, application.applicationDisplayName(), application.desktopFileName(), application.style().name())
"""


def test_quitting_is_only_told_and_the_last_window_ends_nothing() -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.stdout, ended.stderr) == ("['quit'] Moderator org.moderator.Moderator fusion\n", "")


class Emitter(QObject):
    told = Signal(object)


def test_emitting_keeps_the_references_to_true(qapp: QApplication) -> None:
    """PySide6 6.12.0 on Python 3.11 lost one with every emit, and the process was aborted after some 550."""
    emitter = Emitter()
    heard: list[object] = []
    emitter.told.connect(heard.append)
    before = sys.getrefcount(True)
    for _ in range(5_000):
        emitter.told.emit(None)
    assert len(heard) == 5_000
    assert sys.getrefcount(True) >= before
