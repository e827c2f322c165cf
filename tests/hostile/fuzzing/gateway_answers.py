"""Targets: what a gateway answers to the client, and what an issuer publishes. It is understood, or the error that is
documented, in which no secret stands.
"""

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from moderator.client.audit import AuditClient
from moderator.client.commands import Extended, GatewayClient
from moderator.client.duty import DutyClient
from moderator.client.errors import GatewayError
from moderator.client.quality import QualityClient
from moderator.client.reports import Reports
from moderator.client.sign_in import DeviceCode, Offer, SignIn
from moderator.client.tokens import FixedToken
from moderator.feed.audit import OUTCOMES, Verified
from moderator.feed.codec import encode_event
from moderator.feed.duty import OnDuty
from moderator.feed.policy_report import PolicyReport
from moderator.gateway.access.issuer_keys import IssuerError, read_discovery, read_keys
from moderator.providers.conformance.bench import SteadyClock
from moderator.providers.conformance.secrecy import words_of
from tests.hostile.fuzzing.examples import entries, example, folded_all
from tests.hostile.fuzzing.scripted import NOWHERE, answered, done, scripted
from tests.hostile.fuzzing.target import Target, must, without_values

TOKEN: Final = "5ecret-t0ken-of-the-moderator"
ISSUER: Final = "https://login.example.org"
OFFER: Final = Offer(f"{NOWHERE}/device", f"{NOWHERE}/token", "desktop", f"{NOWHERE}/revoke")
CODE: Final = DeviceCode(TOKEN, "ABCD-EFGH", f"{NOWHERE}/activate", 60.0, 5.0)


def targets() -> list[Target]:
    """Both."""
    return [Target("gateway-answers", _samples, ask_gateway), Target("issuer", _documents, read_issuer)]


# --- gateways ------------------------------------------------------------------------------------------------------


def _client() -> GatewayClient:
    return GatewayClient(NOWHERE, FixedToken(TOKEN), scripted())


def _sign_in() -> SignIn:
    return SignIn(NOWHERE, scripted(), SteadyClock(0))


_QUESTIONS: Final[dict[str, Callable[[], Awaitable[object]]]] = {
    "me": lambda: _client().me(),
    "time": lambda: _client().time(),
    "rooms": lambda: _client().rooms(),
    "room": lambda: _client().room("clinic", "room-1"),
    "timeline": lambda: _client().timeline("clinic", "room-1"),
    "extend": lambda: _client().extend("clinic", "room-1", 60, 1),
    "end": lambda: _client().end("clinic", "room-1", "other"),
    "disconnect": lambda: _client().disconnect("clinic", "room-1", "c1", "conduct"),
    "readmit": lambda: _client().readmit("clinic", "room-1", "u1"),
    "duty": lambda: DutyClient(NOWHERE, FixedToken(TOKEN), scripted()).who(),
    "offer": lambda: _sign_in().offer(),
    "begin": lambda: _sign_in().begin(OFFER),
    "granted": lambda: _sign_in().granted(OFFER, CODE),
    "renewed": lambda: _sign_in().renewed(OFFER, TOKEN),
    "audit": lambda: AuditClient(NOWHERE, FixedToken(TOKEN), scripted()).page({}),
    "verify": lambda: AuditClient(NOWHERE, FixedToken(TOKEN), scripted()).verify(),
    "quality": lambda: QualityClient(NOWHERE, FixedToken(TOKEN), scripted()).session("s"),
    "series": lambda: QualityClient(NOWHERE, FixedToken(TOKEN), scripted()).series(1),
    "policy": lambda: Reports(NOWHERE, FixedToken(TOKEN), scripted()).policy(),
}


def ask_gateway(body: bytes) -> Iterator[str]:
    """A question or a command, answered so: a value, or a GatewayError for people."""
    found = answered(body)
    if found is None or found.ask not in _QUESTIONS:
        return
    scripted().answer_with(found.answers)
    try:
        outcome = done(_QUESTIONS[found.ask]())
    except GatewayError as error:
        must(TOKEN not in words_of(error), "an error shows a secret")
        yield f"{found.ask} {type(error).__name__} {error.status}"
    else:
        yield f"{found.ask} {type(outcome).__name__}"


def _good() -> dict[str, Any]:
    """What is answered where all is well."""
    events = [json.loads(encode_event(entry.events[0])) for entry in entries()[:12]]
    rooms = [msgspec.to_builtins(room) for room in folded_all(entries()).all_rooms()]
    session = {"id": 1, "state": "ended", "started_at": 1}
    return {
        "me": {"subject": "ada", "name": "Ada", "scopes": ["rooms:read"], "rooms": ["*"], "version": "0.7.0"},
        "time": {"now": 1},
        "rooms": {"seq": 1, "now": 1, "rooms": rooms},
        "room": rooms[0],
        "timeline": {"events": events, "more": True},
        "extend": example(Extended),
        "end": {"seq": 3},
        "disconnect": {"outcome": "requested", "rejoin": "possible", "seq": 3},
        "readmit": {"seq": 3},
        "duty": example(OnDuty),
        "offer": {"device_authorization_endpoint": f"{NOWHERE}/d", "token_endpoint": f"{NOWHERE}/t", "client_id": "x"},
        "begin": {"device_code": "d", "user_code": "u", "verification_uri": f"{NOWHERE}/a", "expires_in": 600},
        "granted": {"access_token": "a", "expires_in": 3600, "refresh_token": "r"},
        "renewed": {"access_token": "a.eyJleHAiOjEsImlhdCI6MH0.c", "refresh_token": "r"},
        "audit": {"rows": [{"event": events[0], "outcome": OUTCOMES[0]}], "more": True, "next": 3},
        "verify": example(Verified),
        "quality": {"sessions": [session]},
        "series": {"session": session, "samples": [{"at": 1, "duration_ms": 1}], "summary": {"formula": "x"}},
        "policy": example(PolicyReport),
    }


_REFUSALS: Final = (
    {"status": 409, "body": {"code": "conflict", "detail": "somebody was quicker", "deadline": {"version": 2}}},
    {"status": 401, "body": {"code": "token_expired", "detail": "get a new one"}},
    {"status": 400, "body": {"error": "authorization_pending"}},
    {"status": 502, "body": "<html>"},
)


def _samples() -> Sequence[bytes]:
    """Good answers to everything, and refusals before some."""
    good = {ask: {"status": 200, "body": body} for ask, body in _good().items()}
    found = [{"ask": ask, "answers": [answer]} for ask, answer in good.items()]
    found += [{"ask": ask, "answers": [no, good[ask]]} for no in _REFUSALS for ask in ("extend", "granted")]
    return [msgspec.json.encode(one) for one in found]


# --- issuers -------------------------------------------------------------------------------------------------------

_EC: Final = {
    **{"kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "alg": "ES256"},
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
_RSA: Final = {
    **{"kty": "RSA", "kid": "2", "e": "AQAB"},
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3o"
    "knjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
    "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqD"
    "Kgw",
}


def _documents() -> Sequence[bytes]:
    discovery = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", "token_endpoint": f"{ISSUER}/token"}
    return [json.dumps(one).encode() for one in ({"keys": [_EC, _RSA]}, discovery)]


def read_issuer(body: bytes) -> Iterator[str]:
    """Keys that verify, and where things are; or an IssuerError."""
    try:
        keys = read_keys(body)
        assert all(key.algorithm in {"RS256", "ES256"} for key in keys.values())
        yield f"{len(keys)} keys"
    except IssuerError as error:
        yield without_values(error)
    try:
        yield f"a description {read_discovery(body, ISSUER).issuer}"
    except IssuerError as error:
        yield without_values(error)
