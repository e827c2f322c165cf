"""Tokens that are taken away: refused at once, everywhere, for as long as they would have counted."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest

from moderator.domain.accounting import TokenRevoked
from moderator.feed.messages import EventsFrame
from tests.fakes.builders import joined
from tests.fakes.gateway import GatewayInProcess, GatewayServed, bearer
from tests.gateway.sign_in.signing_in import ADMIN, a_gateway, refresh, signed_in, status_with


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with a_gateway(tmp_path) as gateway:
        yield gateway


def jti_of(token: str) -> str:
    jti: str = jwt.decode(token.removeprefix("Bearer "), options={"verify_signature": False})["jti"]
    return jti


async def test_signing_out(gateway: GatewayInProcess) -> None:
    mine, other = bearer(["rooms:read"]), bearer(["rooms:read"])
    answer = await gateway.order("DELETE", "/v1/session", Authorization=mine)
    assert answer.status_code == 200
    assert await status_with(gateway, mine.removeprefix("Bearer ")) == (401, "token_revoked")
    assert await status_with(gateway, other.removeprefix("Bearer ")) == (200, "")
    (revoked,) = await gateway.logged(TokenRevoked)
    assert revoked.actor.id == "maya"
    assert answer.json()["seq"] > 0


async def test_signing_out_ends_the_refresh_token_too(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    await gateway.order("DELETE", "/v1/session", Authorization=f"Bearer {tokens['access_token']}")
    assert (await refresh(gateway, tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_somebody_elses_token_by_its_id(gateway: GatewayInProcess) -> None:
    stolen = bearer(["rooms:read"])
    assert (await gateway.order("DELETE", f"/v1/tokens/{jti_of(stolen)}", Authorization=stolen)).status_code == 403
    answer = await gateway.order("DELETE", f"/v1/tokens/{jti_of(stolen)}", Authorization=ADMIN)
    assert answer.status_code == 200
    assert await status_with(gateway, stolen.removeprefix("Bearer ")) == (401, "token_revoked")


async def test_one_token_of_a_sign_in_stands_for_all_of_it(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    renewed = (await refresh(gateway, tokens["refresh_token"])).json()
    await gateway.order("DELETE", f"/v1/tokens/{jti_of(tokens['access_token'])}", Authorization=ADMIN)
    assert await status_with(gateway, renewed["access_token"]) == (401, "token_revoked")
    assert (await refresh(gateway, renewed["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("jti", ["x" * 201, "~", "a%2Fb"])
async def test_what_is_no_id(gateway: GatewayInProcess, jti: str) -> None:
    answer = await gateway.order("DELETE", f"/v1/tokens/{jti}", Authorization=ADMIN)
    assert answer.status_code == 404
    assert gateway.gateway.ledger.state.revoked == {}


async def test_it_is_remembered_over_a_restart(tmp_path: Path) -> None:
    mine = bearer(["rooms:read"])
    async with a_gateway(tmp_path) as gateway:
        await gateway.order("DELETE", "/v1/session", Authorization=mine)
    async with a_gateway(tmp_path) as gateway:
        assert await status_with(gateway, mine.removeprefix("Bearer ")) == (401, "token_revoked")


async def test_an_open_feed_ends_at_once_and_others_go_on(tmp_path: Path) -> None:
    async with GatewayServed(tmp_path) as gateway:
        mine = bearer(["rooms:read"], name="thief")
        async with gateway.feed() as others, gateway.feed(header=mine) as frames:
            await anext(frames)
            await anext(others)
            async with asyncio.timeout(20):
                answer = await gateway.http.delete(f"/v1/tokens/{jti_of(mine)}")
                assert answer.status_code == 200
                after = [frame async for frame in frames]
            assert not any(isinstance(frame, EventsFrame) for frame in after)
            await gateway.tell(joined("c1", gateway.clock.now_ms()))
            async with asyncio.timeout(20):
                assert (await anext(others)).seq > 0
        refused = await gateway.http.get("/v1/feed", headers={"Authorization": mine})
        assert refused.json()["code"] == "token_revoked"
