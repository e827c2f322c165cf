import hashlib
import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from vonage_jwt import verify_signature

from moderator.clock import SystemClock
from moderator.simulator.credentials import BadCredentials
from moderator.simulator.vonage.accounts import Account, Credentials, Refused
from tests.simulator.vonage.running import (
    API_KEY,
    APPLICATION,
    SIGNATURE_SECRET,
    an_account,
    private_key,
    rest_headers,
)

IDS = Path(__file__).parents[2] / "data/vonage/rest/session_ids.json"
HOUR = 3600


def now_s() -> int:
    return SystemClock().now_ms() // 1000


def at_times(claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with numbers as seconds from now: when tests are collected it is earlier."""
    return {name: now_s() + value if isinstance(value, int) else value for name, value in claims.items()}


def status(environment: Any, headers: dict[str, str], later_s: int = 0) -> int:
    try:
        an_account(environment).authorize(
            {name.lower(): text for name, text in headers.items()}, (now_s() + later_s) * 1000
        )
    except Refused as error:
        return error.status
    return 200


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, 200),
        ({"application_id": "another"}, 403),
        ({"application_id": None}, 403),
        ({"exp": -1}, 401),
        ({"exp": None}, 200),
        ({"exp": None, "iat": -16 * 60}, 401),
        ({"exp": 99 * HOUR, "iat": -23 * HOUR}, 200),
        ({"exp": 99 * HOUR, "iat": -25 * HOUR}, 401),
        ({"iat": HOUR}, 401),
        ({"iat": None, "exp": None}, 401),
        ({"iat": "soon"}, 401),
    ],
)
def test_an_application_needs_a_current_token_of_its_own(claims: dict[str, Any], expected: int) -> None:
    assert status("vonage", rest_headers(**at_times({"iat": 0, "exp": 180} | claims))) == expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, 200),
        ({"iss": "1"}, 403),
        ({"ist": "account"}, 403),
        ({"exp": -1}, 403),
        ({"iat": -25 * HOUR}, 403),
    ],
)
def test_a_project_needs_a_current_token_of_its_own(claims: dict[str, Any], expected: int) -> None:
    assert status("opentok", rest_headers("opentok", **at_times({"iat": 0, "exp": 99 * HOUR} | claims))) == expected


def test_other_signatures_are_refused() -> None:
    public = serialization.load_pem_private_key(private_key().encode(), None).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    claims = {"application_id": APPLICATION, "iat": now_s(), "exp": now_s() + 60}
    unsigned = jwt.encode(claims, "", algorithm="none")
    ours = jwt.encode(claims, "x" * 32, algorithm="HS256")
    for token in ("", "garbage", unsigned, ours):
        assert status("vonage", {"Authorization": f"Bearer {token}"}) == 401
        assert status("opentok", {"X-OPENTOK-AUTH": token}) == 403
    assert status("vonage", {}) == 401
    assert status("vonage", rest_headers("opentok")) == 401
    assert Account("vonage", Credentials(APPLICATION, public_key=pem.decode(), signature_secret="s")).is_signed


@pytest.mark.parametrize("environment", ["vonage", "opentok"])
def test_webhooks_are_signed_as_the_official_library_expects(environment: Any) -> None:
    now = now_s()
    headers = an_account(environment).sign(b'{"event":"x"}', now * 1000, "d1")
    token = headers["Authorization"].removeprefix("Bearer ")
    assert verify_signature(token, SIGNATURE_SECRET)
    claims = jwt.decode(token, SIGNATURE_SECRET, algorithms=["HS256"])
    assert claims["payload_hash"] == hashlib.sha256(b'{"event":"x"}').hexdigest()
    assert (claims["iss"], claims["iat"], claims["jti"]) == ("Vonage", now, "d1")
    named = {"application_id": APPLICATION} if environment == "vonage" else {"api_key": API_KEY}
    assert named.items() <= claims.items()


def test_opentok_may_do_without_signatures() -> None:
    assert an_account("opentok", "").sign(b"", now_s() * 1000, "d1") == {}


@pytest.mark.parametrize(
    ("environment", "theirs"), [("vonage", "unified_session_id"), ("opentok", "legacy_session_id")]
)
def test_session_ids_look_like_the_platforms(environment: Any, theirs: str) -> None:
    real = json.loads(IDS.read_text("utf-8"))[theirs]
    account = an_account(environment)
    ours = account.make_session_id("lesson-7", 1_763_690_400_123, "2f0e3b8a-6d1c-4f7a-9b55-0c1d2e3f4a5b")
    assert account.owns(real)
    assert account.owns(ours)
    assert real[:36] == ours[:36]


@pytest.mark.parametrize("session_id", ["", "x", "2_", "2_MX4x", "1_!!!", "1_" + "A" * 40, "2_é"])
def test_other_session_ids_are_not_ours(session_id: str) -> None:
    assert not an_account().owns(session_id)


@pytest.mark.parametrize(
    ("environment", "credentials", "named"),
    [
        ("vonage", Credentials(), "application_id and signature_secret"),
        ("vonage", Credentials(APPLICATION, signature_secret="s"), "public_key"),
        ("vonage", Credentials(APPLICATION, private_key="hush", signature_secret="s"), "private_key"),
        ("opentok", Credentials(api_key="1"), "api_secret"),
    ],
)
def test_what_is_missing_is_named(environment: Any, credentials: Credentials, named: str) -> None:
    with pytest.raises(BadCredentials, match=named) as error:
        Account(environment, credentials)
    assert "hush" not in str(error.value)
