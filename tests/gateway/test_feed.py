"""The feed over real connections."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.events import Event
from moderator.feed.messages import Frame, Heartbeat, SnapshotPage
from moderator.feed.session import FeedSession
from moderator.gateway import broadcast as broadcast_module
from moderator.gateway import feed as feed_module
from moderator.gateway.asgi import Scope
from moderator.gateway.dropping import ABORT
from moderator.gateway.shortcuts import written_at_once
from moderator.tasks import TaskScope
from tests.fakes.builders import an_entry, joined, left
from tests.fakes.gateway import GatewayServed, bearer, joined_in

BURST = 250
ROOMS = 12


@pytest.fixture
async def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GatewayServed]:
    monkeypatch.setattr(broadcast_module, "HEARTBEAT_S", 0.05)
    async with GatewayServed(tmp_path) as gateway:
        yield gateway


async def burst(gateway: GatewayServed, seed: int) -> None:
    """People come and go in some rooms, as quickly as the log takes it."""
    dice = random.Random(seed)
    for number in range(BURST):
        now = gateway.clock.now_ms()
        event = joined_in(f"r{dice.randrange(ROOMS)}", f"c{dice.randrange(40)}", now - dice.randrange(50))
        await gateway.log.append(an_entry(event, recorded_at=now, key=number))
        if dice.random() < 0.05:
            await asyncio.sleep(dice.random() * 0.02)


async def follow(session: FeedSession, frames: AsyncIterator[Frame], stop_after: int, until_seq: int) -> list[Event]:
    """Read so many frames, or up to a position."""
    read: list[Event] = []
    for _ in range(stop_after):
        frame = await anext(frames)
        read += session.receive(frame, 0)
        if session.ready and not session.receiving_snapshot and frame.seq >= until_seq > 0:
            break
    return read


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("patterns", [("*",), ("clinic/r1*", "clinic/r2")])
async def test_a_reader_who_reconnects_again_and_again_knows_what_the_gateway_knows(
    gateway: GatewayServed, seed: int, patterns: tuple[str, ...]
) -> None:
    dice = random.Random(seed)
    session, read = FeedSession(), list[Event]()
    async with TaskScope() as tasks:
        bursting = tasks.start("burst", burst(gateway, seed))
        while not bursting.done():
            async with gateway.feed(session.cursor or "", rooms=patterns) as frames:
                read += await follow(session, frames, dice.randrange(1, 12), 0)
            session.disconnected()
    newest = await gateway.until_read()
    async with gateway.feed(session.cursor or "", rooms=patterns) as frames:
        read += await follow(session, frames, 10_000, newest)
    state = gateway.gateway.ledger.state
    seen = [room for room in state.all_rooms() if patterns == ("*",) or room.room[:2] == "r1" or room.room == "r2"]
    assert session.state.all_rooms() == seen
    ids = [event.id for event in read]
    assert len(ids) == len(set(ids)), "nothing came twice"
    assert [event.seq for event in read] == sorted(event.seq for event in read)


async def test_nothing_is_missed_between_two_connections(gateway: GatewayServed) -> None:
    session = FeedSession()
    async with gateway.feed() as frames:
        await follow(session, frames, 1, 0)
    start, newest = session.state.seq, 0
    for number in range(50):
        newest = await gateway.log.append(an_entry(joined(f"c{number}", gateway.clock.now_ms()), key=number))
    async with gateway.feed(session.cursor or "") as frames:
        read = await follow(session, frames, 100, newest)
    assert [event.seq for event in read] == list(range(start + 1, newest + 1))


async def test_who_keeps_up_is_written_to_without_a_turn_of_its_own(
    gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bool] = []

    def noted(scope: Scope, piece: bytes) -> bool:
        written.append(written_at_once(scope, piece))
        return written[-1]

    monkeypatch.setattr(feed_module, "written_at_once", noted)
    session = FeedSession()
    async with gateway.feed() as frames:
        await follow(session, frames, 2, 0)
        for number in range(20):
            event = joined(f"c{number}", gateway.clock.now_ms())
            await follow(session, frames, 100, await gateway.log.append(an_entry(event, key=number)))
    assert len(written) >= 20
    assert all(written)
    assert session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms()


async def test_a_feed_with_another_request_behind_it_goes_on(gateway: GatewayServed) -> None:
    reader, writer = await asyncio.open_connection(*gateway.address)
    head = f"Host: x\r\nAuthorization: {bearer()}\r\n\r\n"
    writer.write(f"GET /v1/feed HTTP/1.1\r\n{head}GET /healthz HTTP/1.1\r\n{head}".encode())
    async with asyncio.timeout(20):
        for number in range(5):
            await gateway.tell(joined(f"person-{number}", gateway.clock.now_ms()))
            await reader.readuntil(f"person-{number}".encode())
        gateway.gateway.broadcast.close()
        assert b"0\r\n\r\nHTTP/1.1 200 OK" in await reader.readuntil(b"OK")
    writer.close()


async def test_who_has_gone_is_forgotten_also_with_another_request_behind(gateway: GatewayServed) -> None:
    reader, writer = await asyncio.open_connection(*gateway.address)
    head = f"Host: x\r\nAuthorization: {bearer()}\r\n\r\n"
    writer.write(f"GET /v1/feed HTTP/1.1\r\n{head}".encode())
    writer.write(f"GET /healthz HTTP/1.1\r\n{head}".encode() * 3)
    async with asyncio.timeout(20):
        await reader.readuntil(b"snapshot")
        writer.transport.abort()
        while gateway.gateway.broadcast.readers:
            await asyncio.sleep(0.01)


async def test_a_restart_of_the_gateway_is_no_gap(tmp_path: Path) -> None:
    session = FeedSession()
    async with GatewayServed(tmp_path) as gateway:
        await gateway.tell(joined("c1", gateway.clock.now_ms()))
        async with gateway.feed() as frames:
            await follow(session, frames, 1, await gateway.until_read())
    rooms = gateway.provider.rooms
    async with GatewayServed(tmp_path, rooms=rooms) as gateway:
        await gateway.tell(left("c1", gateway.clock.now_ms()))
        async with gateway.feed(session.cursor or "") as frames:
            first = await anext(frames)
            assert not isinstance(first, SnapshotPage)
            session.receive(first, 0)
            await follow(session, frames, 5, await gateway.until_read())
        assert session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms()


async def test_without_news_there_are_heartbeats(gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch) -> None:
    async with gateway.feed() as frames:
        assert isinstance(await anext(frames), SnapshotPage)
        async with asyncio.timeout(20):
            assert isinstance(await anext(frames), Heartbeat)


@pytest.mark.parametrize(("header", "status"), [("", 401), ("Bearer x", 401), (bearer(["stats:read"]), 403)])
async def test_the_feed_needs_a_token_with_the_scope(gateway: GatewayServed, header: str, status: int) -> None:
    answer = await gateway.http.get("/v1/feed", headers={"Authorization": header})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_the_feed_ends_when_its_token_expires(gateway: GatewayServed) -> None:
    async with asyncio.timeout(20):
        async with gateway.feed(ttl_s=1) as frames:
            received = [frame async for frame in frames]
    assert isinstance(received[0], SnapshotPage)


async def test_feeds_end_when_the_gateway_stops(gateway: GatewayServed) -> None:
    async with gateway.feed() as first, gateway.feed() as second:
        await anext(first)
        await anext(second)
        gateway.gateway.broadcast.close()
        async with asyncio.timeout(20):
            left = [frame for feed in (first, second) async for frame in feed]
            assert [frame for frame in left if not isinstance(frame, Heartbeat)] == []


async def test_who_has_gone_is_forgotten(gateway: GatewayServed) -> None:
    async with gateway.feed() as frames:
        await anext(frames)
        assert gateway.gateway.broadcast.readers == 1
    async with asyncio.timeout(20):
        while gateway.gateway.broadcast.readers:
            await asyncio.sleep(0.01)


async def test_a_reader_who_takes_nothing_is_cut_and_others_go_on(
    gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(feed_module, "SEND_TIMEOUT_S", 0.5)
    session = FeedSession()
    async with a_reader_who_takes_nothing(gateway), gateway.feed() as frames:
        session.receive(await anext(frames), 0)
        assert gateway.gateway.broadcast.readers == 2
        for number in range(60):
            event = joined("c1", gateway.clock.now_ms(), user=str(number), name="x" * 400_000)
            await follow(session, frames, 100, await gateway.log.append(an_entry(event)))
        async with asyncio.timeout(20):
            while gateway.gateway.broadcast.readers > 1:
                await asyncio.sleep(0.01)
    assert session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms()


async def test_who_does_not_take_the_end_of_a_feed_is_dropped_too(
    gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "SEND_TIMEOUT_S", 0.1)
    endpoint = next(route.app for route in gateway.gateway.routes if route.path == "/v1/feed")
    begun, never, dropped = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            begun.set()
            if not message["more_body"]:
                await never.wait()

    async def receive() -> MutableMapping[str, Any]:
        await never.wait()
        return {"type": "http.disconnect"}

    async def read() -> None:
        extensions = {ABORT: {"call": dropped.set}}
        headers = [(b"authorization", bearer().encode())]
        asked: Scope = {"type": "http", "method": "GET", "headers": headers, "client": ("x", 1)}
        await endpoint({**asked, "extensions": extensions}, receive, send)

    async with TaskScope() as tasks, asyncio.timeout(10):
        tasks.start("reader", read())
        await begun.wait()
        gateway.gateway.broadcast.close()
        await dropped.wait()
    assert gateway.gateway.broadcast.readers == 0


@contextlib.asynccontextmanager
async def a_reader_who_takes_nothing(gateway: GatewayServed) -> AsyncIterator[None]:
    _, writer = await asyncio.open_connection(*gateway.address, limit=1)
    writer.write(f"GET /v1/feed HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer()}\r\n\r\n".encode())
    try:
        async with asyncio.timeout(20):
            while not gateway.gateway.broadcast.readers:
                await asyncio.sleep(0.01)
        yield
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_reader_who_does_not_take_the_end_is_dropped_soon(
    gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "ENDED_WITHIN_S", 0.05)
    dropped, stuck = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, str]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message.get("more_body"):
            stuck.set()
            await dropped.wait()

    headers = [(b"authorization", bearer().encode())]
    scope = {"type": "http", "method": "GET", "path": "/v1/feed", "query_string": b"", "headers": headers}
    async with TaskScope() as tasks:
        extensions = {ABORT: {"call": dropped.set}}
        feed = tasks.start("a feed", gateway.gateway.app({**scope, "extensions": extensions}, receive, send))
        await stuck.wait()
        gateway.gateway.broadcast.close()
        async with asyncio.timeout(20):
            await feed
    assert dropped.is_set()


async def test_a_head_request_gets_no_endless_answer(gateway: GatewayServed) -> None:
    answer = await gateway.http.head("/v1/feed")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


async def test_a_reader_whom_another_gateway_told_more_is_not_led_back(gateway: GatewayServed) -> None:
    seq = await gateway.until_read()
    news = an_entry(joined_in("r1", "c1", gateway.clock.now_ms()), recorded_at=gateway.clock.now_ms())

    async def happen() -> None:
        await asyncio.sleep(0.1)
        await gateway.log.append(news)

    async with TaskScope() as tasks:
        tasks.start("news", happen())
        async with gateway.feed(f"{gateway.log.log_id}-{seq + 1}") as frames:
            first = await anext(frames)
    assert not isinstance(first, SnapshotPage)
    assert first.seq == seq + 1


async def test_a_position_that_never_comes_begins_with_a_snapshot(
    gateway: GatewayServed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a backup was restored."""
    monkeypatch.setattr(feed_module, "BEHIND_S", 0.1)
    seq = await gateway.until_read()
    async with gateway.feed(f"{gateway.log.log_id}-{seq + 1000}") as frames:
        assert isinstance(await anext(frames), SnapshotPage)
