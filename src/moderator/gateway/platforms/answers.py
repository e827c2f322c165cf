"""What a webhook is answered: in one piece where the server can do so, with the headers that stand on every answer."""

from typing import Final

import msgspec

from moderator.gateway.answer_headers import HEADERS
from moderator.gateway.asgi import Headers, Scope, Send
from moderator.gateway.dropping import drop
from moderator.gateway.problems import MEDIA_TYPE, Problem
from moderator.gateway.shortcuts import answered

_OF_STORED: Final = ((b"content-type", b"application/json"), *HEADERS)


async def answer_stored(scope: Scope, send: Send, events: int) -> None:
    """200: so many events of it are on the disk that were not there before."""
    await _answer(scope, send, 200, _OF_STORED, msgspec.json.encode({"stored": events}))


async def answer_problem(scope: Scope, send: Send, problem: Problem) -> None:
    """Why it was not taken."""
    given = {"content-type": MEDIA_TYPE, **problem.headers}
    headers = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    await _answer(scope, send, problem.status, (*headers, *HEADERS), problem.body())


async def force_retry(scope: Scope, send: Send) -> None:
    """503 whose promised body never comes, since the connection is broken off: the only failure that Janus retries."""
    await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"1"), *HEADERS]})
    await send({"type": "http.response.body", "body": b"", "more_body": True})
    drop(scope)  # else the server would do it, and write a line about each


async def _answer(scope: Scope, send: Send, status: int, headers: Headers, body: bytes) -> None:
    if answered(scope, status, headers, body):
        return
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
