"""One code, one wording: in the dialogs, in the reports and in the timeline."""

from typing import get_args

from moderator.client.reason_words import REASON_WORDS
from moderator.domain.events import DisconnectRequested
from moderator.domain.kinds import Reason
from tests.client.test_sentences import said


def test_every_reason_is_called_the_same_on_its_own_and_in_a_sentence() -> None:
    assert set(REASON_WORDS) == set(get_args(Reason))
    for words in REASON_WORDS.values():
        assert words.label.lower() == words.within.removeprefix("the ")


def test_a_sentence_says_what_the_label_said() -> None:
    for reason in get_args(Reason):
        words = REASON_WORDS[reason]
        assert said(DisconnectRequested(participant="p", reason=reason)).endswith(f": {words.within}")
