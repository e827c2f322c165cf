"""Real gateways as children: shared by windows, restarted, and gone with their owner."""

import asyncio
import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from moderator.client.commands import GatewayClient
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.launch.child import NotStarted
from moderator.launch.embedded import EmbeddedGateway
from moderator.launch.ports import PORTS, free_port
from moderator.launch.sharing import OwnerLock, Shared, SharedFile
from moderator.launch.status import ChildStatus, GatewayAccess
from moderator.tasks import TaskScope
from tests.launch.processes import children, is_gone, is_there, shown

ROOT = Path(__file__).parents[2]
A_SOURCE = """[sources.exams]
provider = "livekit"
base_url = "http://127.0.0.1:1"
api_key = "APItest"
api_secret = { env = "PATH" }
"""


class HastyClock(SystemClock):
    """Pauses are a fifth of what they should be."""

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        return await super().wait(event, timeout_s / 5)


class Window:
    """A gateway as a window uses it, and what the window is told."""

    def __init__(self, tmp_path: Path, config: str = "none.toml") -> None:
        self.folder = tmp_path / "data"
        self.gateway = EmbeddedGateway(tmp_path / config, self.folder, HastyClock())
        self.told: list[ChildStatus] = []
        self._changed = asyncio.Event()

    def heard(self, status: ChildStatus) -> None:
        self.told.append(status)
        self._changed.set()

    async def hears(self, *states: str, seconds: float = 20) -> None:
        """Wait until it was told exactly these, one after the other."""
        async with asyncio.timeout(seconds):
            while [one.state for one in self.told] != list(states):
                self._changed.clear()
                await self._changed.wait()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[GatewayAccess]:
        async with TaskScope() as tasks:
            try:
                access = await self.gateway.start()
                tasks.start("gateway", self.gateway.run(self.heard))
                yield access
            finally:
                await tasks.cancel()
                await self.gateway.stop()


async def who(access: GatewayAccess) -> int:
    """The status with which the gateway answers to the token; 0 without an answer."""
    headers = {"Authorization": f"Bearer {access.token}"}
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=5) as client:
        with suppress(httpx.TransportError):
            return (await client.get(f"{access.url}/v1/me", headers=headers)).status_code
    return 0


def config_of(folder: Path) -> Path:
    return folder / "none.toml"


def pid_of(window: Window) -> int:
    assert window.gateway.pid is not None
    return window.gateway.pid


async def test_without_a_configuration_it_runs_and_has_no_sources(tmp_path: Path) -> None:
    window = Window(tmp_path)
    async with window.open() as access:
        assert access.url.startswith("http://127.0.0.1:")
        assert await who(access) == 200
        await window.hears("running")
        assert {path.name for path in window.folder.iterdir()} >= {"moderator.db", "gateway.json", "gateway.log"}
        pid = pid_of(window)
    assert not is_there(pid)
    assert not (window.folder / "gateway.json").exists()


async def test_no_secret_is_in_a_command_line_an_environment_or_the_log(tmp_path: Path) -> None:
    window = Window(tmp_path)
    async with window.open() as access:
        key = (window.folder / "gateway.json").read_bytes().split(b'"key":"')[1].split(b'"')[0]
        visible = shown(pid_of(window)) + (window.folder / "gateway.log").read_bytes()
        assert len(key) == 64
        assert key not in visible
        assert access.token.encode() not in visible


async def test_it_is_restarted_at_the_same_address_with_the_same_token(tmp_path: Path) -> None:
    window = Window(tmp_path)
    async with window.open() as access:
        await window.hears("running")
        os.kill(pid_of(window), signal.SIGKILL)
        await window.hears("running", "restarting", "running")
        assert "status -9" in window.told[1].sentence
        assert await who(access) == 200


async def test_after_three_restarts_it_is_given_up_and_can_be_tried_again(tmp_path: Path) -> None:
    window = Window(tmp_path)
    access = await window.gateway.start()
    async with TaskScope() as tasks:
        running = tasks.start("gateway", window.gateway.run(window.heard))
        expected = ["running"]
        for _ in range(3):
            await window.hears(*expected)
            os.kill(pid_of(window), signal.SIGKILL)
            expected += ["restarting", "running"]
        await window.hears(*expected)
        os.kill(pid_of(window), signal.SIGKILL)
        await window.hears(*expected, "failed")
        await running
        assert await who(access) == 0
        tasks.start("gateway again", window.gateway.run(window.heard))
        await window.hears(*expected, "failed", "running")
        assert await who(access) == 200
        await tasks.cancel()
    await window.gateway.stop()


async def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    gateway = EmbeddedGateway(tmp_path / "moderator.toml", tmp_path / "file" / "data", SystemClock())
    with pytest.raises(NotStarted, match="file/data cannot be written: Not a directory"):
        await gateway.start()


async def test_a_wrong_configuration_is_its_own_sentence(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("[gatway]\n")
    window = Window(tmp_path, "wrong.toml")
    with pytest.raises(OSError, match=r"wrong\.toml: gatway: unknown key"):
        await window.gateway.start()
    (tmp_path / "wrong.toml").write_text("")
    async with window.open() as access:
        assert await who(access) == 200


async def test_a_configuration_that_was_spoiled_meanwhile_is_said_too(tmp_path: Path) -> None:
    window = Window(tmp_path, "moderator.toml")
    async with window.open():
        await window.hears("running")
        (tmp_path / "moderator.toml").write_text("[gatway]\n")
        os.kill(pid_of(window), signal.SIGKILL)
        await window.hears("running", "restarting", "restarting", "restarting", "failed")
        assert "gatway: unknown key" in window.told[-1].sentence


async def test_a_second_window_shares_it_and_goes_on_with_it(tmp_path: Path) -> None:
    first, second = Window(tmp_path), Window(tmp_path)
    async with second_opened(first, second) as access:
        await second.hears("running")
        assert second.gateway.pid is None
        assert await who(access) == 200
        await first.gateway.stop()
        await second.hears("running", "restarting", "running")
        assert is_there(pid_of(second))
        assert await who(access) == 200


async def test_two_windows_that_open_at_once_share_one_gateway(tmp_path: Path) -> None:
    windows = [Window(tmp_path) for _ in range(2)]
    first, second = await asyncio.gather(*(window.gateway.start() for window in windows))
    assert first == second
    assert sorted(window.gateway.pid is None for window in windows) == [False, True]
    for window in windows:
        await window.gateway.stop()


async def test_another_window_whose_gateway_does_not_answer_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderator.launch.embedded.ATTACH_S", 0.2)
    window = Window(tmp_path)
    window.folder.mkdir()
    hung = OwnerLock(window.folder)
    assert hung.take()
    with pytest.raises(OSError, match=r"another window has the gateway in .*data, but it does not answer: close it"):
        await window.gateway.start()
    hung.release()


async def test_who_waits_for_another_window_makes_one_client_and_not_on_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes as long as many frames of the window, and the wait looks twice a second."""
    made: list[threading.Thread] = []

    class Client(HttpClient):
        def __init__(self) -> None:
            made.append(threading.current_thread())
            super().__init__()

    monkeypatch.setattr("moderator.launch.embedded.HttpClient", Client)
    monkeypatch.setattr("moderator.launch.embedded.ATTACH_S", 0.5)
    window = Window(tmp_path)
    window.folder.mkdir()
    SharedFile(window.folder).write(Shared("http://127.0.0.1:9", "t", "k"))
    hung = OwnerLock(window.folder)
    assert hung.take()
    with pytest.raises(OSError, match="does not answer"):
        await window.gateway.start()
    assert len(made) == 1
    assert made[0] is not threading.main_thread()
    hung.release()


@pytest.mark.parametrize("attached", [False, True])
async def test_one_that_is_stopped_is_not_restarted(tmp_path: Path, attached: bool) -> None:
    other, window = Window(tmp_path), Window(tmp_path)
    if attached:
        await other.gateway.start()
    await window.gateway.start()
    async with TaskScope() as tasks, asyncio.timeout(10):
        running = tasks.start("gateway", window.gateway.run(window.heard))
        await window.hears("running")
        await window.gateway.stop()
        await running
    assert [one.state for one in window.told] == ["running"]
    await other.gateway.stop()


@asynccontextmanager
async def second_opened(first: Window, second: Window) -> AsyncIterator[GatewayAccess]:
    """The first window's gateway is started but not looked after, so that it can be closed at any time."""
    access = await first.gateway.start()
    try:
        async with second.open() as shared:
            assert shared == access
            yield shared
    finally:
        await first.gateway.stop()


async def test_a_window_that_closes_leaves_the_gateway_of_another_alone(tmp_path: Path) -> None:
    first, second = Window(tmp_path), Window(tmp_path)
    async with first.open() as access:
        async with second.open():
            pass
        assert await who(access) == 200


async def test_what_a_stranger_left_is_not_believed(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.folder.mkdir()
    (window.folder / "gateway.json").write_text('{"url":"http://127.0.0.1:9","token":"t","key":"k"}')
    (window.folder / "gateway.json").chmod(0o666)
    async with window.open() as access:
        assert access.token != "t"
        assert await who(access) == 200


async def killed_window(tmp_path: Path) -> tuple[GatewayAccess, asyncio.subprocess.Process, int]:
    words = (sys.executable, "-m", "tests.launch.window", str(tmp_path / "none.toml"), str(tmp_path / "data"))
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    url, token, pid = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().split()
    assert children(process.pid) == [int(pid)]
    process.kill()
    await process.communicate()
    return GatewayAccess(url, token), process, int(pid)


async def test_a_killed_window_leaves_no_child(tmp_path: Path) -> None:
    _, _, pid = await killed_window(tmp_path)
    assert await is_gone(pid)


async def test_after_a_killed_window_the_next_one_has_the_same_address(tmp_path: Path) -> None:
    """So other windows that were attached go on as well."""
    access, _, _ = await killed_window(tmp_path)
    async with Window(tmp_path).open() as found:
        assert found == access
        assert await who(found) == 200


async def test_a_port_that_was_taken_meanwhile_is_given_up(tmp_path: Path) -> None:
    access, _, pid = await killed_window(tmp_path)
    assert await is_gone(pid)
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", port_of(access))
    async with server, Window(tmp_path).open() as found:
        assert found.url != access.url
        assert found.token != access.token
        assert await who(found) == 200


async def test_its_port_is_none_that_an_outgoing_connection_can_take(tmp_path: Path) -> None:
    async with Window(tmp_path).open() as access:
        assert port_of(access) in PORTS


async def test_nobody_else_can_have_its_port_while_it_is_restarted(tmp_path: Path) -> None:
    """A window sends its token to whoever listens there, so nobody else ever must."""
    window = Window(tmp_path)
    access = await window.gateway.start()
    refused: list[int | None] = []

    def heard(status: ChildStatus) -> None:
        window.heard(status)
        if status.state == "restarting":
            with pytest.raises(OSError, match="already in use") as error:
                socket.create_server(("127.0.0.1", port_of(access)))
            refused.append(error.value.errno)

    async with TaskScope() as tasks:
        tasks.start("gateway", window.gateway.run(heard))
        await window.hears("running")
        os.kill(pid_of(window), signal.SIGKILL)
        await window.hears("running", "restarting", "running")
        assert refused == [errno.EADDRINUSE]
        assert await who(access) == 200
        await tasks.cancel()
    await window.gateway.stop()
    socket.create_server(("127.0.0.1", port_of(access))).close()


async def test_a_start_goes_elsewhere_where_its_old_port_is_taken(tmp_path: Path) -> None:
    window = Window(tmp_path)
    before = await window.gateway.start()
    await window.gateway.stop()
    with socket.create_server(("127.0.0.1", port_of(before))):
        async with window.open() as access:
            assert port_of(access) != port_of(before)
            assert await who(access) == 200


def port_of(access: GatewayAccess) -> int:
    return int(access.url.rpartition(":")[2])


async def test_it_reads_its_configuration_again_at_the_same_address(tmp_path: Path) -> None:
    window = Window(tmp_path)
    async with window.open() as access:
        await window.hears("running")
        before = pid_of(window)
        config_of(tmp_path).write_text(A_SOURCE)
        assert await window.gateway.restart()
        await window.hears("running", "running")
        assert pid_of(window) != before
        assert await who(access) == 200
        async with HttpClient() as http:
            found = await GatewayClient(access.url, FixedToken(access.token), http).rooms()
        assert [one.source for one in found.sources] == ["exams"]


async def test_who_only_attached_cannot_have_it_read_again(tmp_path: Path) -> None:
    owner, guest = Window(tmp_path), Window(tmp_path)
    async with owner.open(), guest.open():
        before = pid_of(owner)
        assert not await guest.gateway.restart()
        assert pid_of(owner) == before


async def test_a_port_that_the_configuration_names_is_where_it_is(tmp_path: Path) -> None:
    window, port = Window(tmp_path), free_port()
    config_of(tmp_path).write_text(f"[gateway]\nport = {port}\n")
    async with window.open() as access:
        assert access.url == f"http://127.0.0.1:{port}"
    with socket.create_server(("127.0.0.1", port)):
        with pytest.raises(OSError, match=r"choose another gateway\.port in") as error:
            await window.gateway.start()
        assert str(config_of(tmp_path)) in str(error.value)
    await window.gateway.stop()
