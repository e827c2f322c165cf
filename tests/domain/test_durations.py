"""Durations as people write them."""

import pytest

from moderator.domain.durations import parse_duration_ms


@pytest.mark.parametrize(
    ("text", "ms"), [("90s", 90_000), ("5m", 300_000), ("1h", 3_600_000), ("250ms", 250), ("1.5d", 129_600_000)]
)
def test_durations(text: str, ms: int) -> None:
    assert parse_duration_ms(text) == ms


@pytest.mark.parametrize("text", ["", "5", "m", "5 minutes", "-5m", "1e3s", "5m30s", "5m\n5"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration: write a number and a unit"):
        parse_duration_ms(text)
