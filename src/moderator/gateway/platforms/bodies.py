"""The body of a webhook: mostly it is here already, as a whole; else it is received, within limits. And its headers."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from moderator.gateway.asgi import Receive, Scope
from moderator.gateway.platforms.intake import Share
from moderator.gateway.problems import Problem
from moderator.gateway.shortcuts import whole_body

BODY_TIMEOUT_S: Final = 10.0
MAX_BODY_BYTES: Final = 512 * 1024


class Headers(Mapping[str, str]):
    """Of a request, as the server has them: read where one is asked for, since most never are.

    Names in lower case. What stands there twice is what it was last.
    """

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        self._raw = raw

    def __getitem__(self, name: str) -> str:
        wanted = name.encode("latin-1", "replace")
        for found, value in reversed(self._raw):
            if found == wanted:
                return value.decode("latin-1")
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter({name.decode("latin-1"): None for name, _ in self._raw})

    def __len__(self) -> int:
        return len({name for name, _ in self._raw})


async def body_of(scope: Scope, headers: Mapping[str, str], receive: Receive, share: Share) -> bytes:
    """Raises Problem, or Full when too much is being received already."""
    body = whole_body(scope)
    if body is None:
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                return await _received(headers, receive, share)
        except TimeoutError as error:
            raise Problem(408, "too_slow", f"the body did not come within {BODY_TIMEOUT_S:.0f} s") from error
    if len(body) > MAX_BODY_BYTES:
        raise _too_large()
    return body


async def _received(headers: Mapping[str, str], receive: Receive, share: Share) -> bytes:
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length) > MAX_BODY_BYTES:
        raise _too_large()
    body, held = bytearray(), 0
    try:
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise Problem(400, "incomplete", "the request ended before its body was complete")
            body += message.get("body", b"")
            if len(body) > MAX_BODY_BYTES:
                raise _too_large()
            if not message.get("more_body", False):
                return bytes(body)
            share.take(len(body) - held)
            held = len(body)
    finally:
        share.give_back(held)


def _too_large() -> Problem:
    return Problem(413, "too_large", f"a webhook may have {MAX_BODY_BYTES} bytes at most")
