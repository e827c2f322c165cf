"""A platform that does not answer is left alone, asked once in a while, and asked again by all when it does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from moderator.gateway.platforms.circuit import (
    ANSWERS_WITHIN_S,
    FAILURES,
    FIRST_PAUSE_S,
    HUNG_S,
    LONGEST_PAUSE_S,
    Circuit,
    WatchedHttp,
)
from moderator.gateway.platforms.limiter import Limiter, Urgency
from moderator.http import HttpError
from moderator.tasks import TaskScope
from tests.fakes.clock import FakeClock


class Platform:
    """What answers or not; a circuit with a limiter before it, and who asked."""

    def __init__(self, tasks: TaskScope) -> None:
        self.clock = FakeClock()
        self.circuit = Circuit(self.clock, jitter=lambda: 1.0)
        self.limiter = Limiter(1_000, self.clock, self.circuit)
        self.is_up = False
        self.asked: list[str] = []
        self.refused: list[str] = []
        self._tasks = tasks

    def ask(self, name: str, urgency: Urgency = Urgency.COMMAND, patience_s: float = 30.0) -> None:
        self._tasks.start(name, self._ask(name, urgency, patience_s))

    async def _ask(self, name: str, urgency: Urgency, patience_s: float) -> None:
        try:
            await self.limiter.turn(urgency, patience_s)
        except TimeoutError:
            self.refused.append(name)
            return
        self.asked.append(name)
        self.circuit.asked()
        if self.is_up:
            self.circuit.answered()
        else:
            self.circuit.failed()

    async def goes_down(self) -> None:
        for number in range(FAILURES):
            self.ask(f"failure {number}")
            await self.clock.settle()
        assert self.circuit.is_open
        self.asked.clear()


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with TaskScope() as tasks:
        yield Platform(tasks)


async def test_failures_that_are_not_in_a_row_change_nothing(platform: Platform) -> None:
    for _ in range(FAILURES * 3):
        platform.circuit.failed()
        platform.circuit.failed()
        platform.circuit.answered()
    assert (platform.circuit.state, platform.circuit.wait_s()) == ("closed", 0.0)
    assert not platform.circuit.changed.is_set()


async def test_while_it_is_open_nobody_asks_and_then_one(platform: Platform) -> None:
    await platform.goes_down()
    for number in range(10):
        platform.ask(str(number))
    await platform.clock.advance(round(FIRST_PAUSE_S * 1000) - 1)
    assert platform.asked == []
    await platform.clock.advance(1)
    assert platform.asked == ["0"]
    assert platform.circuit.changed.is_set()


async def test_pauses_grow_up_to_half_a_minute(platform: Platform) -> None:
    await platform.goes_down()
    pauses = []
    for _ in range(8):
        pauses.append(platform.circuit.wait_s())
        await platform.clock.advance(round(pauses[-1] * 1000))
        platform.ask("probe")
        await platform.clock.settle()
    assert pauses[:4] == [2.0, 4.0, 8.0, 16.0]
    assert set(pauses[4:]) == {LONGEST_PAUSE_S}


async def test_when_it_answers_all_may_ask_again_the_most_urgent_first(platform: Platform) -> None:
    await platform.goes_down()
    for number in range(5):
        platform.ask(f"command {number}")
        platform.ask(f"removal {number}", Urgency.REMOVAL)
    platform.is_up = True
    await platform.clock.advance(round(FIRST_PAUSE_S * 1000))
    assert platform.asked == [*(f"removal {n}" for n in range(5)), *(f"command {n}" for n in range(5))]
    assert platform.circuit.state == "closed"


async def test_who_has_waited_long_enough_is_told(platform: Platform) -> None:
    await platform.goes_down()
    platform.ask("moderator's", patience_s=30)
    for number in range(6):
        platform.ask(f"policy's {number}", Urgency.REMOVAL, patience_s=float("inf"))
    await platform.clock.advance(31_000)
    assert platform.refused == ["moderator's"]
    assert len(platform.asked) == 4, "one at a time, to find out"
    platform.is_up = True
    await platform.clock.advance(60_000)
    assert platform.asked[-1] == "policy's 5"


async def test_one_that_never_comes_back_does_not_hold_the_others_for_ever(platform: Platform) -> None:
    await platform.goes_down()
    await platform.clock.advance(round(FIRST_PAUSE_S * 1000))
    await platform.limiter.turn(Urgency.COMMAND)
    platform.circuit.asked()
    platform.ask("next")
    await platform.clock.advance(round(ANSWERS_WITHIN_S * 1000) - 1)
    assert platform.asked == []
    await platform.clock.advance(1)
    assert platform.asked == ["next"]


async def test_what_was_asked_before_it_opened_counts_for_what_it_says(platform: Platform) -> None:
    await platform.goes_down()
    waited_s = platform.circuit.wait_s()
    platform.circuit.failed()
    assert platform.circuit.wait_s() == waited_s, "it failed with the others"
    platform.circuit.answered()
    assert platform.circuit.state == "closed"


class Server:
    """Answers with a status, or not at all."""

    def __init__(self) -> None:
        self.status = 200
        self.hangs = False
        self.requests = 0

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            self.requests += 1
            if self.hangs:
                await reader.read()
            else:
                writer.write(f"HTTP/1.1 {self.status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        writer.close()


@pytest.mark.parametrize(("status", "opens"), [(500, True), (503, True), (200, False), (404, False), (429, False)])
async def test_errors_of_the_platform_s_own_count_and_refusals_do_not(status: int, opens: bool) -> None:
    clock, server = FakeClock(), Server()
    circuit = Circuit(clock)
    server.status = status
    async with server as url, WatchedHttp(clock, circuit) as http:
        for _ in range(FAILURES):
            assert (await http.request("GET", url)).status == status
    assert circuit.is_open == opens


async def test_silence_counts_and_impatience_does_not() -> None:
    clock, server = FakeClock(), Server()
    circuit = Circuit(clock)
    server.hangs = True
    async with server as url, WatchedHttp(clock, circuit) as http:
        for _ in range(FAILURES - 1):
            with pytest.raises(HttpError):
                await http.request("GET", url, timeout_s=0.02)
        for hung_s in (0, HUNG_S):
            before = server.requests
            asked = asyncio.ensure_future(http.request("GET", url, timeout_s=30))
            while server.requests == before:
                await asyncio.sleep(0.01)
            await clock.advance(round(hung_s * 1000))
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            assert circuit.is_open == bool(hung_s)
