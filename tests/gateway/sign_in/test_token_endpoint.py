"""Tokens for a sign-in, and new ones for old."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest

from moderator.domain.accounting import TokenIssued
from moderator.domain.events import AccessDenied
from moderator.gateway.sign_in.token_endpoint import ACCESS_TTL_S, DEVICE_CODE
from tests.fakes.gateway import GatewayInProcess
from tests.gateway.sign_in.signing_in import a_gateway, begin, refresh, signed_in, status_with, token


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with a_gateway(tmp_path) as gateway:
        yield gateway


async def test_the_tokens_are_of_the_form_that_clients_expect(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", ACCESS_TTL_S)
    assert jwt.get_unverified_header(tokens["access_token"])["typ"] == "mod+jwt"
    assert jwt.get_unverified_header(tokens["refresh_token"])["typ"] == "refresh+jwt"
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == ACCESS_TTL_S
    assert claims["exp"] > time.time()


async def test_what_was_issued_is_in_the_audit_in_the_name_of_who_approved(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    (issued,) = await gateway.logged(TokenIssued)
    assert isinstance(issued.data, TokenIssued)
    assert (issued.data.jti, issued.data.subject) == (claims["jti"], "Maya")
    assert (issued.data.scopes, issued.data.rooms) == (("rooms:read",), ("clinic/*",))
    assert issued.data.expires_at == claims["exp"] * 1000
    assert (issued.actor.kind, issued.actor.id) == ("moderator", "ada")
    await refresh(gateway, tokens["refresh_token"])
    assert (await gateway.logged(TokenIssued))[-1].actor.id == "Maya"


async def test_a_refresh_token_gives_new_ones_that_allow_the_same(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    renewed = (await refresh(gateway, tokens["refresh_token"])).json()
    assert renewed["access_token"] != tokens["access_token"]
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert await status_with(gateway, renewed["access_token"]) == (200, "")
    assert await status_with(gateway, tokens["access_token"]) == (200, ""), "the old one lives out its minutes"
    me = await gateway.http.get("/v1/me", headers={"Authorization": f"Bearer {renewed['access_token']}"})
    assert (me.json()["scopes"], me.json()["rooms"], me.json()["id"]) == (["rooms:read"], ["clinic/*"], "Maya")
    assert (await refresh(gateway, renewed["refresh_token"])).status_code == 200


async def test_a_refresh_token_that_comes_again_ends_the_whole_sign_in(gateway: GatewayInProcess) -> None:
    tokens, other = await signed_in(gateway), await signed_in(gateway)
    renewed = (await refresh(gateway, tokens["refresh_token"])).json()
    again = await refresh(gateway, tokens["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    for access_token in (tokens["access_token"], renewed["access_token"]):
        assert await status_with(gateway, access_token) == (401, "token_revoked")
    assert (await refresh(gateway, renewed["refresh_token"])).json()["error"] == "invalid_grant"
    assert await status_with(gateway, other["access_token"]) == (200, "")
    reasons = [one.data.reason for one in await gateway.logged(AccessDenied) if isinstance(one.data, AccessDenied)]
    assert "a used refresh token came again" in reasons


async def test_a_family_that_was_revoked_outlives_all_of_its_tokens(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    await gateway.advance(40_000)
    newest = (await refresh(gateway, tokens["refresh_token"])).json()
    await refresh(gateway, tokens["refresh_token"])
    claims = jwt.decode(newest["refresh_token"], options={"verify_signature": False})
    until = gateway.gateway.ledger.state.revoked[claims["fam"]]
    assert until is not None
    assert until >= claims["exp"] * 1000


async def test_a_reuse_is_known_after_a_day_and_a_restart(tmp_path: Path) -> None:
    async with a_gateway(tmp_path) as gateway:
        tokens = await signed_in(gateway)
        renewed = (await refresh(gateway, tokens["refresh_token"])).json()
    async with a_gateway(tmp_path) as gateway:
        gateway.gateway.ledger.state.verdicts.clear()
        assert (await refresh(gateway, tokens["refresh_token"])).json()["error"] == "invalid_grant"
        assert await status_with(gateway, renewed["access_token"]) == (401, "token_revoked")


async def test_of_two_at_once_one_at_most_gets_tokens(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    answers = await asyncio.gather(*(refresh(gateway, tokens["refresh_token"]) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400]
    (winner,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert await status_with(gateway, winner["access_token"]) == (401, "token_revoked"), "one of them was a thief"


async def test_kinds_of_token_are_not_interchangeable(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    assert (await refresh(gateway, tokens["access_token"])).json()["error"] == "invalid_grant"
    assert await status_with(gateway, tokens["refresh_token"]) == (401, "bad_token")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password", "username": "maya", "password": "x"}, "unsupported_grant_type"),
        ({"grant_type": DEVICE_CODE}, "invalid_request"),
        ({"grant_type": DEVICE_CODE, "device_code": "unknown"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x.y.z"}, "invalid_grant"),
    ],
)
async def test_what_is_refused(gateway: GatewayInProcess, form: dict[str, str], error: str) -> None:
    answer = await gateway.http.post(
        "/v1/token", data=form, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"


async def test_who_asks_too_often_is_slowed_down(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    answer = await token(gateway, grant_type=DEVICE_CODE, device_code=codes["device_code"])
    assert answer.json()["error"] == "slow_down"


async def test_signing_out_with_a_refresh_token_ends_all_of_the_sign_in(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    for _ in range(2):
        assert (await gateway.http.post("/v1/revoke", data={"token": tokens["refresh_token"]})).status_code == 200
    assert await status_with(gateway, tokens["access_token"]) == (401, "token_revoked")
    assert (await refresh(gateway, tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_signing_out_with_nonsense_is_no_error_and_no_effect(gateway: GatewayInProcess) -> None:
    tokens = await signed_in(gateway)
    for nonsense in ("x", tokens["access_token"]):
        assert (await gateway.http.post("/v1/revoke", data={"token": nonsense})).status_code == 200
    assert await status_with(gateway, tokens["access_token"]) == (200, "")
    assert gateway.gateway.ledger.state.revoked == {}
