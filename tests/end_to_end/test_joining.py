"""People join real servers with what the gateway gave them: they get in, nobody else does, and they may no more than
they should."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.conftest import StartParticipant
from tests.end_to_end.gateway_process import SOURCE, GatewayProcess, Moderator
from tests.end_to_end.janus_server import JanusServer, why_no_janus
from tests.end_to_end.livekit_people import LiveKitParticipant
from tests.end_to_end.livekit_server import API_KEY, LiveKitServer, running_livekit, why_no_livekit

pytestmark = pytest.mark.timeout(60)

RULES = """
[[room_types]]
name = "lesson"
screen_share = ["teacher"]
max_people = 2
mode = "enforce"
"""


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayProcess]:
    """Not running yet, since it must be told where its platform is."""
    process = GatewayProcess(tmp_path)
    try:
        yield process
    finally:
        await process.kill()


async def asked(gateway: GatewayProcess, user: str, role: str, name: str = "lesson-7") -> httpx.Response:
    """What the application's backend asks for one of its people."""
    async with httpx.AsyncClient(timeout=15, trust_env=False) as http:
        return await http.post(
            f"{gateway.url}/v1/join/{SOURCE}/{name}",
            json={"user": user, "name": user.title(), "role": role},
            headers={"Authorization": f"Bearer {gateway.token('backend')}"},
        )


async def given(gateway: GatewayProcess, user: str, role: str) -> dict[str, Any]:
    answer = await asked(gateway, user, role)
    assert answer.status_code == 200, answer.text
    credentials: dict[str, Any] = answer.json()
    return credentials


@pytest.mark.livekit
async def test_a_student_joins_livekit_and_cannot_share_a_screen(gateway: GatewayProcess, tmp_path: Path) -> None:
    if reason := why_no_livekit():
        pytest.skip(reason)
    with running_livekit(tmp_path, gateway.webhooks.url) as server:
        secret = server.api_secret
        lines = (
            f'provider = "livekit"\nbase_url = "{server.base_url}"\napi_key = "{API_KEY}"\napi_secret = "{secret}"\n'
        )
        gateway.configure_source(lines, RULES)
        await gateway.start()
        async with Moderator(gateway) as maya, AsyncExitStack() as people:
            ana = await _enters(people, server, await given(gateway, "ana", "teacher"), "ana", tmp_path)
            bob = await _enters(people, server, await given(gateway, "bob", "student"), "bob", tmp_path)
            await maya.sees_people("lesson-7", "ana", "bob")
            assert {user: (one.name, one.role) for user, one in maya.here("lesson-7").items()} == {
                "ana": ("Ana", "teacher"),
                "bob": ("Bob", "student"),
            }
            await ana.publish("screen")
            await bob.publish("camera")
            await bob.do("publish", source="screen")
            assert (await bob.wait_for("error", 30))["doing"] == "publish"
            refused = await asked(gateway, "eve", "student")
            assert (refused.status_code, refused.json()["code"]) == (403, "room_full")


async def _enters(
    people: AsyncExitStack, server: LiveKitServer, credentials: dict[str, Any], user: str, folder: Path
) -> LiveKitParticipant:
    assert credentials["url"] == server.websocket_url
    log = folder / f"{user}.log"
    person = LiveKitParticipant(server, "", user, publish="", token=credentials["token"], log=log)
    await people.enter_async_context(person)
    await person.wait_for("joined", 15)
    return person


@pytest.mark.janus
async def test_a_room_of_janus_opens_for_a_token_and_for_nobody_else(
    gateway: GatewayProcess, enter: StartParticipant, tmp_path: Path
) -> None:
    if reason := why_no_janus():
        pytest.skip(reason)
    async with JanusServer(tmp_path, webhooks=gateway.webhooks) as janus:
        gateway.configure(janus, RULES, 'token_secret = "the-secret-of-the-tokens"')
        await gateway.start()
        async with Moderator(gateway) as maya:
            credentials = await given(gateway, "ana", "teacher")
            assert (credentials["url"], credentials["user"]) == (janus.base_url, "ana")
            await enter(janus, credentials["room"], "ana", token=credentials["token"], watch_only=True)
            eve = await enter(janus, credentials["room"], "eve", token="a-token-of-her-own", watch_only=True)
            assert (await eve.wait_for("error"))["code"] == 433
            await maya.sees_people(credentials["room"], "ana")
