"""What checking the log showed."""

import pytest

from moderator.desktop.reviews.audit.verification import verdict
from moderator.desktop.reviews.moments import day_and_time
from moderator.feed.audit import Verified
from tests.fakes.desktop import NOW

FINE = Verified(records=1204, checkpoints=3, unvouched=0)


@pytest.mark.parametrize(
    ("found", "words", "level"),
    [
        (FINE, "Not changed: 1,204 records fit 3 checkpoints.", "normal"),
        (
            Verified(records=9, checkpoints=1, unvouched=1),
            "Not changed: 9 records fit 1 checkpoint. 1 newer record is not vouched for yet.",
            "normal",
        ),
        (
            Verified(records=2, checkpoints=0, unvouched=2),
            "Nothing vouches for the 2 records yet: the first checkpoint is due.",
            "info",
        ),
        (
            Verified(records=9, checkpoints=1, unvouched=0, problem="it was changed", seq=7, at=NOW, kind="room_ended"),
            f"The log was changed. The first bad record is 7 (room ended, {day_and_time(NOW)}): it was changed.",
            "critical",
        ),
        (
            Verified(records=9, checkpoints=1, unvouched=0, problem="the end is missing."),
            "The log was changed: the end is missing.",
            "critical",
        ),
    ],
)
def test_verdicts(found: Verified, words: str, level: str) -> None:
    said = verdict(found)
    assert (said.words, said.level) == (words, level)
