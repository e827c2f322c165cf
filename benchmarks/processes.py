"""Programs that are measured from outside: started with a ready line, ended with the measurement. Loopback only."""

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import psutil
from msgspec import Struct


class Running(Struct, frozen=True):
    """A program that serves."""

    url: str
    pid: int

    def cpu_s(self) -> float:
        """Seconds of the processor that it has used so far, all its threads together."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)


@contextlib.asynccontextmanager
async def running(
    *command: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> AsyncIterator[Running]:
    """A program whose first line on standard output is JSON with its `url`; what else it prints is thrown away."""
    with tempfile.TemporaryFile() as errors:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=errors, cwd=cwd, env={**os.environ, **(env or {})}
        )
        assert process.stdout is not None
        try:
            ready = await process.stdout.readline()
            errors.seek(0)
            assert ready, f"{command} did not start: {errors.read().decode('utf-8', 'replace').strip()}"
            yield Running(json.loads(ready)["url"], process.pid)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
