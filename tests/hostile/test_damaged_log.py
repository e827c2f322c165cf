"""A log file that was damaged is named, with what to do; nothing in it is changed, nothing made up is read from it."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from moderator.domain.events import Entry
from moderator.journal.event_log import LogError
from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.sqlite_file import explain
from tests.fakes.builders import DAY, an_entry, kicked
from tests.journal.reading import an_arrival, append_many, everything

HEADER = 100
PAGE = 4096
ENTRIES = 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log as a gateway leaves it behind, beside one that was killed."""
    return tmp_path_factory.mktemp("whole")


@pytest.fixture
async def path(whole: Path, tmp_path: Path) -> Path:
    if not (whole / "log.db").exists():
        log = await SqliteLog.open(whole / "log.db")
        await append_many(log, range(ENTRIES))
        await log.append(an_entry(kicked("p"), recorded_at=DAY))
        (whole / "killed").mkdir()
        for file in whole.glob("log.db*"):
            shutil.copy(file, whole / "killed")
        await log.aclose()
    return Path(shutil.copy(whole / "log.db", tmp_path))


def spoil(path: Path, kind: str, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    match kind:
        case "truncated":
            del content[chance.randrange(1, len(content)) :]
        case "emptied":
            at = chance.randrange(len(content))
            content[at : at + PAGE] = bytes(len(content[at : at + PAGE]))
        case _:
            first, last = {"header": (0, HEADER), "schema": (HEADER, PAGE), "pages": (PAGE, len(content))}[kind]
            for _ in range(chance.choice([1, 8, 64])):
                content[chance.randrange(first, last)] ^= chance.randrange(1, 256)
    path.write_bytes(content)


async def use(path: Path) -> list[Entry]:
    """All that a gateway does with a log when it starts."""
    log = await SqliteLog.open(path)
    try:
        found = await everything(log)
        await log.start()
        await log.before()
        await log.oldest_open()
        return found
    finally:
        await log.aclose()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["header", "schema", "pages", "truncated", "emptied"])
async def test_damage_is_said_and_left_alone(path: Path, kind: str, seed: int) -> None:
    spoil(path, kind, random.Random(f"{kind} {seed}"))
    before = path.read_bytes()
    found, sentence = await outcome(path)
    if sentence:
        assert sentence.startswith(f"The log {path} ")
        assert any(words in sentence for words in ("is damaged", "is no log", "another program", "nothing in it was"))
        assert path.read_bytes() == before
    else:
        assert len(found) == ENTRIES + 1 or verify_file(path).problem


async def outcome(path: Path) -> tuple[list[Entry], str]:
    try:
        return await use(path), ""
    except LogError as error:
        return [], str(error)


@pytest.mark.parametrize("seed", range(3))
async def test_of_a_damaged_write_ahead_log_the_whole_entries_are_left(whole: Path, path: Path, seed: int) -> None:
    for file in (whole / "killed").iterdir():
        shutil.copy(file, path.parent)
    chance = random.Random(seed)
    wal = path.with_name("log.db-wal")
    content = bytearray(wal.read_bytes())
    for _ in range(chance.choice([1, 20])):
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    wal.write_bytes(content)
    log = await SqliteLog.open(path)
    stored = [entry.id for entry in await everything(log)]
    await log.aclose()
    assert stored == [an_arrival(number).id for number in range(len(stored))][:ENTRIES] + stored[ENTRIES:]
    with closing(sqlite3.connect(path)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_sqlite_quotes_may_be_no_text() -> None:
    error = UnicodeDecodeError("utf-8", b"malformed database schema (\xff)", 27, 28, "invalid start byte")
    assert "it is damaged: keep a copy" in str(explain(Path("log.db"), error))
