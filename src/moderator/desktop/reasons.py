"""The reason codes in a moderator's words."""

from typing import Final

from moderator.domain.kinds import Reason

REASON_WORDS: Final[dict[str, str]] = {
    "not_listed": "Not on the list",
    "room_full": "Room is full",
    "wrong_share": "May not share",
    "conduct": "Conduct",
    "time_over": "Time is over",
    "technical": "Technical",
    "other": "Other",
}
"""In the order in which they are offered."""
REASONS: Final[tuple[Reason, ...]] = (
    *("not_listed", "room_full", "wrong_share", "conduct", "time_over", "technical", "other"),
)


def reason_words(reason: str) -> str:
    """A code as people call it; a code of a newer gateway with spaces."""
    return REASON_WORDS.get(reason, reason.replace("_", " ").capitalize())
