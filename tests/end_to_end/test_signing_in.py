"""A moderator signs in with a code at a real gateway, goes on with new tokens, and is signed out."""

import asyncio
from pathlib import Path

import pytest

from moderator.client.access import AccessClient
from moderator.client.errors import SignedOut
from moderator.client.sign_in import SignIn
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.gateway.sign_in import device_grants, signing_in
from moderator.http import HttpClient
from moderator.tasks import TaskScope
from tests.fakes.gateway import GatewayServed, bearer


async def test_from_the_code_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (device_grants, signing_in):
        monkeypatch.setattr(module, "INTERVAL_S", 1)
    async with GatewayServed(tmp_path) as gateway, HttpClient() as http, TaskScope() as tasks:
        url = f"http://127.0.0.1:{gateway.address[1]}"
        admin = AccessClient(url, FixedToken(bearer(name="ada").removeprefix("Bearer ")), http)
        sign_in = SignIn(url, http, SystemClock())
        offer = await sign_in.offer()
        code = await sign_in.begin(offer)

        async def approve() -> None:
            await admin.approve(code.user_code, "Maya", ["rooms:read"], ["clinic/*"])

        tasks.start("approval", approve())
        async with asyncio.timeout(10):
            granted = await sign_in.granted(offer, code)
        renewed = await sign_in.renewed(offer, granted.refresh_token)
        assert renewed.refresh_token != granted.refresh_token
        mine = AccessClient(url, FixedToken(renewed.access_token), http)
        await mine.sign_out()
        with pytest.raises(SignedOut):
            await mine.sign_out()
        with pytest.raises(SignedOut):
            await sign_in.renewed(offer, renewed.refresh_token)
        await sign_in.revoke(offer, renewed.refresh_token)
