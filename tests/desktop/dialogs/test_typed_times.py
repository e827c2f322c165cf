import pytest

from moderator.client.texts import clock_time
from moderator.desktop.dialogs.typed_times import parse_change, parse_duration, parse_end
from tests.fakes.desktop import NOW


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        *(("7", 420), (" 7 ", 420), ("7m", 420), ("7 min", 420), ("90s", 90), ("90 S", 90), ("1:30", 90)),
        *(("1h", 3600), ("1h 5m", 3900), ("2m30s", 150), ("1440", 86_400)),
    ],
)
def test_lengths_of_time_as_people_type_them(typed: str, seconds: int) -> None:
    assert parse_duration(typed) == seconds


@pytest.mark.parametrize(
    "typed", ["", " ", "0", "-5", "abc", "1:60", "1:5", "1441", "99999999999999", "5m7", "\u0667", "1.5"]
)
def test_anything_else_is_refused_with_a_hint(typed: str) -> None:
    with pytest.raises(ValueError, match="Type"):
        parse_duration(typed)


@pytest.mark.parametrize(("typed", "minutes"), [("45", 45), ("90s", 1.5), ("1h 5m", 65), (" 24h ", 1440)])
def test_an_end_can_be_so_far_from_now(typed: str, minutes: float) -> None:
    assert parse_end(typed, NOW) == NOW + minutes * 60_000


def test_an_end_can_be_a_time_of_day_which_no_duration_is_taken_for() -> None:
    ends_at = parse_end(" 1:30 ", NOW)
    assert clock_time(ends_at) == "01:30:00"
    assert 0 < ends_at - NOW <= 24 * 3_600_000


@pytest.mark.parametrize("typed", ["", "noon", "0", "25:00", "1441", "-5"])
def test_an_end_that_is_none_says_how_to_type_one(typed: str) -> None:
    with pytest.raises(ValueError, match="such as 14:30"):
        parse_end(typed, NOW)


@pytest.mark.parametrize(
    ("typed", "seconds"), [("5", 300), ("+5", 300), ("-5", -300), ("\u22125 min", -300), ("\u201390s", -90)]
)
def test_time_is_added_or_taken_away(typed: str, seconds: int) -> None:
    assert parse_change(typed) == seconds


@pytest.mark.parametrize("typed", ["-", "--5", "-0", "", "+-5"])
def test_a_change_that_is_none(typed: str) -> None:
    with pytest.raises(ValueError, match="Type "):
        parse_change(typed)
