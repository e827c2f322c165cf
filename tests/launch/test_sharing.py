"""One owner, and a file that only its user could have written."""

from pathlib import Path

import pytest

from moderator.launch.sharing import OwnerLock, Shared, SharedFile

SHARED = Shared(url="http://127.0.0.1:1", token="t", key="k")


def test_one_at_a_time(tmp_path: Path) -> None:
    first, second = OwnerLock(tmp_path), OwnerLock(tmp_path)
    assert first.take()
    assert first.take()
    assert not second.take()
    first.release()
    first.release()
    assert second.take()
    second.release()


def test_what_is_said_is_for_this_user_and_can_be_taken_back(tmp_path: Path) -> None:
    file = SharedFile(tmp_path)
    assert file.read() is None
    file.write(SHARED)
    assert SharedFile(tmp_path).read() == SHARED
    assert [oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == ["0o600"]
    file.remove()
    file.remove()
    assert file.read() is None


def test_it_is_said_anew(tmp_path: Path) -> None:
    file = SharedFile(tmp_path)
    (tmp_path / "gateway.new").write_text("left by one who was killed")
    file.write(Shared(url="http://127.0.0.1:2", token="", key=""))
    file.write(SHARED)
    assert file.read() == SHARED


def at(url: str) -> str:
    return f'{{"url":"{url}","token":"t","key":"k"}}'


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", '{"url":"http://127.0.0.1:1"}', "\xff"),
        *(at("http://127.0.0.1:abc"), at("http://127.0.0.1:99999"), at("http://[::1"), at("http://example.org:1")),
    ],
)
def test_nonsense_is_nothing(tmp_path: Path, content: str) -> None:
    SharedFile(tmp_path).write(SHARED)
    (tmp_path / "gateway.json").write_text(content, "latin-1")
    assert SharedFile(tmp_path).read() is None


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o606])
def test_what_others_could_read_or_write_is_not_believed(tmp_path: Path, mode: int) -> None:
    file = SharedFile(tmp_path)
    file.write(SHARED)
    (tmp_path / "gateway.json").chmod(mode)
    assert file.read() is None
