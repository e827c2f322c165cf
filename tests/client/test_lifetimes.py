"""When a session is renewed and when it is used no more, reckoned."""

import jwt
import pytest

from moderator.client.lifetimes import Session, lifetime_in_claims

KEY = "a key for tests, which nobody else has"


def token(**claims: object) -> str:
    return jwt.encode(claims, KEY, "HS256")


@pytest.mark.parametrize(
    ("lifetime_s", "jitter", "stale_after_s", "expired_after_s"),
    [
        (900, 0.0, 840, 890),
        (900, 1.0, 810, 890),
        (300, 0.0, 240, 290),
        (100, 0.0, 80, 90),
        (10, 1.0, 7, 9),
    ],
)
def test_when_it_is_renewed(lifetime_s: float, jitter: float, stale_after_s: float, expired_after_s: float) -> None:
    session = Session.begun("t", lifetime_s, 1000, jitter)
    moments = [0, stale_after_s - 0.01, stale_after_s, expired_after_s - 0.01, expired_after_s]
    states = [session.state(1000 + at) for at in moments]
    assert states == ["fresh", "fresh", "stale", "stale", "expired"]


def test_without_a_lifetime_it_holds_until_it_is_refused() -> None:
    assert Session.begun("opaque", None, 0, 0).state(1e9) == "fresh"


def test_the_claims_say_how_long_it_holds_whatever_time_it_is_here() -> None:
    session = Session.begun(token(iat=4_000_000_000, exp=4_000_000_900), None, 5, 0)
    assert (session.stale_at_s, session.expired_at_s) == (845, 895)


@pytest.mark.parametrize(
    "words",
    [
        "", "opaque", "a.b", "a.b.c", "a.\xff.c", "a.bnVsbA.c",
        token(iat=1), token(exp=2), token(iat=9, exp=2), token(iat="x", exp=2),
    ],
)  # fmt: skip
def test_what_says_nothing_of_a_lifetime(words: str) -> None:
    assert lifetime_in_claims(words) is None
