"""Tokens, checks and configurations that are wrong."""

import io
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest

from moderator.cli import main
from moderator.cli.service import finding_lines
from moderator.providers.provider import Finding

KEY = "k" * 32
CONFIG = """
[access]
key = { env = "TEST_MODERATOR_KEY" }
issuer = "our-clinic"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TEST_MODERATOR_KEY", KEY)
    path = tmp_path / "moderator.toml"
    path.write_text(CONFIG, "utf-8")
    return path


def test_a_token_says_what_was_asked_for(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "token",
        "--config",
        str(config),
        "--name",
        "Maya",
        "--ttl",
        "10m",
        "--rooms",
        "clinic/*",
        "--rooms",
        "x/*",
    ]
    assert main([*words, "--scope", "rooms:read", "rooms:extend", "--scope", "rooms:end,rooms:message"]) == 0
    out, err = capsys.readouterr()
    claims = jwt.decode(out.strip(), KEY, algorithms=["HS256"], audience="our-clinic", issuer="our-clinic")
    assert (claims["name"], claims["rooms"], err) == ("Maya", ["clinic/*", "x/*"], "")
    assert claims["scope"].split() == ["rooms:read", "rooms:extend", "rooms:end", "rooms:message"]
    assert claims["exp"] - claims["iat"] == 600


def test_an_unknown_scope_is_a_usage_error(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "--config", str(config), "--name", "Maya", "--scope", "everything"]) == 2
    assert "rooms:read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["gateway"], ["check"], ["token", "--name", "M", "--scope", "rooms:read"], ["replay", "f", "--to", "http://h:1"]],
)
@pytest.mark.parametrize(
    ("content", "why"), [("[gatway]", "gatway"), ("[", "TOML"), (CONFIG, "TEST_MODERATOR_KEY"), (None, "No such file")]
)
def test_a_wrong_configuration_is_one_line_and_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], content: str | None, why: str
) -> None:
    path = tmp_path / "moderator.toml"
    if content is not None:
        path.write_text(content, "utf-8")
    signed = ["--sign-as", "clinic"] if words[0] == "replay" else []
    assert main([*words, "--config", str(path), *signed]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert str(path) in err
    assert why in err


@pytest.mark.parametrize(
    ("findings", "status", "out"),
    [
        ([("clinic", Finding(True, "It answers.", "No need to."))], 0, "✓ clinic: It answers.\n"),
        ([("clinic", Finding(True, "Register it.", todo=True))], 0, "→ clinic: Register it.\n"),
        ([("clinic", Finding(False, "No.", "a: {\n    b\n}"))], 1, "✗ clinic: No.\n  a: {\n      b\n  }\n"),
        (
            [("clinic", Finding(True, "It answers.")), ("school", Finding(False, "It does not.", "Start it."))],
            1,
            "✓ clinic: It answers.\n✗ school: It does not.\n  Start it.\n",
        ),
    ],
)
def test_check(
    config: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    findings: list[tuple[str, Finding]],
    status: int,
    out: str,
) -> None:
    async def found(config: object, notify: bool) -> AsyncIterator[tuple[str, Finding]]:
        for one in findings:
            yield one

    monkeypatch.setattr("moderator.gateway.check.check", found)
    assert main(["check", "--config", str(config)]) == status
    assert capsys.readouterr().out == out


def test_no_source_is_nothing_to_be_content_with(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--config", str(config)]) == 1
    assert capsys.readouterr().out.startswith(
        "✗ configuration: no sources are configured\n  Add a table [sources.NAME]"
    )


def test_what_a_platform_says_cannot_steer_the_terminal() -> None:
    assert finding_lines("clinic", Finding(False, "a\x1b[2J", "b\r\nc")) == ["✗ clinic: a\ufffd[2J", "  b\ufffd", "  c"]


def test_a_check_for_programs_is_a_line_for_each_finding(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", "--config", str(config)]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (found["source"], found["ok"], found["webhooks"]) == ("configuration", False, False)
    assert found["remedy"].startswith("Add a table")


def test_who_checks_before_it_keeps_hands_the_secrets_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "draft.toml"
    path.write_text('[sources.exams]\nprovider = "livekit"\napi_key = "k"\nbase_url = "http://127.0.0.1:1"\n')
    path.write_text(path.read_text() + 'api_secret = { pipe = "s" }\n')
    line = json.dumps({"key": KEY, "name": "you", "log": "x.db", "secrets": {"s": "never-shown"}})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line.encode() + b"\n")))
    assert main(["check", "--embedded", "--json", "--config", str(path)]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[0])["what"] == "The LiveKit server cannot be used."
    assert "never-shown" not in said.out + said.err


def test_lines_for_programs_are_json_and_hold_no_address_that_was_asked() -> None:
    code = "import logging, sys; from moderator.cli.service import _write_lines; _write_lines('json'); "
    code += "logging.getLogger('moderator.part').info('a %s', 'b'); logging.getLogger('httpx').info('a URL')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    (line,) = ran.stderr.splitlines()
    assert json.loads(line)["message"] == "a b"


def test_a_port_that_is_taken_says_where_to_choose_another(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config.write_text(f"{CONFIG}\n[gateway]\nport = {port}\n", "utf-8")
        assert main(["gateway", "--config", str(config)]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.endswith(f"choose another gateway.host or gateway.port in {config}")
