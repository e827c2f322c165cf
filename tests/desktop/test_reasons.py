from typing import get_args

from moderator.client.reason_words import REASON_WORDS
from moderator.desktop.reasons import REASONS, reason_words, violation_words
from moderator.domain.kinds import Reason
from tests.fakes.desktop import REASON_OF, a_violation


def test_every_reason_has_words_and_is_offered() -> None:
    assert set(REASONS) == set(REASON_WORDS) == set(get_args(Reason))


def test_a_reason_of_a_newer_gateway_is_shown_readably() -> None:
    assert reason_words("too_loud") == "Too loud"


def test_a_policy_that_says_more_than_its_reason_is_named() -> None:
    words = {policy: violation_words(a_violation("x", policy=policy)) for policy in REASON_OF}
    assert words == {
        "max_people": "Room is full",
        "allow_list": "Not on the list",
        "screen_share": "May not share a screen",
        "lock": "Room is locked",
    }


def test_a_reason_that_nobody_knows_steers_nothing() -> None:
    assert reason_words("x\u202ey\x1b") == "X\ufffdy\ufffd"
