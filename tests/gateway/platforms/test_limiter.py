"""How often a platform is asked, and who goes first."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from moderator.gateway.platforms.limiter import BURST_S, Limiter, Urgency
from moderator.tasks import TaskScope
from tests.fakes.clock import FakeClock

PER_SECOND = 5
BURST = round(PER_SECOND * BURST_S)


class Queue:
    """Requests that wait for their turn, and when each had it."""

    def __init__(self, tasks: TaskScope) -> None:
        self.clock = FakeClock()
        self.limiter = Limiter(PER_SECOND, self.clock)
        self.turns: list[tuple[str, float]] = []
        self._tasks = tasks

    def ask(self, name: str, urgency: Urgency = Urgency.COMMAND) -> asyncio.Task[None]:
        return self._tasks.start(name, self._turn(name, urgency))

    async def _turn(self, name: str, urgency: Urgency) -> None:
        await self.limiter.turn(urgency)
        self.turns.append((name, self.clock.monotonic()))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.turns]

    async def use_up_the_burst(self) -> None:
        for _ in range(BURST):
            self.ask("burst")
        await self.clock.settle()
        assert len(self.turns) == BURST
        self.turns.clear()


@pytest.fixture
async def queue() -> AsyncIterator[Queue]:
    async with TaskScope() as tasks:
        yield Queue(tasks)


async def test_a_burst_goes_at_once_and_then_the_rate_holds(queue: Queue) -> None:
    await queue.use_up_the_burst()
    for number in range(10):
        queue.ask(str(number))
    await queue.clock.advance(2_100)
    times = [at for _, at in queue.turns]
    assert times == pytest.approx([(number + 1) / PER_SECOND for number in range(10)], abs=0.005)
    assert queue.names == [str(number) for number in range(10)], "in the order of asking"


async def test_the_most_urgent_goes_first(queue: Queue) -> None:
    await queue.use_up_the_burst()
    for urgency in (Urgency.LISTING, Urgency.CONFIRMATION, Urgency.COMMAND, Urgency.REMOVAL):
        queue.ask(urgency.name, urgency)
    await queue.clock.advance(1_000)
    assert queue.names == ["REMOVAL", "COMMAND", "CONFIRMATION", "LISTING"]


async def test_a_late_urgent_one_overtakes(queue: Queue) -> None:
    await queue.use_up_the_burst()
    queue.ask("list", Urgency.LISTING)
    await queue.clock.advance(100)
    queue.ask("remove", Urgency.REMOVAL)
    await queue.clock.advance(110)
    assert queue.names == ["remove"]
    await queue.clock.advance(200)
    assert queue.names == ["remove", "list"]


async def test_a_pause_holds_everybody_back(queue: Queue) -> None:
    queue.limiter.pause(10)
    queue.limiter.pause(3)
    queue.ask("list", Urgency.LISTING)
    queue.ask("remove", Urgency.REMOVAL)
    await queue.clock.advance(9_900)
    assert queue.names == []
    await queue.clock.advance(200)
    assert queue.names == ["remove", "list"]


async def test_a_pause_that_comes_meanwhile_holds_back_too(queue: Queue) -> None:
    await queue.use_up_the_burst()
    queue.ask("first")
    queue.limiter.pause(10)
    await queue.clock.advance(9_900)
    assert queue.names == []


async def test_who_gives_up_does_not_hold_up_the_next(queue: Queue) -> None:
    await queue.use_up_the_burst()
    impatient = queue.ask("impatient", Urgency.REMOVAL)
    queue.ask("patient", Urgency.LISTING)
    await queue.clock.advance(100)
    impatient.cancel()
    await queue.clock.advance(150)
    assert queue.names == ["patient"]


async def test_unused_turns_are_saved_for_a_while_only(queue: Queue) -> None:
    await queue.clock.advance(3_600_000)
    for number in range(BURST + 1):
        queue.ask(str(number))
    await queue.clock.settle()
    assert len(queue.turns) == BURST


async def test_a_pause_beyond_all_patience_is_said_at_once(queue: Queue) -> None:
    await queue.use_up_the_burst()
    waiting = asyncio.gather(queue.limiter.turn(Urgency.REMOVAL, 30.0), return_exceptions=True)
    await queue.clock.settle()
    queue.limiter.pause(3_600)
    await queue.clock.settle()
    (outcome,) = await waiting
    assert isinstance(outcome, TimeoutError)


async def test_no_pause_is_longer_than_ten_minutes(queue: Queue) -> None:
    queue.limiter.pause(float("inf"))
    assert queue.limiter.paused_s() == 600
    queue.ask("after it")
    await queue.clock.advance(599_000)
    assert queue.names == []
    await queue.clock.advance(1_100)
    assert queue.names == ["after it"]
