"""Real programs: how they start, what they are told, and that they end."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.launch import child as child_module
from moderator.launch.child import Child, NotStarted
from tests.launch.processes import is_gone, is_there, shown

PROGRAM = "tests.launch.program"
SECRET = {"key": "s3cret-s3cret"}


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "child.log"


@pytest.fixture
async def echo(log: Path) -> AsyncIterator[Child]:
    child = await Child.start(PROGRAM, ["echo", "a word"], SECRET, log)
    yield child
    await child.stop()


async def test_it_hears_its_secrets_and_says_that_it_is_ready(echo: Child) -> None:
    assert echo.ready == {"ready": True, "heard": SECRET, "words": ["a word"]}


async def test_nobody_else_can_read_its_secrets(echo: Child, log: Path) -> None:
    assert b"a word" in shown(echo.pid)
    assert SECRET["key"].encode() not in shown(echo.pid) + log.read_bytes()


async def test_ctrl_c_in_the_terminal_does_not_reach_it(echo: Child) -> None:
    fields = Path(f"/proc/{echo.pid}/stat").read_text().rpartition(")")[2].split()
    group = int(fields[2])
    assert group == echo.pid


async def test_it_is_stopped(echo: Child) -> None:
    await echo.stop()
    assert not is_there(echo.pid)
    assert await echo.ended() == -signal.SIGTERM
    await echo.stop()  # once more does no harm


async def test_one_that_does_not_listen_is_killed(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "TERMINATE_S", 0.2)
    child = await Child.start(PROGRAM, ["stubborn"], SECRET, log)
    await child.stop()
    assert await child.ended() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("refuse", r"\Athe moon is not full: wait\Z"),
        ("crash", "it ended with status 1; .*child.log says more"),
        ("babble", "child.log says more"),
        ("dawdle", "it was not ready within 2 s; .*child.log says more"),
    ],
)
async def test_one_that_cannot_start_is_a_sentence(
    log: Path, monkeypatch: pytest.MonkeyPatch, what: str, why: str
) -> None:
    monkeypatch.setattr(child_module, "READY_S", 2.0)
    with pytest.raises(NotStarted, match=why):
        await Child.start(PROGRAM, [what], SECRET, log)


async def test_what_it_wrote_is_kept_and_earlier_words_are_not_taken_for_its_own(log: Path) -> None:
    with pytest.raises(NotStarted, match="moon"):
        await Child.start(PROGRAM, ["refuse"], SECRET, log)
    with pytest.raises(NotStarted, match="status 1"):
        await Child.start(PROGRAM, ["crash"], SECRET, log)
    assert "moon" in log.read_text()
    assert "RuntimeError: a bug" in log.read_text()


async def test_a_long_log_begins_anew(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.write_text("old\n" * 10)
    monkeypatch.setattr(child_module, "MAX_LOG_BYTES", 10)
    with pytest.raises(NotStarted):
        await Child.start(PROGRAM, ["refuse"], SECRET, log)
    assert log.read_text() == "moderator: the moon is not full: wait\n"


async def test_a_log_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="the system refuses: No such file or directory"):
        await Child.start(PROGRAM, ["echo"], SECRET, tmp_path / "nowhere" / "child.log")


async def test_why_it_ended_by_itself(echo: Child, log: Path) -> None:
    assert echo._process.stdin is not None
    echo._process.stdin.close()  # what the system does for a parent that was killed
    assert await echo.ended() == 0
    assert await is_gone(echo.pid)
    assert echo.why() == f"it ended with status 0; {log} says more"
