import pytest

from moderator.desktop.dialogs.durations import parse_duration


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
