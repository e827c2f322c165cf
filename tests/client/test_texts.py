import time
from collections.abc import Iterator

import pytest

from moderator.client.texts import clock_time, minutes, safe, table, time_left

MINUTE = 60_000


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("left_ms", "text"),
    [
        (299_999, "04:59"),
        (0, "00:00"),
        (999, "00:00"),
        (-1, "+00:01 over"),
        (-133_000, "+02:13 over"),
        (59 * MINUTE, "59:00"),
        (60 * MINUTE, "1 h 00 min"),
        (65 * MINUTE + 59_000, "1 h 05 min"),
    ],
)
def test_time_left(left_ms: int, text: str) -> None:
    assert time_left(left_ms) == text


@pytest.mark.parametrize(
    ("ms", "text"), [(300_000, "5:00"), (20_000, "0:20"), (3_900_000, "1:05:00"), (-60_000, "-1:00")]
)
def test_minutes(ms: int, text: str) -> None:
    assert minutes(ms) == text


def test_times_are_local() -> None:
    assert clock_time(1_790_000_000_000) == "16:13:20"
    assert clock_time(1_790_000_000_000, with_seconds=False) == "16:13"


@pytest.mark.parametrize("at_ms", [10**18, -(10**18), 2**63])
def test_a_time_that_no_calendar_has(at_ms: int) -> None:
    assert clock_time(at_ms) == "?"


@pytest.mark.parametrize(
    "text", ["\x1b[2J", "a\nb", "a\rb", "\u202eevil", "\x9b31m", "\u2028", "\x00", "\ud800", "\u2066x"]
)
def test_nothing_steers_the_terminal(text: str) -> None:
    assert "\ufffd" in safe(text)
    assert all(letter.isprintable() for letter in safe(text))


@pytest.mark.parametrize("text", ["Zoë", "李医生", "क्\u200dष", "👩\u200d⚕️ Dr Lee", "a b"])
def test_names_of_all_scripts_stay(text: str) -> None:
    assert safe(text) == text


def test_columns_line_up_also_where_letters_are_wide() -> None:
    assert table([("A", "B"), ("李", "x"), ("abc", "y")]) == ["A    B", "李   x", "abc  y"]
