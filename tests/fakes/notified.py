"""Who is told beyond the window: a receiver that checks signatures as documented, and a real mail server."""

import asyncio
import contextlib
import hashlib
import hmac
import logging
import ssl
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Final

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.fakes.serving import served

SECRET: Final = "what only we and the receiver know"
PATIENCE_S: Final = 30.0


class Receiver:
    """Takes alerts over HTTP. `statuses` are answered first, one by one; then 204."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.asked = 0
        self.alerts: asyncio.Queue[Any] = asyncio.Queue()
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.asked += 1
        status = self.statuses.pop(0) if self.statuses else 204
        if not is_signed(request.headers.get("moderator-signature", ""), body):
            status = 401
        if status < 300:
            self.alerts.put_nowait(msgspec.json.decode(body))
        await Response(status_code=status)(scope, receive, send)

    async def next(self) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            return await self.alerts.get()


def is_signed(header: str, body: bytes) -> bool:
    """As docs/escalation.md says it is checked, but for the age."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    expected = hmac.new(SECRET.encode(), parts.get("t", "").encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts.get("v1", ""))


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with served(receiver, lifespan="off") as url:
        receiver.url = f"{url}/hook"
        yield receiver


class MailServer:
    """Takes messages over SMTP; refuses recipients that begin with `no`."""

    def __init__(self) -> None:
        self.mails: asyncio.Queue[EmailMessage] = asyncio.Queue()
        self.recipients: list[str] = []
        self.logins: list[str] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: object, envelope: Envelope, address: str, options: object
    ) -> str:
        if address.startswith("no"):
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: object, envelope: Envelope) -> str:  # noqa: N802
        self.recipients += envelope.rcpt_tos
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.put_nowait(message)
        return "250 OK"

    def authenticate(self, server: object, session: object, envelope: object, mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == SECRET.encode(), handled=False)

    async def next(self) -> EmailMessage:
        async with asyncio.timeout(PATIENCE_S):
            return await self.mails.get()


@contextlib.asynccontextmanager
async def mailing(tls: ssl.SSLContext | None = None, *, encrypted: bool = False) -> AsyncIterator[MailServer]:
    """With `tls` it offers STARTTLS and wants a login after it; `encrypted`: TLS from the first byte."""
    mail = MailServer()
    logging.getLogger("mail.log").disabled = True  # what it says of those who do not trust it is no warning of ours
    start_tls = None if encrypted else tls

    def session() -> SMTP:
        wanted = start_tls is not None
        return SMTP(
            mail,
            hostname="localhost",
            tls_context=start_tls,
            require_starttls=wanted,
            auth_required=wanted,
            authenticator=mail.authenticate,
            auth_require_tls=wanted,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls if encrypted else None)
    mail.port = server.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        server.close()
        await server.wait_closed()
