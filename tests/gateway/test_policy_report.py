"""`GET /v1/policies/report`: what policies would have done, and nothing that they did."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from moderator.domain.events import DeadlineSet, Event, StreamPublished, TimeExpired, ViolationFound
from moderator.domain.proposals import POLICY
from moderator.domain.settings import MINUTE_MS, Mode, OnExpiry, RoomType
from moderator.gateway.policy_report import Standing
from tests.fakes.builders import DAY, a_decision, a_fact, joined, left, published, unpublished
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, bearer, joined_in, participant_path

HOUR_MS = 60 * MINUTE_MS
OBSERVED = RoomType(
    name="visit", duration_ms=HOUR_MS, max_people=1, screen_share=("advisor",), wrong_share="mute", mode="observe"
)
REPORT = "/v1/policies/report"


async def report(gateway: GatewayInProcess, hours: str = "24", **token: Any) -> Any:
    answer = await gateway.order("GET", f"{REPORT}?hours={hours}", Authorization=bearer(**token))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def crowd(gateway: GatewayInProcess) -> None:
    """Anna, and Bert, who is one too many and shares a screen."""
    await gateway.tell(joined("c1", DAY, user="anna"), joined("c2", DAY + 1, user="bert"))
    await gateway.tell(published("c2", "s", DAY + 2, kind="screen"))


async def test_everything_that_would_have_been_done(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, OBSERVED, missing=["stop_stream"]) as gateway:
        await crowd(gateway)
        await gateway.advance(HOUR_MS + MINUTE_MS)
        found = await report(gateway)
        assert gateway.provider.calls == []
    common = {"source": "clinic", "room": "room-1", "room_name": "room-1", "type": "visit"}
    about = {**common, "at": DAY, "participant": "c2", "user": "bert"}
    assert found["actions"] == [
        {**about, "policy": "max_people", "reason": "room_full", "would": "disconnect"},
        {**about, "policy": "screen_share", "reason": "wrong_share", "would": "mute"},
    ]
    assert found["totals"] == [
        {"policy": "max_people", "reason": "room_full", "count": 1},
        {"policy": "screen_share", "reason": "wrong_share", "count": 1},
    ]
    (limit,) = found["time_limits"]
    assert abs(limit.pop("at") - (DAY + HOUR_MS)) < 10
    assert limit == {**common, "deadline_version": 1, "people": 2, "would": "disconnect"}


async def test_what_was_enforced_is_not_in_it(tmp_path: Path) -> None:
    enforced = RoomType(name="visit", duration_ms=HOUR_MS, max_people=1, mode="enforce")
    async with GatewayInProcess(tmp_path, enforced) as gateway:
        await crowd(gateway)
        await gateway.advance(HOUR_MS + MINUTE_MS)
        found = await report(gateway)
    assert (found["actions"], found["totals"], found["time_limits"]) == ([], [], [])


async def test_each_finding_is_counted_once_also_across_a_restart(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, OBSERVED, clock=clock) as gateway:
        await crowd(gateway)
        await gateway.tell(unpublished("c2", "s", DAY + 3), published("c2", "t", DAY + 4, kind="screen"))
        rooms = gateway.provider.rooms
    async with GatewayInProcess(tmp_path, OBSERVED, clock=clock, rooms=rooms) as gateway:
        found = await report(gateway)
    assert [(one["policy"], one["count"]) for one in found["totals"]] == [("max_people", 1), ("screen_share", 2)]


async def test_only_the_last_hours_are_told(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, OBSERVED) as gateway:
        await crowd(gateway)
        await gateway.advance(2 * HOUR_MS)
        assert len((await report(gateway, "3"))["actions"]) == 2
        found = await report(gateway, "1")
        assert (found["actions"], found["until"] - found["since"]) == ([], HOUR_MS)


async def test_a_token_reads_of_its_rooms_only(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, OBSERVED) as gateway:
        await crowd(gateway)
        await gateway.tell(joined_in("other", "x", DAY, user="x"), joined_in("other", "y", DAY + 1, user="y"))
        assert len((await report(gateway))["actions"]) == 3
        found = await report(gateway, rooms=["clinic/other"])
        assert [one["participant"] for one in found["actions"]] == ["y"]
        assert found["totals"] == [{"policy": "max_people", "reason": "room_full", "count": 1}]
        answer = await gateway.order("GET", REPORT, Authorization=bearer(scopes=["rooms:read"]))
        assert answer.status_code == 403


@pytest.mark.parametrize("hours", ["", "0", "-1", "745", "1.5", "9" * 5000, "a"])
async def test_hours_that_are_none_are_refused(tmp_path: Path, hours: str) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        answer = await gateway.order("GET", f"{REPORT}?hours={hours}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_hours")


async def test_who_was_allowed_meanwhile_was_objected_to_all_the_same(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, OBSERVED) as gateway:
        await gateway.tell(joined("c1", DAY, user="anna"), joined("c2", DAY + 1, user="bert"))
        await gateway.order("POST", f"{participant_path('c2')}/allow")
        assert len((await report(gateway))["actions"]) == 1


async def test_what_lost_its_slot_is_not_in_it_however_long_ago(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, OBSERVED) as gateway:
        await gateway.tell(joined("c1", DAY, user="anna"))
        await gateway.order("POST", f"{participant_path('c1')}/allow")
        found = ViolationFound(policy="max_people", participant="c1", user="anna", reason="room_full")
        (verdict,) = await gateway.gateway.ledger.propose([a_decision(found, DAY, by=POLICY)])
        assert verdict.code == "allowed"
        for _ in range(2):
            assert (await report(gateway, "100"))["actions"] == []
            gateway.clock.step(27 * HOUR_MS)  # the fold forgets what became of it
            await gateway.tell(joined_in("elsewhere", "x", gateway.clock.now_ms()))


async def test_a_finding_that_lost_hides_none_that_stands(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, OBSERVED) as gateway:
        await gateway.tell(joined("c1", DAY, user="anna"))
        stale, right = (a_decision(TimeExpired(deadline_version=2, people=1), DAY, key=key) for key in range(2))
        assert (await gateway.gateway.ledger.propose([stale]))[0].code == "stale"
        await gateway.gateway.ledger.propose([a_decision(DeadlineSet(version=2, ends_at=DAY), DAY)])
        assert (await gateway.gateway.ledger.propose([right]))[0].code == ""
        (limit,) = (await report(gateway))["time_limits"]
    assert limit["deadline_version"] == 2


async def test_where_nobody_was_there_nothing_would_have_been_done(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, OBSERVED) as gateway:
        await gateway.tell(joined("c1", DAY, user="anna"), left("c1", DAY + 1))
        await gateway.gateway.ledger.propose([a_decision(TimeExpired(deadline_version=1), DAY)])
        assert len(gateway.read("time_expired")) == 1
        assert (await report(gateway))["time_limits"] == []


@pytest.mark.parametrize(("mode", "on_expiry"), [("enforce", "alert"), ("off", "disconnect")])
async def test_a_type_that_is_not_observed_and_ends_nothing_is_not_in_it(
    tmp_path: Path, mode: Mode, on_expiry: OnExpiry
) -> None:
    type_ = replace(OBSERVED, mode=mode, max_people=None, screen_share=None, on_expiry=on_expiry)
    async with GatewayInProcess(tmp_path, type_) as gateway:
        await gateway.tell(joined("c1", DAY, user="anna"))
        await gateway.advance(HOUR_MS + MINUTE_MS)
        assert len(gateway.read("time_expired")) == 1
        assert (await report(gateway))["time_limits"] == []


def test_other_events_are_no_findings() -> None:
    shared: Event = a_fact(StreamPublished(participant="p", stream="s"), DAY)
    assert not Standing().takes(shared)
