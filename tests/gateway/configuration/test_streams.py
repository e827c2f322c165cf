"""What the configuration says of a log on NATS, and that what is wrong is said without a secret."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from moderator.gateway.configuration.config import load_config
from moderator.gateway.configuration.sections import NatsSection
from moderator.gateway.configuration.streams import NatsProblem, is_on_nats, nats_settings

SERVERS = "nats://10.0.0.1:4222, tls://nats.example.org:4222"
SECTION = NatsSection()


def test_a_whole_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", "k" * 40)
    monkeypatch.setenv("NATS_PASSWORD", "zq-secret")
    path = tmp_path / "moderator.toml"
    path.write_text(
        f'''
        gateway = {{ log = "{SERVERS}" }}
        access = {{ key = {{ env = "A_KEY" }} }}
        [nats]
        user = "gateway"
        password = {{ env = "NATS_PASSWORD" }}
        name = "clinic"
        replicas = 3
        copy = "data/copy.db"
        ca = "ca.pem"
        ''',
        encoding="utf-8",
    )
    config = load_config(path)
    settings = config.streams
    assert settings is not None
    assert settings.servers == ("nats://10.0.0.1:4222", "tls://nats.example.org:4222")
    assert (settings.user, settings.password, settings.name, settings.replicas) == ("gateway", "zq-secret", "clinic", 3)
    assert (settings.copy, settings.ca) == (tmp_path / "data" / "copy.db", tmp_path / "ca.pem")
    assert config.log_path == settings.copy
    assert "zq-secret" not in f"{config!r} {settings!r}"


def test_a_file_needs_no_servers() -> None:
    assert not is_on_nats("sqlite:moderator.db")
    assert is_on_nats(SERVERS)


@pytest.mark.parametrize(
    "log",
    [
        "nats://there",
        "nats://:4222",
        "nats://a:4222,b:4222",
        "nats://a:4222/stream",
        "nats://a:99999",
        "nats://[::1:4222",
        "nats://a:4222,",
    ],
)
def test_servers_have_ports_and_nothing_else(log: str) -> None:
    with pytest.raises(NatsProblem, match="write servers with their ports") as raised:
        nats_settings(log, SECTION, Path())
    assert raised.value.key == "gateway.log"


def test_no_secret_stands_in_an_address() -> None:
    with pytest.raises(NatsProblem, match=r"are secrets: name them in nats\.user and nats\.password") as raised:
        nats_settings("nats://me:zq-secret@a:4222", SECTION, Path())
    assert "zq-secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("section", "key", "problem"),
    [
        (replace(SECTION, name="a log"), "nats.name", "letters, digits"),
        (replace(SECTION, replicas=0), "nats.replicas", "from 1 to 5"),
        (replace(SECTION, user="a"), "nats", "user and password belong together"),
        (replace(SECTION, user="a", password="b", credentials="c"), "nats", "either user and password, or credentials"),
    ],
)
def test_what_does_not_fit_together(section: NatsSection, key: str, problem: str) -> None:
    with pytest.raises(NatsProblem, match=problem) as raised:
        nats_settings(SERVERS, section, Path())
    assert raised.value.key == key
