"""Exit statuses, and the one line on standard error."""

import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable

import pytest

from moderator import __version__
from moderator.cli import main, program
from moderator.cli.failures import Failure, UsageError


@pytest.fixture(autouse=True)
def no_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODERATOR_GATEWAY", "MODERATOR_TOKEN_FILE", "MODERATOR_DEBUG"):
        monkeypatch.delenv(name, raising=False)


def raising(error: BaseException) -> Callable[[str], Callable[[Namespace], int]]:
    def command(arguments: Namespace) -> int:
        raise error

    return lambda name: command


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"moderator {__version__}\n"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Failure("the room\nhas ended\x1b[2J"), 1),
        (UsageError("which gateway?"), 2),
        (RuntimeError("a bug"), 1),
        (OSError("a disk"), 1),
    ],
)
def test_a_failure_is_one_line(
    error: Exception, status: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "handler", raising(error))
    assert main(["rooms"]) == status
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("moderator: ")
    assert "Traceback" not in err
    assert "\x1b" not in err


def test_interrupted_is_130_and_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "handler", raising(KeyboardInterrupt()))
    assert main(["rooms"]) == 130
    assert capsys.readouterr() == ("", "")


def test_who_wants_to_see_the_traceback_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATOR_DEBUG", "1")
    monkeypatch.setattr(program, "handler", raising(RuntimeError("a bug")))
    with pytest.raises(RuntimeError):
        main(["rooms"])


@pytest.mark.parametrize("words", [["rooms"], ["watch"], ["end", "r", "--reason", "other"]])
def test_without_a_gateway_it_asks_for_one(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "--gateway" in capsys.readouterr().err
    assert main([*words, "--gateway", "http://127.0.0.1:9"]) == 2
    assert "--token-file" in capsys.readouterr().err


def run_python(code: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """A program of its own, whose standard output nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        environ = {**os.environ, **environment}
        return subprocess.run(
            [sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, env=environ, check=False
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize("flush", [True, False])
def test_a_closed_pipe_ends_it_quietly(flush: bool) -> None:
    code = (
        "import sys; from moderator.cli import program\n"
        f"def command(arguments): print('x' * 10, flush={flush}); return 0\n"
        "program.handler = lambda name: command\n"
        "sys.exit(program.main(['rooms']))"
    )
    done = run_python(code)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_terminal_without_the_letters_gets_escapes() -> None:
    code = (
        "import sys; from moderator.cli import program\n"
        "def command(arguments): print('\\u2713 Zo\\xeb'); return 0\n"
        "program.handler = lambda name: command\n"
        "sys.exit(program.main(['rooms']))"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stdout) == (0, b"\\u2713 Zo\\xeb\n")


def test_it_starts_without_the_servers_libraries() -> None:
    code = (
        "import sys; from moderator.cli.program import handler, main\n"
        "[handler(name) for name in ('watch', 'rooms', 'extend')]\n"
        "print([name for name in ('starlette', 'uvicorn', 'sqlite3', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
