"""What tests of the command line share: a token, and a user who has signed in nowhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator.launch import sign_ins
from tests.cli.running import TOKEN
from tests.fakes.keyrings import InMemory, system_keyring


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n", "ascii")
    return path


@pytest.fixture(autouse=True)
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemory]:
    """The real ones of who runs the tests stay out of it."""
    monkeypatch.setattr(sign_ins, "data_folder", lambda: tmp_path / "data-of-the-user")
    backend = InMemory()
    with system_keyring(backend):
        yield backend
