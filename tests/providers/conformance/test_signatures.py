"""Whoever believes too much, or stumbles over what others send, is noticed."""

from collections.abc import Mapping
from typing import Any

import jwt
import pytest

from moderator.providers.errors import BadSignature
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.livekit.tokens import verify_webhook
from moderator.providers.provider import Delivery
from tests.providers.conformance.broken import complaint


class Gullible(LiveKitProvider):
    def authenticate(self, delivery: Delivery) -> None:
        pass


class Polite(LiveKitProvider):
    """Believes who does not sign at all."""

    def authenticate(self, delivery: Delivery) -> None:
        if "authorization" in delivery.headers:
            super().authenticate(delivery)


class Timeless(LiveKitProvider):
    """Believes what was signed long ago: judges it by the time that it says."""

    def authenticate(self, delivery: Delivery) -> None:
        token = delivery.headers.get("authorization", "")
        try:
            said_s = jwt.decode(token, options={"verify_signature": False})["nbf"]
        except (jwt.PyJWTError, KeyError) as error:
            raise BadSignature("no") from error
        verify_webhook(delivery, self._options.api_key, self._options.api_secret, said_s * 1000)


class Blind(LiveKitProvider):
    """Looks at the token, and not at the body."""

    def authenticate(self, delivery: Delivery) -> None:
        try:
            jwt.decode(delivery.headers.get("authorization", ""), self._options.api_secret, algorithms=["HS256"])
        except (jwt.PyJWTError, ValueError) as error:
            raise BadSignature("no") from error


class Stumbling(LiveKitProvider):
    def authenticate(self, delivery: Delivery) -> None:
        assert delivery.headers["authorization"].split(".")[1]
        super().authenticate(delivery)


class Talkative(LiveKitProvider):
    def authenticate(self, delivery: Delivery) -> None:
        try:
            super().authenticate(delivery)
        except BadSignature as error:
            raise BadSignature(f"{delivery.headers.get('authorization')} is not signed by us") from error


class Suspicious(LiveKitProvider):
    def authenticate(self, delivery: Delivery) -> None:
        raise BadSignature("Nobody is believed.")


class Adding(LiveKitProvider):
    """Keeps the signature that was there."""

    @staticmethod
    def sign(options: LiveKitOptions, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        return {**LiveKitProvider.sign(options, {}, body), **headers}


@pytest.mark.parametrize(
    ("broken", "check", "said"),
    [
        (Gullible, "test_another_secret_is_not_believed", "signed with another secret was believed"),
        (Gullible, "test_an_unsigned_delivery_is_not_believed", "without a signature was believed"),
        (Polite, "test_an_unsigned_delivery_is_not_believed", "without a signature was believed"),
        (Blind, "test_a_changed_body_is_not_believed", "with a changed body was believed"),
        (Timeless, "test_an_old_signature_is_not_believed", "signed too long ago was believed"),
        (Stumbling, "test_an_unsigned_delivery_is_not_believed", "authenticate raised KeyError"),
        (Stumbling, "test_no_header_is_too_strange", "authenticate raised"),
        (Talkative, "test_a_refusal_tells_no_secret", "a refusal shows a secret"),
    ],
)
def test_wrong_belief_is_noticed(broken: type[Any], check: str, said: str) -> None:
    assert said in complaint(broken, check)


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (Suspicious, "test_what_the_platform_signed_is_believed"),
        (Adding, "test_a_replay_replaces_a_signature_that_was_there"),
    ],
)
def test_too_little_belief_is_noticed(broken: type[Any], check: str) -> None:
    with pytest.raises(BadSignature):
        complaint(broken, check)
