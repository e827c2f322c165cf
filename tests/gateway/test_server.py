"""The gateway as a process of its own: it starts, stops, and survives being killed."""

import asyncio
import contextlib
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from moderator.clock import SystemClock
from moderator.feed.codec import encode_entry
from moderator.journal.sqlite import SqliteLog
from tests.fakes.builders import an_entry, joined
from tests.fakes.gateway import SIGNED, TOKEN_KEY, WEBHOOK, room_path
from tests.fakes.gateway_process import GatewayProcess

SENDERS = 8


@pytest.fixture
def gateway(tmp_path: Path) -> GatewayProcess:
    return GatewayProcess(tmp_path)


@contextlib.asynccontextmanager
async def a_feed(client: httpx.AsyncClient) -> AsyncIterator[AsyncIterator[bytes]]:
    async with client.stream("GET", "/v1/feed") as response:
        chunks = response.aiter_raw()
        assert b"event: snapshot" in await anext(chunks)
        yield chunks


async def test_a_webhook_becomes_a_room(gateway: GatewayProcess) -> None:
    async with gateway, gateway.client() as client:
        now = SystemClock().now_ms()
        answer = await client.post(WEBHOOK, content=encode_entry(an_entry(joined("c1", now))), headers=SIGNED)
        assert answer.status_code == 200
        assert (await client.get(room_path())).json()["people"] == 1


async def test_it_does_not_say_what_it_is_made_of_and_drops_who_does_not_come_to_the_point(
    gateway: GatewayProcess,
) -> None:
    async with gateway, gateway.client() as client:
        answer = await client.get("/healthz")
        assert "server" not in answer.headers
        reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.url.rpartition(":")[2]))
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"y" * 200_000)
        with contextlib.suppress(ConnectionError):
            assert b" 431 " in await asyncio.wait_for(reader.readline(), 20)
        writer.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_within_two_seconds_although_feeds_are_open(
    gateway: GatewayProcess, how: signal.Signals
) -> None:
    async with gateway, gateway.client() as client, contextlib.AsyncExitStack() as stack:
        feeds = [await stack.enter_async_context(a_feed(client)) for _ in range(3)]
        assert await gateway.stop(how) < 2
        assert gateway.process.returncode == 0
        for feed in feeds:
            assert [chunk async for chunk in feed if b"heartbeat" not in chunk] == []


async def test_a_port_in_use_is_said_in_one_line(gateway: GatewayProcess) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = await gateway.refused("--port", port)
    assert line.endswith(
        f"cannot listen on 127.0.0.1 port {port}: Address already in use: choose another --host or --port"
    )


async def test_an_address_of_somebody_else_is_said_in_one_line(gateway: GatewayProcess) -> None:
    assert "cannot listen on 192.0.2.1 port 0" in await gateway.refused("--port", "0", "--host", "192.0.2.1")


def a_broken_log(path: Path) -> None:
    path.write_bytes(b"this is not a database" * 100)


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("spoil", [a_broken_log, a_folder])
async def test_a_log_that_cannot_be_used_is_said_in_one_line(
    gateway: GatewayProcess, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(tmp_path / "moderator.db")
    line = await gateway.refused("--port", "0")
    assert str(tmp_path / "moderator.db") in line
    assert "Traceback" not in line


async def test_two_gateways_do_not_share_a_log(gateway: GatewayProcess) -> None:
    async with gateway:
        assert "is in use by another gateway: stop that one" in await gateway.refused("--port", "0")


async def embedded(gateway: GatewayProcess, *arguments: str, handed: bytes) -> asyncio.subprocess.Process:
    """As a window starts it: with the key by its standard input, which stays open."""
    words = ("gateway", "--embedded", "--config", str(gateway.config), "--port", "0", *arguments)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "moderator", *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(handed + b"\n")
    await process.stdin.drain()
    return process


def handed(tmp_path: Path, **secrets: str) -> bytes:
    told = {"key": TOKEN_KEY, "name": "maya", "log": str(tmp_path / "elsewhere.db"), "secrets": secrets}
    return msgspec.json.encode(told)


async def test_an_embedded_one_tells_its_token_and_ends_with_its_input(gateway: GatewayProcess, tmp_path: Path) -> None:
    gateway.config.unlink()  # no sources yet
    process = await embedded(gateway, handed=handed(tmp_path))
    assert process.stdout is not None
    assert process.stdin is not None
    ready = msgspec.json.decode(await asyncio.wait_for(process.stdout.readline(), 15))
    assert ready.keys() == {"ready", "url", "token"}
    headers = {"Authorization": f"Bearer {ready['token']}"}
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=5) as client:
        me = (await client.get(f"{ready['url']}/v1/me", headers=headers)).json()
    assert me["name"] == "maya"
    assert (tmp_path / "elsewhere.db").exists()
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 20) == 0
    assert TOKEN_KEY.encode() not in (await process.communicate())[1]


@pytest.mark.parametrize(
    ("config", "line", "status", "why"),
    [
        ("", b'{"key":"s3cret-s3cret"}', 2, "standard input holds no line that can be used"),
        ("", b'{"key":"s3cret-s3cret", 7', 2, "standard input holds no line that can be used"),
        ("[sources.a]\nprovider = 'janus'\napi_secret = { pipe = 'x' }\n", None, 1, "no secret x was handed over"),
        ("[gatway]\n", None, 1, "gatway: unknown key"),
    ],
)
async def test_an_embedded_one_that_cannot_start_is_one_line(
    gateway: GatewayProcess, tmp_path: Path, config: str, line: bytes | None, status: int, why: str
) -> None:
    gateway.config.write_text(config)
    process = await embedded(gateway, handed=line or handed(tmp_path, y="s3cret-s3cret"))
    out, err = await asyncio.wait_for(process.communicate(), 15)
    assert (process.returncode, out, err.count(b"\n")) == (status, b"", 1)
    assert why in err.decode()
    assert b"s3cret" not in err


async def send_until_it_dies(client: httpx.AsyncClient, sender: int, answered: set[str]) -> None:
    """Webhooks one after the other; those that were answered 200 are put down."""
    with contextlib.suppress(httpx.TransportError):
        for number in range(10_000):
            event = joined(f"c{sender}-{number}", SystemClock().now_ms())
            answer = await client.post(WEBHOOK, content=encode_entry(an_entry(event)), headers=SIGNED)
            assert answer.status_code == 200
            answered.add(event.id)


async def logged_joins(path: Path) -> list[str]:
    """The ids of the joins in the log, in order."""
    log = await SqliteLog.open(path)
    entries = [entry async for batch in log.read(0) for entry in batch]
    await log.aclose()
    return [event.id for entry in entries for event in entry.events if event.kind == "participant_joined"]


async def timeline(client: httpx.AsyncClient) -> list[str]:
    """The ids of the joins in the room's timeline."""
    found: list[str] = []
    page: dict[str, Any] = {"more": True, "events": [{"seq": 0}]}
    while page["more"]:
        answer = await client.get(f"{room_path()}/events", params={"after": page["events"][-1]["seq"]})
        page = answer.json()
        found += [event["id"] for event in page["events"] if event["kind"] == "participant_joined"]
    return found


async def test_what_was_answered_survives_a_kill_and_is_there_once(gateway: GatewayProcess, tmp_path: Path) -> None:
    dice = random.Random(7)
    answered: set[str] = set()
    for _ in range(5):
        before = len(answered)
        async with gateway, gateway.client() as client:
            sending = [
                asyncio.create_task(send_until_it_dies(client, dice.randrange(10**9), answered)) for _ in range(SENDERS)
            ]
            while len(answered) == before:
                await asyncio.sleep(0.001)
            await asyncio.sleep(dice.uniform(0.02, 0.3))
            await gateway.stop(signal.SIGKILL)
            await asyncio.gather(*sending)
        joins = await logged_joins(tmp_path / "moderator.db")
        assert answered <= set(joins)
        assert len(joins) == len(set(joins))
    async with gateway, gateway.client() as client:
        shown = await timeline(client)
        assert shown == joins
        assert (await client.get(room_path())).json()["people"] == len(joins)
