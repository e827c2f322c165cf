"""The feed over real connections."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.domain.events import Event
from moderator.feed.messages import Frame, Heartbeat, SnapshotPage
from moderator.feed.session import FeedSession
from moderator.gateway import broadcast as broadcast_module
from moderator.gateway import feed as feed_module
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
        async with asyncio.timeout(2):
            assert isinstance(await anext(frames), Heartbeat)


@pytest.mark.parametrize(("header", "status"), [("", 401), ("Bearer x", 401), (bearer(["stats:read"]), 403)])
async def test_the_feed_needs_a_token_with_the_scope(gateway: GatewayServed, header: str, status: int) -> None:
    answer = await gateway.http.get("/v1/feed", headers={"Authorization": header})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_the_feed_ends_when_its_token_expires(gateway: GatewayServed) -> None:
    async with asyncio.timeout(5):
        async with gateway.feed(ttl_s=1) as frames:
            received = [frame async for frame in frames]
    assert isinstance(received[0], SnapshotPage)


async def test_feeds_end_when_the_gateway_stops(gateway: GatewayServed) -> None:
    async with gateway.feed() as first, gateway.feed() as second:
        await anext(first)
        await anext(second)
        gateway.gateway.broadcast.close()
        async with asyncio.timeout(1):
            assert [frame async for frame in first] == [frame async for frame in second] == []


async def test_who_has_gone_is_forgotten(gateway: GatewayServed) -> None:
    async with gateway.feed() as frames:
        await anext(frames)
        assert gateway.gateway.broadcast.readers == 1
    async with asyncio.timeout(2):
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
        async with asyncio.timeout(5):
            while gateway.gateway.broadcast.readers > 1:
                await asyncio.sleep(0.01)
    assert session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms()


@contextlib.asynccontextmanager
async def a_reader_who_takes_nothing(gateway: GatewayServed) -> AsyncIterator[None]:
    _, writer = await asyncio.open_connection(*gateway.address, limit=1)
    writer.write(f"GET /v1/feed HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer()}\r\n\r\n".encode())
    try:
        async with asyncio.timeout(5):
            while not gateway.gateway.broadcast.readers:
                await asyncio.sleep(0.01)
        yield
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_head_request_gets_no_endless_answer(gateway: GatewayServed) -> None:
    answer = await gateway.http.head("/v1/feed")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
