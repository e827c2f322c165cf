"""A backlog of commands takes no task for each, and what is urgent does not wait behind what hangs."""

import asyncio

import pytest

from moderator.domain.events import DisconnectRequested, MessageRequested
from moderator.domain.kinds import Data
from moderator.gateway.commands import lines
from moderator.gateway.commands.lines import AT_ONCE, REMOVALS_AT_ONCE, Line
from moderator.journal.event_log import OpenCommand
from moderator.tasks import TaskScope
from tests.fakes.builders import a_decision

MESSAGE = MessageRequested(text="hello")


def remove(number: int) -> Data:
    return DisconnectRequested(participant=f"c{number}")


class Platform:
    """Takes as long as it is let."""

    def __init__(self, tasks: TaskScope) -> None:
        self.under_way: list[asyncio.Event] = []
        self.begun: list[str] = []
        self.line = Line(lambda command: tasks.start("command", self._carry_out(command)))

    def order(self, data: Data) -> bool:
        return self.line.add(OpenCommand(1, a_decision(data)))

    async def finish(self, number: int) -> None:
        for _ in range(number):
            self.under_way.pop(0).set()
        await asyncio.sleep(0.01)

    async def _carry_out(self, command: OpenCommand) -> None:
        self.begun.append(command.event.kind)
        done = asyncio.Event()
        self.under_way.append(done)
        await done.wait()


async def test_so_many_at_a_time_and_the_rest_when_there_is_a_place() -> None:
    async with TaskScope() as tasks:
        platform = Platform(tasks)
        for _ in range(1_000):
            assert platform.order(MESSAGE)
        await asyncio.sleep(0)
        assert len(platform.begun) == AT_ONCE
        await platform.finish(10)
        assert len(platform.begun) == AT_ONCE + 10
        platform.line.close()


async def test_removals_have_places_that_nothing_else_takes() -> None:
    async with TaskScope() as tasks:
        platform = Platform(tasks)
        for _ in range(AT_ONCE * 2):
            platform.order(MESSAGE)
        for number in range(AT_ONCE * 2):
            platform.order(remove(number))
        await asyncio.sleep(0)
        assert len(platform.begun) == REMOVALS_AT_ONCE
        assert platform.begun[AT_ONCE:] == ["disconnect_requested"] * AT_ONCE
        await platform.finish(5)
        assert platform.begun[-5:] == ["disconnect_requested"] * 5, "they also come first among those who wait"
        platform.line.close()


async def test_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_WAITING", 5)
    async with TaskScope() as tasks:
        platform = Platform(tasks)
        assert [platform.order(MESSAGE) for _ in range(AT_ONCE + 7)] == [True] * (AT_ONCE + 5) + [False] * 2
        platform.line.close()


async def test_none_begins_when_it_ends() -> None:
    async with TaskScope() as tasks:
        platform = Platform(tasks)
        for _ in range(AT_ONCE + 10):
            platform.order(MESSAGE)
        await asyncio.sleep(0)
        platform.line.close()
    assert len(platform.begun) == AT_ONCE
