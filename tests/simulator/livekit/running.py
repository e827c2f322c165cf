"""A simulated LiveKit cloud, and what its client knows."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import jwt
from livekit import api
from livekit.protocol.webhook import WebhookEvent

from moderator.clock import SystemClock
from moderator.simulator.livekit.accounts import Account, Credentials
from moderator.simulator.livekit.platform import LiveKit
from tests.simulator import running as clouds

API_KEY: Final = "APIsimulated"
API_SECRET: Final = "a secret that is shared with the server only"
SERVICE: Final = "/twirp/livekit.RoomService/"


def an_account() -> Account:
    return Account(Credentials(API_KEY, API_SECRET))


def token(video: dict[str, Any] | None = None, *, secret: str = API_SECRET, **claims: Any) -> str:
    """A client's, with other claims where they are given (None leaves one out)."""
    now = SystemClock().now_ms() // 1000
    usual: dict[str, Any] = {"iss": API_KEY, "nbf": now, "exp": now + 120, "video": video or {}}
    return jwt.encode({name: one for name, one in (usual | claims).items() if one is not None}, secret, "HS256")


@dataclass
class RunningCloud(clouds.RunningCloud):
    """One project's."""

    sdk: api.LiveKitAPI

    async def join(self, user: str, room: str = "lesson-1", **more: Any) -> dict[str, Any]:
        """Into the room of that name, which begins if it is not there."""
        return await self.order("join", user=user, room_name=room, **more)

    async def call(self, method: str, body: dict[str, Any] | None = None, **video: Any) -> httpx.Response:
        """One call in JSON, with these rights."""
        headers = {"Authorization": f"Bearer {token(video)}"}
        return await self.client.post(SERVICE + method, json=body or {}, headers=headers)

    def received(self) -> list[WebhookEvent]:
        """What was posted, as the official receiver takes it."""
        receiver = api.WebhookReceiver(api.TokenVerifier(API_KEY, API_SECRET))
        posted = zip(self.receiver.bodies, self.receiver.headers, strict=True)
        return [receiver.receive(body.decode(), headers["authorization"]) for body, headers in posted]

    def told(self) -> list[str]:
        """The names of the events that were posted."""
        return [json.loads(body)["event"] for body in self.receiver.bodies]


@contextlib.asynccontextmanager
async def running(company: float = 0, **settings: Any) -> AsyncIterator[RunningCloud]:
    """A cloud in which nothing happens by itself, unless the settings say otherwise."""
    async with (
        clouds.running(LiveKit(an_account(), company), **settings) as cloud,
        api.LiveKitAPI(cloud.url, API_KEY, API_SECRET) as sdk,
    ):
        yield RunningCloud(cloud.url, cloud.receiver, cloud.client, sdk)
