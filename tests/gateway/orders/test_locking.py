"""Locking a room, and letting somebody in all the same."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.domain.events import PersonAllowed, RoomLocked, RoomUnlocked
from moderator.domain.settings import RoomType
from tests.fakes.builders import DAY, joined, left, room_ended
from tests.fakes.gateway import GatewayInProcess, bearer, participant_path, room_path

LOCK = f"{room_path()}/lock"
FULL = RoomType(name="visit", max_people=1, mode="enforce")


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c1b", DAY, user="u1"), joined("anon", DAY))
        await gateway.tell(joined("c2", DAY, user="u2"), left("c2", DAY + 1))
        yield gateway


async def test_who_is_there_is_let_in_again(gateway: GatewayInProcess) -> None:
    for _ in range(2):
        assert (await gateway.order("PUT", LOCK)).status_code == 200
    locked = gateway.room.locked
    assert locked is not None
    assert (locked.people, locked.by, locked.at) == (("anon", "u1"), "maya", DAY)
    assert len(await gateway.logged(RoomLocked)) == 2
    assert len(gateway.read("room_locked")) == 1, "the second changes nothing"


async def test_a_room_is_unlocked_once_and_the_second_agrees(gateway: GatewayInProcess) -> None:
    await gateway.order("PUT", LOCK)
    for _ in range(2):
        assert (await gateway.order("DELETE", LOCK)).status_code == 200
        assert gateway.room.locked is None
    assert len(await gateway.logged(RoomUnlocked)) == 2


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_it_takes_the_scope_and_a_room_that_is_on(gateway: GatewayInProcess, method: str) -> None:
    answer = await gateway.order(method, LOCK, Authorization=bearer(["rooms:read", "rooms:end"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    await gateway.tell(room_ended(DAY + 5))
    answer = await gateway.order(method, LOCK)
    assert (answer.status_code, answer.json()["code"]) == (409, "room_ended")


# --- who was removed is let in again ---------------------------------------------------------------------------------


async def allow(gateway: GatewayInProcess, participant: str) -> tuple[int, str]:
    answer = await gateway.order("POST", f"{participant_path(participant)}/allow")
    return answer.status_code, answer.json().get("code", "")


async def test_the_next_join_of_who_was_removed_stands(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, FULL) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        await gateway.advance(1_000)
        assert gateway.provider.called("disconnect") == ["c2"]
        assert await allow(gateway, "c2") == (200, "")
        await gateway.advance(1_000)
        await gateway.tell(joined("c3", DAY + 2_000, user="u2"))
        assert gateway.provider.called("disconnect") == ["c2"]
        assert (gateway.room.people, gateway.room.violations) == (2, ())


async def test_who_nobody_can_tell_apart_cannot_be_let_in_again(gateway: GatewayInProcess) -> None:
    await gateway.tell(left("anon", DAY + 1))
    assert await allow(gateway, "anon") == (409, "no_identity")
    assert await gateway.logged(PersonAllowed) == []


async def test_a_block_is_lifted_first(gateway: GatewayInProcess) -> None:
    await gateway.order("POST", f"{participant_path('c1')}/disconnect", {"block": True})
    assert await allow(gateway, "c1") == (409, "blocked")
    await gateway.order("DELETE", f"{room_path()}/blocks/u1")
    assert await allow(gateway, "c1") == (200, "")


async def test_a_newcomer_is_kept_out_until_somebody_lets_them_in(gateway: GatewayInProcess) -> None:
    await gateway.order("PUT", LOCK)
    await gateway.advance(1_000)
    await gateway.tell(joined("c3", DAY + 1_000, user="u3"))
    assert gateway.provider.called("disconnect") == ["c3"]
    assert await allow(gateway, "c3") == (200, "")
    await gateway.advance(1_000)
    await gateway.tell(joined("c3b", DAY + 2_000, user="u3"), joined("c1c", DAY + 2_000, user="u1"))
    assert gateway.provider.called("disconnect") == ["c3"]
