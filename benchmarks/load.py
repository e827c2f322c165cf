"""As many webhooks as a server takes, sent by wrk, which is needed for this (a package of the system's)."""

import asyncio
import secrets
import shutil
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from benchmarks.processes import Running

ROOMS: Final = 500
Rooms = Literal["again", "anew"]
"""Whether people come back to the same rooms, or others are opened once everybody has left."""
_SCRIPT: Final = Path(__file__).with_name("load.lua")


class Load(Struct, frozen=True):
    """What became of them."""

    count: int
    seconds: float
    failed: int
    p50_ms: float
    p99_ms: float
    cpu_s: float = 0.0
    """Of the server."""

    @property
    def per_s(self) -> float:
        return self.count / self.seconds

    @property
    def cpu_us(self) -> float:
        """Of the server, for each."""
        return self.cpu_s / self.count * 1e6


async def load(
    server: Running, url: str, *, connections: int, seconds: int, rooms: Rooms, refused: bool = False
) -> Load:
    """Each connection sends as soon as it has the answer to the one before; 500 rooms are in use at a time.

    All have to be taken, or all `refused`.
    """
    assert shutil.which("wrk"), "wrk is missing: install the package of that name"
    before_s = server.cpu_s()
    process = await asyncio.create_subprocess_exec(
        *("wrk", "--threads", "1", "--connections", str(connections), "--duration", str(seconds), "--timeout", "30"),
        *("--script", str(_SCRIPT), url, "--", secrets.token_hex(3), str(ROOMS), rooms),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    figures = msgspec.json.decode(output.splitlines()[-1], type=Load)
    assert figures.failed == (figures.count if refused else 0), figures
    return msgspec.structs.replace(figures, cpu_s=server.cpu_s() - before_s)
