"""A real gateway process, and a stand-in for Janus' Admin API that notes when it is called. Loopback only."""

import asyncio
import base64
import contextlib
import itertools
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from moderator.clock import SystemClock
from moderator.gateway.access.tokens import issue_token
from moderator.http import HttpClient

WEBHOOK_PASSWORD = "only-for-benchmarks"
_sessions = itertools.count(1_000_000)


class AdminApi:
    """Answers every request with success; `kicks` has the time at which each participant's removal was asked for."""

    def __init__(self) -> None:
        self.kicks: dict[tuple[str, str], float] = {}
        self.kicked: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.url = ""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/admin"
        async with server:
            yield

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
                body = self._answer(json.loads(await reader.readexactly(length) or b"{}"))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ")
                writer.write(f"{len(body)}\r\n\r\n".encode() + body)
                await writer.drain()

    def _answer(self, request: dict[str, dict[str, str]]) -> bytes:
        inner = request.get("request", {})
        if inner.get("request") == "kick":
            who = str(inner["room"]), str(inner["id"])
            self.kicks.setdefault(who, time.time())
            self.kicked.put_nowait(who)
        listed = {"videoroom": "success", "list": [], "participants": [], "sessions": []}
        return msgspec.json.encode({"janus": "success", "response": listed, "sessions": [], "handles": []})


class Stage(Struct, frozen=True):
    """A running gateway."""

    url: str
    key: str

    def token(self) -> str:
        """Lets its bearer read everything."""
        return issue_token(self.key, "moderator", "benchmark", ["rooms:read"], ["*"], 3600, SystemClock().now_ms())


@contextlib.asynccontextmanager
async def gateway(admin_url: str, room_type: str) -> AsyncIterator[Stage]:
    """A gateway with one Janus source named `janus` and one room type."""
    key = secrets.token_hex(32)
    with tempfile.TemporaryDirectory(prefix="moderator-benchmark-") as folder:
        config = Path(folder, "moderator.toml")
        config.write_text(_config(admin_url, room_type), encoding="utf-8")
        log = Path(folder, "gateway.log")
        with log.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "moderator", "gateway", "--config", str(config), "--port", "0"),
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, "MODERATOR_KEY": key},
            )
        assert process.stdout is not None
        try:
            ready = await process.stdout.readline()
            assert ready, f"the gateway did not start: {log.read_text('utf-8', 'replace').strip()}"
            yield Stage(json.loads(ready)["url"], key)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


def _config(admin_url: str, room_type: str) -> str:
    return f"""
[access]
key = {{ env = "MODERATOR_KEY" }}
[sources.janus]
provider = "janus"
base_url = "{admin_url}"
admin_url = "{admin_url}"
admin_secret = "only-for-benchmarks"
webhook_user = "janus"
webhook_password = "{WEBHOOK_PASSWORD}"
reconcile = "1h"
requests_per_second = 10000
[[room_types]]
name = "benchmark"
mode = "enforce"
{room_type}
"""


def _event(**data: object) -> bytes:
    """A webhook of VideoRoom, now."""
    event = {
        "emitter": "benchmark",
        "type": 64,
        "timestamp": time.time_ns() // 1000,
        "session_id": next(_sessions),
        "handle_id": next(_sessions),
        "event": {
            "plugin": "janus.plugin.videoroom",
            "data": data,
        },
    }
    return msgspec.json.encode([event])


class Platform:
    """Sends webhooks as Janus does."""

    def __init__(self, http: HttpClient, url: str) -> None:
        credentials = base64.b64encode(f"janus:{WEBHOOK_PASSWORD}".encode()).decode()
        self._headers = {"authorization": f"Basic {credentials}", "content-type": "application/json"}
        self._http = http
        self._url = f"{url}/webhooks/janus"

    async def join(self, room: str, participant: str) -> float:
        """Report a join; returns when it was sent, in seconds since the epoch."""
        body = _event(event="joined", room=room, id=participant, private_id=1, display=participant)
        sent_at = time.time()
        await self._post(body)
        return sent_at

    async def report_kicks(self, admin: AdminApi) -> None:
        """Tell of every removal that the Admin API was asked for, until cancelled."""
        while True:
            room, participant = await admin.kicked.get()
            await self._post(_event(event="kicked", room=room, id=participant))

    async def _post(self, body: bytes) -> None:
        reply = await self._http.request("POST", self._url, headers=self._headers, body=body)
        assert reply.status == 200, reply.body


async def until(condition: Callable[[], bool], timeout_s: float) -> None:
    """Wait for something the other side does. Raises TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)
