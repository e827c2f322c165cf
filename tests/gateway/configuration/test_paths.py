"""Which files a configuration names, also where its secrets cannot be read."""

from pathlib import Path

import pytest

from moderator.gateway.configuration.config import ConfigError
from moderator.gateway.configuration.paths import LogFiles, log_files_of

SECRETS = """
[access]
key = { env = "NOT_SET_ANYWHERE" }
[sources.clinic]
provider = "nobody-installed-this"
"""


@pytest.mark.parametrize(
    ("text", "log", "anchor"),
    [
        ("", "moderator.db", None),
        ('[gateway]\nlog = "sqlite:logs/a.db"\naudit_anchor = "heads.jsonl"', "logs/a.db", "heads.jsonl"),
        ('[gateway]\nlog = "nats://a:4222"', "moderator-copy.db", None),
        ('[nats]\npassword = { env = "NOT_SET" }\ncopy = "c.db"\n[gateway]\nlog = "nats://a:4222"', "c.db", None),
    ],
)
def test_files_stand_beside_the_configuration(tmp_path: Path, text: str, log: str, anchor: str | None) -> None:
    path = tmp_path / "moderator.toml"
    path.write_text(text + SECRETS, encoding="utf-8")
    assert log_files_of(path) == LogFiles(tmp_path / log, None if anchor is None else tmp_path / anchor)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[gateway]\nlog = 5", "gateway.log: write text in quotes"),
        ("[gateway]\nlgo = 5", "gateway: unknown key `lgo`"),
        ("gateway = 5", "gateway: write a table"),
        ("[gateway", "is not TOML"),
        (None, "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "moderator.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        log_files_of(path)
