"""The reason codes, and the policies, in a moderator's words."""

from typing import Final

from moderator.domain.kinds import Reason
from moderator.domain.rooms import Violation

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
_POLICY_WORDS: Final[dict[str, str]] = {
    "screen_share": "May not share a screen",
    "lock": "Room is locked",
}
"""Of those that say more than the reason that their disconnects are given."""


def reason_words(reason: str) -> str:
    """A code as people call it; a code of a newer gateway with spaces."""
    return REASON_WORDS.get(reason, reason.replace("_", " ").capitalize())


def violation_words(violation: Violation) -> str:
    """What is wrong, in a few words."""
    return _POLICY_WORDS.get(violation.policy) or reason_words(violation.reason)
