import asyncio
import hashlib
import random
from typing import Any

import jwt
import pytest

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.simulator.vonage.delivery import Deliveries, Disorder, retry_pauses_s
from moderator.tasks import TaskScope
from tests.simulator.vonage.running import SIGNATURE_SECRET, Receiver, RunningCloud, running, served

FAST = 2000
"""The first retry comes after 2.5 ms."""


def test_a_signed_delivery_is_tried_for_a_day() -> None:
    pauses = list(retry_pauses_s(is_signed=True))
    assert pauses[:9] == [5, 10, 20, 40, 80, 160, 320, 640, 900]
    assert set(pauses[8:]) == {900}
    assert 86_400 - 900 < sum(pauses) <= 86_400
    assert 1 + len(pauses) == 103


def test_an_unsigned_delivery_is_tried_four_times_more() -> None:
    assert list(retry_pauses_s(is_signed=False)) == [5, 10, 20, 40]


async def test_nothing_is_kept_of_sessions_from_which_nothing_is_on_its_way() -> None:
    receiver = Receiver()
    async with served(receiver.app()) as url, HttpClient() as http, TaskScope() as tasks:
        clock, rng = SystemClock(), random.Random(1)
        deliveries = Deliveries(url, lambda body, name: {}, False, clock, http, tasks, rng, Disorder())
        for number in range(20):
            deliveries.send(f"session-{number // 2}", b"{}")
        await receiver.until(lambda: deliveries.counts.acknowledged >= 19)
        while deliveries.counts.acknowledged < 20:
            await asyncio.sleep(0)
        assert len(receiver.bodies) == 20
        await asyncio.sleep(0)
        assert not deliveries._turns


async def visit(cloud: RunningCloud, visits: int = 1) -> None:
    """Six events each."""
    for number in range(visits):
        joined = await cloud.order("join", user=f"u-{number}", streams=["camera", "screen"])
        await cloud.order("leave", connection=joined["connection"])


async def settled(cloud: RunningCloud) -> Any:
    """The counts, when nothing is on its way."""
    while (counts := await cloud.truth("deliveries"))["waiting"]:
        pass
    return counts


async def test_webhooks_come_in_order_and_signed() -> None:
    async with running() as cloud:
        await visit(cloud)
        await cloud.sees("connectionDestroyed")
        names = ["sessionCreated", "connectionCreated", *["streamCreated"] * 2, *["streamDestroyed"] * 2]
        assert [event["event"] for event in cloud.events] == [*names, "connectionDestroyed"]
        received = cloud.receiver
        for body, authorization in zip(received.bodies, received.authorizations, strict=True):
            claims = jwt.decode(authorization.removeprefix("Bearer "), SIGNATURE_SECRET, algorithms=["HS256"])
            assert claims["payload_hash"] == hashlib.sha256(body).hexdigest()
        assert await settled(cloud) == {"sent": 7, "acknowledged": 7, "retried": 0, "dropped": 0, "waiting": 0}


@pytest.mark.parametrize("status", [500, 404, 201, 302])
async def test_whatever_is_not_answered_with_200_is_sent_again(status: int) -> None:
    async with running(speed=FAST) as cloud:
        cloud.receiver.statuses = [status] * 3
        await cloud.order("join", user="u-1", streams=[])
        counts = await settled(cloud)
        assert (counts["sent"], counts["acknowledged"], counts["retried"]) == (2, 2, 3)
        assert len(cloud.receiver.bodies) == 5
        assert len(set(cloud.receiver.bodies)) == 2


async def test_unsigned_events_are_dropped_in_the_end() -> None:
    async with running("opentok", signature_secret="", speed=FAST) as cloud:
        cloud.receiver.statuses = [503] * 10
        await cloud.order("join", user="u-1", streams=[])
        assert await settled(cloud) == {"sent": 2, "acknowledged": 0, "retried": 8, "dropped": 2, "waiting": 0}
        assert set(cloud.receiver.authorizations) == {""}


async def test_a_receiver_that_is_not_there_is_tried_again() -> None:
    async with running("opentok", signature_secret="", webhook="http://127.0.0.1:1/", speed=FAST) as cloud:
        await cloud.order("join", user="u-1", streams=[])
        assert (await settled(cloud))["dropped"] == 2


async def test_on_request_events_come_twice() -> None:
    async with running(disorder=Disorder(duplicate=1), speed=FAST) as cloud:
        await cloud.order("join", user="u-1", streams=["camera", "screen"])
        assert (await settled(cloud))["acknowledged"] == 8
        assert sorted(cloud.receiver.bodies) == sorted([*set(cloud.receiver.bodies)] * 2)


@pytest.mark.parametrize("disorder", [Disorder(late=0.5), Disorder(shuffle=0.5)])
async def test_on_request_events_come_out_of_order(disorder: Disorder) -> None:
    async with running(disorder=disorder, speed=20) as cloud:
        await visit(cloud, 5)
        assert (await settled(cloud))["acknowledged"] == 35
        times = [event["timestamp"] for event in cloud.events]
        assert times != sorted(times)
        assert len(set(cloud.receiver.bodies)) == 35
