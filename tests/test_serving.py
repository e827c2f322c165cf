"""A tiny application as a server. What the gateway and the simulator make of it is tested with them, as processes."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from moderator.http import HttpClient
from moderator.serving import GRACE_S, listen, ready_line, serve, tell_service_manager
from moderator.tasks import TaskScope

HOST = "127.0.0.1"


class Application:
    """Answers what is asked, but `/held` only after `release` is set."""

    def __init__(self) -> None:
        self.held, self.release = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/held":
            self.held.set()
            await self.release.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"here"})


class Running:
    """An `Application` that is served until one of two events."""

    def __init__(self, listener: socket.socket) -> None:
        self.application = Application()
        self.url = f"http://{HOST}:{listener.getsockname()[1]}"
        self.stop, self.failed = asyncio.Event(), asyncio.Event()
        self.closed = False

    def close(self) -> None:
        self.closed = True
        self.application.release.set()


@contextlib.asynccontextmanager
async def running(ready: str = "ready") -> AsyncIterator[tuple[Running, asyncio.Task[None]]]:
    with listen(HOST, 0) as listener:
        it = Running(listener)
        config = uvicorn.Config(
            it.application, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_S
        )
        async with TaskScope() as tasks:
            ends = (it.stop, it.failed)
            serving = tasks.start("server", serve(config, listener, ready, until=ends, closing=it.close))
            yield it, serving


async def test_it_says_when_it_is_ready_and_answers(capsys: pytest.CaptureFixture[str]) -> None:
    async with running("here I am") as (it, serving), HttpClient() as http:
        assert (await http.request("GET", it.url)).body == b"here"
        assert capsys.readouterr().out == "here I am\n"
        it.stop.set()
        await asyncio.wait_for(serving, 20)


@pytest.mark.parametrize("name", ["manager", "@moderator-test-{}"])
async def test_whoever_manages_services_hears_when_it_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    address = name.format(os.getpid()) if name.startswith("@") else str(tmp_path / name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address.replace("@", "\0", 1))
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        async with running() as (it, serving), HttpClient() as http:
            await http.request("GET", it.url)
            assert manager.recv(100) == b"READY=1"
            it.stop.set()
            await asyncio.wait_for(serving, 20)


def test_a_manager_that_is_gone_is_nobody_s_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    tell_service_manager("READY=1")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("which", ["stop", "failed"])
async def test_any_of_the_events_ends_it_and_requests_under_way_are_answered(which: str) -> None:
    async with running() as (it, serving), HttpClient() as http, TaskScope() as tasks:
        bodies: list[bytes] = []

        async def ask() -> None:
            bodies.append((await http.request("GET", f"{it.url}/held")).body)

        asked = tasks.start("held request", ask())
        await asyncio.wait_for(it.application.held.wait(), 20)
        assert not it.closed
        getattr(it, which).set()
        await asyncio.wait_for(serving, 20)
        await asyncio.wait_for(asked, 20)
        assert (it.closed, bodies) == (True, [b"here"])


async def test_signals_are_left_to_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with running() as (it, serving), HttpClient() as http:
        await http.request("GET", it.url)
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
        it.stop.set()
        await asyncio.wait_for(serving, 20)


def test_answers_are_not_held_back_by_nagle() -> None:
    with listen(HOST, 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_an_address_that_cannot_be_used_is_said() -> None:
    with listen(HOST, 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on {HOST} port {port}: Address already in use"):
            listen(HOST, port)
    with pytest.raises(OSError, match=f"cannot listen on {HOST} port 70000: "):
        listen(HOST, 70_000)


def test_the_ready_line_has_the_url_and_what_else_is_told() -> None:
    with listen(HOST, 0) as listener:
        port = listener.getsockname()[1]
        assert json.loads(ready_line("localhost", listener)) == {"ready": True, "url": f"http://localhost:{port}"}
        line = ready_line("::1", listener, token="secret")
        assert json.loads(line) == {"ready": True, "url": f"http://[::1]:{port}", "token": "secret"}
