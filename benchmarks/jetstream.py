"""Webhooks acknowledged by one gateway and by three on one JetStream, and what NATS itself makes of as many publishers.

A single server of NATS and everything else share this machine, so three of anything are slower, each for itself, than
one: the question is whether gateways lose more than plain publishers do. Each gateway also reads and folds what the
others wrote.
"""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from typing import Final

import msgspec

from benchmarks.figures import Row, Target, Value
from benchmarks.load import Load, load
from benchmarks.opentok import VideoApi
from benchmarks.stage import Stage, gateway
from tests.fakes.nats import NatsServer, running_nats

CONNECTIONS: Final = 32
SECONDS: Final = 8
SEVERAL: Final = 3


async def measure() -> list[Row]:
    """One, then three; each with a server of NATS of its own."""
    gateways = [[one.per_s for one in await _gateways(count)] for count in (1, SEVERAL)]
    publishers = [await _publishers(count) for count in (1, SEVERAL)]
    rows: list[Row] = []
    for way, sides in (("moderator: webhooks", gateways), ("NATS: publishes with acknowledgement", publishers)):
        for count, per_s in zip((1, SEVERAL), sides, strict=True):
            rows.append(Value(f"JetStream, {way}, of {count}", "each", sum(per_s) / count, "/s"))
    kept = [sum(sides[1]) / SEVERAL / sides[0][0] for sides in (gateways, publishers)]
    return [*rows, Target("of its rate each of three keeps, beside NATS itself", kept[0] / kept[1], "at least", 1, "x")]


async def _gateways(count: int) -> Sequence[Load]:
    with running_nats() as nats:
        async with VideoApi().listening() as platform, contextlib.AsyncExitStack() as opened:
            stages = [await opened.enter_async_context(_on(nats, platform)) for _ in range(count)]
            for seconds in (1, SECONDS):  # the first so that they are warm
                loads = await asyncio.gather(*(_load(stage, seconds) for stage in stages))
            return loads


def _on(nats: NatsServer, platform: VideoApi) -> contextlib.AbstractAsyncContextManager[Stage]:
    tables = f'[nats]\nuser = "{nats.user}"\npassword = "{nats.password}"\n'
    return gateway(platform.url, tables, nats.address)


async def _load(stage: Stage, seconds: int) -> Load:
    return await load(stage.process, stage.webhooks, connections=CONNECTIONS, seconds=seconds, rooms="anew")


async def _publishers(count: int) -> list[float]:
    """What each gets through in a second."""
    with running_nats() as nats:
        return list(await asyncio.gather(*(_publisher(nats, f"ceiling.{number}") for number in range(count))))


async def _publisher(nats: NatsServer, subject: str) -> float:
    arguments = (nats.address, nats.user, nats.password, subject, str(CONNECTIONS), str(SECONDS))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.jetstream_publisher"), *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return msgspec.json.decode(output, type=float)
