"""Nothing is acknowledged any more once the files of a log are not those that were opened."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from moderator.journal.event_log import LogError
from moderator.journal.sqlite import SqliteLog
from tests.fakes.builders import DAY, an_entry, joined

PAGE: Final = 4096


@pytest.fixture
async def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteLog]:
    monkeypatch.setattr("moderator.journal.local_log.LOOKED_AFTER_S", 0.01)
    monkeypatch.setattr("moderator.journal.local_log.TRIED_AGAIN_AFTER_S", 0.01)
    log = await SqliteLog.open(tmp_path / "log.db")
    await log.append(an_entry(joined("p", DAY), key=1))
    yield log
    await log.aclose()


async def told(log: SqliteLog) -> str:
    """Why it cannot be written, as soon as it is known."""
    async with asyncio.timeout(20):
        while log.health().writable:
            await asyncio.sleep(0.005)
    return log.health().why


@pytest.mark.parametrize("part", ["", "-wal", "-shm", ".lock"])
async def test_a_file_that_was_taken_away_ends_storing_until_it_is_back(
    log: SqliteLog, tmp_path: Path, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    file, away = tmp_path / f"log.db{part}", tmp_path / "away"
    file.rename(away)
    with pytest.raises(LogError, match=f"log.db{part} was taken away or replaced"):
        await log.append(an_entry(joined("q", DAY), key=2))
    assert "was taken away or replaced while it was in use" in await told(log)
    away.rename(file)
    async with asyncio.timeout(20):
        while not log.health().writable:
            await asyncio.sleep(0.005)
    await log.append(an_entry(joined("q", DAY), key=2))
    caplog.clear()


async def test_it_is_noticed_while_nothing_is_stored(
    log: SqliteLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "log.db").unlink()
    assert "restore a backup" in await told(log)
    await asyncio.sleep(0.1)
    assert [record.getMessage() for record in caplog.records] == [log.health().why], "said once"
    caplog.clear()


async def test_another_file_of_the_same_name_is_not_the_log(
    log: SqliteLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for file in tmp_path.iterdir():
        file.unlink()
    other = await SqliteLog.open(tmp_path / "log.db")
    with pytest.raises(LogError, match=r"log\.db was taken away"):
        await log.append(an_entry(joined("q", DAY), key=2))
    assert await other.append(an_entry(joined("q", DAY), key=2)) == 1
    await other.aclose()
    caplog.clear()


async def test_a_write_ahead_log_that_was_cut_off_gets_nothing_more(log: SqliteLog, tmp_path: Path) -> None:
    """A checkpoint would copy the hole into the file."""
    os.truncate(tmp_path / "log.db-wal", PAGE)
    before = (tmp_path / "log.db").read_bytes()
    for number in range(2, 5):
        with pytest.raises(LogError, match=r"log\.db-wal was cut off by another program"):
            await log.append(an_entry(joined("q", DAY, name="x" * 100_000), key=number))
    assert "cut off" in await told(log)
    assert (tmp_path / "log.db").read_bytes() == before


async def test_once_something_read_was_damaged_nothing_is_stored(log: SqliteLog, tmp_path: Path) -> None:
    for number in range(2, 150):
        await log.append(an_entry(joined(f"p{number}", DAY, name="x" * 1_000), key=number))
    await log.aclose()
    damaged = await SqliteLog.open(tmp_path / "log.db")
    pages = (tmp_path / "log.db").stat().st_size // PAGE
    with (tmp_path / "log.db").open("r+b") as file:
        file.seek(pages // 2 * PAGE)
        file.write(b"\xff" * PAGE * (pages - pages // 2))
    with pytest.raises(LogError, match="it is damaged"):
        [batch async for batch in damaged.read(0)]
    with pytest.raises(LogError, match="it is damaged"):
        await damaged.append(an_entry(joined("q", DAY), key=1_000))
    assert "it is damaged" in await told(damaged)
    await damaged.aclose()
