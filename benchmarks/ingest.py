"""Webhooks acknowledged in a second, each once it is durable; beside Express, which keeps them in memory, and beside
reference 000's logic with 500 rooms live.

The gateway's processor time for one is that of everything it does about it: to receive, store and fold it, and to look
at the rules of its room. Beside Express no room has rules; beside the reference all have those that it has.

What it takes before the signature check is that of a gateway which refuses all of them at that check, since they come
from a network that is not allowed: to receive and to judge it, and to answer 401.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from statistics import median
from typing import Final

from msgspec import Struct

from benchmarks.figures import Row, Target, Value
from benchmarks.load import Load, Rooms, load
from benchmarks.opentok import VideoApi
from benchmarks.peers import express, monitor
from benchmarks.processes import Running
from benchmarks.stage import LOOPBACK, WEBHOOKS, gateway

CONNECTIONS: Final = (32, 4)
SECONDS: Final = 5
ROUNDS: Final = 3
ROOMS: Final = 500
OURS: Final = "moderator: durable"
REFUSED: Final = "moderator: refused, 401"
ELSEWHERE: Final = "192.0.2.0/24"
VISITS: Final = '[[room_types]]\nname = "visit"\nduration = "1h"\nmax_people = 2\nmode = "enforce"\n'


class Side(Struct, frozen=True):
    """One way, and what was measured of it in each round."""

    way: str
    opened: Callable[[], AbstractAsyncContextManager[Running]]
    refuses: bool = False
    loads: list[Load] = []

    def median(self, figure: str) -> float:
        figures: list[float] = [getattr(one, figure) for one in self.loads]
        return median(figures)


async def measure() -> list[Row]:
    """The servers run by themselves, in turns."""
    rows: list[Row] = []
    for connections in CONNECTIONS:
        sides = (_gateway(OURS), Side("Express, body-parser: in memory", express), _gateway(REFUSED, refuses=True))
        ours, peer, refused = await _measured(connections, "anew", *sides)
        rows += _rows(f"webhooks, {connections} connections", *sides)
        if connections == max(CONNECTIONS):
            times = ours.median("per_s") / peer.median("per_s")
            rows.append(Target("webhooks/s beside Express", times, "at least", 2, "x"))
            rows.append(Target("before the signature check", refused.median("cpu_us"), "at most", 70, " us"))
    ours, peer = await _measured(
        max(CONNECTIONS), "again", _gateway(OURS, VISITS), Side("reference 000 in Node", _reference)
    )
    rows += _rows(f"webhooks, {ROOMS} rooms live", ours, peer)
    times = ours.median("per_s") / peer.median("per_s")
    return [*rows, Target(f"webhooks/s beside reference 000, {ROOMS} rooms", times, "at least", 20, "x")]


async def _measured(connections: int, rooms: Rooms, *sides: Side) -> Sequence[Side]:
    for _ in range(ROUNDS):
        for side in sides:
            async with side.opened() as server:
                url = server.url + WEBHOOKS
                for seconds in (1, SECONDS):  # the first, so that it is warm
                    figures = await load(
                        server, url, connections=connections, seconds=seconds, rooms=rooms, refused=side.refuses
                    )
                side.loads.append(figures)
    return sides


def _rows(what: str, *sides: Side) -> list[Row]:
    figures = (("per_s", "/s"), ("cpu_us", "us of processor"), ("p50_ms", "ms p50"), ("p99_ms", "ms p99"))
    return [Value(f"{what}: {unit}", side.way, side.median(figure), unit) for figure, unit in figures for side in sides]


def _gateway(way: str, room_types: str = "", *, refuses: bool = False) -> Side:
    senders = ELSEWHERE if refuses else LOOPBACK

    @asynccontextmanager
    async def opened() -> AsyncIterator[Running]:
        async with VideoApi().listening() as platform, gateway(platform.url, room_types, senders=senders) as stage:
            yield stage.process

    return Side(way, opened, refuses)


@asynccontextmanager
async def _reference() -> AsyncIterator[Running]:
    async with VideoApi().listening() as platform, monitor(platform.url, rooms=ROOMS, most_people=2) as server:
        yield server
