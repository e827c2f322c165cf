"""What the gateway is measured beside: servers on Node, whose packages are installed in a temporary folder, once."""

import asyncio
import contextlib
import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from benchmarks.processes import Running, running

_SOURCES: Final = Path(__file__).with_name("peers")


@contextlib.asynccontextmanager
async def express() -> AsyncIterator[Running]:
    """Express and body-parser, in memory."""
    async with _node("express.js") as server:
        yield server


@contextlib.asynccontextmanager
async def monitor(platform_url: str, *, rooms: int, most_people: int, limit_s: int = 0) -> AsyncIterator[Running]:
    """Reference 000's logic as its sample writes it; what it writes to the console is thrown away."""
    async with _node("monitor.js", platform_url, str(rooms), str(most_people), str(limit_s)) as server:
        yield server


def session(room: int) -> str:
    """The session ids that `monitor` knows."""
    return f"2_MX40NjE5OTQxMn5-{room:05}"


@contextlib.asynccontextmanager
async def _node(script: str, *arguments: str) -> AsyncIterator[Running]:
    folder = await asyncio.to_thread(_installed)
    env = {"NODE_ENV": "production"}
    # The console is thrown away; the ready line comes by another way.
    command = ("sh", "-c", 'exec "$@" 3>&1 >/dev/null', "sh", "node", script, *arguments)
    async with running(*command, env=env, cwd=folder) as server:
        yield server


def _installed() -> Path:
    """A folder with the scripts and their packages, named by what the scripts are."""
    files = sorted(_SOURCES.iterdir())
    name = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir(), f"moderator-benchmark-peers-{name}")
    if not (folder / "node_modules" / "express").exists():
        folder.mkdir(exist_ok=True)
        for file in files:
            shutil.copy(file, folder)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return folder
