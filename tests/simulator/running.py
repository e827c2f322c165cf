"""A simulated cloud on a real port, and a receiver for its webhooks, in the process of the test."""

import asyncio
import contextlib
import datetime
import ipaddress
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from moderator.clock import SystemClock
from moderator.simulator.app import make_app
from moderator.simulator.cloud import Platform, Settings
from tests.fakes.serving import served


@dataclass
class Receiver:
    """Keeps what was posted; answers with `statuses` in turn, then with 200."""

    statuses: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    """In lower case."""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/", self._take, methods=["POST"])])

    async def until(self, happened: Callable[[], object], seconds: float = 30) -> None:
        """Wait until it holds; something must be posted for it."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(lambda: bool(happened()))

    async def _take(self, request: Request) -> Response:
        async with self.changed:
            self.bodies.append(await request.body())
            self.headers.append(dict(request.headers))
            self.changed.notify_all()
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


@dataclass
class RunningCloud:
    """A cloud with its receiver."""

    url: str
    receiver: Receiver
    client: httpx.AsyncClient

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was posted, decoded."""
        return [json.loads(body) for body in self.receiver.bodies]

    async def sees(self, event: str, count: int = 1, *, named: str = "event") -> dict[str, Any]:
        """The last webhook of this kind, when so many came; `named` is the member that tells the kind."""
        await self.receiver.until(lambda: sum(one[named] == event for one in self.events) >= count)
        return [one for one in self.events if one[named] == event][-1]

    async def order(self, path: str, **order: Any) -> dict[str, Any]:
        """Use the control routes; returns their answer."""
        reply = await self.client.post(f"/_simulator/{path}", json=order)
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    async def truth(self, path: str) -> Any:
        """What the control routes tell."""
        return (await self.client.get(f"/_simulator/{path}")).json()

    async def settled(self) -> Any:
        """The counts of deliveries, when nothing is on its way."""
        while (counts := await self.truth("deliveries"))["waiting"]:
            pass
        return counts


@contextlib.asynccontextmanager
async def running(platform: Platform, *, tls: Path | None = None, **settings: Any) -> AsyncIterator[RunningCloud]:
    """A cloud in which nothing happens by itself, unless the settings say otherwise."""
    receiver = Receiver()
    async with served(receiver.app()) as webhook:
        quiet: dict[str, Any] = {"webhook": webhook, "is_quiet": True, "seed": 1}
        app, stopping = make_app(platform, Settings(**quiet | settings), SystemClock())
        async with (
            served(app, stopping, is_tested=True, **_files(tls)) as url,
            httpx.AsyncClient(base_url=url, trust_env=False, verify=False, timeout=10) as client,
        ):
            yield RunningCloud(url, receiver, client)


def _files(tls: Path | None) -> dict[str, Any]:
    return {"ssl_keyfile": str(tls), "ssl_certfile": str(tls)} if tls else {}


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
