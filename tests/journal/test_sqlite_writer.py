"""What is written together is written, or none of it."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from moderator.journal import sqlite_writer
from moderator.journal.sqlite_file import LogFile
from moderator.journal.sqlite_writer import Append, Change, Writer
from moderator.journal.stored import to_stored
from tests.journal.reading import an_arrival


@pytest.mark.parametrize(("failing", "left"), [(None, [0, 1, 2, 3]), (2, [3])])
async def test_jobs_that_were_put_together_are_in_one_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int | None, left: list[int]
) -> None:
    monkeypatch.setattr(sqlite_writer, "MOST_JOBS", 2)
    file = LogFile.open(tmp_path / "log.db")
    writer, loop, go_on = Writer(file, lambda group: None), asyncio.get_running_loop(), threading.Event()

    def append(number: int) -> Append:
        entry = an_arrival(number)
        stored = to_stored(entry)
        return Append(entry, stored._replace(body=None) if number == failing else stored, loop.create_future())  # type: ignore[arg-type]  # as a store that fails there

    def wait(_: sqlite3.Connection) -> None:
        go_on.wait()

    writer.put(Change(wait, loop.create_future()))
    writer.put(*map(append, range(3)))
    writer.put(append(3))
    go_on.set()
    await asyncio.to_thread(writer.close)
    file.close()
    with closing(sqlite3.connect(tmp_path / "log.db")) as store:
        ids = [id_ for (id_,) in store.execute("SELECT id FROM entries ORDER BY seq")]
    assert ids == [an_arrival(number).id for number in left]
