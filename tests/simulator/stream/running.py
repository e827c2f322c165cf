"""A simulated Stream cloud, and what its client knows."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import jwt
from getstream import Stream as Sdk

from moderator.simulator.stream.accounts import Account, Credentials
from moderator.simulator.stream.platform import Stream
from tests.simulator import running as clouds

API_KEY: Final = "simulatedkey"
API_SECRET: Final = "a secret of the simulated application, long enough for any algorithm"
PLATFORM: Final = ("dates", "compresses", "limit", "without")
"""What is the platform's among the options of `running`."""


def an_account() -> Account:
    return Account(Credentials(API_KEY, API_SECRET))


def token(secret: str = API_SECRET, **claims: Any) -> str:
    """A server's, unless the claims say otherwise."""
    return jwt.encode({"server": True} | claims, secret, algorithm="HS256")


@dataclass
class RunningCloud(clouds.RunningCloud):
    """One application's."""

    exits: contextlib.ExitStack

    async def seen(self, kind: str, count: int = 1) -> dict[str, Any]:
        """The last webhook of this kind, when so many came."""
        return await self.sees(kind, count, named="type")

    async def rest(self, method: str, path: str, body: Any = None, **claims: Any) -> httpx.Response:
        """One request to the API with good credentials."""
        headers = {"Authorization": token(**claims), "stream-auth-type": "jwt"}
        url = httpx.URL(f"/api/v2{path}").copy_add_param("api_key", API_KEY)
        return await self.client.request(method, url, headers=headers, json=body)

    async def session(self, cid: str) -> dict[str, Any]:
        """The call's session, with dates in nanoseconds."""
        found: dict[str, Any] = (await self.rest("GET", path(cid))).json()["call"]["session"]
        return found

    def sdk(self, key: str = API_KEY, secret: str = API_SECRET) -> Sdk:
        """The official client; it is closed with the cloud."""
        sdk = Sdk(key, secret, base_url=self.url, timeout=5)
        for one in (sdk, sdk.video):
            self.exits.callback(one.close)
        return sdk


def path(cid: str, action: str = "") -> str:
    """Where a call's API is."""
    return f"/video/call/{cid.replace(':', '/')}{action}"


@contextlib.asynccontextmanager
async def running(**options: Any) -> AsyncIterator[RunningCloud]:
    """A cloud in which nothing happens by itself, unless the settings say otherwise."""
    own = {name: options.pop(name) for name in PLATFORM if name in options}
    with contextlib.ExitStack() as exits:
        async with clouds.running(Stream(an_account(), **own), **options) as cloud:
            yield RunningCloud(cloud.url, cloud.receiver, cloud.client, exits)
