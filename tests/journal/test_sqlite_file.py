"""What the store says becomes a sentence, and it is known what may pass by itself."""

import sqlite3
from pathlib import Path

import pytest

from moderator.journal.event_log import LogError, StoreTrouble
from moderator.journal.sqlite_file import LogFile, explain
from tests.fakes.full_disk import full_disk


def failure(file: LogFile, statement: str) -> LogError:
    with pytest.raises(sqlite3.Error) as raised:
        file.connection.execute(statement)
    return explain(file.path, raised.value)


def test_a_full_disk_may_have_space_again_and_a_wrong_file_stays_one(tmp_path: Path) -> None:
    file = LogFile.open(tmp_path / "log.db")
    with full_disk():
        full = failure(file, "INSERT INTO meta VALUES ('zq', hex(randomblob(100000)))")
    wrong = failure(file, "INSERT INTO meta VALUES ('format', '1')")
    file.close()
    assert isinstance(full, StoreTrouble)
    assert "the disk" in str(full)
    assert not isinstance(wrong, StoreTrouble)
    assert "UNIQUE constraint failed" in str(wrong)
