"""`moderator demo`: simulated clouds, a gateway and the window, or without one the address and the token."""

import asyncio
import contextlib
import os
import shlex
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from moderator.cli.failures import Failure
from moderator.cli.window import has_display, open_window
from moderator.client.texts import safe
from moderator.clock import SystemClock
from moderator.desktop.about.about_facts import places_of
from moderator.desktop.about.log_file import NAME as LOG
from moderator.desktop.session import DesktopSession, Opening
from moderator.desktop.sessions import demo_session
from moderator.launch.demo import Demo
from moderator.launch.demo_folder import demo_folder
from moderator.launch.sharing import OWNER_ONLY
from moderator.launch.status import ChildStatus, GatewayAccess
from moderator.signals import stop_signals
from moderator.tasks import TaskScope

WITHOUT_A_WINDOW: Final = (
    "there is no display, so the demo runs without its window. To see it, run this on a desktop, or over SSH with -X"
)

HOW_TO_END: Final = "the demo's window opens; Ctrl+Q there, or Ctrl+C here, ends it. Its log, while it runs: {log}"


def demo(arguments: Namespace) -> int:
    """Run it until the window is closed, it is interrupted, or its seconds are over. Leaves nothing behind."""
    headless = arguments.headless
    if not headless and not has_display():
        print(f"moderator: {WITHOUT_A_WINDOW}", file=sys.stderr)
        headless = True
    if not headless:
        return _in_a_window(lambda: _told(lambda: demo_session(arguments.rooms, arguments.speed)), arguments.seconds)
    with demo_folder() as folder:
        world = Demo(folder, SystemClock(), rooms=arguments.rooms, speed=arguments.speed)
        asyncio.run(_headless(world, folder / "token", arguments.seconds, helped=not arguments.headless))
    return 0


@contextlib.contextmanager
def _told(first: Opening) -> Iterator[DesktopSession]:
    """A session of the window; the terminal says how to end it."""
    with first() as session:
        print(f"moderator: {HOW_TO_END.format(log=places_of(session).log / LOG)}", file=sys.stderr)
        yield session


def _in_a_window(first: Opening, seconds: float | None) -> int:
    if seconds is not None:
        timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGTERM))  # the window ends as when asked to
        timer.daemon = True
        timer.start()
    return open_window(first)


async def _headless(world: Demo, token: Path, seconds: float | None, *, helped: bool) -> None:
    """Raises Failure when it cannot run, or cannot go on."""
    async with TaskScope(lambda name, error: None) as tasks, stop_signals() as stop:
        showing = tasks.start("demo", _show(world, token, seconds, helped=helped))
        ends = [showing, tasks.start("wait for a signal", _wait(stop))]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if showing.done():
            showing.result()


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()


async def _show(world: Demo, token: Path, seconds: float | None, *, helped: bool) -> None:
    try:
        access = await _started(world)
        _write(token, access.token)
        print(msgspec.json.encode({"url": access.url, "token_file": str(token)}).decode(), flush=True)
        if helped:
            print(_what_to_do(access.url, token), file=sys.stderr)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await world.run(_report)
            raise Failure("the demo ended; the lines above say why")
    finally:
        await world.stop()


def _what_to_do(url: str, token: Path) -> str:
    """Lines to paste into another terminal."""
    program = shlex.quote(sys.argv[0]) if Path(sys.argv[0]).name == "moderator" else "python -m moderator"
    where = f"--gateway {url} --token-file {shlex.quote(str(token))}"
    lines = ("In another terminal, to see what happens, and who is where; Ctrl+C here ends the demo:",)
    return "\n".join([*lines, *(f"  {program} {command} {where}" for command in ("watch", "rooms --people"))])


async def _started(world: Demo) -> GatewayAccess:
    try:
        return await world.start()
    except OSError as error:
        raise Failure(f"the demo cannot run: {error}") from error


def _write(path: Path, token: str) -> None:
    path.touch(mode=OWNER_ONLY)
    path.write_text(token, encoding="ascii")


def _report(status: ChildStatus) -> None:
    if status.state != "running":
        print(f"moderator: {safe(status.sentence)}", file=sys.stderr)
