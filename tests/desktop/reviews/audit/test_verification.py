"""What checking the log showed."""

import pytest
from msgspec.structs import replace

from moderator.desktop.reviews.audit.verification import problem_of, verdict
from moderator.desktop.reviews.moments import day_and_time
from moderator.feed.audit import Removal, Verified
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


def test_what_was_taken_out_on_purpose_is_said_too() -> None:
    trims = (Removal(4, NOW - 86_400_000, 200, vouched=True), Removal(9, NOW, 1_100, vouched=True))
    found = Verified(records=9, checkpoints=3, unvouched=0, trims=trims, erasures=(Removal(11, NOW, 7, vouched=False),))
    assert verdict(found).words == (
        f"Not changed: 9 records fit 3 checkpoints. 1,300 entries were too old and were trimmed, the last time "
        f"{day_and_time(NOW)}. 1 person was erased, the last time {day_and_time(NOW)}. "
        "No checkpoint vouches for 1 of these records."
    )
    broken = replace(found, problem="the end is missing", trims=(), erasures=())
    assert verdict(broken).words == problem_of(broken) == "The log was changed: the end is missing."
    assert problem_of(found) == ""
