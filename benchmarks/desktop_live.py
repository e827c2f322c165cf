"""A whole desktop on a feed that comes over the network, in a process of its own, beside a naive one on the same feed:
`python -m benchmarks.desktop_live ours|naive URL SECONDS` prints what was measured as JSON.

Ours is the program's window with everything in it, and its own reader. The naive one is a bare table as Qt's examples
show it, read with httpx-sse and json.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import httpx
import httpx_sse
import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QTableView

from benchmarks.desktop_naive import NaiveTable
from benchmarks.desktop_watch import Watch
from benchmarks.desktop_ways import SIZE
from moderator.clock import SystemClock
from moderator.desktop import event_loop, garbage
from moderator.desktop.application import Application
from moderator.desktop.commands import offer_commands
from moderator.desktop.desk import Desk
from moderator.desktop.preferences import Preferences
from moderator.desktop.session import DesktopSession, GatewayAccess
from moderator.desktop.theme.look import Look
from moderator.domain.events import KINDS, Actor, Event
from moderator.domain.ids import RoomKey
from moderator.feed.messages import EventsFrame, decode_frame
from moderator.feed.session import FeedSession
from moderator.feed.sse import SseFrame
from moderator.tasks import TaskScope

SETTLE_S: Final = 3.0
"""Events come, and are not measured yet."""


class Live(Protocol):
    """One of the two, on its feed."""

    table: QTableView
    told: set[RoomKey]
    """Rooms that the table was told of, since they were taken out."""
    on_events: Callable[[Sequence[Event]], None]
    """Called with what was read and folded."""

    def row_of(self, key: RoomKey) -> int | None:
        """Where a room is shown."""


class Ours:
    """The program's own window."""

    def __init__(self, application: Application, url: str, folder: Path, tasks: TaskScope) -> None:
        session = DesktopSession(access=GatewayAccess(url, "benchmark"), data_folder=folder)
        self._desk = Desk(application, session, Preferences(folder / "window.ini"), folder, SystemClock(), tasks)
        offer_commands(self._desk)
        garbage.pass_over(self._desk.store)
        self.table: QTableView = self._desk.window.table.view
        self.told: set[RoomKey] = set()
        self.on_events: Callable[[Sequence[Event]], None] = lambda _: None
        store = self._desk.store
        applied = store.frame_applied

        def frame_applied(frame: SseFrame, events: Sequence[Event]) -> None:
            if events:
                self.on_events(events)
            applied(frame, events)

        store.frame_applied = frame_applied  # type: ignore[method-assign]  # to see when it came
        store.rooms_updated.connect(self.told.update)
        self._desk.window.resize(SIZE)
        self._desk.show()
        tasks.start("connect", self._desk.connect_to_gateway())

    def row_of(self, key: RoomKey) -> int | None:
        return self._desk.window.table.model.row_of(key)


class Naive:
    """A proxy that sorts, told of each event by itself and of each second."""

    def __init__(self, application: Application, url: str, folder: Path, tasks: TaskScope) -> None:
        self._look = Look(parent=application)
        self._look.dress(application)
        self._session = FeedSession()
        self._naive = NaiveTable([], SystemClock().now_ms, self._look)
        self.table: QTableView = self._naive
        self.told: set[RoomKey] = set()
        self.on_events: Callable[[Sequence[Event]], None] = lambda _: None
        self._seconds = QTimer(self.table)
        self._seconds.timeout.connect(self._naive.rooms.tick)
        self.table.resize(SIZE)
        self.table.show()
        tasks.start("feed", self._read(url))

    def row_of(self, key: RoomKey) -> int | None:
        return self._naive.row_of(key)

    async def _read(self, url: str) -> None:
        async with (
            httpx.AsyncClient(timeout=None) as client,
            httpx_sse.aconnect_sse(client, "GET", f"{url}/v1/feed") as source,
        ):
            async for sse in source.aiter_sse():
                if sse.event == "snapshot":
                    self._take_page(SseFrame(sse.event, sse.data.encode(), sse.id))
                elif sse.event == "events":
                    self._take(json.loads(sse.data), sse.id)

    def _take_page(self, frame: SseFrame) -> None:
        page = decode_frame(frame)
        assert page is not None
        self._session.receive(page, time.monotonic())
        if self._session.ready:
            self._naive.rooms.show(self._session.state.all_rooms())
            self._seconds.start(1000)

    def _take(self, frame: dict[str, Any], cursor: str) -> None:
        events = tuple(_event(one) for one in frame["events"])
        news = EventsFrame(after=frame["after"], seq=frame["seq"], now=frame["now"], events=events, cursor=cursor)
        read = self._session.receive(news, time.monotonic())
        self.on_events(read)
        for event in read:
            if event.key is not None and (room := self._session.state.room(event.key)) is not None:
                self._naive.rooms.change(room)
                self.told.add(event.key)


def _event(wire: dict[str, Any]) -> Event:
    data = msgspec.convert(wire["data"], KINDS[wire["kind"]])
    left_out = {"v", "kind", "actor", "data"}
    rest = {name: value for name, value in wire.items() if name not in left_out}
    return Event(**rest, actor=Actor(**wire["actor"]), data=data)


async def _measure(application: Application, kind: str, url: str, seconds: float) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with TaskScope(lambda what, error: print(what, error, file=sys.stderr)) as tasks:
            way: Live = (Ours if kind == "ours" else Naive)(application, url, Path(folder), tasks)
            first = asyncio.Event()
            way.on_events = lambda _: first.set()
            await first.wait()
            await asyncio.sleep(SETTLE_S)
            way.on_events = lambda _: None
            began, used = time.perf_counter(), time.process_time()
            await asyncio.sleep(seconds)
            share = (time.process_time() - used) / (time.perf_counter() - began)
            watch = Watch(way.table, way.row_of, way.told)  # not before: to watch takes some of the processor, too
            way.on_events = watch.arrived
            watch.start()
            await asyncio.sleep(seconds)
            watch.stop()
            measured = {"walls": watch.stalls_ms, "busy": watch.busy_ms, "painted": watch.painted_ms}
            print(json.dumps({"share": share, "events": watch.count, **measured}), flush=True)
            os._exit(0)  # to take a window apart is not measured


if __name__ == "__main__":
    kind, url, seconds = sys.argv[1:4]
    application = Application()
    event_loop.run(application, _measure(application, kind, url, float(seconds)))
