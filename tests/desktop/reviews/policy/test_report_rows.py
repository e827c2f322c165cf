"""The policy report as rows."""

import pytest
from msgspec.structs import replace

from moderator.desktop.reviews.policy.report_rows import COLUMNS, headline, policy_words, report_rows, total_rows
from moderator.feed.policy_report import RanOut
from tests.fakes.desktop import NOW
from tests.fakes.reviews import a_report

RAN_OUT = RanOut(at=NOW + 500, source="clinic", room="r2", room_name="ward", deadline_version=2, people=1, would="end")
REPORT = replace(a_report("max_people", "lock", "max_people"), time_limits=(RAN_OUT,))


def test_both_sorts_stand_in_one_table_newest_first() -> None:
    rows = report_rows(REPORT)
    assert [row.policy for row in rows] == ["Time limit", "Room size", "Room lock", "Room size"]
    assert [column.text(rows[0]) for column in COLUMNS][1:] == [
        *("ward", "", "Time limit", "Time is over", "1 person", "end the room"),
    ]
    assert [column.text(rows[1]) for column in COLUMNS][1:] == [
        *("cardio-14", "appointment", "Room size", "Room is full", "eve", "disconnect"),
    ]


def test_totals_are_by_policy_the_most_frequent_first() -> None:
    assert [(row.policy, row.count) for row in total_rows(REPORT)] == [
        *(("Room size", 2), ("Room lock", 1), ("Time limit", 1)),
    ]


def test_the_report_in_a_sentence() -> None:
    assert "would have acted 4 times in 2 rooms." in headline(REPORT)
    assert "would have acted 1 time in 1 room." in headline(a_report("lock"))
    assert headline(a_report()).startswith("Nothing would have been done since ")


@pytest.mark.parametrize(
    ("policy", "words"),
    [("allow_list", "Allow list"), ("screen_share", "Screen share"), ("of_tomorrow", "Of tomorrow")],
)
def test_policies_have_names(policy: str, words: str) -> None:
    assert policy_words(policy) == words
