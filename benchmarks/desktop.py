"""The window with 2,000 rooms, 20,000 people and 200 events a second, beside the way that Qt's examples show.

Both ways read the same bytes of a feed and fold them; then one is the whole main window, the other a bare table of the
size that ours has in it. They are shown without a screen unless QT_QPA_PLATFORM says otherwise. A tick is time of the
processor, with what is painted because of it.
"""

import gc
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from benchmarks.desktop_feed import Feed
from benchmarks.desktop_watch import Watch
from benchmarks.desktop_ways import SIZE, Naive, Ours, Way
from benchmarks.figures import Figures
from moderator.clock import SystemClock
from moderator.desktop.theme.look import Look
from moderator.desktop.ticker import TICK_MS

ROOMS: Final = 2_000
PEOPLE: Final = 20_000
EVENTS_PER_S: Final = 200
SECONDS: Final = 20
SETTLE_S: Final = 4
TICKS: Final = 200
GROWTH: Final = (100, 10_000, 50_000)


async def measure() -> list[Figures]:
    """What a tick costs and how it grows, then how both ways keep up."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    Look(parent=application).dress(application)
    return [*_growth(), *_side_by_side()]


def _growth() -> list[Figures]:
    """The same tick with more rooms; nobody is in them, for that has no bearing on it."""
    figures = []
    for rooms in GROWTH:
        with tempfile.TemporaryDirectory() as folder:
            ours = Ours(list(Feed(rooms, 0, SystemClock().now_ms()).snapshot()), Path(folder))
            ours.show(SIZE)
            figures.append(Figures("desktop: tick by rooms", f"moderator: {rooms:,} rooms", _ticks(ours)))
            ours.close()
    return figures


def _side_by_side() -> list[Figures]:
    feed = Feed(ROOMS, PEOPLE, SystemClock().now_ms())
    pages = list(feed.snapshot())
    happenings = feed.happenings(EVENTS_PER_S * SECONDS, 1000 / EVENTS_PER_S)
    gc.collect()
    gc.freeze()  # what plays the gateway is no part of the window
    ticks, walls, own, painted = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        size = SIZE
        for kind in (Ours, Naive):
            way: Way = kind(pages, Path(folder))
            way.show(size)
            size = way.table.size()
            ticks.append(Figures("desktop: tick", way.name, _ticks(way)))
            way.run()
            watch = Watch(way, happenings, EVENTS_PER_S)
            watch.run(SETTLE_S, SECONDS)
            walls.append(Figures("desktop: stall, by the clock", way.name, watch.stalls_ms))
            own.append(Figures("desktop: stall, of this thread", way.name, watch.busy_ms))
            painted.append(Figures("desktop: event to painted row", way.name, watch.painted_ms))
            way.close()
            gc.collect()
    return [*ticks, *walls, *own, *painted]


def _ticks(way: Way) -> Sequence[float]:
    """Each when as much time has passed as between two of ours: a fifth of the countdowns read differently."""
    times = []
    for _ in range(TICKS):
        way.clock.shift_ms += TICK_MS
        times.append(_cost(way.tick))
    return times


def _cost(act: Callable[[], object]) -> float:
    """Milliseconds of the processor for this and for what is painted because of it."""
    began = time.process_time()
    act()
    QApplication.processEvents()
    return (time.process_time() - began) * 1000
