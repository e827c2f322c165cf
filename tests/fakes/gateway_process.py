"""A real gateway process with the fake platform, in a folder that stays for the next start."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Self

import httpx
import msgspec

from tests.fakes.gateway import TOKEN_KEY, bearer
from tests.fakes.provider import SECRET, install

ROOT = Path(__file__).parents[2]


class GatewayProcess:
    """`moderator gateway` with the fake platform, in a folder that stays for the next start."""

    def __init__(self, folder: Path, more: str = "") -> None:
        """`more` is further configuration."""
        self.config = folder / "moderator.toml"
        self.config.write_text(
            more + "\n[access]\nkey = { env = 'A_KEY' }\n[sources.clinic]\nprovider = 'fake'\n"
            "webhook_secret = { env = 'A_SECRET' }\nmissing = ['list']\n"
        )
        path = os.pathsep.join([str(install(folder / "site")), str(ROOT)])
        self._environment = {**os.environ, "A_KEY": TOKEN_KEY, "A_SECRET": SECRET, "PYTHONPATH": path}
        self.url = ""

    async def launch(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "moderator", "gateway", "--config", str(self.config), *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
        )

    async def __aenter__(self) -> Self:
        self.process = await self.launch("--port", "0")
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), 15)
        assert line, await self.process.communicate()
        ready = msgspec.json.decode(line)
        assert ready.keys() == {"ready", "url"}
        assert ready["ready"] is True
        self.url = ready["url"]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop; returns the seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(how)
        await asyncio.wait_for(self.process.wait(), 10)
        return time.monotonic() - begun

    def client(self) -> httpx.AsyncClient:
        headers = {"Authorization": bearer()}
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False, verify=False, timeout=5)

    async def refused(self, *arguments: str) -> str:
        """Start it where it cannot run; returns the one line with which it ends."""
        process = await self.launch(*arguments)
        out, err = await asyncio.wait_for(process.communicate(), 15)
        assert (process.returncode, out) == (1, b"")
        lines = err.decode().strip().splitlines()
        assert len(lines) == 1, err
        return lines[0]
