"""How Stream delivers, and how its calls are named."""

import gzip
import json

import pytest

from moderator.simulator.delivery import Outcome
from moderator.simulator.stream.platform import Stream, tries_again
from tests.simulator.stream.running import API_KEY, an_account, running

FAST = 20
"""A webhook is lost after three quarters of a second."""


@pytest.mark.parametrize(
    ("outcome", "attempts"),
    [(503, 3), (500, 3), (429, 3), (408, 3), (404, 1), (302, 1), ("unreachable", 2), ("timeout", 3)],
)
def test_what_failed_is_tried_again_a_few_times(outcome: Outcome, attempts: int) -> None:
    made = 1
    while tries_again(outcome, made):
        made += 1
    assert made == attempts


@pytest.mark.parametrize(
    ("name", "cid"),
    [("lesson-7", "lesson:7"), ("follow-up-12", "follow-up:12"), ("lesson", "default:lesson"), ("", "default:0f")],
)
def test_a_room_is_a_call_of_a_type(name: str, cid: str) -> None:
    assert Stream(an_account()).make_room_id(name, 1, "0f") == cid


async def test_a_webhook_has_the_same_name_in_every_attempt() -> None:
    async with running(speed=FAST) as cloud:
        cloud.receiver.statuses = [503, 204]
        await cloud.order("join", user="u-1", room_name="lesson-7", streams=[])
        counts = await cloud.settled()
        assert (counts["sent"], counts["acknowledged"], counts["retried"]) == (4, 4, 1)
        named = [(one["x-webhook-id"], one["x-webhook-attempt"]) for one in cloud.receiver.headers]
        assert sorted(attempt for _, attempt in named) == ["1", "1", "1", "1", "2"]
        assert len({name for name, _ in named}) == 4
        assert {one["x-api-key"] for one in cloud.receiver.headers} == {API_KEY}


async def test_after_fifteen_seconds_it_is_lost() -> None:
    async with running(speed=FAST) as cloud:
        cloud.receiver.statuses = [503] * 100
        await cloud.order("join", user="u-1", room_name="lesson-7", streams=[])
        counts = await cloud.settled()
        assert (counts["sent"], counts["dropped"]) == (4, 4)
        assert counts["retried"] <= 8


async def test_bodies_are_compressed_on_request() -> None:
    async with running(compresses=True) as cloud:
        await cloud.order("join", user="u-1", room_name="lesson-7", streams=[])
        await cloud.settled()
        (first, *_) = cloud.receiver.bodies
        assert json.loads(gzip.decompress(first))["type"] == "call.created"
        assert cloud.receiver.headers[0]["content-encoding"] == "gzip"


@pytest.mark.parametrize(("dates", "kinds"), [("rfc3339", {str}), ("ns", {int}), ("both", {str, int})])
async def test_dates_come_in_the_form_that_was_asked_for(dates: str, kinds: set[type]) -> None:
    async with running(dates=dates) as cloud:
        await cloud.order("join", user="u-1", room_name="lesson-7", streams=[])
        await cloud.settled()
        assert {type(event["created_at"]) for event in cloud.events} == kinds
