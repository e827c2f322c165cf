"""The reason codes, and the policies, in a moderator's words."""

from typing import Final

from moderator.domain.kinds import Reason
from moderator.domain.rooms import Violation
from moderator.language import marked, tr

REASON_WORDS: Final[dict[str, str]] = {
    "not_listed": marked("Not on the list"),
    "room_full": marked("Room is full"),
    "wrong_share": marked("May not share"),
    "conduct": marked("Conduct"),
    "time_over": marked("Time is over"),
    "technical": marked("Technical"),
    "other": marked("Other"),
}
"""In the order in which they are offered."""
REASONS: Final[tuple[Reason, ...]] = (
    *("not_listed", "room_full", "wrong_share", "conduct", "time_over", "technical", "other"),
)
_POLICY_WORDS: Final[dict[str, str]] = {
    "screen_share": marked("May not share a screen"),
    "lock": marked("Room is locked"),
}
"""Of those that say more than the reason that their disconnects are given."""


def reason_words(reason: str) -> str:
    """A code as people call it; a code of a newer gateway with spaces."""
    words = REASON_WORDS.get(reason)
    return tr(words) if words else reason.replace("_", " ").capitalize()


def violation_words(violation: Violation) -> str:
    """What is wrong, in a few words."""
    words = _POLICY_WORDS.get(violation.policy)
    return tr(words) if words else reason_words(violation.reason)
