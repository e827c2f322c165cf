import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.simulator.delivery import Attempt, Deliveries, Disorder, Outcome, Policy
from moderator.tasks import TaskScope
from tests.fakes.serving import served
from tests.simulator.running import Receiver
from tests.simulator.vonage.running import RunningCloud, running

FAST = 2000
"""The first retry comes after 2.5 ms."""


@dataclass
class Sending:
    """Deliveries to a receiver, and what the policy was asked."""

    deliveries: Deliveries
    receiver: Receiver
    attempts: list[Attempt] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    async def settled(self, sent: int) -> None:
        """When nothing is on its way any more."""
        counts = self.deliveries.counts
        async with asyncio.timeout(10):
            while counts.acknowledged + counts.dropped < sent:
                await asyncio.sleep(0.001)


@contextlib.asynccontextmanager
async def sending(url: str | None = None, goes_on: bool = True, **policy: Any) -> AsyncIterator[Sending]:
    """By a policy that retries after a hundredth of a second, three times."""
    receiver = Receiver()
    attempts: list[Attempt] = []
    outcomes: list[Outcome] = []

    def headers(attempt: Attempt) -> dict[str, str]:
        attempts.append(attempt)
        return {"Attempt": str(attempt.number)}

    def tries_again(outcome: Outcome, attempts: int) -> bool:
        outcomes.append(outcome)
        return goes_on

    usual: dict[str, Any] = {"headers": headers, "accepts": lambda status: status == 200, "pauses_s": (0.01,) * 3}
    async with served(receiver.app()) as there, HttpClient() as http, TaskScope() as tasks:
        made = Policy(**usual | {"tries_again": tries_again} | policy)
        clock, rng = SystemClock(), random.Random(1)
        deliveries = Deliveries(url or there, made, clock, http, tasks, rng, Disorder())
        yield Sending(deliveries, receiver, attempts, outcomes)


async def test_each_attempt_has_its_number_and_the_name_of_the_delivery() -> None:
    async with sending() as one:
        one.receiver.statuses = [503, 429]
        one.deliveries.send("room", b"{}")
        await one.settled(1)
        assert [attempt.number for attempt in one.attempts] == [1, 2, 3]
        assert len({attempt.delivery for attempt in one.attempts}) == 1
        assert len(one.attempts[0].delivery) == 32
        assert [headers["attempt"] for headers in one.receiver.headers] == ["1", "2", "3"]
        assert (one.outcomes, one.deliveries.counts.acknowledged) == ([503, 429], 1)


async def test_when_no_pause_is_left_it_is_dropped() -> None:
    async with sending() as one:
        one.receiver.statuses = [503] * 9
        one.deliveries.send("room", b"{}")
        await one.settled(1)
        assert (len(one.receiver.bodies), one.deliveries.counts.dropped) == (4, 1)


async def test_a_policy_may_give_up_at_once() -> None:
    async with sending(goes_on=False) as one:
        one.receiver.statuses = [404]
        one.deliveries.send("room", b"{}")
        await one.settled(1)
        assert (len(one.receiver.bodies), one.deliveries.counts.dropped) == (1, 1)


async def test_what_waited_too_long_is_lost() -> None:
    async with sending(pauses_s=(0.3,), lost_after_s=0.1) as one:
        one.receiver.statuses = [503]
        one.deliveries.send("room", b"{}")
        await one.settled(1)
        assert (len(one.receiver.bodies), one.deliveries.counts.dropped) == (1, 1)


@pytest.mark.parametrize(("is_serial", "order"), [(True, ["1", "1", "2"]), (False, ["1", "2", "1"])])
async def test_events_of_a_room_overtake_one_that_failed_unless_they_wait(is_serial: bool, order: list[str]) -> None:
    async with sending(is_serial=is_serial, pauses_s=(0.2,)) as one:
        one.receiver.statuses = [503]
        one.deliveries.send("room", b"1")
        one.deliveries.send("room", b"2")
        await one.settled(2)
        assert [body.decode() for body in one.receiver.bodies] == order


async def test_a_body_is_packed_after_it_was_signed() -> None:
    async with sending(pack=lambda body: body[::-1]) as one:
        one.deliveries.send("room", b"abc")
        await one.settled(1)
        assert (one.attempts[0].body, one.receiver.bodies) == (b"abc", [b"cba"])


async def test_where_nobody_listens_it_is_tried_again() -> None:
    async with sending("http://127.0.0.1:1/") as one:
        one.deliveries.send("room", b"{}")
        await one.settled(1)
        assert (one.outcomes, one.deliveries.counts.dropped) == (["unreachable"] * 3, 1)


async def test_who_does_not_answer_in_time_has_not_taken_it() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server, sending(f"http://{host}:{port}/", goes_on=False, timeout_s=0.1) as one:
        one.deliveries.send("room", b"{}")
        await one.settled(1)
        assert one.outcomes == ["timeout"]


async def test_nothing_is_kept_of_rooms_from_which_nothing_is_on_its_way() -> None:
    async with sending() as one:
        for number in range(20):
            one.deliveries.send(f"room-{number // 2}", b"{}")
        await one.settled(20)
        assert len(one.receiver.bodies) == 20
        await asyncio.sleep(0)
        assert not one.deliveries._turns


async def visit(cloud: RunningCloud, visits: int = 1) -> None:
    """Six events each."""
    for number in range(visits):
        joined = await cloud.order("join", user=f"u-{number}", streams=["camera", "screen"])
        await cloud.order("leave", connection=joined["connection"])


async def test_on_request_events_come_twice() -> None:
    async with running(disorder=Disorder(duplicate=1), speed=FAST) as cloud:
        await cloud.order("join", user="u-1", streams=["camera", "screen"])
        assert (await cloud.settled())["acknowledged"] == 8
        assert sorted(cloud.receiver.bodies) == sorted([*set(cloud.receiver.bodies)] * 2)


@pytest.mark.parametrize("disorder", [Disorder(late=0.5), Disorder(shuffle=0.5)])
async def test_on_request_events_come_out_of_order(disorder: Disorder) -> None:
    async with running(disorder=disorder, speed=20) as cloud:
        await visit(cloud, 5)
        await cloud.settled()
        # The rooms may have closed by now: that depends on how quick this machine is.
        told = [event for event in cloud.events if event["event"] != "sessionDestroyed"]
        times = [event["timestamp"] for event in told]
        assert times != sorted(times)
        assert len({json.dumps(event) for event in told}) == len(told) == 35
