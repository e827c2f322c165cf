"""The device grant against a real server, with the errors that its RFC names, in a time of the test's own."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from moderator.client.errors import Busy, GatewayError, GatewayFailed, GatewayUnreachable, NotFound, SignedOut
from moderator.client.lifetimes import Granted
from moderator.client.sign_in import DeviceCode, Offer, SignIn, require_safe
from moderator.http import HttpClient, Reply, TimedOut
from tests.fakes.clock import FakeClock
from tests.fakes.issuer import CODE, Issuer, issuing


class Pauses(FakeClock):
    """Time passes as soon as somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        self.pauses.append(timeout_s)
        self._pass(round(timeout_s * 1000))
        return False


class Desk:
    def __init__(self, issuer: Issuer, http: HttpClient) -> None:
        self.issuer, self.http, self.clock = issuer, http, Pauses()
        self.sign_in = SignIn(issuer.url, http, self.clock)

    async def granted(self) -> Granted:
        offer = await self.sign_in.offer()
        return await self.sign_in.granted(offer, await self.sign_in.begin(offer))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with issuing() as issuer, HttpClient() as http:
        yield Desk(issuer, http)


async def test_a_code_is_shown_and_approved(desk: Desk) -> None:
    desk.issuer.polls.extend(["authorization_pending"] * 2)
    offer = await desk.sign_in.offer()
    code = await desk.sign_in.begin(offer)
    assert (code.user_code, code.address) == (CODE, f"{desk.issuer.url}/approve")
    granted = await desk.sign_in.granted(offer, code)
    assert granted == Granted("access-1", 900, "refresh-1")
    asked = {"client_id": "moderator-desktop", "scope": "rooms:read"}
    polled = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": "the-device-code",
        "client_id": "moderator-desktop",
    }
    assert desk.issuer.forms == [asked, polled, polled, polled]
    assert desk.clock.pauses == [1, 1, 1]


async def test_it_asks_less_often_when_it_is_told_to(desk: Desk) -> None:
    desk.issuer.polls.extend(["authorization_pending", "slow_down", "authorization_pending", "slow_down"])
    await desk.granted()
    assert desk.clock.pauses == [1, 1, 6, 6, 11]


@pytest.mark.parametrize(
    ("error", "words"), [("access_denied", "was refused"), ("expired_token", "has expired: begin again")]
)
async def test_a_code_that_leads_nowhere(desk: Desk, error: str, words: str) -> None:
    desk.issuer.polls.extend(["authorization_pending", error])
    with pytest.raises(SignedOut, match=words) as caught:
        await desk.granted()
    assert caught.value.code == error


async def test_a_code_is_not_asked_for_when_it_has_expired_here(desk: Desk) -> None:
    desk.issuer.code |= {"expires_in": 5, "interval": 2}
    desk.issuer.polls.extend(["authorization_pending"] * 99)
    with pytest.raises(SignedOut, match="has expired"):
        await desk.granted()
    assert desk.clock.pauses == [2, 2]


async def test_an_answer_that_does_not_come_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    offer = await desk.sign_in.offer()
    code = await desk.sign_in.begin(offer)
    send, failures = desk.http.request, iter([TimedOut("h did not answer in time")] * 3)

    async def request(*words: Any, **more: Any) -> Reply:
        if (failure := next(failures, None)) is not None:
            raise failure
        return await send(*words, **more)

    monkeypatch.setattr(desk.http, "request", request)
    assert (await desk.sign_in.granted(offer, code)).access_token == "access-1"
    assert desk.clock.pauses == [1, 2, 4, 8]


async def test_renewing_rotates(desk: Desk) -> None:
    granted = await desk.granted()
    offer = await desk.sign_in.offer()
    renewed = await desk.sign_in.renewed(offer, granted.refresh_token)
    assert renewed == Granted("access-2", 900, "refresh-2")
    form = {"grant_type": "refresh_token", "refresh_token": "refresh-1", "client_id": "moderator-desktop"}
    assert desk.issuer.forms[-1] == form
    with pytest.raises(SignedOut, match="the sign-in has ended: sign in again"):
        await desk.sign_in.renewed(offer, granted.refresh_token)


async def test_a_refresh_token_is_revoked_where_that_is_possible(desk: Desk) -> None:
    await desk.sign_in.revoke(await desk.sign_in.offer(), "refresh-9")
    desk.issuer.offer = {"revocation_endpoint": ""}
    await desk.sign_in.revoke(await desk.sign_in.offer(), "refresh-10")
    assert desk.issuer.revoked == ["refresh-9"]


async def test_a_gateway_without_a_sign_in(desk: Desk) -> None:
    desk.issuer.offer = None
    with pytest.raises(NotFound, match="use a token instead"):
        await desk.sign_in.offer()


@pytest.mark.parametrize("name", ["device_authorization_endpoint", "token_endpoint", "revocation_endpoint"])
async def test_secrets_go_nowhere_in_the_open(desk: Desk, name: str) -> None:
    desk.issuer.offer = {name: "http://issuer.example.org/x"}
    with pytest.raises(GatewayFailed, match="https://"):
        await desk.sign_in.offer()


@pytest.mark.parametrize("name", ["verification_uri", "verification_uri_complete"])
@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "http://issuer.example.org"])
async def test_nobody_is_sent_to_a_page_that_is_none(desk: Desk, name: str, address: str) -> None:
    desk.issuer.code |= {name: address}
    with pytest.raises(GatewayFailed, match="https://"):
        await desk.granted()


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"device_code":1}', b"\xff"])
async def test_what_makes_no_sense(desk: Desk, raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def request(*words: Any, **more: Any) -> Reply:
        return Reply(200, {}, raw)

    monkeypatch.setattr(desk.http, "request", request)
    with pytest.raises(GatewayFailed, match="makes no sense"):
        await desk.sign_in.offer()


@pytest.mark.parametrize(("status", "kind"), [(400, GatewayError), (503, Busy), (500, GatewayFailed)])
async def test_errors_that_the_rfc_does_not_name(
    desk: Desk, status: int, kind: type[GatewayError], monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = await desk.sign_in.offer()

    async def request(*words: Any, **more: Any) -> Reply:
        return Reply(status, {}, b'{"error":"temporarily_odd"}')

    monkeypatch.setattr(desk.http, "request", request)
    with pytest.raises(kind):
        await desk.sign_in.renewed(offer, "refresh-1")


async def test_a_gateway_that_is_away() -> None:
    async with HttpClient() as http:
        with pytest.raises(GatewayUnreachable):
            await SignIn("http://127.0.0.1:9", http, FakeClock()).offer()


def test_secrets_go_where_nobody_reads_along() -> None:
    require_safe("https://h.example.org", "it")
    with pytest.raises(GatewayFailed, match="it has to begin with https://"):
        require_safe("http://h.example.org", "it")


def test_the_secret_of_a_code_is_in_no_text() -> None:
    code = DeviceCode("a-secret", CODE, "https://h.example.org")
    assert "secret" not in f"{code} {code!r} {Offer('https://a', 'https://b', 'c')}"
