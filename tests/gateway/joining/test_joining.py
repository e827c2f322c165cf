"""What is wrong with a request for credentials, or with the platform, is told to whoever asked."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.announcements import RoomOpened
from moderator.providers.errors import Forbidden, RateLimited, Rejected, Unavailable
from tests.fakes.gateway import GatewayInProcess
from tests.gateway.joining.backend import VISIT, asked


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        yield gateway


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_body"),
        ({"user": ""}, "invalid_body"),
        ({"user": "  "}, "invalid_body"),
        ({"user": " u-1"}, "invalid_body"),
        ({"user": 17}, "invalid_body"),
        ({"user": "\u200b\u2060"}, "invalid_body"),
        ({"user": "\u3164\ufe0f"}, "invalid_body"),
        ({"user": "u1\u202e"}, "invalid_body"),
        ({"user": "\u2066u1"}, "invalid_body"),
        ({"user": "u" * 201}, "invalid_body"),
        ({"user": "u", "name": "a\nb"}, "invalid_body"),
        ({"user": "u", "role": "x" * 201}, "invalid_body"),
        ({"user": "u", "moderator": True}, "invalid_body"),
    ],
)
async def test_what_cannot_be_a_person_is_refused(gateway: GatewayInProcess, body: Any, code: str) -> None:
    assert [(status, problem["code"]) for status, problem in [await asked(gateway, body)]] == [(422, code)]
    assert gateway.provider.opened == []


async def test_a_token_opens_only_what_it_is_for(gateway: GatewayInProcess) -> None:
    assert (await asked(gateway, scopes=["rooms:read"]))[1]["code"] == "missing_scope"
    assert (await asked(gateway, scopes=["join:issue"], rooms=["clinic/other-*"]))[0] == 404
    assert (await asked(gateway, scopes=["join:issue"], rooms=["clinic/appt-*"]))[0] == 200
    assert (await asked(gateway, path="/v1/join/elsewhere/appt-17"))[1]["code"] == "unknown_source"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Unavailable("Nobody answers."), 503, "provider_unavailable"),
        (Forbidden("Our credentials are wrong."), 502, "provider_forbidden"),
        (Rejected("That name is too long."), 422, "provider_rejected"),
    ],
)
async def test_the_platform_s_trouble_is_told(
    gateway: GatewayInProcess, error: Exception, status: int, code: str
) -> None:
    for _ in range(2):  # for the room, then for the credentials
        gateway.provider.errors = [error]
        got, problem = await asked(gateway)
        assert (got, problem["code"], problem["detail"]) == (status, code, str(error))
        await asked(gateway)
    assert len(await gateway.logged(RoomOpened)) == 1


async def test_a_platform_that_does_not_answer_is_not_waited_for(gateway: GatewayInProcess) -> None:
    gateway.provider.hangs = True
    asking = asyncio.ensure_future(asked(gateway))
    await gateway.advance(11_000)
    status, problem = await asking
    assert (status, problem["code"]) == (503, "provider_unavailable")


async def test_a_pause_that_the_platform_wants_is_kept(gateway: GatewayInProcess) -> None:
    gateway.provider.errors = [RateLimited("The platform asks for a pause.", 60)]
    assert (await asked(gateway))[1]["code"] == "rate_limited"
    status, problem = await asked(gateway)
    assert (status, problem["code"]) == (503, "rate_limited")
    assert "a pause of 60 s" in problem["detail"]
    assert len(gateway.provider.opened) == 1
    await gateway.advance(60_000)
    assert (await asked(gateway))[0] == 200


async def test_where_nobody_gives_credentials_the_reason_is_told(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, VISIT, missing=["join"]) as gateway:
        status, problem = await asked(gateway)
        assert (status, problem["code"], problem["detail"]) == (409, "not_supported", "there is no join here")
