"""More than can be taken: memory has an end, who overdoes it is refused, and nobody else is held up."""

import asyncio
import contextlib
import itertools
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace

from moderator.domain.events import Entry, Event
from moderator.domain.ids import SourceName
from moderator.feed.codec import encode_entry
from moderator.feed.messages import Frame
from moderator.feed.session import FeedSession
from moderator.gateway import feed as feed_module
from moderator.gateway.configuration.config import SourceConfig
from moderator.tasks import TaskScope
from tests.fakes.builders import an_entry, joined
from tests.fakes.gateway import SIGNED, GatewayServed, bearer, joined_in
from tests.fakes.provider import SECRET, FakeOptions, FakeProvider, a_webhook

MB = 2**20
DEAF = 1_000
OF_ONE_TOKEN = 150
NEWS_BYTES = 5 * MB
"""More than may wait for one reader."""
MOST_GROWN_MB = 500.0
"""A few buffers of 64 kB for each of a thousand, and what the news take once; if each had its own, it would be
gigabytes.
"""


def memory_mb() -> float:
    return float(psutil.Process().memory_info().rss) / MB


def deaf_reader(gateway: GatewayServed, token: str) -> socket.socket:
    """One who asks for the feed, and takes nothing of it."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(gateway.address)
    connection.sendall(f"GET /v1/feed HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
    return connection


@contextlib.asynccontextmanager
async def deaf_readers(gateway: GatewayServed, number: int) -> AsyncIterator[None]:
    with contextlib.ExitStack() as stack:
        for index in range(number):
            token = bearer(name=f"m{index // OF_ONE_TOKEN}")
            stack.enter_context(contextlib.closing(await asyncio.to_thread(deaf_reader, gateway, token)))
        while gateway.gateway.broadcast.readers < number:
            await asyncio.sleep(0.01)
        yield


def much_news(number: int, at: int) -> list[Event]:
    """Some kilobytes, about a room of its own."""
    return [joined_in(f"room {number}", f"c{one}", at, user="u" * 500) for one in range(8)]


@pytest.mark.timeout(240)
async def test_a_thousand_readers_who_take_nothing_are_cut_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "SEND_TIMEOUT_S", 2.0)
    async with GatewayServed(tmp_path) as gateway:
        for room in range(100):
            await gateway.log.append(an_entry(joined_in(f"r{room}", "c1", gateway.clock.now_ms())))
        newest = await gateway.until_read()
        session = FeedSession()
        async with deaf_readers(gateway, DEAF), gateway.feed() as frames, TaskScope() as tasks:
            tasks.start("who reads", read(frames, session))
            before_mb, sent, number = memory_mb(), 0, 0
            while sent < NEWS_BYTES:
                now = gateway.clock.now_ms()
                entry = an_entry(*much_news(number, now), recorded_at=now)
                newest = await gateway.log.append(entry)
                sent, number = sent + len(encode_entry(entry)), number + 1
            async with asyncio.timeout(120):
                while session.state.seq < newest or gateway.gateway.broadcast.readers > 1:
                    assert memory_mb() - before_mb < MOST_GROWN_MB
                    await asyncio.sleep(0.05)
            assert session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms(), "who reads missed nothing"


async def read(frames: AsyncIterator[Frame], session: FeedSession) -> None:
    async for frame in frames:
        session.receive(frame, 0)


# --- webhooks ------------------------------------------------------------------------------------------------------


class TwoSources(GatewayServed):
    """As `GatewayServed`, with a second account, named `school`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        school = SourceConfig("school", FakeProvider, "fake", FakeOptions(SECRET), 30_000, 1_000)
        self.config = replace(self.config, sources=(*self.config.sources, school))


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[TwoSources]:
    async with TwoSources(tmp_path) as gateway:
        yield gateway


@contextlib.asynccontextmanager
async def posting(gateway: GatewayServed, source: str, *parts: bytes, size: int) -> AsyncIterator[asyncio.StreamReader]:
    """A webhook of that size, of which these parts are sent."""
    reader, writer = await asyncio.open_connection(*gateway.address)
    try:
        head = f"POST /webhooks/{source} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size}\r\n"
        with contextlib.suppress(ConnectionError):
            writer.write(f"{head}Authorization: {SIGNED['Authorization']}\r\n\r\n".encode())
            for part in parts:
                writer.write(part)
                await writer.drain()
        yield reader
    finally:
        writer.close()


async def status_of(reader: asyncio.StreamReader) -> int:
    """0 where the connection broke off before an answer."""
    with contextlib.suppress(ConnectionError):
        answer = await reader.readline()
        return int(answer.split(b" ")[1]) if answer else 0
    return 0


async def post(gateway: GatewayServed, source: str, body: bytes) -> int:
    async with posting(gateway, source, body, size=len(body)) as reader:
        return await status_of(reader)


async def test_what_waits_for_a_slow_disk_has_an_end_for_each_source(
    gateway: TwoSources, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(gateway.gateway.sources["clinic"].intake.storing, "_most_bytes", 100_000)
    disk, store = asyncio.Event(), gateway.log.append

    async def append(entry: Entry) -> int:
        await disk.wait()
        return await store(entry)

    monkeypatch.setattr(gateway.log, "append", append)
    now = gateway.clock.now_ms()
    large = [a_webhook(joined(f"c{number}", now, user="u" * 30_000)) for number in range(10)]
    async with TaskScope() as tasks:
        statuses: list[int] = []

        async def send(source: str, body: bytes) -> None:
            statuses.append(await post(gateway, source, body))

        for body in large:
            tasks.start("webhook", send("clinic", body))
        async with asyncio.timeout(10):
            while len(statuses) < 8:
                await asyncio.sleep(0.01)
        assert set(statuses) <= {0, 503}
        tasks.start("webhook", send("school", large[0]))
        await asyncio.sleep(0.1)
        assert gateway.gateway.sources["school"].intake.storing.bytes > 0
        disk.set()
        async with asyncio.timeout(10):
            while len(statuses) < 11:
                await asyncio.sleep(0.01)
        assert statuses[8:] == [200] * 3
    assert [record.getMessage() for record in caplog.records] == [
        "there are too many webhooks of clinic that wait for the disk: more of them are refused until it is better"
    ]
    caplog.clear()
    assert await post(gateway, "clinic", large[0]) == 200


async def test_large_bodies_that_come_slowly_keep_nobody_out(
    gateway: TwoSources, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    share = gateway.gateway.sources["clinic"].intake.receiving
    monkeypatch.setattr(share, "_most_bytes", 1_000_000)
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(20):
            await stack.enter_async_context(posting(gateway, "clinic", b"x" * 200_000, size=400_000))
        await asyncio.sleep(0.2)
        assert 500_000 < share.bytes <= 1_000_000
        for number in range(20):
            assert await post(gateway, "clinic", a_webhook(joined(f"c{number}", gateway.clock.now_ms()))) == 200
    async with asyncio.timeout(10):
        while share.bytes:
            await asyncio.sleep(0.01)
    assert "clinic whose end has not come" in caplog.text
    caplog.clear()


async def test_a_flood_of_one_source_leaves_the_other_and_the_feed_alone(gateway: TwoSources) -> None:
    numbers = itertools.count()

    async def flood() -> None:
        while True:
            await post(gateway, "clinic", a_webhook(joined(f"c{next(numbers)}", gateway.clock.now_ms())))

    async with TaskScope() as tasks, gateway.feed() as frames:
        for _ in range(100):
            tasks.start("flood", flood())
        session, told = FeedSession(), 0
        async with asyncio.timeout(30):
            for number in range(20):
                event = replace(joined(f"c{number}", gateway.clock.now_ms()), source=SourceName("school"))
                assert await post(gateway, "school", a_webhook(event)) == 200
            while told < 20:
                events = session.receive(await anext(frames), 0)
                told += sum(event.source == "school" for event in events)
        assert next(numbers) > 100, "it was a flood"
