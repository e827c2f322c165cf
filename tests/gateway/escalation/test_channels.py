"""What goes out: signed, in one piece, with nothing of anybody's making in the headers."""

import datetime
import smtplib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from moderator.clock import SystemClock
from moderator.domain.rooms import Person
from moderator.gateway.configuration.sections import NotifyEmailSection, NotifyWebhookSection
from moderator.gateway.escalation.channels import (
    MOST_BYTES,
    EmailChannel,
    NotSent,
    WebhookChannel,
    email_message,
    signature,
)
from moderator.gateway.escalation.subjects import Alert
from moderator.http import HttpClient
from tests.fakes.builders import DAY
from tests.fakes.clock import FakeClock
from tests.fakes.notified import SECRET, MailServer, Receiver, is_signed, mailing, receiving
from tests.fakes.serving import served

ALERT = Alert(
    id="k3J9",
    kind="warning",
    text="5 minutes left, and nobody has acknowledged it",
    since=DAY,
    source="clinic",
    room="2_MX4x",
    room_name="Zahnärztin",
    people=2,
    ends_at=DAY + 300_000,
    owner=Person("maya", "Maya"),
    on_duty=(Person("zoe", ""), Person("ali", "Ali")),
    url="https://moderation.example.org/v1/rooms/clinic/2_MX4x",
)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with mailing() as mail:
        yield mail


def section(port: int, **changes: Any) -> NotifyEmailSection:
    plain = NotifyEmailSection(
        host="127.0.0.1",
        port=port,
        sender="Moderator <moderator@example.org>",
        to=("a@example.org", "b@example.org"),
        security="none",
    )
    return replace(plain, **changes)


# --- webhook -------------------------------------------------------------------------------------------------------


async def posted(url: str, secret: str = SECRET) -> str:
    async with HttpClient() as http:
        return await WebhookChannel(NotifyWebhookSection(url=url, secret=secret), http, FakeClock()).send(ALERT)


async def test_a_webhook_is_signed_and_holds_the_alert(receiver: Receiver) -> None:
    assert await posted(receiver.url) == "127.0.0.1"
    got = await receiver.next()
    assert (got["id"], got["kind"], got["room_name"], got["people"]) == ("k3J9", "warning", "Zahnärztin", 2)
    assert got["on_duty"] == [{"id": "zoe", "name": ""}, {"id": "ali", "name": "Ali"}]
    assert set(got) == set(Alert.__struct_fields__)


@pytest.mark.parametrize("status", [302, 400, 500])
async def test_any_other_answer_means_that_it_was_not_taken(receiver: Receiver, status: int) -> None:
    receiver.statuses = [status]
    with pytest.raises(NotSent, match=f"status {status}"):
        await posted(receiver.url)


async def test_an_answer_without_end_is_not_read() -> None:
    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(b"x" * (MOST_BYTES + 1))(scope, receive, send)

    async with served(endless, lifespan="off") as url:
        with pytest.raises(NotSent, match=f"more than {MOST_BYTES} bytes"):
            await posted(url)


async def test_another_secret_is_another_signature(receiver: Receiver) -> None:
    with pytest.raises(NotSent, match="status 401"):
        await posted(receiver.url, "somebody else's secret")


async def test_nobody_there_is_said_without_the_address(receiver: Receiver) -> None:
    with pytest.raises(NotSent) as raised:
        await posted("http://127.0.0.1:9/secret-path?token=s3cret")
    assert "s3cret" not in str(raised.value)
    assert "secret-path" not in str(raised.value)


def test_a_signature_is_of_the_time_and_the_body() -> None:
    signed = signature(SECRET, 1_700_000_000, b"{}")
    assert signed.startswith("t=1700000000,v1=")
    assert is_signed(signed, b"{}")
    assert not is_signed(signed, b"{ }")
    assert not is_signed(signed.replace("t=1700000000", "t=1700000001"), b"{}")
    assert not is_signed("", b"{}")


# --- e-mail --------------------------------------------------------------------------------------------------------


async def test_a_mail_says_what_and_where(mail: MailServer) -> None:
    assert await EmailChannel(section(mail.port), FakeClock()).send(ALERT) == "2 by e-mail"
    got = await mail.next()
    assert got["Subject"] == "Zahnärztin: 5 minutes left, and nobody has acknowledged it"
    assert got["From"] == "Moderator <moderator@example.org>"
    assert got["Message-ID"] == "<k3J9@example.org>"
    assert mail.recipients == ["a@example.org", "b@example.org"]
    text = got.get_content()
    for said in ("(clinic/2_MX4x)", "Looked after by: Maya", "On duty: zoe, Ali", ALERT.url, "UTC"):
        assert said in text


@pytest.mark.parametrize("name", ["x\r\nBcc: evil@example.org\r\n\r\nhello", "a\nb", "\x1b[2Jx", "x\u2028y", "\x00"])
async def test_a_rooms_name_adds_no_header(mail: MailServer, name: str) -> None:
    await EmailChannel(section(mail.port), FakeClock()).send(replace(ALERT, room_name=name, room=name))
    got = await mail.next()
    assert got["Bcc"] is None
    assert mail.recipients == ["a@example.org", "b@example.org"]
    assert len(got.get_all("Subject", [])) == 1
    assert all(letter.isprintable() for letter in got["Subject"])
    assert got.get_content().count("\n") == email_message(ALERT, section(1), DAY).get_content().count("\n")


async def test_addresses_that_are_none_are_said_to_be(mail: MailServer) -> None:
    with pytest.raises(NotSent, match="no address"):
        await EmailChannel(section(mail.port, sender="x\r\nBcc: y@example.org"), FakeClock()).send(ALERT)


async def test_a_recipient_who_is_refused_is_told(mail: MailServer) -> None:
    to = ("nobody@example.org", "b@example.org")
    with pytest.raises(NotSent, match="refused for 1 recipients"):
        await EmailChannel(section(mail.port, to=to), FakeClock()).send(ALERT)


async def test_no_mail_server_there() -> None:
    with pytest.raises(NotSent, match=r"the mail server 127\.0\.0\.1 did not take it: Connection refused"):
        await EmailChannel(section(9), FakeClock()).send(ALERT)


# --- e-mail, encrypted ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of a server called localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.fromtimestamp(SystemClock().now_ms() / 1000, tz=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(made.public_bytes(encoding) + private)
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


LOGIN = {"host": "localhost", "user": "moderator", "password": SECRET}


async def test_a_login_goes_over_starttls(certificate: Path) -> None:
    async with mailing(server_context(certificate)) as mail:
        over = section(mail.port, security="starttls", **LOGIN)
        await EmailChannel(over, FakeClock(), lambda: trusting(certificate)).send(ALERT)
        assert (await mail.next())["Message-ID"] == "<k3J9@example.org>"
        assert mail.logins == ["moderator"]


async def test_tls_from_the_first_byte(certificate: Path) -> None:
    async with mailing(server_context(certificate), encrypted=True) as mail:
        over = section(mail.port, security="tls", host="localhost")
        await EmailChannel(over, FakeClock(), lambda: trusting(certificate)).send(ALERT)
        assert (await mail.next())["Message-ID"] == "<k3J9@example.org>"


async def test_a_wrong_password_is_never_shown(certificate: Path) -> None:
    async with mailing(server_context(certificate)) as mail:
        over = section(mail.port, security="starttls", **(LOGIN | {"password": "wr0ng"}))
        with pytest.raises(NotSent, match="535") as raised:
            await EmailChannel(over, FakeClock(), lambda: trusting(certificate)).send(ALERT)
        assert "wr0ng" not in str(raised.value)
        assert mail.mails.empty()


@pytest.mark.parametrize("login", [{"password": "pässwort"}, {"user": "møderator"}])
async def test_a_login_that_cannot_be_sent_is_said_without_it(certificate: Path, login: dict[str, str]) -> None:
    async with mailing(server_context(certificate)) as mail:
        over = section(mail.port, security="starttls", **(LOGIN | login))
        with pytest.raises(NotSent, match=r"user or password in notify\.email holds a letter outside ASCII") as raised:
            await EmailChannel(over, FakeClock(), lambda: trusting(certificate)).send(ALERT)
    assert not {"ä", "ø"} & set(str(raised.value))
    assert raised.value.__cause__ is None, "it would quote the password"


async def test_a_server_that_nobody_vouches_for_gets_no_password(certificate: Path) -> None:
    async with mailing(server_context(certificate)) as mail:
        over = section(mail.port, security="starttls", **LOGIN)
        with pytest.raises(NotSent, match="certificate"):
            await EmailChannel(over, FakeClock()).send(ALERT)
        assert mail.logins == []


def test_smtplibs_errors_are_the_systems() -> None:
    assert issubclass(smtplib.SMTPException, OSError), "one except is enough for both"
