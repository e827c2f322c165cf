"""Who has to go is told why: once, quickly or not at all, and moderators see whether it worked."""

import logging
from pathlib import Path

import pytest

from moderator.domain.events import DisconnectConfirmed
from moderator.domain.settings import RoomType
from moderator.providers.errors import RateLimited, Unavailable
from tests.fakes.builders import DAY, joined
from tests.fakes.gateway import GatewayInProcess, participant_path

VISIT = RoomType(name="visit", max_people=1, tell=("removal",), mode="enforce")


def calls(gateway: GatewayInProcess) -> list[tuple[str, str]]:
    return [(one.name, one.target.participant) for one in gateway.provider.calls]


def told(gateway: GatewayInProcess) -> list[bool | None]:
    return [
        event.data.told for event in gateway.read("disconnect_confirmed") if isinstance(event.data, DisconnectConfirmed)
    ]


async def one_too_many(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY + 1, user="u2"))
    await gateway.advance(5_000)


async def test_the_reason_comes_before_the_end(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        await one_too_many(gateway)
        assert calls(gateway) == [("tell", "c2"), ("disconnect", "c2")]
        assert gateway.provider.calls[0].argument == "You are being disconnected: this session is full."
        assert told(gateway) == [True]


async def test_so_it_is_when_a_moderator_orders_it(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.order("POST", f"{participant_path('c1')}/disconnect", {"reason": "conduct"})
        assert calls(gateway) == [("tell", "c1"), ("disconnect", "c1")]
        assert told(gateway) == [True]


@pytest.mark.parametrize(
    ("visit", "missing"), [(VISIT, ["tell"]), (RoomType(name="visit", max_people=1, mode="enforce"), [])]
)
async def test_where_it_is_not_wanted_or_not_possible_it_is_not_tried(
    tmp_path: Path, visit: RoomType, missing: list[str]
) -> None:
    async with GatewayInProcess(tmp_path, visit, missing=missing) as gateway:
        await one_too_many(gateway)
        assert (calls(gateway), told(gateway)) == ([("disconnect", "c2")], [None])


async def test_who_cannot_be_told_goes_all_the_same(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        gateway.provider.errors = [Unavailable("no connection"), Unavailable("no connection")]
        await one_too_many(gateway)
        assert calls(gateway) == [("tell", "c2"), ("disconnect", "c2"), ("disconnect", "c2")], "told once at most"
        assert told(gateway) == [False]


async def test_nobody_stays_longer_because_the_platform_is_slow(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        gateway.provider.hangs = True
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY + 1, user="u2"))
        await gateway.advance(1_900)
        assert calls(gateway) == [("tell", "c2")]
        gateway.provider.hangs = False
        await gateway.advance(200)
        assert calls(gateway) == [("tell", "c2"), ("disconnect", "c2")]
        assert told(gateway) == [False]


async def test_the_pause_that_the_platform_asks_for_is_kept(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        gateway.provider.errors = [RateLimited("slowly", 3)]
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY + 1, user="u2"))
        await gateway.advance(2_900)
        assert calls(gateway) == [("tell", "c2")]
        await gateway.advance(200)
        assert calls(gateway) == [("tell", "c2"), ("disconnect", "c2")]


async def test_a_fault_in_a_providers_code_keeps_nobody_in_the_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        gateway.provider.errors = [ZeroDivisionError("a fault")]
        await one_too_many(gateway)
        assert (calls(gateway), told(gateway)) == ([("tell", "c2"), ("disconnect", "c2")], [False])
    assert [one.levelno for one in caplog.records if "failed in the provider's code" in one.message] == [logging.ERROR]
    caplog.clear()
