"""The desktop program: opens the window, then the network, and ends both in order. The composition root."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QTimer

from moderator.clock import SystemClock
from moderator.desktop import event_loop, languages
from moderator.desktop.application import Application
from moderator.desktop.desk import Desk
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import DesktopSession
from moderator.desktop.unexpected import UnexpectedErrors
from moderator.launch.folders import data_folder
from moderator.tasks import TaskScope


def run(session: DesktopSession) -> int:
    """Open the window and stay until it is asked to end; returns the exit status."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs a line for every request
    application = Application()
    errors = UnexpectedErrors()
    errors.install()
    folder = session.data_folder or data_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return event_loop.run(application, _main(application, session, errors, folder))


def self_check() -> int:
    """Open a window that nobody sees, with everything it is made of; raises where something is missing."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = Application()
    errors = UnexpectedErrors()
    errors.install()
    with tempfile.TemporaryDirectory() as folder:
        return event_loop.run(application, _main(application, DesktopSession(), errors, Path(folder), at_once=True))


async def _main(
    application: Application, session: DesktopSession, errors: UnexpectedErrors, folder: Path, *, at_once: bool = False
) -> int:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    errors.install_on(loop)
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, stop.set)
    application.quit_wanted.connect(stop.set)
    preferences = Preferences(folder / "window.ini")
    languages.speak(application, preferences.get(languages.LANGUAGE))
    async with TaskScope(errors.report) as tasks:
        desk = Desk(application, session, preferences, folder, SystemClock(), tasks)
        desk.quit_wanted.connect(stop.set)
        errors.told.connect(desk.problem)
        desk.show()
        await _first_paint()
        if not at_once:
            tasks.start("connect", desk.connect_to_gateway())
            await stop.wait()
        desk.hide()
        await desk.quiet()
    await desk.aclose()
    return 0


async def _first_paint() -> None:
    """The window is on the screen before anything else takes the processor."""
    painted = asyncio.Event()
    QTimer.singleShot(0, painted.set)
    await painted.wait()
