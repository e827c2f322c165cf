"""From the webhook of a join that makes a room too full to the call that removes the newcomer.

The other way is reference 000's: count in the webhook's handler, in memory, and call at once. It stores nothing, takes
a repeated webhook for another person, and forgets everybody at a restart; ours acts on what an fsync has made durable.
"""

import asyncio
import contextlib
import functools
import json
from collections.abc import AsyncIterator

from benchmarks.figures import Figures
from benchmarks.stage import AdminApi, Platform, gateway, until
from moderator.http import HttpClient
from moderator.tasks import TaskScope

ROOMS = 300
WHAT = "over-size join to provider call"


async def measure() -> list[Figures]:
    """One room after the other, each filled to its size before."""
    admin = AdminApi()
    async with admin.listening(), HttpClient() as http:
        async with gateway(admin.url, "max_people = 2\n") as stage:
            ours = await _times(Platform(http, stage.url), admin)
        admin.kicks.clear()
        async with _reference(admin.url, http) as url:
            theirs = await _times(Platform(http, url), admin)
    return [
        Figures(WHAT, "moderator: durable, judged by the fold", ours),
        Figures(WHAT, "reference 000: in the handler, in memory", theirs),
    ]


async def _times(platform: Platform, admin: AdminApi) -> list[float]:
    times = []
    async with TaskScope() as tasks:
        tasks.start("kicked", platform.report_kicks(admin))
        for number in range(ROOMS):
            room = f"room-{number}"
            await platform.join(room, "alice")
            await platform.join(room, "bob")
            sent_at = await platform.join(room, "eve")
            await until(functools.partial(admin.kicks.__contains__, (room, "eve")), 10)
            times.append((admin.kicks[room, "eve"] - sent_at) * 1000)
    return times


@contextlib.asynccontextmanager
async def _reference(admin_url: str, http: HttpClient) -> AsyncIterator[str]:
    """Reference 000's handler: connections by session in a dictionary, and a call when there are more than two."""
    connections: dict[str, list[str]] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
                (event,) = json.loads(await reader.readexactly(length))
                data = event["event"]["data"]
                present = connections.setdefault(data["room"], [])
                if data["event"] == "kicked":
                    present.remove(data["id"])
                else:
                    present.append(data["id"])
                if len(present) > 2:
                    kick = {"request": {"request": "kick", "room": data["room"], "id": data["id"]}}
                    await http.request("POST", admin_url, body=json.dumps(kick).encode())
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
