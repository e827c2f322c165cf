import time
from collections.abc import Iterator

import pytest

from moderator.client.texts import MAX_SHOWN, clock_time, minutes, next_time, platform_name, safe, table, time_left

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


@pytest.mark.parametrize(
    ("text", "in_minutes"), [("16:14", 1), ("16:13", 24 * 60), ("23:59", 7 * 60 + 46), ("0:00", 7 * 60 + 47)]
)
def test_a_time_of_day_is_the_next_one(text: str, in_minutes: int) -> None:
    at_quarter_past_four = 1_790_000_000_000 - 20_000
    assert next_time(text, at_quarter_past_four) == at_quarter_past_four + in_minutes * MINUTE


def test_a_time_of_day_after_the_clocks_change_is_as_clocks_show_it() -> None:
    evening_before = 1_761_422_400_000  # 25 October 2025, 22:00 in Berlin; the next day has 25 hours
    assert next_time("10:00", evening_before) == evening_before + 13 * 60 * MINUTE


@pytest.mark.parametrize("text", ["", "24:00", "12:60", "12", "noon", "1:2", "-1:00", "٣:30", "12:30 "])
def test_what_is_no_time_of_day_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="such as 14:30"):
        next_time(text, 0)


@pytest.mark.parametrize("now", [253_402_300_799_999, 253_402_300_800_000, 10**20])
def test_after_the_last_day_of_the_calendar_there_is_no_time_of_day(now: int) -> None:
    with pytest.raises(ValueError, match="such as 14:30"):
        next_time("12:00", now)


def test_a_platform_has_a_name() -> None:
    assert [platform_name(one) for one in ("stream", "a\n", "")] == ["Stream", "A\ufffd", "The platform"]


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


def test_what_is_far_too_long_is_cut() -> None:
    assert safe("N" * MAX_SHOWN) == "N" * MAX_SHOWN
    assert safe("N" * 300_000) == "N" * (MAX_SHOWN - 1) + "…"


def test_columns_line_up_also_where_letters_are_wide() -> None:
    assert table([("A", "B"), ("李", "x"), ("abc", "y")]) == ["A    B", "李   x", "abc  y"]
