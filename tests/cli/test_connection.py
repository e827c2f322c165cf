"""The token file that the commands about rooms are given."""

from pathlib import Path

import pytest

from moderator.cli import main


@pytest.mark.parametrize("content", [b"", b" \n", b"two words", b"one\ntwo", "tökén".encode(), b"\xff", b"a\0b"])
def test_what_is_no_token_is_refused_unseen(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    assert main(["rooms", "--gateway", "http://127.0.0.1:9", "--token-file", str(path)]) == 1
    err = capsys.readouterr().err
    assert "holds no token" in err
    assert "two" not in err


def test_a_token_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none"
    assert main(["rooms", "--gateway", "http://127.0.0.1:9", "--token-file", str(path)]) == 1
    assert f"{path} cannot be read: No such file" in capsys.readouterr().err
