"""What an issuer publishes: taken where it is good, left out or refused where it is not."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from moderator.gateway.access.issuer_keys import IssuerError, read_discovery, read_keys

ISSUER = "https://login.example.org"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SHORT_RSA = rsa.generate_private_key(public_exponent=65537, key_size=1024)
EC = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())


def jwk(key: Any, **more: Any) -> dict[str, Any]:
    kind = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey) else ECAlgorithm
    return {**kind.to_jwk(key, as_dict=True), "kid": "one", **more}


def keys(*published: Any) -> bytes:
    return json.dumps({"keys": published}).encode()


def discovery(**changes: Any) -> bytes:
    return json.dumps({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", **changes}).encode()


def test_discovery() -> None:
    found = read_discovery(discovery(token_endpoint=f"{ISSUER}/token", grant_types_supported=["x"]), ISSUER)
    assert (found.jwks_uri, found.token_endpoint) == (f"{ISSUER}/keys", f"{ISSUER}/token")
    assert found.device_authorization_endpoint == ""


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (discovery(issuer="https://evil.example"), "correct access.oidc.issuer"),
        (discovery(issuer=ISSUER + "/"), "correct access.oidc.issuer"),
        (discovery(jwks_uri="http://login.example.org/keys"), "not https"),
        (discovery(jwks_uri="file:///etc/passwd"), "not https"),
        (discovery(jwks_uri=5), "not the JSON"),
        (b"<html>", "not the JSON"),
        (b"\xff", "not the JSON"),
        (b" " * 600_000, "more than"),
    ],
)
def test_a_discovery_that_cannot_be_used(body: bytes, problem: str) -> None:
    with pytest.raises(IssuerError, match=problem):
        read_discovery(body, ISSUER)


def test_keys_are_known_by_their_ids_and_used_with_one_algorithm() -> None:
    found = read_keys(keys(jwk(RSA.public_key()), jwk(EC.public_key(), kid="two")))
    assert {kid: key.algorithm for kid, key in found.items()} == {"one": "RS256", "two": "ES256"}


@pytest.mark.parametrize(
    "published",
    [
        jwk(RSA.public_key(), alg="RS512"),
        jwk(RSA.public_key(), alg="none"),
        jwk(RSA.public_key(), use="enc"),
        jwk(RSA.public_key(), kid=None),
        jwk(RSA.public_key(), kid=["one"]),
        jwk(RSA.public_key(), n="!"),
        jwk(RSA),
        jwk(EC),
        jwk(SHORT_RSA.public_key()),
        jwk(P384.public_key()),
        {"kty": "oct", "k": "c2VjcmV0", "kid": "one"},
        {"kty": ["RSA"], "kid": "one"},
        {"kty": "EC", "crv": {"a": 1}, "kid": "one"},
        {},
    ],
)
def test_keys_that_are_left_out(published: dict[str, Any]) -> None:
    with pytest.raises(IssuerError, match="no key"):
        read_keys(keys(published))
    assert list(read_keys(keys(published, jwk(EC.public_key(), kid="good")))) == ["good"]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"keys":{}}', b'{"keys":[1]}'])
def test_what_is_no_set_of_keys(body: bytes) -> None:
    with pytest.raises(IssuerError, match="not the JSON"):
        read_keys(body)
