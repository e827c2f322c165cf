"""An account is kept with all that belongs to it, or not at all."""

import tomllib
from pathlib import Path

import pytest

from moderator.gateway.configuration.config import load_config
from moderator.gateway.configuration.secrets import Handed
from moderator.launch.account import Account
from moderator.launch.keeping import (
    NotKept,
    is_unused,
    keep_account,
    keep_public_url,
    port_of,
    public_url_of,
    sources_of,
)
from tests.fakes.keyrings import Forgetful, InMemory, Raising, system_keyring

SECRET = "s" * 40
ACCOUNT = Account(
    "exams", "livekit", {"api_key": "APIx", "base_url": "wss://x.example.org"}, {"api_secret": SECRET}, 45, True
)
HANDED = Handed(key="k" * 32, name="you", log="x.db")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "moderator" / "moderator.toml"


@pytest.mark.parametrize("keyring", [None, InMemory(), Raising(), Forgetful()], ids=["none", "good", "bad", "vain"])
def test_what_is_kept_is_what_the_gateway_reads(config: Path, keyring: InMemory | None) -> None:
    with system_keyring(keyring):
        assert is_unused(config)
        keep_account(config, ACCOUNT, 23_000)
        assert not is_unused(config)
        read = load_config(config, HANDED)
    (source,), (type_,) = read.sources, read.room_types
    assert (source.name, source.options.api_secret) == ("exams", SECRET)
    assert (type_.match_source, type_.duration_ms, type_.mode) == ("exams", 45 * 60_000, "enforce")
    assert (read.gateway.port, port_of(config), sources_of(config)) == (23_000, 23_000, ("exams",))
    assert SECRET not in config.read_text()
    assert SECRET not in repr(ACCOUNT)
    assert config.stat().st_mode & 0o777 == 0o600


def test_another_configurations_secret_stays(tmp_path: Path) -> None:
    with system_keyring(InMemory()) as _:
        for name in ("one", "two"):
            keep_account(tmp_path / name / "moderator.toml", ACCOUNT, 23_000)
        assert "keyring" in (tmp_path / "one" / "moderator.toml").read_text()
        assert "file" in (tmp_path / "two" / "moderator.toml").read_text()


def test_a_port_and_a_mode_that_somebody_chose_stay(config: Path) -> None:
    config.parent.mkdir()
    config.write_text("[gateway]\nport = 8765\n")
    config.chmod(0o640)
    with system_keyring():
        keep_account(config, ACCOUNT, 23_000)
    keep_public_url(config, "https://m.example.org")
    assert (port_of(config), public_url_of(config)) == (8765, "https://m.example.org")
    assert config.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("text", ["[sources.exams]\n", "room_types = []\n"])
@pytest.mark.parametrize("keyring", [None, InMemory()])
def test_where_it_cannot_be_written_nothing_is_left(config: Path, text: str, keyring: InMemory | None) -> None:
    config.parent.mkdir()
    config.write_text(text)
    with system_keyring(keyring), pytest.raises(NotKept, match=str(config)):
        keep_account(config, ACCOUNT, 23_000)
    assert config.read_text() == text
    assert not list(config.parent.rglob("*.key"))
    assert keyring is None or not keyring.kept


def test_a_file_that_is_no_configuration_is_told_of(config: Path) -> None:
    config.parent.mkdir()
    config.write_bytes(b"\xff")
    assert (sources_of(config), public_url_of(config), port_of(config)) == ((), "", None)
    assert not is_unused(config)
    with pytest.raises(NotKept, match="not text"):
        keep_account(config, ACCOUNT, 1)
    config.write_text("x = = 1")
    with pytest.raises(NotKept, match="not TOML"):
        keep_public_url(config, "https://m.example.org")


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with system_keyring(), pytest.raises(NotKept, match="cannot be"):
        keep_account(tmp_path / "file" / "moderator.toml", ACCOUNT, 1)


def test_no_limit_and_only_saying_so(config: Path) -> None:
    with system_keyring():
        keep_account(config, Account("a", "stream", {"api_key": "k"}, {"api_secret": SECRET}), 1)
    (type_,) = tomllib.loads(config.read_text())["room_types"]
    assert type_ == {"name": "a", "match": {"source": "a"}, "mode": "observe"}
