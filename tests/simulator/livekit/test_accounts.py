"""Tokens of clients and signatures of webhooks, judged by the official classes."""

from typing import Any

import pytest
from livekit import api

from moderator.clock import SystemClock
from moderator.simulator.credentials import BadCredentials
from moderator.simulator.livekit.accounts import Account, BadToken, Credentials
from tests.simulator.livekit.running import API_KEY, API_SECRET, an_account, token

LONG_AGO_S = 1_700_000_000
IN_LONG_S = 4_000_000_000


def now() -> int:
    return SystemClock().now_ms()


def test_an_official_token_is_taken() -> None:
    official = api.AccessToken(API_KEY, API_SECRET).with_grants(api.VideoGrants(room_admin=True, room="r"))
    grants = an_account().grants(f"Bearer {official.to_jwt()}", now())
    assert grants.may("roomAdmin", "r")
    assert not grants.may("roomAdmin", "another")
    assert not grants.may("roomList", "r")


def test_without_a_token_nothing_is_allowed() -> None:
    assert not an_account().grants("", now()).may("roomList", "")


@pytest.mark.parametrize(
    ("presented", "why"),
    [
        ("rubbish", "^invalid authorization token$"),
        (token(iss="APIother"), "^invalid API key: APIother$"),
        (token(secret="b" * 40), "signature is invalid"),
        (token(exp=LONG_AGO_S), "is expired"),
        (token(nbf=IN_LONG_S), "is expired or not valid yet"),
        (token(nbf="soon"), "is expired or not valid yet"),
    ],
)
def test_a_bad_token_is_told_in_plain_words(presented: str, why: str) -> None:
    with pytest.raises(BadToken, match=why):
        an_account().grants(f"Bearer {presented}", now())


@pytest.mark.parametrize(("claim", "off_s"), [("exp", -30), ("nbf", 30)])
def test_a_minute_is_nothing(claim: str, off_s: int) -> None:
    claims: dict[str, Any] = {claim: now() // 1000 + off_s}
    presented = token({"roomList": True}, **claims)
    assert an_account().grants(presented, now()).may("roomList", "")


def test_a_token_may_be_for_good() -> None:
    assert an_account().grants(token({"roomList": True}, exp=None), now()).may("roomList", "")


def test_grants_that_are_none_allow_nothing() -> None:
    assert not an_account().grants(token(video="all"), now()).may("roomList", "")  # type: ignore[arg-type]


def test_the_official_receiver_takes_what_is_signed_and_refuses_what_was_changed() -> None:
    receiver = api.WebhookReceiver(api.TokenVerifier(API_KEY, API_SECRET))
    body = '{"event": "room_started"}'
    signature = an_account().sign(body.encode(), now())["Authorization"]
    assert receiver.receive(body, signature).event == "room_started"
    with pytest.raises(Exception, match="hash mismatch"):
        receiver.receive(body + " ", signature)
    stranger = Account(Credentials(API_KEY, "another secret that is shared with nobody"))
    with pytest.raises(Exception, match="ignature"):
        receiver.receive(body, stranger.sign(body.encode(), now())["Authorization"])


def test_an_account_needs_both() -> None:
    with pytest.raises(BadCredentials, match="livekit need"):
        Account(Credentials("key"))
