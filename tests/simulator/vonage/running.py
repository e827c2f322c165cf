"""A simulated Vonage cloud, and what its client knows."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from moderator.clock import SystemClock
from moderator.simulator.vonage.accounts import Account, Credentials, Environment
from moderator.simulator.vonage.platform import Vonage
from moderator.simulator.vonage.webhooks import Identity
from tests.simulator import running as clouds

APPLICATION: Final = "5d5f6f6e-3c0a-4f2e-9a77-2b1c0d9e8f70"
API_KEY: Final = "47654321"
API_SECRET: Final = "0123456789abcdef0123456789abcdef01234567"
SIGNATURE_SECRET: Final = "a secret that is shared with whoever gets the webhooks"
PROJECTS: Final[dict[Environment, str]] = {"vonage": APPLICATION, "opentok": API_KEY}


@cache
def private_key() -> str:
    """The application's, as PEM."""
    return new_key()


def new_key() -> str:
    """Anybody's, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*pem).decode()


def an_account(environment: Environment = "vonage", signature_secret: str = SIGNATURE_SECRET) -> Account:
    if environment == "vonage":
        credentials = Credentials(APPLICATION, private_key=private_key(), signature_secret=signature_secret)
    else:
        credentials = Credentials(api_key=API_KEY, api_secret=API_SECRET, signature_secret=signature_secret)
    return Account(environment, credentials)


def rest_headers(environment: Environment = "vonage", **claims: Any) -> dict[str, str]:
    """What a client of the account sends, with other claims where they are given (None leaves one out)."""
    now = SystemClock().now_ms() // 1000
    usual: dict[str, Any] = {"iat": now, "exp": now + 180, "jti": "once"}
    if environment == "vonage":
        usual["application_id"] = APPLICATION
    else:
        usual |= {"iss": API_KEY, "ist": "project"}
    sent = {name: value for name, value in (usual | claims).items() if value is not None}
    if environment == "vonage":
        return {"Authorization": f"Bearer {jwt.encode(sent, private_key(), algorithm='RS256')}"}
    return {"X-OPENTOK-AUTH": jwt.encode(sent, API_SECRET, algorithm="HS256")}


@dataclass
class RunningCloud(clouds.RunningCloud):
    """One account's."""

    environment: Environment

    async def rest(self, method: str, session: str, path: str, **options: Any) -> httpx.Response:
        """One REST call with good credentials, unless others are given."""
        options.setdefault("headers", rest_headers(self.environment))
        project = PROJECTS[self.environment]
        return await self.client.request(method, f"/v2/project/{project}/session/{session}{path}", **options)


@contextlib.asynccontextmanager
async def running(
    environment: Environment = "vonage",
    *,
    signature_secret: str = SIGNATURE_SECRET,
    identity: Identity = "json",
    limit: float | None = None,
    tells_when: bool = True,
    tls: Path | None = None,
    **settings: Any,
) -> AsyncIterator[RunningCloud]:
    """A cloud in which nothing happens by itself, unless the settings say otherwise."""
    platform = Vonage(an_account(environment, signature_secret), identity, limit, tells_when)
    async with clouds.running(platform, tls=tls, **settings) as cloud:
        yield RunningCloud(cloud.url, cloud.receiver, cloud.client, environment)
