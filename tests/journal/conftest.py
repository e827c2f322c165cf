"""The logs that the suite of the protocol runs against."""

from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from moderator.journal.event_log import EventLog
from moderator.journal.sqlite import SqliteLog
from tests.journal.reading import Opener


@pytest.fixture(params=["sqlite"])
async def open_log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Opener]:
    """Opens the same log again, after a close. Another kind of log joins here, with one more parameter."""
    openers: dict[str, Callable[[], Coroutine[Any, Any, EventLog]]] = {
        "sqlite": lambda: SqliteLog.open(tmp_path / "log.db"),
    }
    opened: list[EventLog] = []

    async def opener() -> EventLog:
        opened.append(await openers[request.param]())
        return opened[-1]

    yield opener
    for log in opened:
        await log.aclose()


@pytest.fixture
async def log(open_log: Opener) -> EventLog:
    return await open_log()
