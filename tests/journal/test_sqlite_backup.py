"""A copy of a log that is being written to: one moment of it, whole, and for its owner only."""

import asyncio
import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from moderator.journal.event_log import LogError
from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_backup import back_up
from tests.fakes.builders import DAY, an_entry, joined
from tests.fakes.full_disk import full_disk


async def entries_of(path: Path) -> list[str]:
    log = await SqliteLog.open(path)
    ids: list[str] = [entry.id async for batch in log.read(0) for entry in batch]
    await log.aclose()
    return ids


async def test_a_copy_under_load_is_what_was_stored_before_some_moment(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path / "log.db")
    stored: list[str] = []

    async def write() -> None:
        for number in itertools.count():
            entry = an_entry(joined(f"c{number}", DAY + number))
            await log.append(entry)
            stored.append(entry.id)

    writers = [asyncio.create_task(write())]
    while len(stored) < 200:
        await asyncio.sleep(0.001)
    before = len(stored)
    made = await asyncio.to_thread(back_up, tmp_path / "log.db", tmp_path / "copy.db")
    written_meanwhile = len(stored) > before
    for writer in writers:
        writer.cancel()
    await asyncio.gather(*writers, return_exceptions=True)
    await log.aclose()
    assert written_meanwhile
    copied = await entries_of(tmp_path / "copy.db")
    everything = await entries_of(tmp_path / "log.db")
    assert before <= len(copied) <= len(everything)
    assert copied == everything[: len(copied)]
    assert made.found is not None
    assert (made.found.problem, made.found.records) == ("", len(copied))


async def test_it_is_one_file_that_only_its_owner_can_read_and_a_log_of_its_own(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path / "log.db")
    await log.append(an_entry(joined("c1", DAY)))
    folder = tmp_path / "backups"
    folder.mkdir()
    made = back_up(tmp_path / "log.db", folder / "copy.db")
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    assert (folder / "copy.db").stat().st_mode & 0o777 == 0o600
    assert made.size == (folder / "copy.db").stat().st_size
    copy = await SqliteLog.open(folder / "copy.db")
    assert copy.log_id != log.log_id
    await copy.aclose()
    await log.aclose()


def nothing(log: Path, to: Path) -> None:
    log.unlink()


def a_copy(log: Path, to: Path) -> None:
    to.write_text("kept")


def a_part(log: Path, to: Path) -> None:
    to.with_name("copy.db.part").write_text("kept")


def somebody_elses(log: Path, to: Path) -> None:
    log.unlink()
    with closing(sqlite3.connect(log)) as store:
        store.execute("CREATE TABLE things (a)")


def no_database(log: Path, to: Path) -> None:
    log.write_bytes(b"no database at all, but long enough to have a header" * 100)


def an_empty_file(log: Path, to: Path) -> None:
    log.write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (nothing, "There is no log"),
        (a_copy, "is there already: name a new file"),
        (a_part, "another backup is being made, or was cut off. Then delete it."),
        (somebody_elses, "is a database of another program"),
        (no_database, "it is no log"),
        (an_empty_file, "is empty: there is nothing to copy"),
    ],
)
async def test_what_cannot_be_copied_leaves_everything_as_it_was(tmp_path: Path, spoil: object, why: str) -> None:
    log, to = tmp_path / "log.db", tmp_path / "copy.db"
    await (await SqliteLog.open(log)).aclose()
    spoil(log, to)  # type: ignore[operator]
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(LogError, match=why):
        back_up(log, to)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


async def test_a_copy_that_cannot_be_written(tmp_path: Path) -> None:
    await (await SqliteLog.open(tmp_path / "log.db")).aclose()
    with pytest.raises(LogError, match=r"copy.db.part cannot be written: No such file or directory\."):
        back_up(tmp_path / "log.db", tmp_path / "nowhere" / "copy.db")


async def test_a_disk_that_is_too_small_for_the_copy(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path / "log.db")
    await asyncio.gather(*(log.append(an_entry(joined(f"{n}-{'x' * 900}", DAY), key=n)) for n in range(200)))
    await log.aclose()
    with full_disk(100_000), pytest.raises(LogError, match=r"copy.db.part cannot be written: its disk is full"):
        back_up(tmp_path / "log.db", tmp_path / "copy.db")
    assert list(tmp_path.glob("copy*")) == []


async def test_a_log_of_an_older_format_is_copied_as_it_is(tmp_path: Path) -> None:
    log, to = tmp_path / "log.db", tmp_path / "copy.db"
    await (await SqliteLog.open(log)).aclose()
    with closing(sqlite3.connect(log, isolation_level=None)) as store:
        store.execute("UPDATE meta SET value = '1' WHERE name = 'format'")
    assert back_up(log, to).found is None
    with closing(sqlite3.connect(to)) as store:
        assert store.execute("SELECT value FROM meta WHERE name = 'format'").fetchone() == ("1",)


async def test_what_was_altered_in_the_log_is_said_and_kept(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path / "log.db")
    await log.append(an_entry(joined("c1", DAY, name="Anna")))
    await log.aclose()
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as store:
        store.execute("UPDATE texts SET value = ?", (b'"Berta"',))
    made = back_up(tmp_path / "log.db", tmp_path / "copy.db")
    assert made.found is not None
    assert made.found.problem
    assert (tmp_path / "copy.db").exists()
