from msgspec.structs import replace

from moderator.client.texts import clock_time
from moderator.desktop import times
from moderator.desktop.room.blocked_words import blocked_words
from moderator.domain.events import Actor, PersonBlocked
from moderator.domain.rooms import Block
from tests.fakes.builders import a_decision
from tests.fakes.desktop import NOW

BLOCK = Block(user="u9", until=None, by="maya", reason="not_listed")
DAY_MS = 86_400_000


def at(moment: int) -> str:
    return clock_time(moment, with_seconds=False)


def test_why_since_when_by_whom_and_for_how_long() -> None:
    decided = a_decision(PersonBlocked(user="u9"), NOW - 60_000, by=Actor("moderator", "maya", "Maya"))
    assert blocked_words(BLOCK, decided, NOW) == f"Not on the list · {at(NOW - 60_000)} by Maya · for good"


def test_what_is_not_known_is_left_out() -> None:
    assert blocked_words(BLOCK, None, NOW) == "Not on the list · by maya · for good"
    assert blocked_words(replace(BLOCK, by="", reason=""), None, NOW) == "for good"


def test_another_day_is_named() -> None:
    until = NOW + DAY_MS
    words = f"{times.day_words(until, NOW)} {at(until)}"
    assert blocked_words(replace(BLOCK, until=until), None, NOW) == f"Not on the list · by maya · until {words}"
    assert blocked_words(replace(BLOCK, until=NOW + 60_000), None, NOW).endswith(f"until {at(NOW + 60_000)}")
