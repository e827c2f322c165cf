"""How Vonage delivers."""

import hashlib

import jwt
import pytest

from moderator.simulator.vonage.platform import retry_pauses_s
from tests.simulator.vonage.running import SIGNATURE_SECRET, running

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


async def test_webhooks_come_in_order_and_signed() -> None:
    async with running() as cloud:
        joined = await cloud.order("join", user="u-1", streams=["camera", "screen"])
        await cloud.order("leave", connection=joined["connection"])
        await cloud.sees("connectionDestroyed")
        names = ["sessionCreated", "connectionCreated", *["streamCreated"] * 2, *["streamDestroyed"] * 2]
        assert [event["event"] for event in cloud.events] == [*names, "connectionDestroyed"]
        received = cloud.receiver
        for body, headers in zip(received.bodies, received.headers, strict=True):
            claims = jwt.decode(
                headers["authorization"].removeprefix("Bearer "), SIGNATURE_SECRET, algorithms=["HS256"]
            )
            assert claims["payload_hash"] == hashlib.sha256(body).hexdigest()
        assert await cloud.settled() == {"sent": 7, "acknowledged": 7, "retried": 0, "dropped": 0, "waiting": 0}


@pytest.mark.parametrize("status", [500, 404, 201, 302])
async def test_whatever_is_not_answered_with_200_is_sent_again(status: int) -> None:
    async with running(speed=FAST) as cloud:
        cloud.receiver.statuses = [status] * 3
        await cloud.order("join", user="u-1", streams=[])
        counts = await cloud.settled()
        assert (counts["sent"], counts["acknowledged"], counts["retried"]) == (2, 2, 3)
        assert len(cloud.receiver.bodies) == 5
        assert len(set(cloud.receiver.bodies)) == 2


async def test_unsigned_events_are_dropped_in_the_end() -> None:
    async with running("opentok", signature_secret="", speed=FAST) as cloud:
        cloud.receiver.statuses = [503] * 10
        await cloud.order("join", user="u-1", streams=[])
        assert await cloud.settled() == {"sent": 2, "acknowledged": 0, "retried": 8, "dropped": 2, "waiting": 0}
        assert not any("authorization" in headers for headers in cloud.receiver.headers)
