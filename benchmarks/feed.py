"""Events from their webhooks to many readers of the feed, on the durable path; beside Starlette with sse-starlette and
a queue for each reader, which stores nothing.
"""

import asyncio
import contextlib
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import msgspec
from msgspec import Struct

from benchmarks.feed_readers import Delivered
from benchmarks.figures import Figures, Row, Target, Value
from benchmarks.opentok import CREATED, Sender, VideoApi, event
from benchmarks.processes import Running, running
from benchmarks.stage import WEBHOOKS, gateway
from moderator.tasks import TaskScope

READERS: Final = (1_000, 100)
EVENTS_PER_S: Final = 1_000
AT_ONCE: Final = 5
"""Webhooks come a few at a time, every few milliseconds."""
SECONDS: Final = 10
PATIENCE_S: Final = 3
SETTLE_S: Final = 1
ROOMS: Final = 500


class Outcome(Struct, frozen=True):
    """What came of it at one server."""

    sent: int
    delivered: Delivered
    core_share: float
    """Of the server's processor time while webhooks came."""

    @property
    def per_s(self) -> float:
        return self.delivered.total / max(self.delivered.seconds, 1e-9)


async def measure() -> list[Row]:
    """With many readers, both ways; with some, how late."""
    _allow_many_files()
    rows: list[Row] = []
    for readers in READERS:
        async with VideoApi().listening() as platform, gateway(platform.url) as stage:
            ours = await _outcome(stage.process, stage.key, readers)
        async with running(sys.executable, "-m", "benchmarks.feed_naive") as server:
            theirs = await _outcome(server, "", readers)
        rows += _rows(readers, ours, theirs)
    return rows


def _rows(readers: int, ours: Outcome, theirs: Outcome) -> list[Row]:
    what, sides = f"feed, {readers} readers", (("moderator: durable", ours), ("sse-starlette: in memory", theirs))
    rows: list[Row] = [Value(f"{what}: deliveries", way, one.per_s, "/s") for way, one in sides]
    shares = ((way, one.delivered.least / one.sent * 100) for way, one in sides)
    rows += [Value(f"{what}: of all, to each", way, share, "%") for way, share in shares]
    rows += [Value(f"{what}: server", way, one.core_share * 100, "% of a core") for way, one in sides]
    rows += [Figures(f"{what}: webhook to reader", way, one.delivered.late_ms) for way, one in sides]
    least = Target(f"{what}: delivered to each", ours.delivered.least / ours.sent * 100, "at least", 100, " %")
    if readers == max(READERS):
        return [*rows, least, Target(f"{what}: deliveries beside", ours.per_s / theirs.per_s, "at least", 25, "x")]
    late = Figures("", "", ours.delivered.late_ms)
    return [
        *(*rows, least),
        Target(f"{what}: p50", late.at(0.5), "at most", 5, " ms"),
        Target(f"{what}: p99", late.at(0.99), "at most", 15, " ms"),
        Target(f"{what}: of a core", ours.core_share * 100, "at most", 35, " %"),
    ]


async def _outcome(server: Running, key: str, readers: int) -> Outcome:
    async with _reading(server.url + "/v1/feed", key, readers) as result:
        sender = Sender(server.url + WEBHOOKS)
        before_s, began = server.cpu_s(), time.monotonic()
        sent = await _send(sender)
        core_share = (server.cpu_s() - before_s) / (time.monotonic() - began)
        await asyncio.sleep(SETTLE_S)
        sender.close()
        return Outcome(sent, await result(), core_share)


async def _send(sender: Sender) -> int:
    """Webhooks at their times, whether or not those before were answered; how many. What is not taken by the end of the
    patience is given up.
    """
    began, count = time.monotonic(), EVENTS_PER_S * SECONDS
    async with TaskScope() as tasks:
        for number in range(0, count, AT_ONCE):
            await asyncio.sleep(max(0.0, began + number / EVENTS_PER_S - time.monotonic()))
            sending = [tasks.start("webhook", sender.post(_join(one))) for one in range(number, number + AT_ONCE)]
        await asyncio.wait(sending, timeout=PATIENCE_S)
    return count


def _join(number: int) -> bytes:
    """Somebody comes; the rooms get two people each."""
    session = f"2_MX40NjE5OTQxMn5-{number // ROOMS // 2:03}-{number % ROOMS:05}"
    return event(CREATED, session, f"t-{time.monotonic_ns()}-{number}", time.time())


@contextlib.asynccontextmanager
async def _reading(url: str, key: str, readers: int) -> AsyncIterator[Callable[[], Awaitable[Delivered]]]:
    """Readers in a process of their own, all of whom have begun to read; what is yielded ends them."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.feed_readers", url, str(readers)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 26,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout
    stdin.write(f"{key}\n".encode())

    async def result() -> Delivered:
        stdin.close()
        return msgspec.json.decode(await stdout.readline(), type=Delivered)

    try:
        assert await stdout.readline(), "the readers could not begin to read"
        yield result
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _allow_many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
