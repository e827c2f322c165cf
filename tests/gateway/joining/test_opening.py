"""The room of a name: made for the first who asks, whoever else asks at the same time, and found by all others."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from moderator.domain.announcements import RoomOpened
from moderator.domain.events import DecisionRefused
from moderator.gateway.app import Gateway
from tests.fakes.builders import SOURCE
from tests.fakes.gateway import GatewayInProcess, bearer
from tests.fakes.provider import FakeProvider
from tests.gateway.joining.backend import ANA, JOIN, MADE, VISIT, announce, asked


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        yield gateway


async def test_the_room_is_made_for_the_first_and_found_for_the_others(gateway: GatewayInProcess) -> None:
    first, second = await asked(gateway), await asked(gateway, {"user": "u-2"})
    expected = {"url": "https://fake.example", "room": MADE}
    assert first == (200, {**expected, "token": "token-of-u-1"})
    assert second == (200, {**expected, "token": "token-of-u-2"})
    assert gateway.provider.opened == ["appt-17"]


async def test_two_first_visitors_at_once_meet_in_one_room(gateway: GatewayInProcess) -> None:
    answers = await asyncio.gather(*(asked(gateway, {"user": f"u-{number}"}) for number in range(20)))
    assert {(status, body["room"]) for status, body in answers} == {(200, MADE)}
    assert gateway.provider.opened == ["appt-17"]


async def test_two_gateways_agree_on_the_room_of_the_first_in_the_log(gateway: GatewayInProcess) -> None:
    """Each has made one on the platform; the other of them stays empty, and the log tells of it."""
    other = Gateway(gateway.config, gateway.log, gateway.clock)
    provider = other.sources[SOURCE].provider
    assert isinstance(provider, FakeProvider)
    provider.opened = ["another-name"]
    async with other.running():
        transport = httpx.ASGITransport(other.app)
        headers = {"Authorization": bearer()}
        async with httpx.AsyncClient(transport=transport, base_url="http://other", headers=headers) as http:
            mine, theirs = await asyncio.gather(
                gateway.http.post(JOIN, json=ANA), http.post(JOIN, json={**ANA, "user": "u-2"})
            )
        assert mine.json()["room"] == theirs.json()["room"]
        await gateway.clock.settle()
        made = {event.data.room for event in await gateway.logged(RoomOpened) if isinstance(event.data, RoomOpened)}
        assert made == {"made-1", "made-2"}
        refused = [event.data for event in gateway.read("decision_refused")]
        assert [one.code for one in refused if isinstance(one, DecisionRefused)] == ["already_opened"]


async def test_a_restart_forgets_no_room(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        _, before = await asked(gateway)
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        _, after = await asked(gateway, {"user": "u-2"})
        assert (after["room"], gateway.provider.opened) == (before["room"], [])


async def test_a_room_that_was_announced_is_not_made(gateway: GatewayInProcess) -> None:
    await announce(gateway, room="the-platform-s-own")
    assert (await asked(gateway))[1]["room"] == "the-platform-s-own"
    assert gateway.provider.opened == []


async def test_names_are_no_paths_and_no_members(gateway: GatewayInProcess) -> None:
    rooms = {(await asked(gateway, path=f"/v1/join/clinic/{name}"))[1]["room"] for name in ("__proto__", "constructor")}
    assert rooms == {"made-1", "made-2"}
    odd = await asked(gateway, path="/v1/join/clinic/~Li4vZXQgY8O8")
    assert (odd[0], gateway.provider.opened[-1]) == (200, "../et cü")
