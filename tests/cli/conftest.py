from pathlib import Path

import pytest

from tests.cli.running import TOKEN


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n", "ascii")
    return path
