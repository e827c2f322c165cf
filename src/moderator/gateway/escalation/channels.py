"""How somebody outside is told: a signed webhook, an e-mail. When, and of what, is in `escalation`."""

import contextlib
import hashlib
import hmac
import smtplib
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, Protocol
from urllib.parse import urlsplit

import msgspec

from moderator.clock import Clock
from moderator.gateway.configuration.sections import NotifyEmailSection, NotifySection, NotifyWebhookSection
from moderator.gateway.escalation.mail_server import MailServer
from moderator.gateway.escalation.subjects import Alert
from moderator.http import HttpClient, HttpError

SIGNATURE_HEADER: Final = "Moderator-Signature"
TIMEOUT_S: Final = 10.0
MOST_BYTES: Final = 64 * 1024
"""Of a receiver's answer, whose status alone is read."""
MAX_LINE: Final = 200
"""Characters of a header's text; more does not help who reads it on a telephone."""
MAX_HEADER: Final = 900
"""Mail servers take lines of 998; folding would begin some texts with a space."""


class NotSent(Exception):
    """It did not get through. The message says why and holds no secret."""


class Channel(Protocol):
    """One way to tell somebody."""

    name: str

    async def send(self, alert: Alert) -> str:
        """Returns whom it reached, in words without addresses. Raises NotSent."""
        ...


@contextlib.asynccontextmanager
async def open_channels(notify: NotifySection, clock: Clock) -> AsyncIterator[list[Channel]]:
    """The channels of a configuration."""
    found: list[Channel] = []
    async with HttpClient() as http:
        if notify.webhook is not None:
            found.append(WebhookChannel(notify.webhook, http, clock))
        if notify.email is not None:
            found.append(EmailChannel(notify.email, clock))
        yield found


def signature(secret: str, at_s: int, body: bytes) -> str:
    """The value of the signature's header: the time in seconds, and the HMAC-SHA256 over that time, a dot, the body."""
    signed = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256)
    return f"t={at_s},v1={signed.hexdigest()}"


class WebhookChannel:
    """Posts JSON to an address."""

    name = "webhook"

    def __init__(self, section: NotifyWebhookSection, http: HttpClient, clock: Clock) -> None:
        self._section = section
        self._http = http
        self._clock = clock

    async def send(self, alert: Alert) -> str:
        """Any status of 200 to 299 means that it was taken. Raises NotSent."""
        body = msgspec.json.encode(alert)
        signed = signature(self._section.secret, self._clock.now_ms() // 1000, body)
        headers = {"Content-Type": "application/json", "User-Agent": "moderator", SIGNATURE_HEADER: signed}
        try:
            reply = await self._http.request(
                "POST", self._section.url, headers=headers, body=body, timeout_s=TIMEOUT_S, most_bytes=MOST_BYTES
            )
        except HttpError as error:
            raise NotSent(str(error)) from error
        if not 200 <= reply.status < 300:
            raise NotSent(f"the receiver answered with status {reply.status}")
        return urlsplit(self._section.url).hostname or ""


class EmailChannel:
    """Hands a message to a mail server."""

    name = "email"

    def __init__(
        self,
        section: NotifyEmailSection,
        clock: Clock,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._section = section
        self._clock = clock
        self._server = MailServer(section, tls)

    async def send(self, alert: Alert) -> str:
        """Every recipient has to be taken. Raises NotSent."""
        try:
            message = email_message(alert, self._section, self._clock.now_ms())
        except ValueError as error:
            raise NotSent("from or to in notify.email is no address") from error
        try:
            await self._server.deliver(message)
        except (OSError, ValueError) as error:  # smtplib's own errors are some; it encodes names and passwords in ASCII
            why = one_line(_why(error))[:MAX_LINE]
            raise NotSent(f"the mail server {self._section.host} did not take it: {why}") from None
        return f"{len(self._section.to)} by e-mail"


def email_message(alert: Alert, section: NotifyEmailSection, now: int) -> EmailMessage:
    """The whole message. What others chose, such as a room's name, can add no header: it is made one line first."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=MAX_HEADER))
    message["From"], message["To"] = section.sender, ", ".join(section.to)
    message["Subject"] = one_line(f"{alert.room_name or 'moderator'}: {alert.text}")[:MAX_LINE]
    message["Date"] = datetime.fromtimestamp(now / 1000, tz=UTC)
    message["Message-ID"] = f"<{alert.id}@{section.sender.rpartition('@')[2].rstrip('>') or 'moderator'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(_lines(alert)) + "\n")
    return message


def one_line(text: str) -> str:
    """Text that somebody else chose, without line ends and whatever else cannot be seen."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _lines(alert: Alert) -> list[str]:
    on_duty = ", ".join(one.name or one.id for one in alert.on_duty) or "nobody"
    ends_at = None if alert.ends_at is None else datetime.fromtimestamp(alert.ends_at / 1000, tz=UTC)
    facts = {
        "Room": f"{alert.room_name} ({alert.source}/{alert.room})" if alert.room else "",
        "People in it": str(alert.people),
        "Ends at": f"{ends_at:%Y-%m-%d %H:%M:%S} UTC" if ends_at else "no end is set",
        "Looked after by": (alert.owner.name or alert.owner.id) if alert.owner else "nobody",
        "On duty": on_duty,
        "At the gateway": alert.url,
    }
    return [one_line(alert.text) + ".", "", *(one_line(f"{name}: {value}") for name, value in facts.items() if value)]


def _why(error: Exception) -> str:
    """Some of these errors hold bytes and codes of the protocol."""
    match error:
        case TimeoutError():
            return "it did not answer in time"
        case UnicodeEncodeError():  # it would quote the password
            return "user or password in notify.email holds a letter outside ASCII, which cannot be sent: choose another"
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return f"refused for {len(refused)} recipients"
        case OSError(strerror=str(why)):
            return why
        case _:
            return str(error) or type(error).__name__
