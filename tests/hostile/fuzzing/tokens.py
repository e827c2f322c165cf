"""Targets: who somebody says they are: moderators' tokens, and what deliveries are signed with. It is believed, or
refused without a word of the key.
"""

import base64
import hmac
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from moderator.client.lifetimes import lifetime_in_claims
from moderator.gateway.access.keys import Keys
from moderator.gateway.access.tokens import Access, AccessError, TokenVerifier, bearer_token, issue_token
from moderator.providers.conformance.bench import resting
from moderator.providers.conformance.secrecy import leaked, words_of
from moderator.providers.errors import BadSignature
from moderator.providers.provider import Delivery
from tests.hostile.fuzzing.target import Target, must, without_values
from tests.hostile.fuzzing.webhooks import STATED

KEY: Final = "a key that signs tokens for this test only, long enough"
ISSUER: Final = "moderator"
NOW_MS: Final = 4_000_000_000_000
"""Far ahead, so that what is issued here has not expired."""
_NO_INPUT: Final = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def targets() -> list[Target]:
    """Both."""
    return [Target("token", _tokens, read_token), Target("signature", _deliveries, authenticate)]


# --- tokens --------------------------------------------------------------------------------------------------------


def _tokens() -> Sequence[bytes]:
    good = issue_token(KEY, ISSUER, "ada", ["rooms:read"], ["clinic/*"], 3600, NOW_MS)
    head, claims = (json.loads(_unpadded(part)) for part in good.split(".")[:2])
    return [good.encode(), json.dumps({"header": head, "claims": {**claims, "iat": 1}}).encode()]


def _unpadded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def read_token(body: bytes) -> Iterator[str]:
    """A token as it is; or a header and claims, which are signed with the right key, as nobody else can."""
    token = _signed(body) or body.decode("utf-8", "surrogateescape")
    verifier = TokenVerifier(Keys([KEY]), ISSUER)
    for verify in (verifier.verify, verifier.verify_refresh, lambda text: bearer_token(f"Bearer {text}")):
        try:
            found = verify(token)
        except AccessError as error:
            must(KEY not in words_of(error), "an error shows the key")
            yield f"{error.code} {without_values(error)}"
            continue
        if isinstance(found, Access):
            "".join((found.subject, found.name, found.jti, found.family, *found.patterns)).encode()
            yield f"taken {found.sees_room('clinic', 'room', 'name')} {found.sees_source('clinic')}"
    lifetime_in_claims(token)


def _signed(body: bytes) -> str:
    """By hand, so that its header may say whatever it likes; empty where the input is no header with claims."""
    try:
        value = json.loads(body)
        signed = b".".join(_padless(json.dumps(value[part]).encode()) for part in ("header", "claims"))
    except _NO_INPUT:
        return ""
    return b".".join([signed, _padless(hmac.digest(KEY.encode(), signed, "sha256"))]).decode()


def _padless(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


# --- signatures ----------------------------------------------------------------------------------------------------


def _deliveries() -> Sequence[bytes]:
    found = []
    for name, stated in STATED.items():
        sample = stated.samples()[0]
        signed = stated.provider.sign(stated.decoded(), {"content-type": "application/json"}, sample.body)
        members = {"provider": name, "headers": dict(signed), "peer": "127.0.0.1", "body": sample.body.decode()}
        found.append(json.dumps(members).encode())
    return found


def authenticate(body: bytes) -> Iterator[str]:
    """A delivery is believed, or it is not; never anything else."""
    try:
        value: dict[str, Any] = json.loads(body)
        stated = STATED[value["provider"]]
        headers = {str(key).lower(): str(one) for key, one in value["headers"].items()}
        delivery = Delivery(headers, value["body"].encode("utf-8", "surrogatepass"), str(value["peer"]), 1)
    except _NO_INPUT:
        return
    if any(ord(one) > 255 for text in headers.values() for one in text):
        return  # no header can hold it: they are read as Latin-1
    try:
        resting(stated).authenticate(delivery)
    except BadSignature as error:
        must(not leaked(words_of(error), stated.secret_values()), "an error shows a secret")
        yield f"{value['provider']} {without_values(error)}"
    else:
        yield f"{value['provider']} is believed"
