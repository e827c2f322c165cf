"""Answers to our own requests, out of an input: what is asked, and what comes back, with no network between."""

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from moderator.http import MAX_REPLY_BYTES, HttpClient, Reply
from moderator.providers.conformance.recorder import Request
from tests.hostile.fuzzing.target import must

NOWHERE: Final = "http://127.0.0.1:9"
MOST_REQUESTS: Final = 60
"""Of one command; more would be one that never ends."""
GOOD: Final = 200


class Answered(Struct, frozen=True):
    """An input: what is asked, and the answers, one after the other; the last one for all that follow."""

    ask: str
    answers: list[Any]


def answered(body: bytes) -> Answered | None:
    """The input; None for what is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    ask, answers = (value.get("ask"), value.get("answers")) if isinstance(value, dict) else (None, None)
    return Answered(ask, answers) if isinstance(ask, str) and isinstance(answers, list) else None


class Scripted(HttpClient):
    """Answers what it was given, and sends nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._respond: Callable[[Request], Reply] = lambda request: Reply(GOOD, {}, b"")
        self._asked = 0

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout_s: float | None = None,
        most_bytes: int = MAX_REPLY_BYTES,
    ) -> Reply:
        self._asked += 1
        must(self._asked <= MOST_REQUESTS, "it never stops asking")
        target = url.removeprefix(NOWHERE).removeprefix(NOWHERE.replace("http", "ws"))
        return self._respond(Request(method, target, dict(headers or {}), body or b""))

    def answer_by(self, respond: Callable[[Request], Reply]) -> None:
        """From now on."""
        self._asked, self._respond = 0, respond

    def answer_with(self, answers: Sequence[object]) -> None:
        """One after the other."""
        left = [_reply(one) for one in answers] or [Reply(GOOD, {}, b"")]
        self.answer_by(lambda request: left.pop(0) if len(left) > 1 else left[0])


@functools.cache
def scripted() -> Scripted:
    """One for all: making a client reads the system's certificates."""
    return Scripted()


def done(command: Awaitable[object]) -> object:
    """What it returns, or raises."""
    return _runner().run(_awaited(command))


async def _awaited(command: Awaitable[object]) -> object:
    return await command


@functools.cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()


def _reply(answer: object) -> Reply:
    """`{status, headers, body}`; a body that is text is sent as it is, any other as JSON."""
    members = answer if isinstance(answer, dict) else {"body": answer}
    status, headers, body = members.get("status"), members.get("headers"), members.get("body")
    sent = headers if isinstance(headers, dict) else {}
    return Reply(
        status if isinstance(status, int) and 100 <= status <= 599 else GOOD,
        {name.lower(): value for name, value in sent.items() if isinstance(value, str)},
        (body if isinstance(body, str) else json.dumps(body)).encode("utf-8", "surrogatepass"),
    )
