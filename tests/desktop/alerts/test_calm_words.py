"""What is true while there is no alert."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from moderator.client.link import Link, LinkState
from moderator.client.texts import clock_time
from moderator.desktop.alerts.calm_words import calm_words
from moderator.domain.rooms import Room
from moderator.feed.session import Freshness
from tests.fakes.desktop import NOW, a_room

NEXT = a_room("physio-09", left_s=1800)
LATER = a_room("gp-1", left_s=2400)


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
    words = calm_words(Link(state, "so"), ready=ready, freshness=freshness, rooms=[NEXT], now_ms=NOW)
    assert words.headline == headline
    assert words.text.endswith(".")
    assert (words.icon == "circle-check") == (headline == "Nothing needs you")


@pytest.mark.parametrize(
    ("rooms", "said"),
    [
        ([LATER, NEXT], f"Next: physio-09 ends at {clock_time(NOW + 1800_000, with_seconds=False)}."),
        (
            [replace(NEXT, state="ended"), LATER],
            f"Next: gp-1 ends at {clock_time(NOW + 2400_000, with_seconds=False)}.",
        ),
        ([a_room(left_s=None)], "No room has an end."),
        ([], "No rooms are live."),
    ],
    ids=["next", "an ended one", "no ends", "no rooms"],
)
def test_what_comes_next(rooms: Sequence[Room], said: str) -> None:
    assert calm_words(Link("live", ""), ready=True, freshness="fresh", rooms=rooms, now_ms=NOW).text == said
