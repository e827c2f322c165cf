"""A sign-in at a gateway whose time is the real one at the start: PyJWT knows no other, but it moves with the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from moderator.clock import SystemClock
from moderator.gateway.sign_in.token_endpoint import DEVICE_CODE
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, bearer

ADMIN = bearer(name="ada")
BEHIND_MS = 60_000
"""So much may pass in a test before tokens would be of the future."""


@asynccontextmanager
async def a_gateway(folder: Path, **options: Any) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(folder, clock=FakeClock(SystemClock().now_ms() - BEHIND_MS), **options) as gateway:
        gateway.http.headers.pop("Authorization")
        yield gateway


async def begin(gateway: GatewayInProcess) -> dict[str, Any]:
    answer = await gateway.http.post("/v1/device", data={"client_id": "moderator", "scope": "rooms:read"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def approve(gateway: GatewayInProcess, code: str, header: str = ADMIN, **changes: Any) -> httpx.Response:
    body = {"user_code": code, "name": "Maya", "scopes": ["rooms:read"], "rooms": ["clinic/*"], **changes}
    return await gateway.order("POST", "/v1/device/approve", body, Authorization=header)


async def poll(gateway: GatewayInProcess, device_code: str) -> httpx.Response:
    """After the time that has to pass."""
    await gateway.advance(5_000)
    return await token(gateway, grant_type=DEVICE_CODE, device_code=device_code)


async def token(gateway: GatewayInProcess, **form: str) -> httpx.Response:
    answer = await gateway.http.post("/v1/token", data=form)
    await gateway.clock.settle()
    return answer


async def refresh(gateway: GatewayInProcess, refresh_token: str) -> httpx.Response:
    return await token(gateway, grant_type="refresh_token", refresh_token=refresh_token)


async def signed_in(gateway: GatewayInProcess, **changes: Any) -> dict[str, Any]:
    """The tokens of somebody whom the administrator has let in."""
    codes = await begin(gateway)
    assert (await approve(gateway, codes["user_code"], **changes)).status_code == 200
    answer = await poll(gateway, codes["device_code"])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def status_with(gateway: GatewayInProcess, token: str) -> tuple[int, str]:
    """How a request with this token is answered: the status and the code of the problem."""
    answer = await gateway.http.get("/v1/rooms", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json().get("code", "")
