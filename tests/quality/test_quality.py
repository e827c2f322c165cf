"""All of it: the recorded rows, the recorded dump."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from moderator.quality import BadQuestion, Identifiers, NoSuchRow, Quality, Unavailable
from moderator.quality.scores import Limits, Thresholds
from tests.fakes.clock import FakeClock
from tests.quality.conftest import DATA, GRANTS, POLICIES, SCHEMA, MakeDatabase, row

pytestmark = pytest.mark.postgresql

CLOCK: Final = FakeClock(round(datetime(2026, 11, 21, 2, tzinfo=UTC).timestamp() * 1000))
FILE_OF_ROW_1: Final = "2a5507e7-0f69-424b-9fa3-c706678d0600.gz"
IDS: Final = Identifiers("k" * 32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the record of row 1."""
    (tmp_path / FILE_OF_ROW_1).write_bytes((DATA / "dump_1_alice.jsonl").read_bytes())
    return tmp_path


@pytest.fixture
async def quality(recorded: str, folder: Path) -> AsyncIterator[Quality]:
    async with aclosing(Quality(recorded, clock=CLOCK, identifiers=IDS, dumps=str(folder))) as opened:
        yield opened


async def test_sessions_are_found(quality: Quality) -> None:
    page = await quality.find(user="user_def456", days=7)
    assert [one.id for one in page.sessions] == [3, 1, 13]
    assert [one.id for one in (await quality.find(user="user_def456", days=2)).sessions] == [3, 1]
    both = await quality.find(user="user_def456", conference="room_other")
    assert [one.id for one in both.sessions] == [13]


async def test_a_person_is_found_by_the_real_id_which_the_database_never_sees(make_database: MakeDatabase) -> None:
    user, room = IDS.user("clinic", "maya@example.org"), IDS.conference("clinic", "standup")
    where = await make_database(SCHEMA, row(1, rtcstats_user=user, rtcstats_conference=room), GRANTS, POLICIES)
    async with aclosing(Quality(where, clock=CLOCK, identifiers=IDS)) as quality:
        for source, asked in (("clinic", "maya@example.org"), (None, user)):
            assert len((await quality.find(source=source, user=asked)).sessions) == 1
        assert len((await quality.find(source="clinic", conference="standup")).sessions) == 1
        assert (await quality.find(source="school", user="maya@example.org")).sessions == ()
        with pytest.raises(BadQuestion, match="name the source"):
            await quality.find(user="maya@example.org")


async def test_without_a_key_ids_are_looked_for_as_they_are(recorded: str) -> None:
    async with aclosing(Quality(recorded, clock=CLOCK)) as quality:
        assert [one.id for one in (await quality.find(user="42")).sessions] == [9]


@pytest.mark.parametrize(
    "question", [{}, {"user": ""}, {"user": "a\0"}, {"session": "\ud800"}, {"user": "x", "days": 0}]
)
async def test_a_bad_question_is_refused(quality: Quality, question: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion):
        await quality.find(**question)


async def test_a_session_over_time(quality: Quality) -> None:
    series = await quality.series(1)
    assert (series.session.session, len(series.samples)) == ("sess_bd5718b1-98cc-41ce-b22d-818da16a6358", 14)
    assert (series.summary.grade, series.summary.mos, series.notice) == ("good", 4.403, None)


async def test_the_limits_are_those_that_are_given(recorded: str, folder: Path) -> None:
    strict = Thresholds(bad=Limits(loss_pct=100, round_trip_ms=1, jitter_ms=1, mos=4.5))
    async with aclosing(Quality(recorded, clock=CLOCK, dumps=str(folder), thresholds=strict)) as quality:
        assert (await quality.series(1)).summary.grade == "bad"


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [
        (99, NoSuchRow, "no session 99"),
        (10, Unavailable, "no record was kept"),
        (2, Unavailable, "not where rtcstats.dumps points to"),
    ],
)
async def test_why_there_is_no_series(quality: Quality, number: int, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind, match=sentence):
        await quality.series(number)


async def test_without_a_place_for_records_there_is_no_series(recorded: str) -> None:
    async with aclosing(Quality(recorded, clock=CLOCK)) as quality:
        with pytest.raises(Unavailable, match="where records are kept"):
            await quality.series(1)
