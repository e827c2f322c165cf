from typing import Any

import pytest

from moderator.client.link import Link
from moderator.client.texts import clock_time
from moderator.desktop.tables.emptiness import Emptied, SourceProgress, emptiness
from moderator.domain.rooms import Source
from tests.fakes.desktop import NOW, an_appointment

LIVE = Link("live", "connected to gateway:1")
CONNECTING = Link("connecting", "connecting to gateway:1")


def a_source(name: str = "clinic", **changes: Any) -> Source:
    said: dict[str, Any] = {
        "provider": "livekit", "state": "live", "heard_at": NOW, "listed_at": None, "clock_offset_ms": 0,
        "detail": None,
    }  # fmt: skip
    return Source(source=name, **(said | changes))


def emptied(**changes: Any) -> Emptied:
    known: dict[str, Any] = {"link": LIVE, "ready": True, "total": 0, "now_ms": NOW, "waited_s": 1.0}
    return Emptied(**(known | changes))


CHECKED = f"Last checked at {clock_time(NOW)}."
SOON = clock_time(NOW + 1_800_000, with_seconds=False)
UNHEARD = a_source("school", heard_at=None)
AWAY = a_source("bank", heard_at=None, state="failing", detail="it answers with 503")


@pytest.mark.parametrize(
    ("known", "title", "line", "action", "loading"),
    [
        (emptied(ready=False, link=CONNECTING), "Loading rooms", "connecting to gateway:1", "", True),
        (emptied(ready=False, link=Link("signed_out", "sign in")), "Signed out", "sign in", "", False),
        (emptied(ready=False, link=Link("forbidden", "no")), "No access", "no", "", False),
        (emptied(total=214, filter_text="stale"), "0 of 214 rooms match", "stale", "clear", False),
        (emptied(total=1), "0 of 1 room matches", "", "clear", False),
        (
            emptied(config_path="a.toml"),
            "No platform is connected yet",
            "It takes about a minute. It is kept in this file:\na.toml",
            "connect",
            False,
        ),
        (emptied(), "No live rooms", "No source has been heard of yet.", "", False),
        (emptied(sources=[a_source()], can_test=True), "No live rooms", CHECKED, "test_warning", False),
        (
            emptied(sources=[a_source()], appointments=[an_appointment("later", 7200), an_appointment("soon", 1800)]),
            "No live rooms",
            f"Next: soon at {SOON}. {CHECKED}",
            "",
            False,
        ),
        (
            emptied(sources=[a_source(), UNHEARD]),
            "Loading the rooms of 2 platforms",
            "Rooms appear as each platform answers.",
            "",
            True,
        ),
        (
            emptied(sources=[a_source(), UNHEARD], waited_s=11.0),
            "No live rooms",
            f"{CHECKED} Not heard of yet: LiveKit (school).",
            "",
            False,
        ),
    ],
)
def test_why_there_are_no_rows(known: Emptied, title: str, line: str, action: str, loading: bool) -> None:
    shown = emptiness(known)
    assert (shown.title, shown.line, shown.action, shown.loading) == (title, line, action, loading)


def test_who_waits_for_long_is_told_what_for() -> None:
    shown = emptiness(emptied(ready=False, link=CONNECTING, waited_s=12.0))
    assert shown.line.startswith("connecting to gateway:1\nThis takes longer than it should, 12 s so far.")


def test_how_far_each_platform_has_got() -> None:
    assert emptiness(emptied(sources=[a_source(), UNHEARD, AWAY])).sources == (
        SourceProgress("LiveKit (clinic)", "heard"),
        SourceProgress("LiveKit (school)", "waiting"),
        SourceProgress("LiveKit (bank)", "failing", "it answers with 503"),
    )
