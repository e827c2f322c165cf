from typing import get_args

from moderator.desktop.reasons import REASON_WORDS, REASONS, reason_words
from moderator.domain.kinds import Reason


def test_every_reason_has_words_and_is_offered() -> None:
    assert set(REASONS) == set(REASON_WORDS) == set(get_args(Reason))


def test_a_reason_of_a_newer_gateway_is_shown_readably() -> None:
    assert reason_words("too_loud") == "Too loud"
