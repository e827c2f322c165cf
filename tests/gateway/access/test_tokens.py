"""Moderator tokens, against a real PyJWT: what is forged, old or of another kind grants nothing."""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from moderator.gateway.access.keys import Keys
from moderator.gateway.access.tokens import (
    REQUIRED_CLAIMS,
    Access,
    AccessError,
    Grant,
    TokenVerifier,
    bearer_token,
    issue_token,
    sign_access,
    sign_refresh,
)

KEY = "a key of this gateway, long enough"
OTHER = "a key of somebody else, long enough"
KEYS = Keys([KEY])
VERIFIER = TokenVerifier(KEYS, "moderator")
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def claims(**changes: Any) -> dict[str, Any]:
    """Good ones, but for the changes; None leaves a claim out."""
    now = int(time.time())
    good = {
        "iss": "moderator",
        "aud": "moderator",
        "sub": "maya",
        "name": "Maya",
        "jti": "1",
        "iat": now,
        "exp": now + 600,
        "scope": "rooms:read rooms:extend",
        "rooms": ["clinic/*"],
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def a_token(*, key: Any = KEY, algorithm: str = "HS256", typ: str = "mod+jwt", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"typ": typ})


def verify(token: str) -> Access:
    return VERIFIER.verify(token)


def refused(token: str) -> str:
    """The code with which it is refused."""
    with pytest.raises(AccessError) as raised:
        verify(token)
    assert token not in str(raised.value)
    return raised.value.code


def by_hand(header: Mapping[str, object], signature: bytes = b"") -> str:
    parts = [msgspec.json.encode(header), msgspec.json.encode(claims()), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_a_good_token_grants_what_it_says() -> None:
    access = verify(a_token())
    assert (access.subject, access.name, access.jti) == ("maya", "Maya", "1")
    assert access.scopes == {"rooms:read", "rooms:extend"}
    assert access.patterns == ("clinic/*",)


@pytest.mark.parametrize("odd", ["\ud800", "a\x00b", "a\x1b[2J", "a\nb", "a\x85"])
@pytest.mark.parametrize("claim", ["sub", "name", "jti", "fam", "rooms"])
def test_what_cannot_be_written_down_or_shown_is_refused(claim: str, odd: str) -> None:
    assert refused(a_token(**{claim: odd})) == "bad_token"
    assert verify(a_token(**{claim: "Zoë 🎈"})).scopes
    with pytest.raises(ValueError, match="control characters"):
        issue_token(KEY, "moderator", odd, ["rooms:read"], [], 60, 0)


def test_an_issued_token_is_a_good_one() -> None:
    now_ms = int(time.time() * 1000)
    access = verify(issue_token(KEY, "moderator", "maya", ["rooms:read"], [], 60, now_ms))
    assert (access.subject, list(access.scopes), access.patterns) == ("maya", ["rooms:read"], ("*",))
    assert access.expires_at == now_ms // 1000 + 60


@pytest.mark.parametrize(
    ("name", "scopes", "ttl_s"),
    [("maya", ["rooms:all"], 60), ("maya", [], 60), (" ", ["rooms:read"], 60), ("maya", ["rooms:read"], 0)],
)
def test_what_cannot_be_issued(name: str, scopes: list[str], ttl_s: int) -> None:
    with pytest.raises(ValueError, match="scope"):
        issue_token(KEY, "moderator", name, scopes, [], ttl_s, 0)


def test_forged() -> None:
    assert refused(a_token(key=OTHER)) == "bad_token"


def test_changed_after_signing() -> None:
    head, _, signature = a_token().split(".")
    _, body, _ = a_token(scope="access:manage").split(".")
    assert refused(f"{head}.{body}.{signature}") == "bad_token"


def test_expired() -> None:
    assert refused(a_token(exp=int(time.time()) - 10)) == "token_expired"
    assert verify(a_token(exp=int(time.time()) - 2)).subject == "maya", "clocks differ a little"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "webhooks"},
        {"iss": "another"},
        {"iat": int(time.time()) + 3600},
        {"exp": "soon"},
        {"scope": ["rooms:read"]},
        {"rooms": 5},
        {"rooms": ["clinic/*", 5]},
        {"sub": 5},
        {"jti": 5},
    ],
)
def test_claims_that_do_not_fit(changes: dict[str, Any]) -> None:
    assert refused(a_token(**changes)) == "bad_token"


@pytest.mark.parametrize("claim", REQUIRED_CLAIMS)
def test_a_missing_claim(claim: str) -> None:
    without: dict[str, Any] = {claim: None}
    assert refused(a_token(**without)) == "bad_token"


def test_unsigned() -> None:
    assert refused(by_hand({"alg": "none", "typ": "JWT"})) == "bad_token"
    assert refused(by_hand({"alg": "NONE"})) == "bad_token"


def test_signed_with_another_algorithm() -> None:
    long_key = KEY * 3
    verifier = TokenVerifier(Keys([long_key]), "moderator")
    with pytest.raises(AccessError):
        verifier.verify(a_token(key=long_key, algorithm="HS512"))
    assert verifier.verify(a_token(key=long_key)).subject == "maya"
    assert refused(a_token(key=RSA, algorithm="RS256")) == "bad_token"


@pytest.mark.parametrize("token", ["x", "a.b", "a.b.c", "....", "ä.ö.ü", "a" * 10_000])
def test_what_is_no_token(token: str) -> None:
    assert refused(token) == "bad_token"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic bWF5YTp4", "maya"])
def test_no_token_at_all(header: str) -> None:
    with pytest.raises(AccessError) as raised:
        bearer_token(header)
    assert raised.value.code == "no_token"


def test_scopes_are_whole_words() -> None:
    assert verify(a_token(scope="  rooms:read\tpolicy:hold ")).scopes == {"rooms:read", "policy:hold"}
    assert "rooms:read" not in verify(a_token(scope="rooms:readall")).scopes
    assert verify(a_token(scope="")).scopes == frozenset()


@pytest.mark.parametrize(
    ("rooms", "source", "room", "name", "sees"),
    [
        (["*"], "clinic", "r1", "appt-1", True),
        (["clinic/*"], "clinic", "r1", "appt-1", True),
        (["clinic/*"], "school", "r1", "appt-1", False),
        (["clinic/appt-*"], "clinic", "r1", "appt-1", True),
        (["clinic/r1"], "clinic", "r1", "appt-1", True),
        (["clinic/r1"], "clinic", "r12", "appt-1", False),
        (["*/appt-[12]"], "school", "r1", "appt-2", True),
        ("clinic/r1", "clinic", "r1", "r1", True),
        ([], "clinic", "r1", "appt-1", False),
        (["CLINIC/*"], "clinic", "r1", "appt-1", False),
    ],
)
def test_patterns(rooms: object, source: str, room: str, name: str, sees: bool) -> None:
    assert verify(a_token(rooms=rooms)).sees_room(source, room, name) is sees


def test_without_patterns_a_token_sees_nothing() -> None:
    access = verify(a_token(rooms=None))
    assert not access.sees_room("clinic", "r1", "r1")
    assert not access.sees_source("clinic")


@pytest.mark.parametrize(
    ("rooms", "sees"), [(["*"], True), (["clinic/r1"], True), (["cl*/r1"], True), (["school/*"], False)]
)
def test_sources_are_seen_where_one_of_their_rooms_could_be(rooms: list[str], sees: bool) -> None:
    assert verify(a_token(rooms=rooms)).sees_source("clinic") is sees


GRANT = Grant("maya", ("rooms:read",), ("clinic/*",), "family-1")
NOW_MS = int(time.time() * 1000)
HOURS_S = 6 * 3600
"""Longer than all tests take."""


def test_kinds_of_token_are_not_interchangeable() -> None:
    access_token, _ = sign_access(KEYS, "moderator", GRANT, HOURS_S, NOW_MS)
    refresh_token, _ = sign_refresh(KEYS, "moderator", GRANT, HOURS_S, NOW_MS)
    assert VERIFIER.verify(access_token).family == "family-1"
    assert VERIFIER.verify_refresh(refresh_token).patterns == ("clinic/*",)
    assert refused(refresh_token) == "bad_token"
    with pytest.raises(AccessError):
        VERIFIER.verify_refresh(access_token)


@pytest.mark.parametrize("key", [KEYS.access[0], KEYS.refresh[0]])
@pytest.mark.parametrize("typ", ["mod+jwt", "JWT", "refresh+jwt"])
@pytest.mark.parametrize("audience", ["moderator", "moderator refresh"])
def test_the_key_the_type_and_the_audience_have_to_be_of_one_kind(key: str, typ: str, audience: str) -> None:
    token = a_token(key=key, typ=typ, aud=audience)
    is_access = key == KEYS.access[0] and typ != "refresh+jwt" and audience == "moderator"
    is_refresh = key == KEYS.refresh[0] and typ == "refresh+jwt" and audience != "moderator"
    assert accepted(VERIFIER.verify, token) is is_access
    assert accepted(VERIFIER.verify_refresh, token) is is_refresh


def accepted(verify: Callable[[str], Access], token: str) -> bool:
    try:
        verify(token)
    except AccessError:
        return False
    return True


@pytest.mark.parametrize(("typ", "accepts"), [("mod+jwt", True), ("JWT", True), ("at+jwt", False), ("x", False)])
def test_types(typ: str, accepts: bool) -> None:
    assert accepted(VERIFIER.verify, a_token(typ=typ)) is accepts


def test_all_keys_verify_and_the_first_signs() -> None:
    both = Keys([OTHER, KEY])
    verifier = TokenVerifier(both, "moderator")
    assert verifier.verify(a_token()).subject == verifier.verify(a_token(key=OTHER)).subject == "maya"
    signed, _ = sign_access(both, "moderator", GRANT, HOURS_S, NOW_MS)
    assert accepted(TokenVerifier(Keys([OTHER]), "moderator").verify, signed)
    assert refused(signed) == "bad_token"
    with pytest.raises(AccessError) as raised:
        verifier.verify(a_token(exp=int(time.time()) - 10))
    assert raised.value.code == "token_expired", "also with a key that is not the first"
    issued = issue_token(f"{OTHER}\n{KEY}", "moderator", "maya", ["rooms:read"], [], HOURS_S, NOW_MS)
    assert refused(issued) == "bad_token"


def test_a_key_that_is_too_short_signs_nothing() -> None:
    with pytest.raises(ValueError, match="shorter than 32 bytes"):
        issue_token("short", "moderator", "maya", ["rooms:read"], [], HOURS_S, NOW_MS)


def test_a_token_is_known_by_itself_and_by_its_family() -> None:
    _, access = sign_access(KEYS, "moderator", GRANT, HOURS_S, NOW_MS)
    assert access.revocable == (access.jti, "family-1")
    assert verify(a_token()).revocable == ("1",)


def test_an_enormous_token_is_not_even_read() -> None:
    assert refused(a_token(sub="x" * 10_000)) == "bad_token"
