"""What one SQLite file adds to the protocol: durability, one owner, and errors that say what to do."""

import asyncio
import os
import random
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from moderator.journal.event_log import LogError
from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.sqlite_file import LogFile
from moderator.journal.sqlite_tables import FORMAT
from tests.fakes.builders import DAY, an_entry, joined
from tests.fakes.full_disk import full_disk
from tests.journal.reading import an_arrival, append_many, everything, listen

ROOT = Path(__file__).parents[2]
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


async def error_of_opening(path: Path) -> str:
    with pytest.raises(LogError) as caught:
        await SqliteLog.open(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


# --- writing -------------------------------------------------------------------------------------------------------


async def test_appends_at_the_same_time_share_a_transaction(path: Path) -> None:
    log = await SqliteLog.open(path)
    await append_many(log, range(500))
    assert log.commits < 50
    await log.aclose()


async def test_a_lone_append_waits_for_no_others(path: Path) -> None:
    log = await SqliteLog.open(path)
    for number in range(10):
        await log.append(an_arrival(number))
    assert log.commits == 10
    await log.aclose()


def test_a_commit_is_synced(path: Path) -> None:
    with closing(LogFile.open(path)) as file:
        assert file.connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
        assert file.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_only_the_owner_can_read_the_files(path: Path) -> None:
    log = await SqliteLog.open(path)
    await log.append(an_arrival(1))
    assert modes(path.parent) == dict.fromkeys(("log.db", "log.db-shm", "log.db-wal", "log.db.lock"), 0o600)
    await log.aclose()


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def test_a_reader_cannot_write(path: Path) -> None:
    with (
        closing(LogFile.open(path)) as file,
        closing(file.connect_to_read()) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM entries")


async def test_a_listener_that_is_slow_does_not_keep_entries_in_memory(path: Path) -> None:
    log = await SqliteLog.open(path)
    slow = log.tail(0)
    await append_many(log, range(1))
    assert len(await anext(slow)) == 1
    for start in range(0, 5_000, 500):
        await append_many(log, range(1 + start, 501 + start))
    assert log._recent.after(0) is None
    assert len(log._recent._kept) <= 1_000
    assert len(await listen(log, 0, 5_001)) == 5_001
    await log.aclose()


# --- errors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a diary", "it is no log: name another file"),
        ("a database", "of another program: name another file"),
        ("a newer log", f"newer version (format {FORMAT + 1}, this one knows {FORMAT}): install that version"),
    ],
)
def test_a_file_that_is_no_log_of_ours_is_left_alone(path: Path, content: str, sentence: str) -> None:
    make_file(path, content)
    before = path.read_bytes()
    assert sentence in asyncio.run(error_of_opening(path))
    assert path.read_bytes() == before


def make_file(path: Path, content: str) -> None:
    if content == "a diary":
        path.write_bytes(b"dear diary, " * 1_000)
        return
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE meta (name, value); CREATE TABLE songs (title)")
        if content == "a newer log":
            connection.executescript("CREATE TABLE entries (a); ")
            connection.execute("INSERT INTO meta VALUES ('log_id', 'abc'), ('format', ?)", (str(FORMAT + 1),))
            connection.commit()


async def test_a_damaged_entry_is_reported_not_skipped(path: Path) -> None:
    log = await SqliteLog.open(path)
    await append_many(log, range(3))
    await log.aclose()
    with closing(sqlite3.connect(path)) as other:
        other.executescript("UPDATE entries SET body = '{' WHERE seq = 2")
    log = await SqliteLog.open(path)
    with pytest.raises(LogError, match=r"log\.db holds something .* entry 2 "):
        await everything(log)
    await log.aclose()


async def test_a_folder_that_is_not_there(path: Path) -> None:
    missing = path.parent / "data" / "log.db"
    assert f"create {missing.parent}" in await error_of_opening(missing)


def test_a_folder_where_a_file_should_be(path: Path) -> None:
    path.mkdir()
    assert "give the gateway's user access" in asyncio.run(error_of_opening(path))


def test_a_read_only_folder() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        with without_privileges():
            assert f"write access to {folder}" in asyncio.run(error_of_opening(Path(folder) / "log.db"))
        assert list(Path(folder).iterdir()) == []


@contextmanager
def without_privileges() -> Iterator[None]:
    """For root, to whom nothing is read-only, somebody else."""
    me = os.geteuid()
    os.seteuid(me or NOBODY)
    try:
        yield
    finally:
        os.seteuid(me)


async def test_a_second_gateway_with_the_same_file(path: Path) -> None:
    log = await SqliteLog.open(path)
    assert "in use by another gateway: stop that one" in await error_of_opening(path)
    program = (
        f"import asyncio; from moderator.journal.sqlite import SqliteLog; asyncio.run(SqliteLog.open({str(path)!r}))"
    )
    other = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program], capture_output=True, text=True)
    assert "in use by another gateway" in other.stderr
    await log.append(an_arrival(1))
    await log.aclose()
    await (await SqliteLog.open(path)).aclose()


async def test_after_a_full_disk_the_log_goes_on(path: Path) -> None:
    log = await SqliteLog.open(path)
    stored = await append_many(log, range(10))
    with full_disk(100_000):
        for attempt in range(3):
            with pytest.raises(LogError, match=r"log\.db cannot be used, the disk .*space"):
                await log.append(an_entry(joined("p", DAY, name="x" * 200_000), key=attempt))
    stored.append(await log.append(an_arrival(11)))
    assert [entry.seq for entry in await everything(log)] == stored
    await log.aclose()
    assert integrity(path) == "ok"


async def test_a_transaction_that_fails_is_no_ones_success(path: Path) -> None:
    log = await SqliteLog.open(path)
    large = an_entry(joined("p", DAY, name="x" * 200_000))
    with full_disk(100_000):
        results = await asyncio.gather(
            *(log.append(entry) for entry in (an_arrival(1), large, an_arrival(2))), return_exceptions=True
        )
    acknowledged = [result for result in results if isinstance(result, int)]
    assert [entry.seq for entry in await everything(log)] == acknowledged
    assert any(isinstance(result, LogError) for result in results)
    await log.aclose()


async def test_what_cannot_be_stored_spoils_nothing(path: Path) -> None:
    log = await SqliteLog.open(path)
    bad = [an_entry(joined("\ud800", DAY)), an_entry(joined("p", DAY), recorded_at=2**70)]
    results = await asyncio.gather(*(log.append(entry) for entry in (*bad, an_arrival(1))), return_exceptions=True)
    assert [type(result) for result in results] == [LogError, LogError, int]
    await log.aclose()


# --- kill -9 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
async def test_what_was_acknowledged_survives_kill_9(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged: list[str] = []
    for round_ in range(3):
        acknowledged += await asyncio.to_thread(burst, path, 1_000_000 * round_, chance.randrange(1, 4_000))
        assert integrity(path) == "ok"
        log = await SqliteLog.open(path)
        stored = [entry.id for entry in await everything(log)]
        start = await log.start()
        await log.aclose()
        assert start is None or start.seq <= len(stored)
        assert verify_file(path).problem == "", "entries have the texts that they commit to"
        assert len(stored) == len(set(stored))
        assert set(acknowledged) <= set(stored)


def burst(path: Path, first: int, lines: int) -> list[str]:
    """Kills a process in the middle of its work; what it had said until then."""
    command = [sys.executable, "-m", "tests.journal.burst", str(path), str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        said += process.stdout.readlines()
    return [line.strip() for line in said if line.endswith("\n")]


def integrity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
