import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from moderator.desktop.alerts.shown import FILE, KEPT_MS, ShownMemory
from tests.fakes.desktop import NOW
from tests.fakes.full_disk import full_disk


def test_what_was_shown_is_known_after_a_restart(tmp_path: Path) -> None:
    before = ShownMemory(tmp_path)
    assert before.claim(["a", "b"], NOW) == {"a", "b"}
    before.close()
    after = ShownMemory(tmp_path)
    assert "a" in after
    assert after.claim(["b", "c"], NOW) == {"c"}
    after.close()


def test_two_windows_show_it_once(tmp_path: Path) -> None:
    first, second = ShownMemory(tmp_path), ShownMemory(tmp_path)
    assert first.claim(["a"], NOW) == {"a"}
    assert second.claim(["a", "b"], NOW) == {"b"}
    first.close()
    second.close()


def test_a_day_later_it_is_forgotten(tmp_path: Path) -> None:
    before = ShownMemory(tmp_path)
    before.claim(["a"], NOW)
    before.claim(["b"], NOW + KEPT_MS + 1)
    before.close()
    after = ShownMemory(tmp_path)
    assert ("a" in after, "b" in after) == (False, True)
    after.close()


def test_what_was_shown_long_ago_does_not_pile_up_but_what_still_stands_is_not_shown_again(tmp_path: Path) -> None:
    memory = ShownMemory(tmp_path)
    memory.claim(["gone", "standing"], NOW)
    memory.claim(["new"], NOW + KEPT_MS + 1, {"standing", "new"})
    assert ["gone" in memory, "standing" in memory, "new" in memory] == [False, True, True]
    memory.close()


def test_a_spoilt_file_is_begun_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all, however long it may be" * 100)
    memory = ShownMemory(tmp_path)
    assert memory.claim(["a"], NOW) == {"a"}
    memory.close()
    assert "begun anew" in caplog.text
    again = ShownMemory(tmp_path)
    assert "a" in again
    again.close()


def test_without_a_place_it_remembers_until_the_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    memory = ShownMemory(tmp_path / "file")
    assert memory.claim(["a"], NOW) == {"a"}
    assert memory.claim(["a"], NOW) == set()
    assert "cannot be used" in caplog.text


def test_without_space_it_is_written_down_as_soon_as_there_is_some(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory = ShownMemory(tmp_path)
    memory.claim(["a"], NOW)
    before = (tmp_path / FILE).read_bytes()
    with full_disk():
        assert memory.claim(["b"], NOW) == {"b"}
        assert memory.claim(["b", "c"], NOW) == {"c"}, "this window knows"
        assert (tmp_path / FILE).read_bytes() == before
    assert caplog.text.count("after a restart, warnings may be shown again") == 1
    assert memory.claim(["d"], NOW) == {"d"}
    memory.close()
    again = ShownMemory(tmp_path)
    assert again.claim(["a", "b", "c", "d", "e"], NOW) == {"e"}
    again.close()


def test_a_window_that_had_to_wait_for_another_goes_on_writing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory = ShownMemory(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert memory.claim(["a"], NOW) == {"a"}
    assert "shown.db cannot be written (database is locked)" in caplog.text
    assert memory.claim(["b"], NOW) == {"b"}
    memory.close()
    again = ShownMemory(tmp_path)
    assert again.claim(["a", "b"], NOW) == frozenset()
    again.close()
