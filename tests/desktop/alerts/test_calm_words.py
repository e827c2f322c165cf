"""What is true while there is no alert."""

import pytest

from moderator.client.link import Link, LinkState
from moderator.client.texts import clock_time
from moderator.desktop.alerts.calm_words import calm_words
from moderator.domain.rooms import Room
from moderator.feed.session import Freshness
from tests.fakes.desktop import NOW, a_room

NEXT = a_room("physio-09", left_s=1800)


@pytest.mark.parametrize(
    ("state", "ready", "freshness", "headline"),
    [
        ("signed_out", True, "fresh", "Signed out"),
        ("signed_out", False, "stale", "Signed out"),
        ("forbidden", False, "stale", "No access"),
        ("connecting", False, "stale", "Connecting"),
        ("reconnecting", False, "stale", "Connecting"),
        ("live", False, "fresh", "Loading the rooms"),
        ("reconnecting", True, "stale", "Out of date"),
        ("reconnecting", True, "aged", "Nothing needs you"),
        ("live", True, "fresh", "Nothing needs you"),
    ],
)
def test_calm_is_claimed_only_where_it_is_known(
    state: LinkState, ready: bool, freshness: Freshness, headline: str
) -> None:
    words = calm_words(Link(state, "so"), ready=ready, freshness=freshness, live=1, following=NEXT)
    assert words.headline == headline
    assert words.text.endswith(".")
    assert (words.icon == "circle-check") == (headline == "Nothing needs you")


@pytest.mark.parametrize(
    ("live", "following", "said"),
    [
        (2, NEXT, f"Next: physio-09 ends at {clock_time(NOW + 1800_000, with_seconds=False)}."),
        (1, None, "No room has an end."),
        (0, None, "No rooms are live."),
    ],
    ids=["next", "no ends", "no rooms"],
)
def test_what_comes_next(live: int, following: Room | None, said: str) -> None:
    words = calm_words(Link("live", ""), ready=True, freshness="fresh", live=live, following=following)
    assert words.text == said
