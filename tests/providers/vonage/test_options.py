from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.providers.vonage.made import API_SECRET, SIGNATURE_SECRET, opentok_options, private_key, vonage_options


def pem(key: Any, encryption: Any = None) -> str:
    form = serialization.PrivateFormat.PKCS8
    raw = key.private_bytes(serialization.Encoding.PEM, form, encryption or serialization.NoEncryption())
    return str(raw.decode())


def test_line_breaks_may_be_written_out() -> None:
    assert vonage_options(private_key=private_key().replace("\n", "\\n")).private_key.startswith("-----BEGIN")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "secret-words",
        private_key()[:-200],
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(
            rsa.generate_private_key(public_exponent=65537, key_size=2048), serialization.BestAvailableEncryption(b"p")
        ),
    ],
)
def test_a_key_that_is_none_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ValueError, match="private_key: this is no RSA private key: give the whole file") as refused:
        vonage_options(private_key=key)
    assert not key or key not in str(refused.value)


@pytest.mark.parametrize("make", [vonage_options, opentok_options])
def test_an_address_that_is_none_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match="base_url: write the whole address"):
        make(base_url="video.example.org")


def test_unsigned_deliveries_need_networks() -> None:
    with pytest.raises(ValueError, match="signature_secret or allow_from: without a signature"):
        opentok_options(signature_secret="")
    with pytest.raises(ValueError, match="allow_from: 'vonage' is no network"):
        opentok_options(allow_from=("vonage",))
    assert opentok_options(signature_secret="", allow_from=("216.147.0.0/18",)).allow_from


def test_secrets_are_in_no_repr() -> None:
    for options in (vonage_options(), opentok_options()):
        assert not any(secret in repr(options) for secret in (private_key()[30:60], SIGNATURE_SECRET, API_SECRET))
