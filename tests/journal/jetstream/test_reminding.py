"""Commands that the consumer has settled, and nobody has carried out, are given out again: to one gateway."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import cast

import pytest

from moderator.domain.events import DisconnectConfirmed
from moderator.journal.event_log import OpenCommand
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.jetstream.reminding import forgotten
from tests.fakes.builders import a_decision, an_entry, kicked
from tests.journal.reading import an_arrival, everything
from tests.journal.streams import Gateways, caught_up


@pytest.mark.parametrize(
    ("seqs", "places", "floor", "found"),
    [
        ([], {}, 9, []),
        ([3, 9, 10], {}, 9, [3, 9]),
        ([3, 4], {3: 12, 4: 8}, 9, [4]),
        ([3], {3: 12}, 12, [3]),
    ],
)
def test_what_the_consumer_has_settled_is_in_nobodys_hand(
    seqs: list[int], places: dict[int, int], floor: int, found: list[int]
) -> None:
    assert forgotten(seqs, places, floor) == found


class Worker:
    """A gateway that takes commands and does not settle them."""

    def __init__(self, log: NatsLog) -> None:
        self.log = log
        self.given: list[OpenCommand] = []

    async def run(self) -> None:
        async with aclosing(cast("AsyncGenerator[OpenCommand, None]", self.log.work())) as commands:
            async for command in commands:
                self.given.append(command)

    async def lose(self) -> None:
        """As after it was told of something that did not last: the consumer takes it for settled, and nobody has it."""
        for under_way in self.log._working._under_way.values():
            await under_way.message.ack_sync()
        self.log._working._under_way.clear()
        self.log._working._entries.clear()


@pytest.mark.nats
async def test_what_nobody_has_in_hand_is_given_to_one(gateways: Gateways, caplog: pytest.LogCaptureFixture) -> None:
    workers = [Worker(await gateways.open(number)) for number in range(2)]
    order = kicked("p", key=1)
    working = asyncio.gather(*(worker.run() for worker in workers))
    seq = await workers[0].log.append(an_entry(order))
    await until(lambda: given(workers) == [seq])
    for worker in workers:
        await worker.log.remind([order.id])
    await asyncio.sleep(0.5)
    assert given(workers) == [seq], "somebody has it in hand"
    assert caplog.text == ""
    for worker in workers:
        await worker.lose()
    for worker in workers:
        await worker.log.remind([order.id])
        await worker.log.remind([order.id])
    await until(lambda: given(workers) == [seq, seq])
    for worker in workers:
        await worker.log.remind([order.id])
    await asyncio.sleep(0.5)
    assert given(workers) == [seq, seq], "it is in somebody's hand again"
    assert caplog.text.count(f"the commands at {seq} of the log were given to nobody any more") == 1
    caplog.clear()
    last = await workers[0].log.append(an_arrival(1))
    await caught_up(*(worker.log for worker in workers))
    for worker in workers:
        assert [entry.seq for entry in await everything(worker.log)] == [seq, last], "it is the same entry"
        await worker.log.aclose()
    await working


@pytest.mark.nats
async def test_what_was_settled_meanwhile_is_not_given_again(
    gateways: Gateways, caplog: pytest.LogCaptureFixture
) -> None:
    worker, other = Worker(await gateways.open(0)), await gateways.open(1)
    order = kicked("p", key=1)
    working = asyncio.gather(worker.run())
    seq = await worker.log.append(an_entry(order))
    await until(lambda: given([worker]) == [seq])
    await worker.lose()
    await other.append(an_entry(a_decision(DisconnectConfirmed(command=order.id, participant="p"))))
    await worker.log.remind([order.id])
    await until_settled(worker.log)
    assert given([worker]) == [seq]
    assert caplog.text == ""
    await worker.log.aclose()
    await working


def given(workers: list[Worker]) -> list[int]:
    return [command.seq for worker in workers for command in worker.given]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def until_settled(log: NatsLog) -> None:
    async with asyncio.timeout(20):
        while (await log._working.info()).num_ack_pending or (await log._working.info()).num_pending:
            await asyncio.sleep(0.01)
