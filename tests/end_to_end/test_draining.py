"""A real gateway that is asked to stop: others are told to ask elsewhere, what it was asked is answered, nothing that
was acknowledged is lost.
"""

import asyncio
import contextlib
import itertools
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from moderator.clock import SystemClock
from moderator.journal.sqlite import SqliteLog
from tests.fakes.builders import joined
from tests.fakes.gateway import SIGNED, WEBHOOK
from tests.fakes.gateway_process import GatewayProcess
from tests.fakes.provider import a_webhook

SENDERS = 8
DRAINING = '[gateway]\ndrain = "1s"'


class UnderWay:
    """A webhook of which the second half is still to be sent."""

    def __init__(self, gateway: GatewayProcess, participant: str) -> None:
        self._url = gateway.url
        self._body = a_webhook(joined(participant, SystemClock().now_ms()))

    async def begin(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", int(self._url.rpartition(":")[2]))
        head = f"POST {WEBHOOK} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(self._body)}\r\n"
        fields = "".join(f"{name}: {value}\r\n" for name, value in SIGNED.items())
        self._writer.write(f"{head}{fields}\r\n".encode() + self._body[:10])
        await self._writer.drain()
        await asyncio.sleep(0.1)  # it has been read

    async def end(self) -> bytes:
        """Send the rest; returns the answer's first line."""
        self._writer.write(self._body[10:])
        answer = await asyncio.wait_for(self._reader.readline(), 10)
        self._writer.close()
        return answer


@contextlib.asynccontextmanager
async def a_feed(client: httpx.AsyncClient) -> AsyncIterator[AsyncIterator[bytes]]:
    async with client.stream("GET", "/v1/feed") as response:
        chunks = response.aiter_raw()
        assert b"event: snapshot" in await anext(chunks)
        yield chunks


async def joins_in(path: Path) -> Counter[str]:
    """How often each join is in the log, by its id."""
    log = await SqliteLog.open(path)
    events = [event async for batch in log.read(0) for entry in batch for event in entry.events]
    await log.aclose()
    return Counter(event.id for event in events if event.kind == "participant_joined")


async def test_who_balances_the_load_is_told_at_once_and_others_are_served_meanwhile(tmp_path: Path) -> None:
    async with GatewayProcess(tmp_path, DRAINING) as gateway, gateway.client() as client, a_feed(client) as feed:
        assert (await client.get("/readyz")).json() == {"ready": True}
        gateway.process.send_signal(signal.SIGTERM)
        while (answer := await client.get("/readyz")).status_code == 200:
            await asyncio.sleep(0.001)
        assert (answer.status_code, answer.json()["why"]) == (503, "it was asked to stop: ask another gateway")
        assert (await client.get("/healthz")).status_code == 200
        webhook = a_webhook(joined("c1", SystemClock().now_ms()))
        assert (await client.post(WEBHOOK, content=webhook, headers=SIGNED)).status_code == 200
        async for chunk in feed:  # it goes on with news, and then ends in an orderly way
            last = chunk
        assert b"event: " in last
        assert await asyncio.wait_for(gateway.process.wait(), 10) == 0
    assert len(await joins_in(tmp_path / "moderator.db")) == 1


async def test_a_request_under_way_is_answered_and_a_new_one_refused(tmp_path: Path) -> None:
    async with GatewayProcess(tmp_path) as gateway, gateway.client() as client:
        request = UnderWay(gateway, "c1")
        await request.begin()
        gateway.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(httpx.TransportError):
            while True:  # until nobody listens any more
                await client.get("/healthz")
        assert b"200" in await request.end()
        assert await asyncio.wait_for(gateway.process.wait(), 10) == 0
    assert len(await joins_in(tmp_path / "moderator.db")) == 1


async def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    async with GatewayProcess(tmp_path, DRAINING) as gateway, gateway.client() as client:
        request = UnderWay(gateway, "c1")
        await request.begin()
        gateway.process.send_signal(signal.SIGTERM)
        while (await client.get("/readyz")).status_code == 200:
            await asyncio.sleep(0.001)
        gateway.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(gateway.process.wait(), 20) == -signal.SIGTERM
        assert await request.end() == b""
    assert not await joins_in(tmp_path / "moderator.db")


async def send_as_a_platform_does(gateway: GatewayProcess, sender: int, answers: Counter[int], sent: list[str]) -> None:
    """Webhooks one after the other; one that is not answered is sent again, to whoever answers then."""
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=10) as client:
        for number in itertools.count():
            event = joined(f"c{sender}-{number}", SystemClock().now_ms())
            while True:
                with contextlib.suppress(httpx.TransportError):
                    answer = await client.post(gateway.url + WEBHOOK, content=a_webhook(event), headers=SIGNED)
                    answers[answer.status_code] += 1
                    break
                await asyncio.sleep(0.01)
            sent.append(event.id)


async def test_restarts_under_load_fail_nothing_and_lose_nothing(tmp_path: Path) -> None:
    gateway, answers, sent = GatewayProcess(tmp_path), Counter[int](), list[str]()
    sending: list[asyncio.Task[None]] = []
    for _ in range(2):
        async with gateway:
            if not sending:
                tasks = (send_as_a_platform_does(gateway, number, answers, sent) for number in range(SENDERS))
                sending = [asyncio.create_task(task) for task in tasks]
            enough = len(sent) + 100
            while len(sent) < enough:
                await asyncio.sleep(0.001)
            await gateway.stop()
            assert gateway.process.returncode == 0
    for task in sending:
        task.cancel()
    await asyncio.gather(*sending, return_exceptions=True)
    assert answers.keys() == {200}
    logged = await joins_in(tmp_path / "moderator.db")
    assert set(sent) <= logged.keys()
    assert set(logged.values()) == {1}
