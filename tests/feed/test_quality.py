from typing import get_args

import msgspec
import pytest

from moderator.feed.quality import (
    GRADES,
    Grade,
    QualityPage,
    QualitySample,
    QualityScores,
    QualitySeries,
    QualitySession,
    QualitySummary,
)

SESSION = QualitySession(
    id=3,
    user="user_def456",
    conference="room_meeting-42",
    session="sess_1",
    started_at=1,
    ended_at=2,
    state="ended",
    joins=2,
    has_dump=True,
    scores=QualityScores(experience=81.5),
)


@pytest.mark.parametrize(
    "answer",
    [
        QualityPage(sessions=(SESSION, QualitySession(id=4, state="unknown")), next="abc", notice="hidden"),
        QualityPage(sessions=()),
        QualitySeries(
            session=SESSION,
            samples=(QualitySample(at=1, duration_ms=1000, mos=4.4, grade="good"),),
            summary=QualitySummary(formula="E-model", grade="good", graded_ms={"good": 1000}),
        ),
    ],
)
def test_an_answer_comes_out_as_it_went_in(answer: QualityPage | QualitySeries) -> None:
    assert msgspec.json.decode(msgspec.json.encode(answer), type=type(answer)) == answer


def test_a_newer_gateway_may_say_more() -> None:
    page = msgspec.json.decode(b'{"sessions":[{"id":1,"state":"unknown","mood":"?"}],"more":1}', type=QualityPage)
    assert page == QualityPage(sessions=(QualitySession(id=1, state="unknown"),))


def test_every_grade_has_its_place() -> None:
    assert set(GRADES) == set(get_args(Grade))
