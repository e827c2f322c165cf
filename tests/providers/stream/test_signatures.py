"""Against deliveries that were signed elsewhere, and the verifier of the platform's own library."""

import gzip
import json

import pytest
from getstream.webhook import verify_signature as official_verify

from moderator.providers.errors import BadSignature
from moderator.providers.stream import StreamProvider
from moderator.providers.stream.signatures import MAX_UNPACKED_BYTES, unpacked, verify
from tests.providers.stream.made import ANA, API_KEY, API_SECRET, RECORDED, delivery, joined, options, packed, recorded

BODY = json.dumps(joined(ANA, "ana")).encode()


def headers(body: bytes = BODY) -> dict[str, str]:
    return dict(StreamProvider.sign(options(), {}, body))


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_deliveries_are_believed_compressed_or_not(name: str) -> None:
    found = recorded(name)
    verify(found, options())
    verify(delivery(packed(found.body), dict(found.headers)), options())
    signature = StreamProvider.sign(options(), {}, found.body)["x-signature"]
    assert signature == found.headers["x-signature"]


def test_what_we_sign_is_accepted_by_the_official_library() -> None:
    signature = headers()["x-signature"]
    assert official_verify(BODY, signature, API_SECRET)
    assert not official_verify(BODY + b" ", signature, API_SECRET)
    assert headers(packed(BODY)) == headers(), "the signature is of what was compressed"


def test_old_signatures_are_replaced() -> None:
    signed = StreamProvider.sign(options(), {"X-Signature": "old", "X-Api-Key": "old", "x": "1"}, BODY)
    assert signed == {**headers(), "x": "1"}


def test_headers_about_compression_are_not_looked_at() -> None:
    for encoding in ("gzip", "br", ""):
        verify(delivery(BODY, {**headers(), "content-encoding": encoding}), options())
        verify(delivery(packed(BODY), {**headers(), "content-encoding": encoding}), options())


def test_the_key_may_be_missing_but_not_wrong() -> None:
    verify(delivery(BODY, {"x-signature": headers()["x-signature"].upper()}), options())
    with pytest.raises(BadSignature, match="of another app"):
        verify(delivery(BODY, {**headers(), "x-api-key": API_KEY + "x"}), options())


@pytest.mark.parametrize(
    ("signature", "problem"),
    [
        (None, "is not signed"),
        ("  ", "is not signed"),
        ("0" * 64, "not of the api_secret"),
        ("ä", "not of the api_secret"),
    ],
)
def test_what_is_refused_without_telling_the_secret(signature: str | None, problem: str) -> None:
    given = {} if signature is None else {"x-signature": signature}
    with pytest.raises(BadSignature, match=problem) as refused:
        verify(delivery(BODY, given), options())
    assert API_SECRET not in str(refused.value)


@pytest.mark.parametrize("changed", [BODY + b" ", b"", BODY[:-1], packed(BODY + b" ")])
def test_another_body_is_refused(changed: bytes) -> None:
    with pytest.raises(BadSignature, match="not of the api_secret"):
        verify(delivery(changed, headers()), options())


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"\x1f\x8b", "cut off"),
        (b"\x1f\x8b nonsense", "cannot be unpacked"),
        (packed(BODY)[:-1], "cut off"),
        (packed(BODY) + b"x", "something behind it"),
        (gzip.compress(bytes(MAX_UNPACKED_BYTES + 1)), "more than 2097152 bytes"),
        (gzip.compress(bytes(200 * 1024 * 1024), 1), "more than 2097152 bytes"),
    ],
)
def test_what_cannot_be_unpacked(body: bytes, problem: str) -> None:
    with pytest.raises(BadSignature, match=problem):
        verify(delivery(body, headers()), options())


def test_the_longest_that_is_unpacked() -> None:
    assert unpacked(gzip.compress(bytes(MAX_UNPACKED_BYTES))) == bytes(MAX_UNPACKED_BYTES)
