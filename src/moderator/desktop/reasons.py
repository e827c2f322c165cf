"""Reasons and policies as labels: what is offered, and what is wrong with somebody."""

from typing import Final

from moderator.client.reason_words import REASON_WORDS
from moderator.client.texts import safe
from moderator.domain.kinds import Reason
from moderator.domain.rooms import Violation
from moderator.language import marked, tr

REASONS: Final[tuple[Reason, ...]] = (
    *("not_listed", "room_full", "wrong_share", "conduct", "time_over", "technical", "other"),
)
"""In the order in which they are offered."""
_POLICY_WORDS: Final[dict[str, str]] = {
    "screen_share": marked("May not share a screen"),
    "lock": marked("Room is locked"),
}
"""Of those that say more than the reason that their disconnects are given."""


def reason_words(reason: str) -> str:
    """A code as people call it; a code of a newer gateway with spaces. Safe to show."""
    words = REASON_WORDS.get(reason)
    return tr(words.label) if words else safe(reason.replace("_", " ").capitalize())


def violation_words(violation: Violation) -> str:
    """What is wrong, in a few words."""
    words = _POLICY_WORDS.get(violation.policy)
    return tr(words) if words else reason_words(violation.reason)
