"""Commands are given to one gateway at a time, and to another one when that is gone."""

import asyncio
from collections.abc import Callable

import pytest
from nats.js.api import ConsumerInfo

from moderator.domain.ids import EventId
from moderator.gateway.commands import lines
from moderator.journal.event_log import LogError, OpenCommand
from moderator.journal.jetstream import working
from moderator.journal.jetstream.log import NatsLog
from moderator.tasks import TaskScope
from tests.fakes.builders import an_entry, kicked
from tests.journal.reading import closing_at_end, first_commands
from tests.journal.streams import Gateways
from tests.journal.test_sqlite_erasing import USER

pytestmark = pytest.mark.nats
SECRETS = (USER, "Zqkowalska", "Zqanna", "zqhandle", "zqcamera")


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def test_what_a_gateway_had_in_hand_comes_to_another_when_it_is_gone(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "ACK_WAIT_S", 1.0)
    monkeypatch.setattr(working, "ALIVE_EVERY_S", 0.3)
    one, other = await gateways.open(0), await gateways.open(1)
    work = one.work()
    await one.append(an_entry(kicked("p", key=1)))
    mine = await anext(work)
    waiting = asyncio.gather(first_commands(other, 1))
    await asyncio.sleep(1.5)
    assert not waiting.done(), "it is still being done"
    one._working._under_way.clear()  # as if it was killed: nobody says any more that it is
    ((theirs,),) = await waiting
    assert theirs == mine


async def test_each_command_is_given_to_one_gateway(gateways: Gateways) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    given: dict[EventId, int] = {}

    async def work(log: NatsLog) -> None:
        async for command in log.work():
            given[command.event.id] = given.get(command.event.id, 0) + 1
            await log.acknowledge(command.event.id)

    working_ = asyncio.gather(work(one), work(other))
    await asyncio.gather(*(one.append(an_entry(kicked("p", key=number))) for number in range(60)))
    await _until(lambda: len(given) == 60)
    await one.aclose()
    await other.aclose()
    await working_
    assert set(given.values()) == {1}


class Worker:
    """Takes commands of a log, and is done with each when it may be."""

    def __init__(self, log: NatsLog) -> None:
        self.log = log
        self.given: list[OpenCommand] = []
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def run(self) -> None:
        async with closing_at_end(self.log.work()) as commands:
            async for command in commands:
                self.given.append(command)
                await self.may_go_on.wait()


async def test_a_consumer_that_was_lost_is_made_anew(gateways: Gateways) -> None:
    log = await gateways.open()
    worker = Worker(log)
    async with TaskScope() as tasks:
        tasks.start("works", worker.run())
        await log.append(an_entry(kicked("p", key=1)))
        await _until(lambda: len(worker.given) == 1)
        await log.acknowledge(worker.given[0].event.id)
        await log._connection.streams.delete_consumer(log._names.log, log._names.consumer)
        await log.append(an_entry(kicked("p", key=2)))
        await _until(lambda: len(worker.given) == 2)
    assert worker.given[1].event.id == kicked("p", key=2).id, "what was settled is not given again"


async def test_it_is_said_when_there_is_no_consumer_and_none_can_be_made(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "ACK_WAIT_S", 0.5)
    monkeypatch.setattr(working, "ASK_FOR_S", 0.3)
    log = await gateways.open()

    async def refused() -> ConsumerInfo:
        raise LogError("It cannot be made.")

    async with TaskScope() as tasks:
        tasks.start("works", Worker(log).run())
        with monkeypatch.context() as patched:
            patched.setattr(log._working, "_make", refused)
            await log._connection.streams.delete_consumer(log._names.log, log._names.consumer)
            await _until(lambda: not log.health().writable)
            assert log.health().why == "It cannot be made."
        await _until(lambda: log.health().writable)


def test_no_source_can_take_all_places() -> None:
    assert working.MOST_UNDER_WAY >= 50 * (lines.REMOVALS_AT_ONCE + lines.MOST_WAITING)


async def test_a_gateway_that_was_busy_while_it_was_connected_anew_is_given_the_next_at_once(
    own_gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had asked for on the connection before is forgotten."""
    monkeypatch.setattr(working, "ASK_FOR_S", 60.0)  # for as long as nobody asks anew
    log = await own_gateways.open()
    worker = Worker(log)
    worker.may_go_on.clear()
    async with TaskScope() as tasks:
        tasks.start("works", worker.run())
        await log.append(an_entry(kicked("p", key=1)))
        await _until(lambda: len(worker.given) == 1)
        own_gateways.server.kill()
        await asyncio.to_thread(own_gateways.server.start)
        await _until(lambda: log.health().writable)
        await log.append(an_entry(kicked("p", key=2)))
        worker.may_go_on.set()
        await _until(lambda: len(worker.given) == 2)
