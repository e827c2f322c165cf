"""What may be written on a command line, and what it means."""

import argparse
import subprocess
import sys

import pytest

from moderator.cli import arguments, program
from moderator.cli.arguments import parser

EXAMPLES: dict[str, str] = {
    "desktop": "desktop --gateway http://h:1 --token-file F",
    "demo": "demo --rooms 3 --speed 2.5 --headless --seconds 1.5",
    "gateway": "gateway --config F --host 0.0.0.0 --port 0",
    "check": "check --config F --notify",
    "token": "token --config F --name Maya --scope rooms:read rooms:extend --scope rooms:end --rooms clinic/* --ttl 8h",
    "replay": "replay F --to http://h:1 --speed 10 --sign-as clinic --config F",
    "watch": "watch --json",
    "rooms": "rooms --json --gateway http://h:1 --token-file F",
    "extend": "extend clinic/1 5m --into-next",
    "disconnect": "disconnect clinic/1 bill --reason conduct --block 10m",
    "readmit": "readmit clinic/1 u1",
    "mute": "mute clinic/1 bill",
    "message": "message clinic/1 hello --json",
    "end": "end clinic/1 --reason technical",
    "policy": "policy report --hours 48 --json",
    "lock": "lock clinic/1",
    "unlock": "unlock clinic/1 --json",
    "allow": "allow clinic/1 bill",
    "claim": "claim clinic/1",
    "release": "release clinic/1 --json",
    "acknowledge": "acknowledge clinic/1",
    "hold": "hold --reason maintenance --json",
    "resume": "resume",
    "appointments": "appointments import F --source clinic --type visit --names summary --dry-run --skip-bad --json",
    "duty": "duty off --to zoe",
    "login": "login --gateway http://h:1 --token-file F --again",
    "logout": "logout --gateway http://h:1",
    "approve": "approve WDJB-MJHT --name Maya --scope rooms:read rooms:extend --rooms clinic/* --json",
    "deny": "deny WDJB-MJHT",
    "revoke": "revoke 5f0c",
    "audit": "audit export --format csv --from 2026-11-01 --to 2026-11-02T14:30 -o F",
    "backup": "backup --config F TO",
}


def test_reading_a_command_line_loads_no_library_of_the_service() -> None:
    """Each command loads what it needs when it runs: people wait for `moderator rooms` at every call."""
    code = "import sys; from moderator.cli.arguments import parser; parser(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"jwt", "cryptography", "httpx", "starlette", "moderator.gateway"} & set(loaded)


def parsed(line: str) -> argparse.Namespace:
    return parser().parse_args(line.split())


@pytest.mark.parametrize("line", EXAMPLES.values())
def test_every_command_of_the_contract_is_there_and_can_be_run(line: str) -> None:
    assert callable(program.handler(parsed(line).command))


def test_the_examples_are_complete() -> None:
    assert set(EXAMPLES) == set(arguments._COMMANDS) == set(program._HANDLERS)


@pytest.mark.parametrize(
    "line",
    [
        "unknown",
        "rooms --profile x",
        "--profile x --gateway http://h",
        "--self-check rooms",
        "--config",
        "demo --rooms 0",
        "demo --speed 0",
        "extend",
        "extend r 5",
        "extend r",
        "extend r 5m --until 14:30",
        "extend r --until noon",
        "mute r p --revoke --restore",
        "disconnect r p",
        "disconnect r p --reason because",
        "end r",
        "gateway",
        "watch --gateway nonsense",
        "watch --gate http://h",
        "token --config F --scope a",
        "replay F",
        "login F",
        "approve",
        "approve WDJB-MJHT --name Maya",
        "approve WDJB-MJHT --scope rooms:read",
        "deny",
        "revoke",
        "audit verify",
        "audit verify --config F --log F",
    ],
)
def test_usage_errors_are_2(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        program.main(line.split())
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_the_environment_says_which_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATOR_GATEWAY", "http://a:1/")
    monkeypatch.setenv("MODERATOR_TOKEN_FILE", "/a")
    assert parsed("rooms").gateway == "http://a:1"
    assert str(parsed("rooms").token_file) == "/a"
    assert parsed("rooms --gateway http://b:2").gateway == "http://b:2"


def test_a_token_of_the_environment_is_not_kept_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATOR_TOKEN_FILE", "/a")
    assert parsed("login --gateway http://h:1").token_file is None


def test_a_bad_address_in_the_environment_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATOR_GATEWAY", "nonsense")
    with pytest.raises(SystemExit):
        parsed("rooms")


def test_time_can_be_taken_away() -> None:
    assert parsed("extend r -- -5m").seconds == -300
    assert parsed("extend r -5m").seconds == -300
    assert parsed("extend --json r -1.5h").seconds == -5400


def test_an_end_can_be_set_instead_of_time_added() -> None:
    end = parsed("extend r --until 14:30")
    assert (end.room, end.until, end.seconds) == ("r", "14:30", None)
    assert parsed("extend r 5m").until is None


@pytest.mark.parametrize(("option", "mode"), [("", "mute"), (" --revoke", "revoke"), (" --restore", "restore")])
def test_a_microphone_is_muted_taken_away_or_given_back(option: str, mode: str) -> None:
    assert parsed(f"mute r p{option}").mode == mode
