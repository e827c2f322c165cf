import pytest

from moderator.http import Reply
from moderator.providers.replies import retry_after_s


@pytest.mark.parametrize(
    ("told", "seconds"), [("3", 3.0), ("", None), ("soon", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("٣", None)]
)
def test_the_pause_that_a_reply_asks_for(told: str, seconds: float | None) -> None:
    assert retry_after_s(Reply(429, {"retry-after": told}, b"")) == seconds
