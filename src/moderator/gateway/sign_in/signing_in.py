"""Signing in without a token (RFC 8628): a program shows a code, and somebody who manages access says whose it is and
what they may do. The tokens that follow are in `token_endpoint`.
"""

import uuid
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from moderator.domain.accounting import SignInApproved, SignInDenied
from moderator.domain.events import Event
from moderator.gateway.access.denials import Denials
from moderator.gateway.access.limits import Buckets
from moderator.gateway.access.oidc import Oidc
from moderator.gateway.access.patterns import covers
from moderator.gateway.access.tokens import Access, Grant
from moderator.gateway.orders.orders import Orders
from moderator.gateway.problems import Problem, too_many
from moderator.gateway.requests import Body, Call, json_response
from moderator.gateway.rules import OpenRule, Rule
from moderator.gateway.scopes import SCOPES
from moderator.gateway.sign_in.device_grants import INTERVAL_S, LIFETIME_S, DeviceGrants, Waiting, written
from moderator.gateway.sign_in.forms import OAuthError, field, read_form
from moderator.gateway.sign_in.token_endpoint import TokenEndpoint

CLIENT_ID: Final = "moderator"
USUAL_SCOPES: Final = SCOPES - {"access:manage", "join:issue"}
"""What a moderator's desktop asks for."""
ISSUER_SCOPES: Final = "openid profile offline_access"
MAX_NAME: Final = 200
MAX_PATTERNS: Final = 50
BEGINNINGS_PER_S: Final = 1
BEGINNINGS_AT_ONCE: Final = 60
WRONG_CODES_PER_S: Final = 0.1
WRONG_CODES_AT_ONCE: Final = 10
TOKEN_FORM: Final = ("grant_type", "device_code", "refresh_token", "client_id")
PAGE: Final = """Signing in to Moderator

Tell the code that your screen shows to whoever manages access here. They let you in with

    moderator approve CODE --name "YOUR NAME" --scope rooms:read ...

and should know that it is you who asks. You need not do anything on this page.
"""


class Approval(Body, frozen=True, kw_only=True):
    """Who shows this code, and what they may do."""

    user_code: str
    name: str
    scopes: tuple[str, ...]
    rooms: tuple[str, ...] = ()
    """Empty: those of who approves."""


class Denial(Body, frozen=True, kw_only=True):
    """Who shows this code is not let in."""

    user_code: str


class SigningIn:
    """The way from a code on a screen to what its owner may do."""

    def __init__(
        self,
        grants: DeviceGrants,
        tokens: TokenEndpoint,
        orders: Orders,
        denials: Denials,
        oidc: Oidc | None,
        issuer: str,
        public_url: str,
    ) -> None:
        self._grants = grants
        self._tokens = tokens
        self._orders = orders
        self._denials = denials
        self._oidc = oidc
        self._issuer = issuer
        self._public_url = public_url.rstrip("/")
        self._clock = orders.clock
        self._beginnings = Buckets(BEGINNINGS_PER_S, BEGINNINGS_AT_ONCE)
        self._wrong_codes = Buckets(WRONG_CODES_PER_S, WRONG_CODES_AT_ONCE)

    def rules(self) -> tuple[Rule, ...]:
        """The routes for who manages access."""
        manage, approve, deny = "access:manage", "/v1/device/approve", "/v1/device/deny"
        return (
            Rule("POST", approve, manage, self.approve, "Let somebody in who shows a code", Approval),
            Rule("POST", deny, manage, self.deny, "Refuse somebody who shows a code", Denial),
        )

    def open_rules(self) -> tuple[OpenRule, ...]:
        """The routes for who has no token yet, or one that has expired."""
        return (
            OpenRule("GET", "/v1/signin", self.offer, "How to sign in"),
            OpenRule("POST", "/v1/device", self.begin, "Begin a sign-in (RFC 8628)", ("client_id", "scope")),
            OpenRule("POST", "/v1/token", self._tokens.token, "Tokens for a sign-in, or new ones for old", TOKEN_FORM),
            OpenRule("POST", "/v1/revoke", self._tokens.revoke, "Sign out (RFC 7009)", ("token", "token_type_hint")),
            OpenRule("GET", "/device", self.page, "What to do with a code, for people"),
        )

    async def offer(self, request: Request) -> Response:
        """`GET /v1/signin`: at the issuer where it knows our desktop, else here."""
        theirs = self._issuers_offer() if self._oidc is not None and self._oidc.client_id else None
        return json_response(theirs or self._own_offer(request))

    async def begin(self, request: Request) -> Response:
        """`POST /v1/device`"""
        peer = request.client.host if request.client else ""
        wait_s = self._beginnings.take(peer, self._clock.monotonic())
        if wait_s:
            raise too_many(wait_s, "too many sign-ins were begun from this address")
        form = await read_form(request)
        if field(form, "client_id") != CLIENT_ID:
            raise OAuthError("invalid_client", f"the client_id here is {CLIENT_ID}")
        if unknown := sorted(set(form.get("scope", "").split()) - SCOPES):
            raise OAuthError("invalid_scope", f"there is no scope {unknown[0][:100]}")
        codes = self._grants.begin(self._clock.monotonic(), peer)
        if codes is None:
            raise too_many(INTERVAL_S, "too many sign-ins wait for an answer")
        device_code, user_code = codes
        answer = {"device_code": device_code, "user_code": written(user_code)}
        more = {"verification_uri": f"{self._base(request)}/device", "expires_in": LIFETIME_S, "interval": INTERVAL_S}
        return json_response({**answer, **more})

    async def page(self, request: Request) -> Response:
        """`GET /device`: where people are sent who are shown a code."""
        return PlainTextResponse(PAGE)

    async def approve(self, call: Call) -> Response:
        """`POST /v1/device/approve`"""
        body, event_id = await call.body(Approval), call.event_id()
        grant = self._grant(body, call.access)
        known = self._orders.ledger.verdict(event_id)
        if known is not None:
            return json_response({"seq": known.seq})
        waiting = self._waiting(call, body.user_code)
        data = SignInApproved(name=grant.name, scopes=grant.scopes, rooms=grant.rooms, family=grant.family)
        seq = await self._answered(waiting, self._orders.event(call, event_id, None, data))
        waiting.grant, waiting.approved_by = grant, call.actor
        return json_response({"seq": seq})

    async def deny(self, call: Call) -> Response:
        """`POST /v1/device/deny`"""
        body, event_id = await call.body(Denial), call.event_id()
        known = self._orders.ledger.verdict(event_id)
        if known is not None:
            return json_response({"seq": known.seq})
        waiting = self._waiting(call, body.user_code)
        seq = await self._answered(waiting, self._orders.event(call, event_id, None, SignInDenied()))
        waiting.denied = True
        return json_response({"seq": seq})

    async def _answered(self, waiting: Waiting, event: Event) -> int:
        """Put the answer to the log, before it counts; returns its `seq`. Raises LogError."""
        waiting.is_being_answered = True
        try:
            (verdict,) = await self._orders.ledger.propose([event])
        finally:
            waiting.is_being_answered = False
        return verdict.seq

    def _grant(self, body: Approval, approver: Access) -> Grant:
        """As `_grant_of`; what is not the approver's to give stands in the log as denied."""
        try:
            return _grant_of(body, approver)
        except Problem as problem:
            if problem.status == 403:
                self._denials.note(f"sign-in approved by {approver.subject}", problem.code.replace("_", " "))
            raise

    def _waiting(self, call: Call, user_code: str) -> Waiting:
        now_s = self._clock.monotonic()
        waiting = self._grants.find(user_code, now_s)
        if waiting is not None:
            return waiting
        self._denials.note(f"sign-in answered by {call.access.subject}", "unknown user code")
        if wait_s := self._wrong_codes.take(call.access.jti, now_s):
            raise too_many(wait_s, "too many codes were wrong")
        raise Problem(404, "unknown_code", "nobody waits here with this code: it is mistyped, expired or has an answer")

    def _issuers_offer(self) -> dict[str, str] | None:
        """None where the issuer has no device flow."""
        assert self._oidc is not None
        found = self._oidc.discovery
        if found is None:
            raise Problem(503, "issuer_unreachable", "the issuer of tokens does not answer: try again later")
        if not found.device_authorization_endpoint:
            return None
        return {
            "device_authorization_endpoint": found.device_authorization_endpoint,
            "token_endpoint": found.token_endpoint,
            "revocation_endpoint": found.revocation_endpoint,
            "client_id": self._oidc.client_id,
            "scope": ISSUER_SCOPES,
            "issuer": found.issuer,
        }

    def _own_offer(self, request: Request) -> dict[str, str]:
        base = self._base(request)
        return {
            "device_authorization_endpoint": f"{base}/v1/device",
            "token_endpoint": f"{base}/v1/token",
            "revocation_endpoint": f"{base}/v1/revoke",
            "client_id": CLIENT_ID,
            "scope": " ".join(sorted(USUAL_SCOPES)),
            "issuer": self._issuer,
        }

    def _base(self, request: Request) -> str:
        try:
            return self._public_url or str(request.base_url).rstrip("/")
        except ValueError as error:  # the Host header is no host
            raise Problem(400, "bad_host", "the Host header cannot be read") from error


def _grant_of(body: Approval, approver: Access) -> Grant:
    """What is to be granted. Raises Problem for what cannot be, or is not the approver's to give."""
    if not (0 < len(body.name) <= MAX_NAME and body.name.strip() and body.name.isprintable()):
        raise Problem(422, "invalid_name", f"a name has 1 to {MAX_NAME} characters that can be seen")
    scopes, rooms = tuple(sorted(set(body.scopes))), tuple(dict.fromkeys(body.rooms)) or approver.patterns
    if not scopes or not set(scopes) <= SCOPES:
        unknown = "".join(f"there is no scope {one[:100]!r}: " for one in scopes if one not in SCOPES)
        raise Problem(422, "invalid_scopes", f"{unknown}name one or more of {', '.join(sorted(SCOPES))}")
    if len(rooms) > MAX_PATTERNS or not all(0 < len(one) <= MAX_NAME and one.isprintable() for one in rooms):
        raise Problem(422, "invalid_rooms", f"name up to {MAX_PATTERNS} patterns such as clinic/*")
    beyond = [one for one in scopes if one not in approver.scopes]
    beyond += [one for one in rooms if not any(covers(pattern, one) for pattern in approver.patterns)]
    if beyond:
        raise Problem(403, "beyond_own_access", f"nobody grants what they do not have themselves: {', '.join(beyond)}")
    return Grant(body.name.strip(), scopes, rooms, uuid.uuid4().hex)
