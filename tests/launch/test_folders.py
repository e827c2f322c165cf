import sys
from pathlib import Path

import pytest

from moderator.launch.folders import config_folder, data_folder, gateway_folder


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the variables are those of Linux")
def test_linux_has_variables_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert config_folder() == tmp_path / "config" / "moderator"
    assert data_folder() == tmp_path / "data" / "moderator"
    assert gateway_folder(tmp_path / "a.toml").parent == tmp_path / "data" / "moderator" / "gateways"


def test_each_configuration_has_a_journal_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, other = gateway_folder(tmp_path / "a" / "moderator.toml"), gateway_folder(tmp_path / "b" / "moderator.toml")
    assert one != other
    assert gateway_folder(Path("a/../a/moderator.toml")) == one
