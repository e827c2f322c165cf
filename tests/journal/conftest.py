"""The logs that the suite of the protocol runs against."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from secrets import token_hex

import pytest

from moderator.clock import SystemClock
from moderator.journal.event_log import EventLog
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.sqlite import SqliteLog
from tests.fakes.nats import NatsServer, nats, own_nats
from tests.journal.reading import Opener
from tests.journal.streams import Gateways, files_of, settings_of

__all__ = ["nats", "own_nats"]


class Store:
    """Opens the same log again and again, and closes it at the end; where it is, on disk."""

    def __init__(
        self, file: Path, opener: Callable[[], Awaitable[EventLog]], folders: Callable[[], list[Path]]
    ) -> None:
        self.file = file
        """The log, or the copy of it."""
        self._opener = opener
        self._folders = folders
        self._opened: list[EventLog] = []

    async def open(self) -> EventLog:
        self._opened.append(await self._opener())
        return self._opened[-1]

    async def close(self) -> None:
        for log in self._opened:
            await log.aclose()

    def on_disk(self) -> bytes:
        """Every byte of it, wherever it is kept."""
        files = [file for folder in self._folders() for file in sorted(folder.rglob("*")) if file.is_file()]
        return b"".join(file.read_bytes() for file in files)


@pytest.fixture(params=["sqlite", pytest.param("nats", marks=pytest.mark.nats)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Another kind of log joins here, with one more parameter."""
    kinds: dict[str, Callable[[], Store]] = {
        "sqlite": lambda: _on_sqlite(tmp_path),
        "nats": lambda: _on_nats(request.getfixturevalue("nats"), tmp_path),
    }
    opened = kinds[request.param]()
    yield opened
    await opened.close()


def _on_sqlite(folder: Path) -> Store:
    return Store(folder / "log.db", lambda: SqliteLog.open(folder / "log.db"), lambda: [folder])


def _on_nats(server: NatsServer, folder: Path) -> Store:
    settings = settings_of(server, folder / "copy.db", name=f"log{token_hex(4)}")
    return Store(
        settings.copy,
        lambda: NatsLog.open(settings, SystemClock()),
        lambda: [folder, *files_of(server, settings.name)],
    )


@pytest.fixture
async def gateways(nats: NatsServer, tmp_path: Path) -> AsyncIterator[Gateways]:
    """On a server that other tests use too."""
    several = Gateways(nats, tmp_path)
    yield several
    await several.close()


@pytest.fixture
async def own_gateways(own_nats: NatsServer, tmp_path: Path) -> AsyncIterator[Gateways]:
    """On a server that may be killed."""
    several = Gateways(own_nats, tmp_path)
    yield several
    await several.close()


@pytest.fixture
def open_log(store: Store) -> Opener:
    """Opens the same log again, after a close."""
    return store.open


@pytest.fixture
async def log(open_log: Opener) -> EventLog:
    return await open_log()
