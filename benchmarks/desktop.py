"""The window with 10,000 rooms, 40,000 people and 1,000 events a second, beside the way that Qt's examples show; what a
tick costs; how quickly a feed is read; how soon the window is painted first.

Windows are shown without a screen unless QT_QPA_PLATFORM says otherwise. Times are of the processor, since other
programs run beside it, but where "by the clock" stands.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from PySide6.QtWidgets import QApplication

from benchmarks import desktop_reading, desktop_start
from benchmarks.desktop_feed import Feed
from benchmarks.desktop_ways import SIZE, Naive, Ours, Way
from benchmarks.figures import Figures, Row, Target, Value
from benchmarks.processes import running
from moderator.clock import SystemClock
from moderator.desktop.theme.look import Look
from moderator.desktop.ticker import TICK_MS

ROOMS: Final = 10_000
SECONDS: Final = 20
TICKS: Final = 200
GROWTH: Final = (100, ROOMS, 50_000)


class Load(NamedTuple):
    """What the whole desktop is measured with, and the longest stall that it may have."""

    rooms: int
    people: int
    events_per_s: int
    longest_ms: float


LOADS: Final = (Load(2_000, 20_000, 200, 50), Load(ROOMS, 40_000, 1_000, 16))
OF_A_CORE: Final = 25
"""Percent, with the greatest load."""
NAMES: Final = {"ours": "moderator: the whole window", "naive": "httpx-sse, json, QSortFilterProxyModel"}


async def measure() -> list[Row]:
    """Reading, starting, ticking, and all of it at once."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return [
        *await desktop_reading.measure(),
        *await desktop_start.measure(),
        *_ticking(),
        *[row for load in LOADS for row in await _at_once(load)],
    ]


def _ticking() -> list[Row]:
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    Look(parent=application).dress(application)
    figures = {rooms: Figures(f"desktop: tick, {rooms:,} rooms", "moderator", _ticks(Ours, rooms)) for rooms in GROWTH}
    naive = Figures(f"desktop: tick, {ROOMS:,} rooms", "QSortFilterProxyModel, dataChanged", _ticks(Naive, ROOMS))
    tick = {rooms: statistics.median(found.times_ms) for rooms, found in figures.items()}
    share = tick[ROOMS] / statistics.median(naive.times_ms)
    return [
        *figures.values(),
        naive,
        Target("desktop: a tick of ours against a naive one", share, "at most", 1 / 80, " times"),
        Target("desktop: a tick with 50,000 rooms against 100", tick[50_000] / tick[100], "at most", 1.5, " times"),
    ]


def _ticks(kind: type[Ours] | type[Naive], rooms: int) -> Sequence[float]:
    """Each when as much time has passed as between two of ours: a fifth of the countdowns read differently."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        way: Way = kind(list(Feed(rooms, 0, SystemClock().now_ms()).snapshot()), Path(folder))
        way.show(SIZE)
        for _ in range(TICKS):
            way.clock.shift_ms += TICK_MS
            times.append(_cost(way.tick))
        way.close()
    return times


def _cost(act: Callable[[], object]) -> float:
    """Milliseconds of the processor for this and for what is painted because of it."""
    began = time.process_time()
    act()
    QApplication.processEvents()
    return (time.process_time() - began) * 1000


async def _at_once(load: Load) -> list[Row]:
    """Each way in a process of its own, on a feed over the network."""
    found = {kind: await _live(kind, load) for kind in NAMES}
    what = f"desktop, {load.rooms:,} rooms"
    rows: list[Row] = []
    for kind, measured in found.items():
        name = NAMES[kind]
        rows += [
            Value(f"{what}: of a core", name, measured["share"] * 100, "%"),
            Value(f"{what}: events read", name, measured["events"] / SECONDS, "/s"),
            Figures(f"{what}: stall, of the processor", name, measured["busy"]),
            Figures(f"{what}: stall, by the clock", name, measured["walls"]),
            Figures(f"{what}: event to painted row", name, measured["painted"]),
        ]
    ours = found["ours"]
    if load is LOADS[-1]:
        rows.append(Target(f"{what}: of a core", ours["share"] * 100, "at most", OF_A_CORE, " %"))
    longest = max(ours["busy"])
    return [*rows, Target(f"{what}: longest stall, of the processor", longest, "at most", load.longest_ms, " ms")]


async def _live(kind: str, load: Load) -> dict[str, Any]:
    events = load.events_per_s * (2 * SECONDS + 10)  # for what it costs, and then for how quick it is
    gateway = (str(one) for one in (load.rooms, load.people, load.events_per_s, events))
    async with running(sys.executable, "-m", "benchmarks.desktop_gateway", *gateway) as server:
        command = (sys.executable, "-m", "benchmarks.desktop_live", kind, server.url, str(SECONDS))
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        printed, _ = await process.communicate()
        measured: dict[str, Any] = json.loads(printed)
        return measured
