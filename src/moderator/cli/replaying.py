"""`moderator replay`: recorded webhooks again, byte for byte or freshly signed, in their order and at their pace."""

import asyncio
import base64
import functools
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from moderator.cli.failures import Failure, UsageError
from moderator.cli.service import config_of
from moderator.client.texts import safe
from moderator.clock import Clock, SystemClock
from moderator.http import HttpClient, HttpError

MAX_LINE_BYTES: Final = 4 * 1024 * 1024
"""A webhook of 512 KiB, and what JSON makes of its control characters at worst."""
_OURS: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
"""Headers that belong to a connection, not to what was sent over it."""

Sign = Callable[[Mapping[str, str], bytes], Mapping[str, str]]


class Recorded(Struct, frozen=True):
    """One webhook as it was received. `at` is in milliseconds; only differences matter."""

    at: int
    path: str
    headers: dict[str, str] = {}
    body: str | None = None
    body_b64: str | None = None

    def content(self) -> bytes:
        """The body's bytes. Raises ValueError."""
        if (self.body is None) == (self.body_b64 is None):
            raise ValueError("it should have either body or body_b64")
        if self.body is not None:
            return self.body.encode()
        return base64.b64decode(self.body_b64 or "", validate=True)

    def sent_headers(self) -> dict[str, str]:
        """Without those of the connection. Raises ValueError for what no request can carry."""
        if not all((name + value).isascii() and (name + value).isprintable() for name, value in self.headers.items()):
            raise ValueError("a header has characters that no request can carry")
        return {name: value for name, value in self.headers.items() if name.lower() not in _OURS}


def replay(arguments: Namespace) -> int:
    """Post every line; 1 when one was not answered with 2xx."""
    sign = signer(arguments.sign_as, arguments.config)
    answers = asyncio.run(_replay(arguments.file, arguments.to, arguments.speed, sign, SystemClock()))
    for answer, count in sorted(answers.items()):
        print(f"{answer}: {count}")
    return 0 if all(answer.startswith("2") for answer in answers) else 1


def signer(name: str | None, config: Path | None) -> Sign | None:
    """How to sign as a source; None for not at all. Raises Failure when its provider cannot be imitated."""
    if name is None:
        return None
    if config is None:
        raise UsageError("--sign-as needs --config FILE: that is where the source's secrets are")
    source = next((found for found in config_of(config).sources if found.name == name), None)
    if source is None:
        raise Failure(f"{config} has no source {name}")
    return functools.partial(source.provider.sign, source.options)


def recorded(path: Path) -> Iterator[Recorded]:
    """The lines of a recording, one at a time. Raises Failure that names the line."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise Failure(f"{path}, line {number}: is longer than {MAX_LINE_BYTES} bytes")
                if line.strip():
                    yield _recorded(line, f"{path}, line {number}")
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}") from error


def _recorded(line: bytes, where: str) -> Recorded:
    try:
        found = msgspec.json.decode(line, type=Recorded)
        found.content(), found.sent_headers()
    except (msgspec.MsgspecError, ValueError) as error:
        raise Failure(f"{where}: is no recorded webhook: {error}") from error
    if not found.path.startswith("/") or not found.path.isprintable():
        raise Failure(f"{where}: path should start with a slash")
    return found


async def _replay(path: Path, to: str, speed: float, sign: Sign | None, clock: Clock) -> Counter[str]:
    answers: Counter[str] = Counter()
    begun_s, first_at = clock.monotonic(), None
    never = asyncio.Event()
    async with HttpClient() as http:
        for one in recorded(path):
            first_at = one.at if first_at is None else first_at
            due_s = begun_s + (one.at - first_at) / 1000 / speed if speed else 0.0
            await clock.wait(never, due_s - clock.monotonic())
            answers[await _post(http, to, one, sign)] += 1
    return answers


async def _post(http: HttpClient, to: str, one: Recorded, sign: Sign | None) -> str:
    """The status of the answer, or that there was none."""
    headers, body = one.sent_headers(), one.content()
    try:
        reply = await http.request("POST", to + one.path, headers=sign(headers, body) if sign else headers, body=body)
    except HttpError as error:
        print(f"moderator: {safe(str(error))}", file=sys.stderr)
        return "no answer"
    return str(reply.status)
