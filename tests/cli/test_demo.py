"""The demo as a program of its own: what it prints, what a newcomer sees in it, and that it leaves nothing behind."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from moderator.cli import main
from moderator.cli.connection import TokenFile
from moderator.client.commands import GatewayClient
from moderator.desktop.session import DesktopSession, Opening
from moderator.domain.rooms import Room
from moderator.http import HttpClient
from tests.launch.processes import children, is_gone, shown

HEADLESS = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"), "")


async def launch(folder: Path, *words: str) -> Process:
    environment = {**os.environ, **HEADLESS, "TMPDIR": str(folder)}
    program = (sys.executable, "-m", "moderator", "demo", *words)
    return await asyncio.create_subprocess_exec(*program, stdout=PIPE, stderr=PIPE, env=environment)


async def said(process: Process) -> dict[str, Any]:
    """The line that it prints when it runs."""
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 20)
    assert line, await process.communicate()
    return msgspec.json.decode(line, type=dict[str, Any])


@asynccontextmanager
async def running(folder: Path, *words: str) -> AsyncIterator[tuple[Process, dict[str, Any]]]:
    process = await launch(folder, *words)
    try:
        yield process, await said(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_it_says_where_it_is_and_the_token_is_for_this_user_only(tmp_path: Path) -> None:
    async with running(tmp_path, "--headless", "--rooms", "2") as (_, where):
        assert where.keys() == {"url", "token_file"}
        token = Path(where["token_file"])
        assert (token.stat().st_mode & 0o777, token.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        async with HttpClient() as http:
            me = await GatewayClient(where["url"], TokenFile(token), http).me()
        assert {"rooms:read", "rooms:extend", "participants:disconnect"} <= set(me.scopes)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_it_leaves_nothing_behind(tmp_path: Path, how: signal.Signals) -> None:
    async with running(tmp_path, "--headless", "--rooms", "2") as (process, _):
        programs = children(process.pid)
        assert len(programs) == 4
        process.send_signal(how)
        out, err = await asyncio.wait_for(process.communicate(), 10)
        assert (process.returncode, out, err) == (0, b"", b"")
    assert [await is_gone(pid) for pid in programs] == [True] * 4
    assert list(tmp_path.iterdir()) == []


async def test_its_programs_end_although_it_was_killed_and_the_next_one_tidies_up(tmp_path: Path) -> None:
    async with running(tmp_path, "--headless", "--rooms", "2") as (process, where):
        programs = children(process.pid)
        assert len(programs) == 4
        process.kill()
    assert [await is_gone(pid) for pid in programs] == [True] * 4
    assert Path(where["token_file"]).parent.exists()
    process = await launch(tmp_path, "--headless", "--rooms", "2", "--seconds", "0.1")
    await asyncio.wait_for(process.communicate(), 20)
    assert list(tmp_path.iterdir()) == []


def test_what_its_window_remembers_of_its_rooms_goes_and_the_terminal_says_how_to_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[DesktopSession] = []

    def window(first: Opening) -> int:
        with first() as session:
            assert session.data_folder is not None
            session.data_folder.mkdir()
            (session.data_folder / "shown.db").touch()
            opened.append(session)
        return 0

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("moderator.cli.demo.has_display", lambda: True)
    monkeypatch.setattr("moderator.cli.demo.open_window", window)
    assert main(["demo"]) == 0
    assert len(opened) == 1
    assert f"Ctrl+C here, ends it. Its log, while it runs: {tmp_path}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


async def test_it_ends_by_itself_and_without_a_display_says_how_to_see_it(tmp_path: Path) -> None:
    process = await launch(tmp_path, "--rooms", "2", "--seconds", "0.5")
    out, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert out.count(b"\n") == 1
    assert err.startswith(b"moderator: there is no display, so the demo runs without its window")
    assert list(tmp_path.iterdir()) == []


async def test_a_gateway_that_ends_is_said_and_started_again(tmp_path: Path) -> None:
    async with running(tmp_path, "--headless", "--rooms", "2") as (process, where):
        gateway = children(process.pid)[0]
        os.kill(gateway, signal.SIGKILL)
        assert process.stderr is not None
        line = await asyncio.wait_for(process.stderr.readline(), 20)
        assert line.startswith(b"moderator: the gateway ended and is started again: it ended with status -9")
        await sees(where, lambda room: room.people == 2)


async def test_without_one_of_its_clouds_it_ends_and_says_why(tmp_path: Path) -> None:
    async with running(tmp_path, "--headless", "--rooms", "2") as (process, _):
        exams = next(pid for pid in children(process.pid) if b"\0livekit\0" in shown(pid))
        os.kill(exams, signal.SIGTERM)
        out, err = await asyncio.wait_for(process.communicate(), 10)
        assert (process.returncode, out) == (1, b"")
        assert [line.split(b":")[1] for line in err.splitlines()] == [
            b" the simulated LiveKit cloud ended",
            b" the demo ended; the lines above say why",
        ]
    assert list(tmp_path.iterdir()) == []


async def sees(where: dict[str, Any], is_it: Callable[[Room], object], seconds: float = 40) -> Room:
    """A room of which this is true, as soon as there is one."""
    async with asyncio.timeout(seconds), HttpClient() as http:
        gateway = GatewayClient(where["url"], TokenFile(Path(where["token_file"])), http)
        while True:
            for room in await rooms(gateway):
                if is_it(room):
                    return room
            await asyncio.sleep(0.2)


async def rooms(gateway: GatewayClient) -> tuple[Room, ...]:
    try:
        return (await gateway.rooms()).rooms
    except Exception as error:
        if "cannot be reached" in str(error):  # while it is started again
            return ()
        raise


def order(where: dict[str, Any], command: str, room: Room, *words: str) -> int:
    """A command as a newcomer types it."""
    whose = ["--gateway", where["url"], "--token-file", where["token_file"]]
    return main([command, *whose, f"{room.source}/{room.room}", *words])


async def test_a_newcomer_extends_a_room_and_removes_a_guest_within_a_minute(tmp_path: Path) -> None:
    async with asyncio.timeout(60), running(tmp_path, "--headless") as (_, where):
        crowded = await sees(where, lambda room: room.violations)
        guest = crowded.violations[0].participant
        assert await asyncio.to_thread(order, where, "disconnect", crowded, guest, "--reason", "not_listed") == 0
        await sees(where, lambda room: room.room == crowded.room and not room.violations)
        ending = await sees(where, lambda room: room.state == "live" and room.people and room.warnings)
        assert ending.deadline is not None
        assert await asyncio.to_thread(order, where, "extend", ending, "60s") == 0
        extended = await sees(
            where, lambda room: room.room == ending.room and room.deadline and room.deadline.extended_ms
        )
        assert extended.deadline is not None
        assert extended.deadline.ends_at == ending.deadline.ends_at + 60_000
