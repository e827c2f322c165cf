"""A moderator says which room they look at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.domain.events import ViewingEnded, ViewingStarted
from moderator.domain.rooms import Room
from moderator.gateway.orders.viewing import CHANGES_AT_ONCE
from tests.fakes.builders import DAY, joined, room_ended
from tests.fakes.gateway import GatewayInProcess, bearer, joined_in, room_path


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined_in("room-2", "c2", DAY))
        yield gateway


async def order(gateway: GatewayInProcess, method: str, room: str = "room-1", **token: str) -> int:
    return (await gateway.order(method, f"{room_path(room)}/viewing", **token)).status_code


def ids(room: Room | None) -> list[str]:
    assert room is not None
    return [one.id for one in room.viewers]


async def test_looking_is_written_down_with_the_name_of_the_token(gateway: GatewayInProcess) -> None:
    assert await order(gateway, "PUT") == 200
    (viewer,) = gateway.room.viewers
    assert (viewer.id, viewer.name, viewer.at) == ("maya", "maya", DAY)
    assert await order(gateway, "DELETE") == 200
    assert ids(gateway.room) == []


async def test_the_other_room_is_left_in_the_same_entry(gateway: GatewayInProcess) -> None:
    await order(gateway, "PUT")
    await order(gateway, "PUT", "room-2")
    assert (ids(gateway.room), ids(gateway.known("room-2"))) == ([], ["maya"])
    (started,) = [one for one in gateway.read("viewing_started") if one.room == "room-2"]
    (ended,) = gateway.read("viewing_ended")
    assert ended.seq == started.seq


async def test_the_same_again_is_news_after_a_minute_only(gateway: GatewayInProcess) -> None:
    for _ in range(3):
        await order(gateway, "PUT")
    assert len(await gateway.logged(ViewingStarted)) == 1
    await gateway.advance(60_000)
    await order(gateway, "PUT")
    assert [one.at for one in gateway.room.viewers] == [DAY + 60_000]


async def test_looking_away_from_what_one_does_not_look_at_says_nothing(gateway: GatewayInProcess) -> None:
    assert await order(gateway, "DELETE") == 200
    assert await gateway.logged(ViewingEnded) == []


async def test_the_version_of_the_room_stays_and_no_decision_follows(gateway: GatewayInProcess) -> None:
    version = gateway.room.version
    await order(gateway, "PUT")
    await gateway.advance(1_000)
    assert gateway.room.version == version


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_it_takes_the_scope_and_a_room_within_the_patterns(gateway: GatewayInProcess, method: str) -> None:
    assert await order(gateway, method, Authorization=bearer(["rooms:read"])) == 403
    assert await order(gateway, method, Authorization=bearer(rooms=["clinic/other"])) == 404
    assert await order(gateway, method, "nowhere") == 404


async def test_a_room_that_has_ended_can_be_looked_at(gateway: GatewayInProcess) -> None:
    await gateway.tell(room_ended(DAY + 5))
    assert await order(gateway, "PUT") == 200
    assert ids(gateway.room) == ["maya"]


async def test_a_repeat_after_a_move_changes_nothing(gateway: GatewayInProcess) -> None:
    again = {"Idempotency-Key": "k1"}
    await order(gateway, "PUT", "room-1", **again)
    await order(gateway, "PUT", "room-2")
    assert await order(gateway, "PUT", "room-1", **again) == 200
    assert (ids(gateway.room), ids(gateway.known("room-2"))) == ([], ["maya"])


async def test_who_switches_to_and_fro_without_end_does_not_fill_the_log(gateway: GatewayInProcess) -> None:
    statuses = [await order(gateway, "PUT", f"room-{1 + number % 2}") for number in range(CHANGES_AT_ONCE + 5)]
    assert statuses == [200] * CHANGES_AT_ONCE + [429, 200, 429, 200, 429], "where they are already is no change"
    assert len(await gateway.logged(ViewingStarted)) == CHANGES_AT_ONCE
    assert await order(gateway, "PUT", "room-1", Authorization=bearer(name="ben")) == 200
    await gateway.advance(3_000)
    assert await order(gateway, "PUT", "room-1") == 200
