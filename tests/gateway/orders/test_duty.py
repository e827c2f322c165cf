"""Going on duty, off it, and handing it over."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.accounting import DutyEnded, DutyStarted
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, bearer

DUTY = "/v1/duty"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        yield gateway


async def on_duty(gateway: GatewayInProcess, method: str, body: Any = None, name: str = "maya") -> list[str]:
    answer = await gateway.order(method, DUTY, body, Authorization=bearer(name=name))
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["on_duty"]]


async def is_on(gateway: GatewayInProcess, name: str) -> bool:
    answer = await gateway.http.get("/v1/me", headers={"Authorization": bearer(["rooms:read"], name=name)})
    return bool(answer.json()["on_duty"])


async def test_everybody_begins_and_ends_their_own(gateway: GatewayInProcess) -> None:
    assert await on_duty(gateway, "GET") == []
    assert await on_duty(gateway, "PUT") == ["maya"]
    assert await on_duty(gateway, "PUT", {"moderator": "zoe"}, name="zoe") == ["maya", "zoe"]
    assert await is_on(gateway, "maya")
    assert await on_duty(gateway, "DELETE") == ["zoe"]
    assert not await is_on(gateway, "maya")


async def test_the_same_again_is_no_second_event(gateway: GatewayInProcess) -> None:
    for method in ("PUT", "PUT", "DELETE", "DELETE"):
        await on_duty(gateway, method)
    assert [type(event.data) for event in await gateway.logged(DutyStarted, DutyEnded)] == [DutyStarted, DutyEnded]


async def test_it_is_handed_over_without_a_moment_in_between(gateway: GatewayInProcess) -> None:
    await on_duty(gateway, "PUT")
    assert await on_duty(gateway, "PUT", {"moderator": "zoe", "name": "Zoe"}) == ["zoe"]
    assert gateway.gateway.ledger.state.on_duty["zoe"].name == "Zoe"
    started, ended = (await gateway.logged(DutyStarted, DutyEnded))[-2:]
    assert (started.seq, started.actor.id) == (ended.seq, "maya")


async def test_who_has_none_hands_none_over(gateway: GatewayInProcess) -> None:
    answer = await gateway.order("PUT", DUTY, {"moderator": "zoe"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_on_duty")


@pytest.mark.parametrize(
    "body", [{"moderator": "x" * 201}, {"moderator": "a\x1b[2J"}, {"moderator": "zoe\u202e"}, {"moderator": " "}]
)
@pytest.mark.parametrize("more", [{}, {"name": "Zoe"}])
async def test_nobody_is_handed_it_whose_id_cannot_be_read(gateway: GatewayInProcess, body: Any, more: Any) -> None:
    await on_duty(gateway, "PUT")
    for asked in (body | more, {"moderator": "zoe", "name": body["moderator"]}):
        answer = await gateway.order("PUT", DUTY, asked)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_moderator")
    assert await on_duty(gateway, "GET") == ["maya"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_it_takes_the_scope_to_watch(gateway: GatewayInProcess, method: str) -> None:
    answer = await gateway.order(method, DUTY, Authorization=bearer(["rooms:read", "rooms:write"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


async def test_a_restart_relieves_nobody(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        await on_duty(gateway, "PUT")
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        assert await on_duty(gateway, "GET") == ["maya"]
