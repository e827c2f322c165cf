"""A real gateway whose log's servers are gone: asked to stop it ends soon, and in order."""

import asyncio
import contextlib
import signal
from pathlib import Path

import httpx
import pytest

from moderator.clock import SystemClock
from tests.fakes.builders import joined
from tests.fakes.gateway import SIGNED, WEBHOOK
from tests.fakes.gateway_process import GatewayProcess
from tests.fakes.nats import NatsServer, running_nats, why_no_nats
from tests.fakes.provider import a_webhook

pytestmark = pytest.mark.nats
STOPS_WITHIN_S = 30


def on(server: NatsServer) -> str:
    return f"""
[gateway]
log = "{server.address}"
[nats]
user = "{server.user}"
password = {{ env = "NATS_PASSWORD" }}
"""


async def send(gateway: GatewayProcess, participant: str) -> httpx.Response | None:
    """None where the connection was broken off: the platform sends it again."""
    async with gateway.client() as client:
        with contextlib.suppress(httpx.TransportError):
            webhook = a_webhook(joined(participant, SystemClock().now_ms()))
            return await client.post(WEBHOOK, content=webhook, headers=SIGNED, timeout=30)
    return None


async def test_it_ends_soon_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := why_no_nats():
        pytest.skip(reason)
    with running_nats() as server:
        monkeypatch.setenv("NATS_PASSWORD", server.password)
        async with GatewayProcess(tmp_path, on(server)) as gateway:
            taken = await send(gateway, "c1")
            assert taken is not None
            assert taken.status_code == 200
            server.kill()
            under_way = asyncio.gather(*(send(gateway, f"d{number}") for number in range(20)))
            await asyncio.sleep(0.2)
            gateway.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(gateway.process.wait(), STOPS_WITHIN_S) == 0
            assert not any(answer and answer.status_code == 200 for answer in await under_way)
