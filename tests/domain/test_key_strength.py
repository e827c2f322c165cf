"""Keys that are too short to keep a secret."""

import pytest

from moderator.domain.key_strength import MIN_KEY_BYTES, is_long_enough


@pytest.mark.parametrize(
    ("key", "enough"),
    [("x" * MIN_KEY_BYTES, True), ("x" * (MIN_KEY_BYTES - 1), False), ("ä" * (MIN_KEY_BYTES // 2), True), ("", False)],
)
def test_bytes_count_not_characters(key: str, enough: bool) -> None:
    assert is_long_enough(key) is enough
