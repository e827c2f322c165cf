"""The start in the log file: what spoils it, what takes it out, and that nobody waits for it."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.starts import Start
from tests.fakes.builders import DAY, SOURCE, an_entry, joined
from tests.journal.reading import append_many, everything
from tests.journal.test_sqlite_erasing import USER, filled, folded_to, recorded, trimming
from tests.journal.test_starts import a_start


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


async def a_start_of(log: SqliteLog, through: int) -> Start:
    return Start(snapshot=folded_to(await everything(log), through).snapshot())


async def test_a_start_lies_in_the_file_beside_the_evidence(path: Path) -> None:
    log = await filled(path)
    start = await a_start_of(log, 9)
    await log.keep_start(start)
    await log.aclose()
    assert verify_file(path).problem == ""
    log = await SqliteLog.open(path)
    assert await log.start() == start
    await log.aclose()


@pytest.mark.parametrize("spoiled", [b"", b"not compressed"])
async def test_a_start_that_cannot_be_read_is_none(
    path: Path, spoiled: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    log = await SqliteLog.open(path)
    await log.keep_start(a_start())
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("UPDATE start SET body = ?", (spoiled,))
    assert await log.start() is None
    assert "the log is read from its beginning" in caplog.text
    await log.aclose()


async def test_who_is_erased_is_in_no_start(path: Path) -> None:
    log = await filled(path)
    early, late = await a_start_of(log, 9), await a_start_of(log, 14)
    await log.keep_start(early)
    erased = await log.erase(SOURCE, USER, "erased-1", recorded)
    assert erased is not None
    assert await log.start() is None
    await log.keep_start(late)  # it was made before, and comes after
    assert await log.start() is None
    seq = await log.append(an_entry(joined("c1", DAY)))
    now = await a_start_of(log, seq)
    await log.keep_start(now)
    assert await log.start() == now
    await log.aclose()


async def test_nobody_erased_is_no_reason(path: Path) -> None:
    log = await filled(path)
    await log.keep_start(start := await a_start_of(log, 9))
    assert await log.erase(SOURCE, "nobody", "erased-1", recorded) is None
    assert await log.start() == start
    await log.aclose()


@pytest.mark.parametrize(("through", "is_kept"), [(8, True), (9, True), (10, False)])
async def test_a_start_that_entries_are_trimmed_past_goes(path: Path, through: int, is_kept: bool) -> None:
    log = await filled(path)
    await log.keep_start(await a_start_of(log, 9))
    await log.trim((await a_start_of(log, through)).snapshot, trimming(through), await log.newest())
    assert (await log.start() is not None) is is_kept
    await log.aclose()


async def test_appending_goes_on_while_one_is_kept(path: Path) -> None:
    log = await SqliteLog.open(path)
    await append_many(log, range(100))
    listener = log.tail(100)
    await log.keep_start(a_start(3_000))
    await append_many(log, range(100, 105))
    assert [entry.seq for entry in await anext(listener)] == list(range(101, 106)), "and nothing is read twice"
    await log.aclose()
