"""The desktop program: opens the window, then the network, and ends both in order. The composition root."""

import asyncio
import contextlib
import importlib
import logging
import os
import pkgutil
import signal
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QTimer

from moderator import desktop
from moderator.clock import SystemClock
from moderator.desktop import event_loop, garbage, languages, times
from moderator.desktop.about.about_facts import places_of
from moderator.desktop.about.log_file import FORMAT, log_in
from moderator.desktop.application import Application
from moderator.desktop.commands import offer_commands
from moderator.desktop.desk import Desk
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import DesktopSession, Opening, opening
from moderator.desktop.unexpected import UnexpectedErrors
from moderator.launch.folders import data_folder
from moderator.tasks import TaskScope


def run(first: Opening) -> int:
    """Open the window and stay until it is asked to end; returns the exit status. Raises OSError as `first` does."""
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setLevel(logging.WARNING)  # the rest is in the log's file
    logging.basicConfig(handlers=[terminal], level=logging.INFO, format=FORMAT)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs a line for every request
    application = Application()
    errors = UnexpectedErrors()
    errors.install()
    return event_loop.run(application, _main(application, first, errors, data_folder()))


def self_check() -> int:
    """Open a window that nobody sees, with everything it is made of, also what is loaded later; raises where something
    is missing."""
    for module in pkgutil.walk_packages(desktop.__path__, f"{desktop.__name__}."):
        importlib.import_module(module.name)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = Application()
    errors = UnexpectedErrors()
    errors.install()
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder)
        session = opening(DesktopSession(data_folder=own))
        return event_loop.run(application, _main(application, session, errors, own, at_once=True))


async def _main(
    application: Application, first: Opening, errors: UnexpectedErrors, own: Path, *, at_once: bool = False
) -> int:
    """One window after the other, until one is closed without naming the session to go over to.

    What the user has chosen is in the folder `own`, and counts in all of them, a demo's too.
    """
    loop, quit_ = asyncio.get_running_loop(), asyncio.Event()
    errors.install_on(loop)
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, quit_.set)
    application.quit_wanted.connect(quit_.set)
    if at_once:
        quit_.set()
    _make(own)
    preferences = Preferences(own / "window.ini")
    times.follow_system(languages.speak(application, preferences.get(languages.LANGUAGE)))
    following: Opening | None = first
    while following is not None:
        with following() as session, log_in(places_of(session).log):
            folder = session.data_folder or own
            _make(folder)
            following = await _window(application, session, preferences, folder, errors, quit_)
        garbage.clear_away()
    return 0


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


async def _window(
    application: Application,
    session: DesktopSession,
    preferences: Preferences,
    folder: Path,
    errors: UnexpectedErrors,
    quit_: asyncio.Event,
) -> Opening | None:
    """One window, until it is closed; returns what to open then, if anything."""
    following: list[Opening] = []
    left = asyncio.Event()
    async with TaskScope(errors.report) as tasks:
        desk = Desk(application, session, preferences, folder, SystemClock(), tasks)
        offer_commands(desk)
        garbage.pass_over(desk.store)
        desk.quit_wanted.connect(quit_.set)
        desk.elsewhere_wanted.connect(following.append)
        desk.elsewhere_wanted.connect(lambda _: left.set())
        telling = errors.told.connect(desk.problem)
        desk.show()
        await _first_paint()
        if not quit_.is_set():
            tasks.start("connect", desk.connect_to_gateway())
            ends = [tasks.start("wait for the end", _wait(one)) for one in (quit_, left)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        desk.hide()
        await desk.quiet()
    await desk.aclose()
    errors.told.disconnect(telling)
    return None if quit_.is_set() or not following else following[-1]


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


async def _first_paint() -> None:
    """The window is on the screen before anything else takes the processor."""
    painted = asyncio.Event()
    QTimer.singleShot(0, painted.set)
    await painted.wait()
