import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator.desktop.about import log_file
from moderator.desktop.about.log_file import NAME, log_in


@pytest.fixture(autouse=True)
def told() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    yield
    root.setLevel(level)


def test_what_is_logged_stands_in_a_file_of_one_s_own(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    with log_in(folder):
        logging.getLogger("moderator.x").info("the %s came", "feed")
    logging.getLogger("moderator.x").info("nobody writes this down")
    file = folder / NAME
    assert [line.partition(" INFO ")[2] for line in file.read_text("utf-8").splitlines()] == [
        "moderator.x: the feed came"
    ]
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)


def test_it_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "FILE_BYTES", 2_000)
    with log_in(tmp_path):
        for number in range(400):
            logging.getLogger("moderator.x").info("line %s", number)
    written = sorted(tmp_path.iterdir())
    assert [one.name for one in written] == [NAME, f"{NAME}.1", f"{NAME}.2", f"{NAME}.3"]
    assert all(one.stat().st_size <= 2_000 and stat.S_IMODE(one.stat().st_mode) == 0o600 for one in written)


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "logs").write_text("a file")
    with log_in(tmp_path / "logs"):
        assert "no log file" in caplog.text
