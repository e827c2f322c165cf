"""Sessions as rows: what is live, what has ended, and what nobody knows."""

import pytest

from moderator.desktop.reviews.moments import day_and_time
from moderator.desktop.reviews.sessions.session_rows import (
    NOT_HERE,
    Here,
    columns,
    ids_text,
    score_words,
    session_rows,
    short,
)
from moderator.feed.quality import QualityScores, QualitySession
from tests.fakes.desktop import NOW
from tests.fakes.reviews import a_session

HERE = Here(conference="room_14", user="user_bill", since=NOW - 60_000, connections=1)
OPEN = a_session(1, ended_at=None, state="unknown")
BEFORE = a_session(2, ended_at=None, state="unknown", started_at=NOW - 60_500)
LONG_AGO = a_session(3, ended_at=None, state="unknown", started_at=NOW - 9_000_000)
ELSEWHERE = a_session(4, ended_at=None, state="unknown", conference="room_15")
ANOTHER = a_session(5, ended_at=None, state="unknown", user="user_lee")


@pytest.mark.parametrize(
    ("sessions", "here", "live"),
    [
        ((OPEN, a_session(9)), HERE, [1]),
        ((OPEN,), NOT_HERE, []),
        ((OPEN, BEFORE), HERE, [1]),
        ((OPEN, BEFORE), Here(conference="room_14", user="user_bill", since=NOW - 60_000, connections=2), [1, 2]),
        ((LONG_AGO,), HERE, []),
        ((ELSEWHERE, ANOTHER), HERE, []),
    ],
)
def test_only_who_is_here_now_is_live(sessions: tuple[QualitySession, ...], here: Here, live: list[int]) -> None:
    rows = session_rows(sessions, here, names={}, rooms={})
    assert [row.session.id for row in rows if row.live] == live
    words = {row.ended for row in rows if not row.live and row.session.ended_at is None}
    assert words <= {"end unknown"}


def test_a_row_in_words() -> None:
    scored = a_session(7, joins=3, scores=QualityScores(experience=81.6, audio=90))
    (row,) = session_rows([scored], HERE, names={"user_bill": "Bill"}, rooms={"room_14": "cardio-14"})
    of_person, of_call = ([column.text(row) for column in columns(of_call=choice)] for choice in (False, True))
    assert (of_person[0], of_call[0]) == ("cardio-14", "Bill")
    assert of_person[1:] == [day_and_time(NOW - 60_000), day_and_time(NOW), "2", "82"]
    assert score_words(scored.scores) == "rtcStats' own scores, of 100: experience 82, audio 90"


def test_what_is_not_known_is_said() -> None:
    (row,) = session_rows([a_session(7, started_at=None)], NOT_HERE, names={}, rooms={})
    assert [column.text(row) for column in columns(of_call=False)] == [
        *("room_14", "unknown", day_and_time(NOW), "none", "none"),
    ]
    assert score_words(None) == "rtcStats has not scored this session"


def test_ids_for_a_ticket() -> None:
    (row,) = session_rows([OPEN], HERE, names={"user_bill": "Bill"}, rooms={})
    text = ids_text(row)
    assert "rtcStats row: 1\nuser: user_bill\nconference: room_14\nsession: sess_1\n" in text
    assert text.endswith("ended: live now\n")
    assert "Bill" not in text


def test_long_ids_are_cut() -> None:
    assert short("room_3fa9c1d2e3b4") == "room_3fa9c1d2\u2026"
    assert short(None) == ""
