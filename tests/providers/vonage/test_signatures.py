import hashlib
import json
from ipaddress import ip_network
from typing import Any

import jwt
import pytest
from vonage_jwt import verify_signature as official_verify

from moderator.clock import SystemClock
from moderator.providers.errors import BadSignature
from moderator.providers.vonage import OpenTokProvider, VonageProvider
from moderator.providers.vonage.signatures import verify_sender, verify_signature
from tests.providers.vonage.made import SIGNATURE_SECRET, created, delivery, opentok_options, vonage_options

BODY = json.dumps(created("c1")).encode()
DAY_S = 86_400


def now_s() -> int:
    return SystemClock().now_ms() // 1000


def token(secret: str = SIGNATURE_SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    return jwt.encode({"iat": now_s(), "iss": "Vonage", **claims}, secret, algorithm=algorithm)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_what_we_sign_is_accepted_by_us_and_by_the_official_library() -> None:
    headers = dict(VonageProvider.sign(vonage_options(), {"Authorization": "old", "x": "1"}, BODY))
    assert set(headers) == {"authorization", "x"}
    verify_signature(delivery(BODY, headers), SIGNATURE_SECRET)
    assert official_verify(headers["authorization"].removeprefix("Bearer "), SIGNATURE_SECRET)
    assert not official_verify(headers["authorization"].removeprefix("Bearer "), SIGNATURE_SECRET + "x")


def test_opentok_signs_only_with_a_secret() -> None:
    unsigned = opentok_options(signature_secret="", allow_from=("10.0.0.0/8",))
    assert OpenTokProvider.sign(unsigned, {"x": "1"}, BODY) == {"x": "1"}
    assert "authorization" in OpenTokProvider.sign(opentok_options(), {}, BODY)


HASH = hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize(
    "claims",
    [
        {"payload_hash": HASH},
        {"payload_hash": HASH.upper()},
        {},
        {"iat": now_s() - 30 * DAY_S},
        {"iat": now_s() + 50},
        {"aud": "somebody", "api_key": "a", "application_id": "b"},
    ],
)
def test_what_is_accepted(claims: dict[str, Any]) -> None:
    verify_signature(delivery(BODY, bearer(token(**claims))), SIGNATURE_SECRET)


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({}, "is not signed"),
        ({"authorization": ""}, "is not signed"),
        ({"authorization": "Basic abc"}, "is not signed"),
        (bearer("nonsense"), "is not of the signature_secret"),
        (bearer("ä.ö.ü"), "is not of the signature_secret"),
        (bearer(token("another secret that is long enough as well")), "is not of the signature_secret"),
        (bearer(token(algorithm="HS512")), "is not of the signature_secret"),
        (bearer(jwt.encode({"iss": "Vonage"}, "", algorithm="none")), "is not of the signature_secret"),
        (bearer(token(iat=now_s() + DAY_S)), "in the future"),
        (bearer(token(exp=now_s() - 300)), "has expired"),
        (bearer(token(payload_hash="0" * 64)), "belongs to another body"),
        (bearer(token(payload_hash=5)), "belongs to another body"),
    ],
)
def test_what_is_refused_without_telling_the_secret(headers: dict[str, str], problem: str) -> None:
    with pytest.raises(BadSignature, match=problem) as refused:
        verify_signature(delivery(BODY, headers), SIGNATURE_SECRET)
    assert SIGNATURE_SECRET not in str(refused.value)


@pytest.mark.parametrize(("changed"), [BODY + b" ", b"", BODY[:-1]])
def test_another_body_is_refused(changed: bytes) -> None:
    headers = dict(VonageProvider.sign(vonage_options(), {}, BODY))
    with pytest.raises(BadSignature):
        verify_signature(delivery(changed, headers), SIGNATURE_SECRET)


@pytest.mark.parametrize(
    ("peer", "allowed"),
    [
        ("216.147.0.5", True),
        ("216.147.63.255", True),
        ("::ffff:216.147.0.5", True),
        ("2001:db8::1", True),
        ("216.147.64.0", False),
        ("127.0.0.1", False),
        ("2001:db9::1", False),
        ("", False),
        ("localhost", False),
    ],
)
def test_senders_of_unsigned_deliveries(peer: str, allowed: bool) -> None:
    networks = [ip_network("216.147.0.0/18"), ip_network("2001:db8::/32")]
    forwarded = {"x-forwarded-for": "216.147.0.5"}
    if allowed:
        verify_sender(delivery(BODY, forwarded, peer), networks)
    else:
        with pytest.raises(BadSignature, match="allow_from"):
            verify_sender(delivery(BODY, forwarded, peer), networks)
