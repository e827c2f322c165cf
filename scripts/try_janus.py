"""Moderator to try without a platform of one's own: Debian's Janus, a gateway, the feed in the terminal, three people.

The people only sign in, without cameras, so that this runs anywhere. Everything listens on 127.0.0.1 and is gone at
the end.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from tests.end_to_end.gateway_process import GatewayProcess
from tests.end_to_end.janus_server import JanusServer, why_no_janus
from tests.end_to_end.janus_socket import JanusError, JanusSocket

LESSON = "lesson-1"
PAUSE_S = 5
ROOM_TYPES = """
[[room_types]]
name = "lesson"
duration = "75s"
warn = ["60s", "20s"]
extension_step = "30s"
max_people = 2
mode = "enforce"
"""
HINT = """
A lesson for two, of 75 seconds: Ada and Ben are in it, and now and then Eve comes in, who should not be there.
In another terminal:

  export MODERATOR_GATEWAY={url} MODERATOR_TOKEN_FILE={token}
  .venv/bin/moderator rooms
  .venv/bin/moderator extend lesson-1 30s
  .venv/bin/moderator disconnect lesson-1 ben --reason conduct --block forever
  .venv/bin/moderator end lesson-1 --reason other

Ctrl+C ends it. What happens:
"""


async def main() -> int:
    """Run until interrupted, or for `--seconds`."""
    parser = argparse.ArgumentParser(prog="scripts/try-janus", description=__doc__)
    parser.add_argument("--seconds", type=float, default=None, help="end by itself after so long")
    seconds = parser.parse_args().seconds
    if reason := why_no_janus():
        print(f"scripts/try-janus: {reason}: install it, then try again", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="moderator-try-") as folder, contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await _show(Path(folder))
    return 0


async def _show(folder: Path) -> None:
    gateway = GatewayProcess(folder)
    (folder / "janus").mkdir()
    async with JanusServer(folder / "janus", webhooks=gateway.webhooks) as janus:
        gateway.configure(janus, ROOM_TYPES)
        await gateway.start()
        try:
            token = folder / "token"
            token.touch(mode=0o600)
            token.write_text(gateway.token("you"))
            print(HINT.format(url=gateway.url, token=token), flush=True)
            await _play(janus, gateway.url, token)
        finally:
            await gateway.stop()


async def _play(janus: JanusServer, url: str, token: Path) -> None:
    """The feed in the terminal, and the people in the room, until one of them ends."""
    environment = {**os.environ, "MODERATOR_GATEWAY": url, "MODERATOR_TOKEN_FILE": str(token)}
    watch = await asyncio.create_subprocess_exec(sys.executable, "-m", "moderator", "watch", env=environment)
    try:
        await asyncio.sleep(1)
        async with asyncio.TaskGroup() as tasks:
            lessons = tasks.create_task(_lessons(janus))
            await watch.wait()
            lessons.cancel()
    finally:
        with contextlib.suppress(ProcessLookupError):
            watch.terminate()
        await watch.wait()


async def _lessons(janus: JanusServer) -> None:
    """One after the other: a moderator may end a lesson, and with it the room."""
    while True:
        await janus.create_room(LESSON)
        async with asyncio.TaskGroup() as tasks:
            people = [
                tasks.create_task(_stay(janus, "ada", 0)),
                tasks.create_task(_stay(janus, "ben", 3)),
                tasks.create_task(_drop_in(janus, "eve", 10)),
            ]
            await _until_ended(janus)
            for person in people:
                person.cancel()
        print(f"\nThe lesson was ended. The next one begins in {PAUSE_S} seconds.\n", flush=True)
        await asyncio.sleep(PAUSE_S)


async def _until_ended(janus: JanusServer) -> None:
    while any(room["room"] == LESSON for room in await janus.list_rooms()):
        await asyncio.sleep(0.5)


async def _stay(janus: JanusServer, user: str, after_s: float) -> None:
    await asyncio.sleep(after_s)
    async with _present(janus, user):
        await asyncio.Event().wait()


async def _drop_in(janus: JanusServer, user: str, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        async with _present(janus, user):
            await asyncio.sleep(5)
        await asyncio.sleep(every_s)


@contextlib.asynccontextmanager
async def _present(janus: JanusServer, user: str) -> AsyncIterator[None]:
    """Connected, and in the room if Janus lets this person in: it may be gone."""
    socket = await JanusSocket.open(janus.websocket_url, janus.api_secret, keepalive=20, on_closed=lambda: None)
    try:
        handle = await socket.attach(user, lambda _: None)
        join = {"request": "join", "ptype": "publisher", "room": LESSON, "id": user, "display": user.capitalize()}
        with contextlib.suppress(JanusError):
            await socket.message(handle, join)
        yield
    finally:
        await socket.close()


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except KeyboardInterrupt:
        sys.exit(130)
