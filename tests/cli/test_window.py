"""Which gateway a window is opened on, and what is said where there can be no window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from moderator.cli import main
from moderator.cli.arguments import parser
from moderator.cli.failures import Failure
from moderator.cli.window import session_of
from moderator.desktop.session import DesktopSession
from moderator.launch.embedded import EmbeddedGateway
from moderator.launch.status import GatewayAccess

PROFILES = "[work]\ngateway = 'https://work.example.org'\ntoken_file = 'token'\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's configuration folder, with a profile and a token."""
    for name in ("MODERATOR_GATEWAY", "MODERATOR_TOKEN_FILE", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "moderator"
    folder.mkdir()
    (folder / "profiles.toml").write_text(PROFILES)
    (folder / "token").write_text("a.b.c\n")
    return folder


def session(*words: str) -> DesktopSession:
    return session_of(parser().parse_args(["desktop", *words]))


def test_a_gateway_that_is_named(folder: Path) -> None:
    found = session("--gateway", "http://h:1", "--token-file", str(folder / "token"))
    assert (found.access, found.embedded) == (GatewayAccess("http://h:1", "a.b.c"), None)


def test_without_a_token_people_sign_in_in_the_window(folder: Path) -> None:
    (folder / "profiles.toml").write_text("[work]\ngateway = 'http://h:1'\n")
    for words in (["--gateway", "http://h:1"], ["--profile", "work"]):
        found = session(*words)
        assert (found.access, found.tokens, found.embedded) == (GatewayAccess("http://h:1", ""), None, None)
        assert found.sign_ins is not None
        assert found.sign_ins.read("http://h:1") is None


async def test_a_token_that_is_renewed_in_its_file_counts_at_once(folder: Path) -> None:
    found = session("--gateway", "http://h:1", "--token-file", str(folder / "token"))
    (folder / "token").write_text("d.e.f\n")
    assert found.tokens is not None
    assert await found.tokens.token() == "d.e.f"


def test_a_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATOR_GATEWAY", "http://other:1")
    found = session("--profile", "work")
    assert (found.access, found.embedded) == (GatewayAccess("https://work.example.org", "a.b.c"), None)


def test_the_gateway_of_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATOR_GATEWAY", "http://other:1")
    monkeypatch.setenv("MODERATOR_TOKEN_FILE", str(folder / "token"))
    assert session().access == GatewayAccess("http://other:1", "a.b.c")


def test_otherwise_one_of_its_own_with_the_users_configuration(folder: Path) -> None:
    found = session()
    assert found.access is None
    assert isinstance(found.embedded, EmbeddedGateway)
    assert found.config_path == str(folder / "moderator.toml")


def test_the_gateway_that_was_chosen_in_the_window_is_the_default(folder: Path) -> None:
    with (folder / "profiles.toml").open("a") as profiles:
        profiles.write("[default]\ngateway = 'https://chosen.example.org'\n")
    assert session().access == GatewayAccess("https://chosen.example.org", "")
    (folder / "mine.toml").touch()
    assert session("--config", str(folder / "mine.toml")).embedded is not None


def test_a_configuration_that_is_named_comes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODERATOR_GATEWAY", "http://other:1")
    (tmp_path / "mine.toml").touch()
    found = session("--config", str(tmp_path / "mine.toml"))
    assert isinstance(found.embedded, EmbeddedGateway)
    assert found.config_path == str(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--gateway", "http://h:1", "--token-file", "nowhere"], "nowhere cannot be read"),
        (["--profile", "home"], "no profile 'home'"),
        (["--config", "nowhere.toml"], "nowhere.toml cannot be read: there is no such file"),
    ],
)
def test_what_cannot_be(words: list[str], why: str) -> None:
    with pytest.raises(Failure, match=why):
        session(*words)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
@pytest.mark.parametrize("words", [[], ["desktop"], ["--profile", "work"]])
def test_without_a_display_it_says_so(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 1
    assert capsys.readouterr() == ("", "moderator: there is no display: run this on a desktop, or set DISPLAY to one\n")


@pytest.mark.parametrize("words", [[], ["--self-check"]])
def test_without_the_extra_it_says_what_to_install(words: list[str], tmp_path: Path) -> None:
    """As on a machine where only the gateway was installed."""
    code = (
        "import importlib.util as util, sys\n"
        "found = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'PySide6' else found(name, *rest)\n"
        f"from moderator.cli import main; sys.exit(main({words!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "moderator: the window is not installed: python -m pip install 'moderator[desktop]'\n"


def test_a_library_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(path: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setattr("ctypes.CDLL", load)
    assert main([]) == 1
    assert "libxcb-cursor.so.0" in (said := capsys.readouterr().err)
    assert "scripts/install-system-libraries" in said


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    done = subprocess.run(
        [sys.executable, "-m", "moderator", "desktop"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        1,
        f"moderator: the system refuses: Not a directory: {tmp_path / 'data' / 'moderator'}\n",
    )
