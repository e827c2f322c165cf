"""A simulated Vonage cloud on a real port, and a receiver for its webhooks, in the process of the test."""

import asyncio
import contextlib
import datetime
import ipaddress
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
import jwt
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from moderator.clock import SystemClock
from moderator.simulator.vonage.accounts import Account, Credentials, Environment
from moderator.simulator.vonage.app import Obstacles, make_app
from moderator.simulator.vonage.cloud import Settings
from tests.fakes.gateway import QuietServer

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
class Receiver:
    """Keeps what was posted; answers with `statuses` in turn, then with 200."""

    statuses: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/", self._take, methods=["POST"])])

    async def until(self, happened: Callable[[], object], seconds: float = 10) -> None:
        """Wait until it holds; something must be posted for it."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(lambda: bool(happened()))

    async def _take(self, request: Request) -> Response:
        async with self.changed:
            try:
                self.bodies.append(await request.body())
            except ClientDisconnect:  # the cloud ended with the test, in the middle of a delivery
                return Response(status_code=503)
            self.authorizations.append(request.headers.get("authorization", ""))
            self.changed.notify_all()
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


@dataclass
class RunningCloud:
    """A cloud with its receiver."""

    url: str
    receiver: Receiver
    client: httpx.AsyncClient
    environment: Environment

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was posted, decoded."""
        return [httpx.Response(200, content=body).json() for body in self.receiver.bodies]

    async def sees(self, event: str, count: int = 1) -> dict[str, Any]:
        """The last webhook of this kind, when so many came."""
        await self.receiver.until(lambda: sum(one["event"] == event for one in self.events) >= count)
        return [one for one in self.events if one["event"] == event][-1]

    async def order(self, path: str, **order: Any) -> dict[str, Any]:
        """Use the control routes; returns their answer."""
        reply = await self.client.post(f"/_simulator/{path}", json=order)
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    async def truth(self, path: str) -> Any:
        """What the control routes tell."""
        return (await self.client.get(f"/_simulator/{path}")).json()

    async def rest(self, method: str, session: str, path: str, **options: Any) -> httpx.Response:
        """One REST call with good credentials, unless others are given."""
        options.setdefault("headers", rest_headers(self.environment))
        project = PROJECTS[self.environment]
        return await self.client.request(method, f"/v2/project/{project}/session/{session}{path}", **options)


@contextlib.asynccontextmanager
async def served(
    app: ASGIApp, tls: Path | None = None, stopping: Callable[[], None] = lambda: None
) -> AsyncIterator[str]:
    """The application on a free port of this machine; its URL."""
    files = {"ssl_keyfile": str(tls), "ssl_certfile": str(tls)} if tls else {}
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1, **files)  # type: ignore[arg-type]
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.001)
    host, port = server.servers[0].sockets[0].getsockname()
    try:
        yield f"http{'s' if tls else ''}://{host}:{port}"
    finally:
        stopping()
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def running(
    environment: Environment = "vonage",
    *,
    signature_secret: str = SIGNATURE_SECRET,
    obstacles: Obstacles = Obstacles(),  # noqa: B008 -- frozen
    tls: Path | None = None,
    **settings: Any,
) -> AsyncIterator[RunningCloud]:
    """A cloud in which nothing happens by itself, unless the settings say otherwise."""
    receiver = Receiver()
    async with served(receiver.app()) as webhook:
        quiet: dict[str, Any] = {"webhook": webhook, "is_quiet": True, "seed": 1}
        options = Settings(**quiet | settings)
        app, stopping = make_app(an_account(environment, signature_secret), options, obstacles, SystemClock())
        async with (
            served(app, tls, stopping) as url,
            httpx.AsyncClient(base_url=url, trust_env=False, verify=False, timeout=10) as client,
        ):
            yield RunningCloud(url, receiver, client, environment)


def write_certificate(path: Path) -> Path:
    """A key and a certificate for 127.0.0.1, in one file."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path
