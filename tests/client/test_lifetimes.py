"""When a session is renewed and when it is used no more, reckoned."""

import jwt
import pytest

from moderator.client.lifetimes import AccessToken, Granted, Session, lifetime_in_claims, mark_of

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


@pytest.mark.parametrize("lifetime_s", [1e-9, 0.05, 4.9])
def test_a_very_short_lifetime_counts_as_the_shortest(lifetime_s: float) -> None:
    session = Session.begun("t", lifetime_s, 1000, 0)
    assert [session.state(1000 + at) for at in (0, 3.9, 4.1, 4.6)] == ["fresh", "fresh", "stale", "expired"]


@pytest.mark.parametrize("lifetime_s", [0, -5, -1e308])
def test_what_lasts_no_time_has_ended(lifetime_s: float) -> None:
    assert Session.begun("t", lifetime_s, 1000, 1).state(1000) == "expired"


@pytest.mark.parametrize(
    ("after_s", "left_s"), [(0, 900), (100, 800), (719, 181), (720, 0), (900, 0), (9999, 0), (-1, 0)]
)
def test_a_kept_token_is_used_until_a_fifth_of_its_life_is_left(after_s: int, left_s: float) -> None:
    kept = AccessToken.of(Granted("t", 900, "r"), "r", 5000)
    assert kept is not None
    assert kept.left_s(5000 + after_s * 1000) == left_s


@pytest.mark.parametrize("granted", [Granted("opaque"), Granted("t", 0), Granted("t", -1), Granted("t", 4.9)])
def test_what_is_not_worth_keeping(granted: Granted) -> None:
    assert AccessToken.of(granted, "r", 5000) is None


def test_a_kept_token_says_what_it_belongs_to_and_nothing_of_it() -> None:
    kept = AccessToken.of(Granted(token(iat=1, exp=901), refresh_token="a-secret"), "a-secret", 5000)
    assert kept is not None
    assert (kept.lifetime_s, kept.belongs_to) == (900, mark_of("a-secret"))
    assert mark_of("a-secret") != mark_of("another")
    assert "secret" not in f"{kept!r} {kept.belongs_to}"
    assert kept.token not in repr(kept)


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
