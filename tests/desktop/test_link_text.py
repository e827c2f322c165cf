import pytest

from moderator.client.link import Link, LinkState
from moderator.desktop.link_text import LinkText, link_text
from moderator.feed.session import Freshness

LOST = "gateway:1 ended the connection; trying again"
HEARD = "Connected to x. Last heard 0.4 s ago"


def text(
    state: LinkState, sentence: str, freshness: Freshness, age_s: float | None, error_ms: float | None = 12.0
) -> LinkText:
    link = Link(state, sentence, attempts=int(sentence == LOST))
    return link_text(link, freshness, age_s, error_ms)


@pytest.mark.parametrize(
    ("state", "sentence", "freshness", "age_s", "level", "word", "detail"),
    [
        ("connecting", "connecting to gateway:1", "stale", None, "info", "Connecting", ""),
        ("connecting", LOST, "stale", None, "info", "Connecting", ""),
        ("connecting", "connecting to gateway:1", "fresh", 0.1, "info", "Connecting", ""),
        ("connecting", LOST, "stale", 60.0, "info", "Connecting", ""),
        ("live", "connected to gateway:1", "fresh", 0.4, "normal", "Live", "0.4 s  \u00b112 ms"),
        ("live", "connected to gateway:1", "aged", 7.0, "stale", "Live", "7.0 s  \u00b112 ms"),
        ("live", "connected to gateway:1", "stale", 22.0, "stale", "Stale", "22 s  \u00b112 ms"),
        ("reconnecting", LOST, "fresh", 2.0, "warn", "Reconnecting", "2.0 s  \u00b112 ms"),
        ("reconnecting", LOST, "stale", 22.0, "stale", "Stale", "22 s  \u00b112 ms"),
        ("signed_out", "get a new token", "fresh", 2.0, "critical", "Signed out", ""),
        ("signed_out", "get a new token", "stale", None, "critical", "Signed out", ""),
        ("forbidden", "this token is of no use here", "stale", None, "critical", "No access", ""),
    ],
)
def test_how_the_connection_is(
    state: LinkState,
    sentence: str,
    freshness: Freshness,
    age_s: float | None,
    level: str,
    word: str,
    detail: str,
) -> None:
    found = text(state, sentence, freshness, age_s)
    assert (found.level, found.word, found.detail) == (level, word, detail)


def test_frames_count_more_than_what_the_connection_says_of_itself() -> None:
    assert text("live", "connected", "stale", 16.0).word == "Stale"


@pytest.mark.parametrize(
    ("error_ms", "shown"),
    [
        (600.0, "0.4 s  \u00b10.6 s (slow link)"),
        (12.4, "0.4 s  \u00b112 ms"),
        (0.2, "0.4 s  \u00b11 ms"),
        (None, "0.4 s"),
    ],
)
def test_how_exact_the_time_is_stands_beside_how_old_the_picture_is(error_ms: float | None, shown: str) -> None:
    assert text("live", "connected", "fresh", 0.4, error_ms).detail == shown


@pytest.mark.parametrize(
    ("state", "sentence", "freshness", "age_s", "error_ms", "shown"),
    [
        ("live", "connected to x", "fresh", 0.4, 12.0, f"{HEARD}; times are exact to \u00b112 ms."),
        ("live", "connected to x", "fresh", 0.4, None, f"{HEARD}; how exact times are is not known yet."),
        ("live", "connected to x", "stale", 22.0, None, "Nothing was heard for 22 s: connected to x."),
        ("reconnecting", "no answer.", "stale", 22.0, None, "Nothing was heard for 22 s: no answer."),
        ("signed_out", "get a new token.", "stale", 9.0, None, "Get a new token."),
        ("signed_out", "sign in", "stale", None, None, "Sign in."),
        ("connecting", "connecting to x", "stale", None, None, "Connecting to x."),
    ],
)  # fmt: skip
def test_the_sentence_is_whole(
    state: LinkState, sentence: str, freshness: Freshness, age_s: float | None, error_ms: float | None, shown: str
) -> None:
    assert text(state, sentence, freshness, age_s, error_ms).sentence == shown


def test_a_network_that_is_away_is_no_fault_of_the_gateway() -> None:
    found = link_text(Link("reconnecting", "no network; trying again", "offline", 2), "fresh", 3.0, 12.0)
    assert (found.level, found.word, found.detail) == ("critical", "Offline", "3.0 s")


@pytest.mark.parametrize(
    ("state", "freshness"), [("signed_out", "fresh"), ("reconnecting", "stale"), ("live", "fresh")]
)
def test_what_the_gateway_says_steers_nothing(state: LinkState, freshness: Freshness) -> None:
    found = text(state, "no\u202e\x1b", freshness, 3.0, 12.0)
    assert found.sentence.isprintable()
    assert "o\ufffd\ufffd" in found.sentence
