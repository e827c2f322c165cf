"""Tokens that were not made for this gateway, for this purpose or for this time, at every kind of door."""

import base64
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from moderator.clock import SystemClock
from moderator.domain.events import AccessDenied
from moderator.gateway.access.authorization import FAILURES_AT_ONCE, REQUESTS_AT_ONCE
from moderator.gateway.access.keys import Keys
from moderator.gateway.access.tokens import Grant, sign_refresh
from tests.fakes.builders import joined
from tests.fakes.gateway import ISSUER, TOKEN_KEY, GatewayInProcess, GatewayServed, bearer, participant_path

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
NOW = int(time.time())
HOURS_S = 6 * 3600
"""Longer than all tests take: what is made here has to be refused for what is wrong with it alone."""


def claims(**changes: Any) -> dict[str, Any]:
    scope = "rooms:read participants:disconnect access:manage"
    good: dict[str, Any] = {"iss": ISSUER, "aud": ISSUER, "sub": "mallory", "jti": "m-1", "scope": scope}
    good |= {"iat": NOW, "exp": NOW + HOURS_S}
    return {**good, "rooms": ["*"], **changes}


def signed(key: Any = TOKEN_KEY, algorithm: str = "HS256", typ: str = "mod+jwt", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"typ": typ})


def by_hand(header: dict[str, str], signature: bytes = b"") -> str:
    parts = [msgspec.json.encode(header), msgspec.json.encode(claims()), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def confused() -> str:
    """Signed as HMAC with what everybody may know."""
    unsafe = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    head, body, _ = by_hand({"alg": "HS256", "typ": "mod+jwt"}).split(".")
    signature = unsafe.sign(f"{head}.{body}".encode(), PUBLIC)
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def refresh_token() -> str:
    grant = Grant("mallory", ("participants:disconnect",), ("*",), "family")
    return sign_refresh(Keys([TOKEN_KEY]), ISSUER, grant, HOURS_S, SystemClock().now_ms())[0]


BAD = {
    "forged": signed("somebody else's key, which is long enough"),
    "guessed": signed("secret" * 6),
    "changed": ".".join([*signed().split(".")[:1], signed(sub="ada").split(".")[1], signed().split(".")[2]]),
    "expired": signed(exp=NOW - 60),
    "of another audience": signed(aud="rtcstats"),
    "of another issuer": signed(iss="another"),
    "of the future": signed(iat=NOW + HOURS_S, exp=NOW + 2 * HOURS_S),
    "unsigned": by_hand({"alg": "none", "typ": "mod+jwt"}),
    "unsigned, in capitals": by_hand({"alg": "NoNe", "typ": "mod+jwt"}),
    "without a signature": by_hand({"alg": "HS256", "typ": "mod+jwt"}),
    "of another algorithm": signed(RSA, "RS256"),
    "signed with a public key": confused(),
    "of another kind": signed(typ="refresh+jwt"),
    "for refreshing": refresh_token(),
    "for a room": jwt.encode({"video": {"roomAdmin": True}, "exp": NOW + HOURS_S}, TOKEN_KEY, algorithm="HS256"),
    "with an unknown critical header": jwt.encode(claims(), TOKEN_KEY, headers={"crit": ["x"], "x": 1}),
    "that never expires": jwt.encode({k: v for k, v in claims().items() if k != "exp"}, TOKEN_KEY),
}


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayServed]:
    async with GatewayServed(Path(tmp_path_factory.mktemp("gateway"))) as gateway:
        await gateway.tell(joined("c1", gateway.clock.now_ms(), user="u1"))
        yield gateway


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
async def test_refused_at_every_kind_of_door(gateway: GatewayServed, token: str) -> None:
    disconnect = f"{participant_path('c1')}/disconnect"
    for method, path in (("GET", "/v1/rooms"), ("GET", "/v1/feed"), ("POST", disconnect), ("DELETE", "/v1/session")):
        answer = await gateway.http.request(method, path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, path
        assert answer.json()["code"] in {"bad_token", "token_expired"}
        assert token not in answer.text
        assert TOKEN_KEY not in answer.text
    assert gateway.provider.calls == []


async def test_replayed_after_signing_out(gateway: GatewayServed) -> None:
    mine = {"Authorization": bearer(name="mallory")}
    assert (await gateway.http.delete("/v1/session", headers=mine)).status_code == 200
    for path in ("/v1/rooms", "/v1/feed", "/v1/me"):
        answer = await gateway.http.get(path, headers=mine)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked")


@pytest.mark.parametrize("where", ["?token={}", "?access_token={}", "?authorization=Bearer%20{}"])
async def test_a_token_in_an_address_counts_nothing(gateway: GatewayServed, where: str) -> None:
    token = bearer().removeprefix("Bearer ")
    answer = await gateway.http.get(f"/v1/rooms{where.format(token)}", headers={"Authorization": ""})
    assert answer.status_code == 401
    cookies = {"Authorization": "", "Cookie": f"token={token}"}
    assert (await gateway.http.get("/v1/rooms", headers=cookies)).status_code == 401


async def test_a_token_is_no_signature_of_a_webhook(gateway: GatewayServed) -> None:
    answer = await gateway.http.post("/webhooks/clinic", content=b"{}", headers={"Authorization": bearer()})
    assert answer.status_code == 401


async def test_what_was_tried_is_in_the_audit_without_the_tokens(gateway: GatewayServed) -> None:
    await gateway.http.get("/v1/rooms", headers={"Authorization": f"Bearer {BAD['forged']}"})
    await gateway.gateway.denials.flush()
    denied = [event.data for event in await gateway.logged(AccessDenied)]
    assert any(isinstance(one, AccessDenied) and one.reason == "bad_token" for one in denied)
    text = msgspec.json.encode(denied).decode()
    for token in BAD.values():
        assert token not in text


async def test_a_flood_of_bad_tokens_is_slowed_down_and_good_ones_go_on(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        bad = {"Authorization": "Bearer forged"}
        statuses = [(await gateway.http.get("/v1/me", headers=bad)).status_code for _ in range(FAILURES_AT_ONCE + 1)]
        assert statuses == [401] * FAILURES_AT_ONCE + [429]
        assert (await gateway.http.get("/v1/me")).status_code == 200
        await gateway.advance(1_000)
        assert (await gateway.http.get("/v1/me", headers=bad)).status_code == 401


async def test_a_flood_with_one_token_is_slowed_down_and_others_go_on(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        greedy = {"Authorization": bearer(name="greedy")}
        answers = [await gateway.http.get("/v1/time", headers=greedy) for _ in range(REQUESTS_AT_ONCE + 1)]
        assert [answer.status_code for answer in answers] == [200] * REQUESTS_AT_ONCE + [429]
        assert answers[-1].headers["retry-after"] == "1"
        assert answers[-1].json()["code"] == "too_many_requests"
        assert (await gateway.http.get("/v1/time")).status_code == 200
        await gateway.advance(1_000)
        assert (await gateway.http.get("/v1/time", headers=greedy)).status_code == 200
