"""An account is kept with all that belongs to it, or not at all."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from moderator.client.system_keyring import SERVICE
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
    keyring = InMemory()
    with system_keyring(keyring):
        for name in ("one", "two"):
            keep_account(tmp_path / name / "moderator.toml", replace(ACCOUNT, secrets={"api_secret": name}), 23_000)
    assert '{ keyring = "exams-api_secret" }' in (tmp_path / "one" / "moderator.toml").read_text()
    assert '{ keyring = "exams-api_secret-2" }' in (tmp_path / "two" / "moderator.toml").read_text()
    assert sorted(keyring.kept.values()) == ["one", "two"]


def test_an_attempt_that_was_cut_off_is_taken_up_in_the_keyring(config: Path) -> None:
    keyring = InMemory()
    keyring.kept[SERVICE, "exams-api_secret"] = SECRET
    with system_keyring(keyring):
        keep_account(config, ACCOUNT, 23_000)
    assert '{ keyring = "exams-api_secret" }' in config.read_text()
    assert list(keyring.kept.values()) == [SECRET]
    assert not list(config.parent.rglob("*.key"))


def test_a_file_that_is_there_already_stays(config: Path) -> None:
    there = config.parent / "secrets" / "exams-api_secret.key"
    there.parent.mkdir(parents=True)
    there.write_text("precious")
    with system_keyring():
        keep_account(config, ACCOUNT, 23_000)
        config.write_text("[sources.exams]\n")
        with pytest.raises(NotKept):
            keep_account(config, ACCOUNT, 23_000)
    assert there.read_text() == "precious"
    assert there.with_name("exams-api_secret-2.key").read_text() == SECRET


class _EditedMeanwhile(InMemory):
    """Takes its time, in which somebody edits the configuration."""

    def __init__(self, config: Path, text: str) -> None:
        super().__init__()
        self._config, self._text = config, text

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password)
        self._config.write_text(self._text)


def test_what_somebody_writes_while_the_keyring_asks_stays(config: Path) -> None:
    config.parent.mkdir()
    with system_keyring(_EditedMeanwhile(config, "[gateway]\npublic_url = 'https://mine'\n")):
        keep_account(config, ACCOUNT, 23_000)
    assert (public_url_of(config), sources_of(config)) == ("https://mine", ("exams",))


def test_what_becomes_impossible_meanwhile_leaves_no_secret(config: Path) -> None:
    config.parent.mkdir()
    keyring = _EditedMeanwhile(config, "[sources.exams]\n")
    with system_keyring(keyring), pytest.raises(NotKept, match="already"):
        keep_account(config, ACCOUNT, 23_000)
    assert not keyring.kept


class _Untouched(InMemory):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("nothing is kept before it is known that the rest can be")


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("sources = 5\n", ACCOUNT),
        ("room_types = 5\n", ACCOUNT),
        ("[room_types]\na = 1\n", ACCOUNT),
        ("gateway = 5\n", ACCOUNT),
        ("a = " + "[" * 2000 + "]" * 2000, ACCOUNT),
        ("a = " + "9" * 5000, ACCOUNT),
        ("", replace(ACCOUNT, options={"base_url": "\ud800"})),
        ("", replace(ACCOUNT, secrets={"api_secret": "\ud800"})),
    ],
)
def test_what_cannot_be_added_is_known_before_a_secret_is_kept(config: Path, text: str, account: Account) -> None:
    config.parent.mkdir()
    config.write_text(text)
    with system_keyring(_Untouched()), pytest.raises(NotKept, match=str(config)):
        keep_account(config, account, 23_000)
    assert config.read_text() == text
    assert list(config.parent.iterdir()) == [config]


@pytest.mark.parametrize("raw", [b"# a\r\n[gateway]\r\nhost = 'a'\r\n", b"\xef\xbb\xbf[gateway]\nhost = 'a'\n"])
def test_a_file_from_windows_is_added_to(config: Path, raw: bytes) -> None:
    config.parent.mkdir()
    config.write_bytes(raw)
    with system_keyring():
        keep_account(config, ACCOUNT, 23_000)
        keep_public_url(config, "https://m.example.org")
        read = load_config(config, HANDED)
    kept = config.read_bytes()
    assert (read.gateway.host, read.sources[0].name) == ("a", "exams")
    assert kept.count(b"\r\n") == (kept.count(b"\n") if b"\r" in raw else 0)


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
