from pathlib import Path

import pytest

from moderator.launch.sign_ins import kept_sign_ins
from tests.fakes.keyrings import system_keyring


def test_they_are_in_the_users_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with system_keyring():
        assert kept_sign_ins().read("https://a.example.org") is None
    assert [one.name for one in tmp_path.iterdir()] == ["moderator"]
