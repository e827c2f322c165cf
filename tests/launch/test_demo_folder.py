"""What demos leave: nothing when they end, and what a killed one left goes with the next."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator.launch.demo_folder import LOCK, PREFIX, demo_folder
from moderator.launch.sharing import OwnerLock


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []


def left(tmp_path: Path, *files: str, mode: int = 0o700) -> Path:
    folder = tmp_path / f"{PREFIX}old"
    folder.mkdir(mode)
    folder.chmod(mode)
    for file in files:
        (folder / file).write_text("left")
    return folder


def remove(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def test_it_is_for_this_user_only_and_goes_with_what_is_in_it(tmp_path: Path) -> None:
    with demo_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "window").mkdir()
        (folder / "window" / "shown.db").touch()
    assert not folder.exists()


def test_what_a_killed_demo_left_goes(tmp_path: Path) -> None:
    old = left(tmp_path, LOCK, "moderator.db")
    with demo_folder():
        assert not old.exists()


def test_another_demo_that_runs_keeps_its_folder() -> None:
    with demo_folder() as first, demo_folder() as second:
        assert first.exists()
        assert first != second


def test_one_that_is_only_just_made_is_left_alone(tmp_path: Path) -> None:
    new = left(tmp_path)
    with demo_folder():
        assert new.exists()
    remove(new)


def test_what_others_could_have_made_is_left_alone(tmp_path: Path) -> None:
    strange = left(tmp_path, LOCK, mode=0o755)
    link = tmp_path / f"{PREFIX}link"
    link.symlink_to(strange)
    with demo_folder():
        assert (strange / LOCK).exists()
    link.unlink()
    remove(strange)


def test_its_lock_is_held_as_long_as_it_is_used() -> None:
    with demo_folder() as folder:
        assert not OwnerLock(folder, LOCK).take()
