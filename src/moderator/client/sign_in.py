"""Signing in with a code on another screen, and renewing that (OAuth 2.0, RFC 8628 and RFC 6749). What is kept of it
is in `credentials_store`, the session that it begins in `session`."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from moderator.client.errors import Busy, GatewayError, GatewayFailed, GatewayUnreachable, NotFound, SignedOut, refusal
from moderator.client.lifetimes import Granted
from moderator.client.requests import TIMEOUT_S, decoded
from moderator.clock import Clock
from moderator.feed.addresses import is_secure
from moderator.http import HttpClient, HttpError, Reply
from moderator.language import marked, tr

T = TypeVar("T")
DEVICE_CODE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER_S: Final = 5.0
"""What `slow_down` adds to the pause, for good."""
SHORTEST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
_NOT_YET: Final = frozenset({"authorization_pending", "slow_down"})
_REFUSALS: Final = {
    "access_denied": marked("the sign-in was refused by who was asked to approve it"),
    "expired_token": marked("the code has expired: begin again"),
    "invalid_grant": marked("the sign-in has ended: sign in again"),
    "invalid_client": marked(
        "the gateway names a client that its issuer does not know: whoever runs the gateway has to look"
    ),
}


class Offer(Struct, frozen=True):
    """How a gateway wants people to sign in: its own endpoints, or those of the issuer that it trusts."""

    device_authorization_endpoint: str
    token_endpoint: str
    client_id: str
    revocation_endpoint: str = ""
    scope: str = ""
    issuer: str = ""


class DeviceCode(Struct, frozen=True):
    """What a person is shown, and how long it counts, in seconds."""

    device_code: str
    """Secret: who has it gets the tokens."""
    user_code: str
    verification_uri: str
    expires_in: float = 600.0
    interval: float = 5.0
    verification_uri_complete: str = ""
    """The same address with the code in it."""

    @property
    def address(self) -> str:
        """What to open."""
        return self.verification_uri_complete or self.verification_uri

    def __repr__(self) -> str:
        return f"DeviceCode({self.user_code!r})"


class _Tokens(Struct, frozen=True):
    access_token: str
    expires_in: float | None = None
    refresh_token: str = ""


class SignIn:
    """The sign-in at one gateway. Every method raises GatewayError; SignedOut where only a new sign-in helps."""

    def __init__(self, gateway: str, http: HttpClient, clock: Clock) -> None:
        """`gateway` without `/v1`."""
        self._gateway = gateway.rstrip("/")
        self._http = http
        self._clock = clock

    async def offer(self) -> Offer:
        """How this gateway wants it. Raises NotFound where it does not offer it."""
        require_safe(self._gateway, tr("the gateway"))
        reply = await self._send("GET", self._gateway + "/v1/signin")
        if reply.status == 404:
            raise NotFound(tr("this gateway offers no sign-in: use a token instead"), status=404)
        if reply.status != 200:
            raise refusal(reply.status, reply.body)
        offer = decoded(reply.body, Offer)
        for endpoint in (offer.device_authorization_endpoint, offer.token_endpoint, offer.revocation_endpoint):
            if endpoint:
                require_safe(endpoint, tr("a sign-in address of the gateway"))
        return offer

    async def begin(self, offer: Offer) -> DeviceCode:
        """Ask for a code, to be shown to a person."""
        form = {"client_id": offer.client_id, "scope": offer.scope}
        code = await self._posted(offer.device_authorization_endpoint, form, DeviceCode)
        require_safe(code.verification_uri, tr("the page to sign in at"))
        if code.verification_uri_complete:
            require_safe(code.verification_uri_complete, tr("the page to sign in at"))
        return code

    async def granted(self, offer: Offer, code: DeviceCode) -> Granted:
        """Wait until the code was approved, refused or has expired. While nobody answers it is asked again, later."""
        form = {"grant_type": DEVICE_CODE_GRANT, "device_code": code.device_code, "client_id": offer.client_id}
        ends_at_s = self._clock.monotonic() + code.expires_in
        pause_s = max(SHORTEST_PAUSE_S, code.interval)
        while self._clock.monotonic() + pause_s < ends_at_s:
            await self._clock.wait(asyncio.Event(), pause_s)
            try:
                return _granted(await self._posted(offer.token_endpoint, form, _Tokens))
            except _NotYet as not_yet:
                pause_s += SLOWER_S * (not_yet.code == "slow_down")
            except (GatewayUnreachable, Busy):
                pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)
        raise SignedOut(tr(_REFUSALS["expired_token"]), "expired_token")

    async def renewed(self, offer: Offer, refresh_token: str) -> Granted:
        """New tokens for a refresh token, which may count only once. Raises SignedOut when it does not any more."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": offer.client_id}
        return _granted(await self._posted(offer.token_endpoint, form, _Tokens))

    async def revoke(self, offer: Offer, refresh_token: str) -> None:
        """Have the issuer forget a refresh token, where it can."""
        if offer.revocation_endpoint:
            form = {"token": refresh_token, "token_type_hint": "refresh_token", "client_id": offer.client_id}
            _checked(await self._send("POST", offer.revocation_endpoint, form))

    async def _posted(self, url: str, form: Mapping[str, str], type_: type[T]) -> T:
        return decoded(_checked(await self._send("POST", url, form)).body, type_)

    async def _send(self, method: str, url: str, form: Mapping[str, str] | None = None) -> Reply:
        headers = {"Accept": "application/json"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form).encode()
        try:
            return await self._http.request(method, url, headers=headers, body=body, timeout_s=TIMEOUT_S)
        except HttpError as error:
            raise GatewayUnreachable(str(error), fault=error.fault) from error


class _NotYet(GatewayError):
    """Nobody has approved the code so far; `slow_down`: and it was asked too often."""


def require_safe(url: str, what: str) -> None:
    """Secrets go over HTTPS, or stay on this machine. Raises GatewayFailed."""
    if not is_secure(url):
        words = tr("{what} has to begin with https://, so that nobody reads along")
        raise GatewayFailed(words.format(what=what), "insecure")


def _granted(tokens: _Tokens) -> Granted:
    return Granted(tokens.access_token, tokens.expires_in, tokens.refresh_token)


def _checked(reply: Reply) -> Reply:
    """A good answer; else raises what the issuer's error stands for (RFC 6749, 5.2 and RFC 8628, 3.5)."""
    if 200 <= reply.status < 300:
        return reply
    error = _error_code(reply.body)
    if error in _NOT_YET:
        raise _NotYet(tr("nobody has approved the code yet"), error)
    if error in _REFUSALS:
        raise SignedOut(tr(_REFUSALS[error]), error, status=reply.status)
    raise refusal(reply.status, reply.body)


def _error_code(body: bytes) -> str:
    try:
        return str(msgspec.json.decode(body, type=dict[str, Any]).get("error", ""))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
