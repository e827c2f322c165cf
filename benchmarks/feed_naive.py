"""A feed as one would write it first: Starlette and sse-starlette, a queue for each reader, each encoding for itself.

Stores nothing. It says on standard output where it listens.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from benchmarks.stage import WEBHOOKS
from moderator.serving import listen, ready_line, serve

_queues: set[asyncio.Queue[dict[str, Any]]] = set()
_numbers = itertools.count(1)


async def webhook(request: Request) -> Response:
    """An event for everybody."""
    told = await request.json()
    connection = told["connection"]
    number = next(_numbers)
    event = {
        **{"v": 1, "seq": number, "id": f"event-{number:016}", "source": "clinic", "room": told["sessionId"]},
        **{"instance": "0", "kind": "participant_joined", "at": told["timestamp"], "late": False},
        "recorded_at": time.time_ns() // 1_000_000,
        "actor": {"kind": "provider", "id": "opentok", "name": ""},
        "data": {"participant": connection["id"], **json.loads(connection["data"]), "data": connection["data"]},
    }
    for queue in _queues:
        queue.put_nowait(event)
    return JSONResponse({"stored": 1})


async def feed(request: Request) -> Response:
    """Until the reader goes."""
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def events() -> AsyncIterator[dict[str, str]]:
        _queues.add(queue)
        try:
            yield {"event": "snapshot", "data": "{}"}
            while True:
                event = await queue.get()
                yield {"event": "events", "id": str(event["seq"]), "data": json.dumps(event)}
        finally:
            _queues.discard(queue)

    return EventSourceResponse(events())


async def main() -> None:
    """Serve until the process is ended."""
    app = Starlette(routes=[Route(WEBHOOKS, webhook, methods=["POST"]), Route("/v1/feed", feed)])
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="error", access_log=False)
    await serve(config, listener, ready_line("127.0.0.1", listener), until=(), closing=lambda: None)


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
