import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from moderator.client.texts import clock_time
from moderator.desktop import times

AFTERNOON = 1_790_000_000_000
DAY_MS = 86_400_000


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()
    times.adopt("en", twelve_hours=False)


@pytest.mark.parametrize(("language", "text"), [("en", "4:13:20 PM"), ("de", "4:13:20 PM"), ("ar", "4:13:20 م")])
def test_twelve_hours_where_the_system_has_them(language: str, text: str) -> None:
    times.adopt(language, twelve_hours=True)
    assert clock_time(AFTERNOON) == text
    assert clock_time(AFTERNOON, with_seconds=False) == text.replace(":20", "")


def test_noon_and_midnight_have_their_hour() -> None:
    times.adopt("en", twelve_hours=True)
    midnight = AFTERNOON - (AFTERNOON % DAY_MS) - 2 * 3_600_000
    written = [clock_time(midnight + hours * 3_600_000, with_seconds=False) for hours in (0, 11, 12, 13)]
    assert written == ["12:00 AM", "11:00 AM", "12:00 PM", "1:00 PM"]


@pytest.mark.parametrize("language", ["en", "de", "es", "ar"])
def test_twenty_four_hours_are_the_same_everywhere(language: str) -> None:
    times.adopt(language, twelve_hours=False)
    assert clock_time(AFTERNOON) == "16:13:20"


@pytest.mark.parametrize(
    ("pattern", "twelve"),
    [("h:mm AP", True), ("HH:mm", False), ("h:mm ap", True), ("HH 'h a' mm", False), ("H:mm:ss a", True)],
)
def test_what_a_pattern_says(pattern: str, twelve: bool) -> None:
    assert times.has_twelve_hours(pattern) is twelve


def test_the_system_is_followed() -> None:
    times.follow_system("en")
    twelve = times.has_twelve_hours(QLocale.system().timeFormat(QLocale.FormatType.ShortFormat))
    assert ("PM" in clock_time(AFTERNOON)) is twelve


def test_a_day_is_called_as_people_call_it() -> None:
    assert [times.day_words(AFTERNOON - days * DAY_MS, AFTERNOON) for days in (0, 1, 2)] == [
        *("today", "yesterday", "Sep 19, 2026")
    ]
    times.adopt("de", twelve_hours=False)
    assert times.day_words(AFTERNOON - 2 * DAY_MS, AFTERNOON) == "19.09.2026"
    assert times.day_words(10**18, AFTERNOON) == ""


def test_units_are_said_in_the_language_with_latin_figures() -> None:
    times.adopt("ar", twelve_hours=False)
    assert times.unit_words(12, "second").startswith("12 ")
