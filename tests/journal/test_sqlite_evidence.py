"""A real log file, changed behind the gateway's back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from moderator.domain.accounting import Checkpoint
from moderator.domain.events import Actor, Event
from moderator.domain.ids import derive_event_id
from moderator.journal import sqlite_evidence
from moderator.journal.event_log import LogError
from moderator.journal.integrity import head_hash
from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.verifying import Anchor
from tests.fakes.builders import DAY, an_entry
from tests.journal.reading import append_many


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """Ten entries, a checkpoint, and again; the file of a gateway that has stopped."""
    path, head = tmp_path / "log.db", ""
    log = await SqliteLog.open(path)
    for begin in (0, 10):
        last = await append_many(log, range(begin, begin + 10))
        leaves = tuple(await log.leaves(last[0] - 1 - (begin > 0), 100))
        data = Checkpoint(leaves=leaves, previous=head, head=head_hash(head, leaves))
        head = data.head
        event = Event(id=derive_event_id(head), at=DAY, actor=Actor("gateway"), data=data)
        seq = await log.append(an_entry(event, recorded_at=DAY))
        with (tmp_path / "anchor").open("ab") as file:
            file.write(msgspec.json.encode(Anchor(seq, head, DAY)) + b"\n")
    await append_many(log, range(20, 23))
    await log.aclose()
    return path


async def test_the_file_of_a_gateway_that_stopped_and_of_one_that_runs(path: Path) -> None:
    found = verify_file(path, path.parent / "anchor")
    assert (found.problem, found.records, found.checkpoints, found.unvouched) == ("", 25, 2, 3)
    log = await SqliteLog.open(path)
    await append_many(log, range(30, 32))
    found = verify_file(path, path.parent / "anchor")
    assert (found.problem, found.unvouched) == ("", 5)
    await log.aclose()


SWAP = "".join(
    f"UPDATE {table} SET seq = -3 WHERE seq = 3; UPDATE {table} SET seq = 3 WHERE seq = 4; "
    f"UPDATE {table} SET seq = 4 WHERE seq = -3; "
    for table in ("entries", "texts")
)


@pytest.mark.parametrize(
    ("tamper", "seq", "problem"),
    [
        ("UPDATE entries SET body = replace(body, 'joined', 'left') WHERE seq = 5", 5, "was altered"),
        ("UPDATE entries SET body = x'7b' WHERE seq = 5", 5, "was altered"),
        ("UPDATE entries SET body = x'7b226964223a22ff227d' WHERE seq = 5", 5, "was altered"),  # {"id":"\\xff"}
        ("UPDATE texts SET value = x'7b226964223a22ff227d' WHERE seq = 6", 6, "text of the record was al"),
        ("DELETE FROM entries WHERE seq = 7", 7, "is missing"),
        ("DELETE FROM entries WHERE seq = 11", 11, "is missing"),
        ("UPDATE texts SET value = replace(value, 'anna', 'bob') WHERE seq = 6", 6, "text of the record was al"),
        ("DELETE FROM texts WHERE seq = 6", 6, "nobody erased it"),
        ("UPDATE texts SET salt = NULL, erased = 'erased-1' WHERE seq = 6", 6, "the log does not say so"),
        (SWAP, 3, "moved here from 4"),
        ("DELETE FROM entries WHERE seq >= 15; DELETE FROM texts WHERE seq >= 15", 22, "the log was cut"),
        ("DELETE FROM entries WHERE seq < 4; DELETE FROM texts WHERE seq < 4", 1, "is missing"),
        ("UPDATE entries SET recorded_at = 0 WHERE seq = 5", 5, "the column entries.recorded_at"),
        ("UPDATE entries SET id = 'x' WHERE seq = 24", 24, "the column entries.id"),
        ("DELETE FROM entry_rooms WHERE seq = 5", 5, "the column entry_rooms"),
        ("UPDATE texts SET subject = 'bob' WHERE seq = 6", 6, "the column texts.subject"),
        ("UPDATE texts SET participant = 'c' WHERE seq = 6", 6, "the column texts.participant"),
        ("UPDATE texts SET source = x'ff' WHERE seq = 6", 6, "the column texts.source"),
        ("INSERT INTO trimmed VALUES (1, 3, '')", 3, "records say that the log was trimmed up to 0, and the file up"),
    ],
)  # fmt: skip
async def test_what_was_changed_is_named(path: Path, tamper: str, seq: int, problem: str) -> None:
    with closing(sqlite3.connect(path)) as store:
        store.executescript(tamper)
    found = verify_file(path, path.parent / "anchor")
    assert found.seq == seq
    assert problem in found.problem


async def test_a_line_of_the_anchor_that_was_cut_off_says_nothing(path: Path) -> None:
    anchor = path.parent / "anchor"
    anchor.write_bytes(anchor.read_bytes() + b'{"head":"\xff"}\n{"seq": 99, "he')
    assert verify_file(path, anchor).problem == ""


async def test_the_anchor_is_not_there_before_its_first_line(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path / "log.db")
    await append_many(log, range(3))
    assert verify_file(tmp_path / "log.db", tmp_path / "anchor").problem == ""
    await log.aclose()


async def test_a_checkpoint_that_comes_while_the_log_is_read_is_not_missing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its line is in the anchor, and it is not in the log as that was when the reading began."""
    anchor, size_of = path.parent / "anchor", sqlite_evidence._size

    def a_line_is_added(file: Path | None) -> int | None:
        size = size_of(file)
        anchor.write_bytes(anchor.read_bytes() + msgspec.json.encode(Anchor(99, "head", DAY)) + b"\n")
        return size

    monkeypatch.setattr(sqlite_evidence, "_size", a_line_is_added)
    assert verify_file(path, anchor).problem == ""
    assert verify_file(path, anchor).seq == 99, "there the next time, and still not in the log"


async def test_what_cannot_be_read_is_said(path: Path) -> None:
    with pytest.raises(LogError, match="There is no log"):
        verify_file(path.parent / "another.db")
    with pytest.raises(LogError, match=r"The anchor .* cannot be read"):
        verify_file(path, path.parent / "no-anchor")
    path.write_bytes(b"a diary" * 1000)
    with pytest.raises(LogError, match="it is no log"):
        verify_file(path)
