"""How a log's own file is doing, for who wants to know whether it can be written."""

import asyncio
from pathlib import Path

import pytest

from moderator.journal.event_log import LogError
from moderator.journal.sqlite import SqliteLog
from tests.fakes.builders import DAY, an_entry, joined
from tests.fakes.full_disk import full_disk


async def test_a_log_that_cannot_be_written_is_tried_again_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderator.journal.local_log.TRIED_AGAIN_AFTER_S", 0.01)
    log = await SqliteLog.open(tmp_path / "log.db")
    assert log.health().writable
    with full_disk():
        for number in range(3):
            with pytest.raises(LogError):
                await log.append(an_entry(joined("p", DAY, name="x" * 200_000), key=number))
        await asyncio.sleep(0.1)  # it was tried again, some times
        assert not log.health().writable
        assert "space" in log.health().why
    async with asyncio.timeout(20):
        while not log.health().writable:
            await asyncio.sleep(0.005)
    await log.aclose()


async def test_nothing_is_tried_after_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderator.journal.local_log.TRIED_AGAIN_AFTER_S", 0.01)
    log = await SqliteLog.open(tmp_path / "log.db")
    with full_disk(), pytest.raises(LogError):
        await log.append(an_entry(joined("p", DAY, name="x" * 200_000)))
    await log.aclose()
    commits = log.commits
    await asyncio.sleep(0.05)
    assert log.commits == commits
