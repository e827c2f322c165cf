"""Tokens of a team's own issuer, over real HTTP."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from moderator.gateway.access.oidc import LOOK_AGAIN_S, MOST_BYTES, Oidc
from moderator.gateway.access.tokens import AccessError
from moderator.gateway.configuration.sections import AccessSection, OidcSection
from moderator.tasks import TaskScope
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import ISSUER, TOKEN_KEY, GatewayServed, bearer
from tests.gateway.access.issuer import AUDIENCE, RSA_KEY, Issuer
from tests.gateway.sign_in.signing_in import a_gateway

OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[Issuer]:
    async with Issuer().running() as issuer:
        yield issuer


@pytest.fixture
def issuer(running: Issuer) -> Issuer:
    running.reset()
    return running


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def oidc(issuer: Issuer, clock: FakeClock) -> AsyncIterator[Oidc]:
    oidc = Oidc(section(issuer), clock)
    yield oidc
    await oidc.aclose()


def section(issuer: Issuer, **changes: Any) -> OidcSection:
    return OidcSection(issuer=issuer.url, audience=AUDIENCE, **changes)


async def refused(oidc: Oidc, token: str) -> str:
    with pytest.raises(AccessError) as raised:
        await oidc.verify(token)
    return raised.value.code


@pytest.mark.parametrize("kid", ["rsa", "ec"])
@pytest.mark.parametrize("typ", ["JWT", "at+jwt"])
async def test_a_good_token(issuer: Issuer, oidc: Oidc, kid: str, typ: str) -> None:
    access = await oidc.verify(issuer.token(kid, typ=typ))
    assert (access.subject, access.name, access.jti, access.family) == ("u-1", "Maya", "jti-1", "")
    assert access.scopes == {"rooms:read"}, "scopes of others are not ours"
    assert access.patterns == ("clinic/*",)
    assert access.expires_at > time.time()


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"sub": 5},
        {"iat": None},
        {"iat": int(time.time()) + 86_400},
        {"exp": None},
        {"typ": "id+jwt"},
        {"typ": "logout+jwt"},
        {"typ": "mod+jwt"},
        {"alg": "RS512"},
        {"alg": "PS256"},
        {"kid": "rsa", "key": OTHER_KEY},
    ],
)
async def test_a_bad_token(issuer: Issuer, oidc: Oidc, changes: dict[str, Any]) -> None:
    assert await refused(oidc, issuer.token(**changes)) == "bad_token"


@pytest.mark.parametrize("odd", ["\ud800", "a\x00b", "a\x1b[2J"])
@pytest.mark.parametrize("claim", ["sub", "name", "jti", "rooms"])
async def test_what_cannot_be_written_down_or_shown_is_refused(
    issuer: Issuer, oidc: Oidc, claim: str, odd: str
) -> None:
    assert await refused(oidc, issuer.token(**{claim: odd})) == "bad_token"
    assert (await oidc.verify(issuer.token(**{claim: "Zoë"}))).scopes


async def test_a_document_without_end_is_not_read(issuer: Issuer, oidc: Oidc, caplog: pytest.LogCaptureFixture) -> None:
    issuer.more = {"padding": "x" * MOST_BYTES}
    assert await refused(oidc, issuer.token()) == "bad_token"
    assert f"sent more than {MOST_BYTES} bytes" in caplog.text


async def test_an_expired_token(issuer: Issuer, oidc: Oidc) -> None:
    assert await refused(oidc, issuer.token(exp=int(time.time()) - 60)) == "token_expired"


async def test_the_public_key_is_no_secret_to_sign_with(issuer: Issuer, oidc: Oidc) -> None:
    public = RSA_KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    unsafe = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    token = issuer.token()
    head = jwt.utils.base64url_encode(b'{"alg":"HS256","typ":"at+jwt","kid":"rsa"}')
    signed = head + b"." + token.split(".")[1].encode()
    forged = signed + b"." + jwt.utils.base64url_encode(unsafe.sign(signed, public))
    assert await refused(oidc, forged.decode()) == "bad_token"


async def test_a_key_that_a_token_brings_along_is_not_looked_at(issuer: Issuer, oidc: Oidc) -> None:
    headers = {"kid": "mine", "jku": f"{issuer.url}/evil", "x5u": f"{issuer.url}/evil", "jwk": {"kty": "RSA"}}
    token = jwt.encode(issuer.claims(), OTHER_KEY, algorithm="RS256", headers=headers)
    assert await refused(oidc, token) == "bad_token"


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' OR 1=1 --", "", "x" * 1_000])
async def test_an_id_of_a_key_is_only_looked_up(issuer: Issuer, oidc: Oidc, kid: str) -> None:
    assert await refused(oidc, issuer.token(kid, key=OTHER_KEY)) == "bad_token"


async def test_a_new_key_is_found_and_nobody_makes_the_gateway_look_more_than_once_a_minute(
    issuer: Issuer, oidc: Oidc, clock: FakeClock
) -> None:
    await oidc.verify(issuer.token())
    assert issuer.asked == 1
    issuer.keys["new"] = OTHER_KEY
    for number in range(20):
        await refused(oidc, issuer.token(f"unknown-{number}", key=RSA_KEY))
    assert await refused(oidc, issuer.token("new")) == "bad_token"
    assert issuer.asked == 1
    await clock.advance(int(LOOK_AGAIN_S * 1000))
    assert (await oidc.verify(issuer.token("new"))).subject == "u-1"
    assert issuer.asked == 2


async def test_while_the_issuer_is_away_known_keys_go_on(
    issuer: Issuer, oidc: Oidc, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    await oidc.verify(issuer.token())
    issuer.is_down = True
    for _ in range(3):
        await clock.advance(int(LOOK_AGAIN_S * 1000))
        assert await refused(oidc, issuer.token("unknown", key=RSA_KEY)) == "bad_token"
        assert (await oidc.verify(issuer.token())).subject == "u-1"
    assert [record.getMessage() for record in caplog.records if record.name.startswith("moderator")] == [
        f"the issuer {issuer.url} cannot be used, known keys go on: it answers 503"
    ]


async def test_a_withdrawn_key_is_forgotten_within_the_hour(issuer: Issuer, oidc: Oidc, clock: FakeClock) -> None:
    token = issuer.token()
    await oidc.verify(token)
    del issuer.keys["rsa"]
    await clock.advance(int(LOOK_AGAIN_S * 1000))
    await oidc._look()
    assert await refused(oidc, token) == "bad_token"


async def test_the_keys_are_there_from_the_start(issuer: Issuer, oidc: Oidc, clock: FakeClock) -> None:
    async with TaskScope() as tasks:
        tasks.start("issuer", oidc.run())
        clock.busy = lambda: oidc.discovery is None
        await clock.settle()
    assert oidc.discovery is not None
    assert oidc.discovery.jwks_uri == f"{issuer.url}/keys"


@pytest.mark.parametrize(
    ("options", "changes", "scopes", "patterns"),
    [
        ({}, {"scope": "rooms:read rooms:extend x"}, {"rooms:read", "rooms:extend"}, ("clinic/*",)),
        ({}, {"scope": None}, set(), ("clinic/*",)),
        ({}, {"rooms": None}, {"rooms:read"}, ()),
        ({}, {"rooms": "clinic/a clinic/b"}, {"rooms:read"}, ("clinic/a", "clinic/b")),
        ({}, {"rooms": [5, "clinic/a"]}, {"rooms:read"}, ("clinic/a",)),
        ({"scopes_claim": "roles"}, {"roles": ["rooms:end", "boss"]}, {"rooms:end"}, ("clinic/*",)),
        ({"rooms_claim": "places"}, {"places": ["*"]}, {"rooms:read"}, ("*",)),
        ({"default_scopes": ("rooms:watch",)}, {"scope": "openid"}, {"rooms:watch"}, ("clinic/*",)),
        ({"default_scopes": ("rooms:watch",)}, {}, {"rooms:read"}, ("clinic/*",)),
        ({"default_scopes": ("everything",)}, {"scope": None}, set(), ("clinic/*",)),
    ],
)
async def test_what_claims_allow(
    issuer: Issuer,
    clock: FakeClock,
    options: dict[str, Any],
    changes: dict[str, Any],
    scopes: set[str],
    patterns: tuple[str, ...],
) -> None:
    oidc = Oidc(section(issuer, **options), clock)
    access = await oidc.verify(issuer.token(**changes))
    await oidc.aclose()
    assert (set(access.scopes), access.patterns) == (scopes, patterns)


async def test_a_token_without_an_id_can_be_taken_away_too(issuer: Issuer, oidc: Oidc) -> None:
    one, other = issuer.token(jti=None), issuer.token(jti=None, sub="u-2")
    ids = [(await oidc.verify(token)).jti for token in (one, one, other)]
    assert ids[0] == ids[1] != ids[2]


async def test_beside_the_gateways_own_tokens(issuer: Issuer, tmp_path: Path) -> None:
    access = AccessSection(key=TOKEN_KEY, issuer=ISSUER, oidc=section(issuer))
    async with GatewayServed(tmp_path, access=access) as gateway:
        theirs = f"Bearer {issuer.token()}"
        for header in (theirs, bearer(["rooms:read"])):
            assert (await gateway.http.get("/v1/rooms", headers={"Authorization": header})).status_code == 200
        forged = f"Bearer {issuer.token(key=OTHER_KEY)}"
        assert (await gateway.http.get("/v1/rooms", headers={"Authorization": forged})).status_code == 401
        assert (await gateway.http.delete("/v1/session", headers={"Authorization": theirs})).status_code == 200
        again = await gateway.http.get("/v1/rooms", headers={"Authorization": theirs})
        assert again.json()["code"] == "token_revoked"


async def test_without_an_issuer_its_tokens_are_not_taken(issuer: Issuer, tmp_path: Path) -> None:
    async with GatewayServed(tmp_path) as gateway:
        answer = await gateway.http.get("/v1/rooms", headers={"Authorization": f"Bearer {issuer.token()}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")


@pytest.mark.parametrize(
    ("client_id", "device", "theirs"), [("desk", "yes", True), ("", "yes", False), ("desk", "", False)]
)
async def test_people_sign_in_at_the_issuer_where_it_knows_the_desktop(
    issuer: Issuer, tmp_path: Path, client_id: str, device: str, theirs: bool
) -> None:
    if device:
        issuer.more = {"device_authorization_endpoint": "https://i/device", "token_endpoint": "https://i/token"}
    access = AccessSection(key=TOKEN_KEY, issuer=ISSUER, oidc=section(issuer, client_id=client_id))
    async with a_gateway(tmp_path, access=access) as gateway:
        oidc = gateway.gateway.oidc
        assert oidc is not None
        gateway.clock.busy = lambda: oidc.discovery is None or gateway.log.busy
        await gateway.clock.settle()
        offer = (await gateway.http.get("/v1/signin")).json()
        assert (offer["token_endpoint"] == "https://i/token") is theirs
        assert offer["client_id"] == ("desk" if theirs else "moderator")
        assert offer["issuer"] == (issuer.url if theirs else ISSUER)


async def test_while_the_issuer_was_never_there_nobody_signs_in(
    issuer: Issuer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    issuer.is_down = True
    access = AccessSection(key=TOKEN_KEY, issuer=ISSUER, oidc=section(issuer, client_id="desk"))
    async with a_gateway(tmp_path, access=access) as gateway:
        answer = await gateway.http.get("/v1/signin")
        assert (answer.status_code, answer.json()["code"]) == (503, "issuer_unreachable")
