"""A log of the first format becomes one of this format, with everything in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from moderator.domain.events import DisconnectConfirmed, Entry
from moderator.feed.codec import encode_entry
from moderator.journal.event_log import LogError
from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_evidence import verify_file
from tests.fakes.builders import DAY, a_decision, an_entry, joined, kicked
from tests.journal.reading import an_arrival, everything, first_commands

FIRST_FORMAT = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, recorded_at INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TABLE entry_rooms (
    source TEXT NOT NULL, room TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (source, room, seq)
) WITHOUT ROWID;
CREATE TABLE commands (
    number INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX open_commands ON commands (number) WHERE done = 0;
INSERT INTO meta VALUES ('log_id', 'abc'), ('format', '1');
PRAGMA journal_mode = WAL;
"""
KICKS = [kicked("p", key=number) for number in range(2)]
ENTRIES = [
    *(an_arrival(number) for number in range(2_500)),
    an_entry(joined("p", DAY, user="zq-user", name="Zq Name")),
    *(an_entry(kick, recorded_at=DAY) for kick in KICKS),
    an_entry(a_decision(DisconnectConfirmed(command=KICKS[0].id, participant="p"))),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.db"
    with closing(sqlite3.connect(path)) as store:
        store.executescript(FIRST_FORMAT)
        for seq, entry in enumerate(ENTRIES, start=1):
            values = (entry.id, entry.recorded_at, encode_entry(entry))
            store.execute("INSERT INTO entries (id, recorded_at, body) VALUES (?, ?, ?)", values)
            for source, room in {(event.source, event.room or "") for event in entry.events}:
                store.execute("INSERT INTO entry_rooms VALUES (?, ?, ?)", (source, room, seq))
            if entry.events[0] in KICKS:
                store.execute("INSERT INTO commands (event_id, seq) VALUES (?, ?)", (entry.events[0].id, seq))
        store.commit()
    return path


def content(entries: list[Entry]) -> list[tuple[object, ...]]:
    return [(entry.id, entry.recorded_at, entry.events) for entry in entries]


async def test_everything_is_there_and_in_its_place(path: Path) -> None:
    assert b"Zq Name" in path.read_bytes()
    log = await SqliteLog.open(path)
    assert log.log_id == "abc"
    assert content(await everything(log)) == content(ENTRIES)
    assert [command.event for command in await first_commands(log, 2)] == KICKS
    assert await log.outcomes([kick.id for kick in KICKS]) == {KICKS[0].id: "disconnect_confirmed"}
    assert [seat.participant for seat in await log.seats("zq-user")] == ["p"]
    await log.aclose()
    assert verify_file(path).problem == ""
    log = await SqliteLog.open(path)
    assert len(await everything(log)) == len(ENTRIES)
    await log.aclose()


async def test_what_was_in_the_bodies_is_beside_them_now(path: Path) -> None:
    log = await SqliteLog.open(path)
    await log.aclose()
    with closing(sqlite3.connect(path)) as store:
        bodies = store.execute("SELECT count(*) FROM entries WHERE instr(body, CAST('zq-user' AS BLOB))").fetchone()
        texts = store.execute("SELECT count(*) FROM texts WHERE subject = 'zq-user'").fetchone()
    assert (bodies, texts) == ((0,), (1,))


async def test_what_cannot_be_read_leaves_the_file_as_it_was(path: Path) -> None:
    with closing(sqlite3.connect(path)) as store:
        store.execute("UPDATE entries SET body = '{' WHERE seq = 2400")
        store.commit()
    with pytest.raises(LogError, match="entry 2400"):
        await SqliteLog.open(path)
    with closing(sqlite3.connect(path)) as store:
        assert store.execute("SELECT value FROM meta WHERE name = 'format'").fetchone() == ("1",)
        assert "salt" not in [row[1] for row in store.execute("PRAGMA table_info (entries)")]


def test_an_older_log_is_not_checked(path: Path) -> None:
    with pytest.raises(LogError, match="older version"):
        verify_file(path)
