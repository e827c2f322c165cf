"""Logs on a real NATS server."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from secrets import token_hex

import pytest
from msgspec.structs import replace

from moderator.clock import SystemClock
from moderator.domain.events import Entry
from moderator.journal.jetstream.following import Message
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.jetstream.settings import NatsSettings
from tests.fakes.nats import NatsServer


def settings_of(server: NatsServer, copy: Path, name: str = "school") -> NatsSettings:
    """What a gateway is configured with for a log of this name."""
    return NatsSettings(servers=(server.address,), copy=copy, name=name, user=server.user, password=server.password)


def files_of(server: NatsServer, name: str) -> list[Path]:
    """The folders of the streams of this log."""
    return sorted(server.data.glob(f"jetstream/*/streams/{name}_*"))


class Gateways:
    """Several logs on the same streams, each with a copy of its own, as several gateways have them."""

    def __init__(self, server: NatsServer, folder: Path) -> None:
        self.server = server
        self.name = f"log{token_hex(4)}"
        self.replicas: int | None = None
        self._folder = folder
        self._opened: list[NatsLog] = []

    def copy(self, number: int) -> Path:
        return self._folder / f"copy{number}.db"

    def settings(self, number: int = 0) -> NatsSettings:
        return replace(settings_of(self.server, self.copy(number), self.name), replicas=self.replicas)

    async def open(self, number: int = 0) -> NatsLog:
        """The log as this gateway has it."""
        self._opened.append(await NatsLog.open(self.settings(number), SystemClock()))
        return self._opened[-1]

    def stream_folders(self) -> list[Path]:
        """Where the server keeps the streams of the log."""
        return files_of(self.server, self.name)

    async def close(self) -> None:
        for log in self._opened:
            await log.aclose()


def held_back(log: NatsLog, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """From now on this gateway reads nothing, until that is set: as one that was cut off and has just come back."""
    go_on = asyncio.Event()
    write = log._replicating.write

    async def late(batch: Sequence[Message]) -> list[tuple[Entry, int]]:
        await go_on.wait()
        return await write(batch)

    monkeypatch.setattr(log._replicating, "write", late)
    return go_on


async def caught_up(*logs: NatsLog) -> None:
    """Until all of them have read what is there."""
    info = await logs[0]._connection.streams.stream_info(logs[0]._names.log)
    for log in logs:
        await log._position.reach(info.state.last_seq)


def leaves_of(copy: Path) -> list[tuple[int, bytes, bytes]]:
    """What every gateway has to have the same of."""
    with closing(sqlite3.connect(copy)) as store:
        return store.execute("SELECT seq, salt, body FROM entries ORDER BY seq").fetchall()
