"""What a process holds, seen from outside: memory, open files, sockets by state, threads; and what it tells itself."""

import contextlib
import json
from collections import Counter
from pathlib import Path
from typing import Final

import psutil
from msgspec import Struct

CLOSE_WAIT: Final = psutil.CONN_CLOSE_WAIT


class Sample(Struct, frozen=True):
    """One process at one moment; `at_s` is since the beginning."""

    at_s: float
    rss_mb: float
    fds: int
    threads: int
    states: dict[str, int]
    """Sockets by state."""
    told: dict[str, int]

    def counts(self) -> dict[str, int]:
        """Everything that is counted."""
        half_closed = self.states.get(CLOSE_WAIT, 0)
        return {"fds": self.fds, "threads": self.threads, "half-closed": half_closed, **self.told}


class Watched:
    """One process."""

    def __init__(self, name: str, pid: int, told: Path) -> None:
        self.name = name
        self.samples: list[Sample] = []
        self._process = psutil.Process(pid)
        self._told = told

    def sample(self, at_s: float) -> None:
        """Look now. Raises psutil.NoSuchProcess when it has ended."""
        with self._process.oneshot():
            rss_mb = self._process.memory_info().rss / 2**20
            fds, threads = self._process.num_fds(), self._process.num_threads()
        states = dict(Counter(one.status for one in self._process.net_connections("tcp")))
        self.samples.append(Sample(at_s, rss_mb, fds, threads, states, self._tells()))

    def _tells(self) -> dict[str, int]:
        with contextlib.suppress(OSError, json.JSONDecodeError):
            told: dict[str, int] = json.loads(self._told.read_text("utf-8"))
            return told
        return {}
