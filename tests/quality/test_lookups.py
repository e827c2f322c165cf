"""The look-ups, on a real PostgreSQL with the recorded rows."""

import asyncio
import json
import re
from datetime import UTC, datetime
from typing import Final

import pytest

from moderator.feed.quality import QualityScores, QualitySession
from moderator.quality.errors import BadQuestion, NoSuchRow, Unavailable
from moderator.quality.lookups import Lookups, Seen, Wanted, since
from tests.fakes.postgresql import PostgreSql
from tests.quality.conftest import DATA, GRANTS, POLICIES, ROWS, SCHEMA, MakeDatabase, Open, insert, row

pytestmark = pytest.mark.postgresql

RECORDED_AT_MS: Final = round(datetime(2026, 11, 21, 2, tzinfo=UTC).timestamp() * 1000)
HOSTILE: Final = ("' OR '1'='1", '\'; DROP TABLE "rtcstats-server"; --', '"', "\\", "%", "$1", "user_def456' --", "🎈")


def recorded_results() -> list[list[tuple[str, ...]]]:
    """The tables that `psql` printed for the three queries."""
    tables = (DATA / "reference_query_results.txt").read_text("utf-8").strip().split("\n\n")
    return [[tuple(cell.strip() for cell in line.split("|")) for line in table.splitlines()[3:-1]] for table in tables]


def as_ms(text: str) -> int | None:
    return round(datetime.fromisoformat(text + ":00").timestamp() * 1000) if text else None


def as_expected(table: list[tuple[str, ...]]) -> list[tuple[int | None, int | None, str, str]]:
    return [(as_ms(start), as_ms(end), session, other) for start, end, session, other in table]


async def all_of(lookups: Lookups, wanted: Wanted) -> list[QualitySession]:
    found: list[QualitySession] = []
    cursor = None
    while True:
        page = await lookups.find(wanted, cursor)
        found += [one.session for one in page.rows]
        cursor = page.next
        if cursor is None:
            return found


QUERIES: Final = [
    (0, Wanted(user="user_def456"), "conference"),
    (1, Wanted(conference="room_meeting-42"), "user"),
    (2, Wanted(user="user_def456", since=since(7, RECORDED_AT_MS)), "conference"),
]


@pytest.mark.parametrize(("number", "wanted", "other"), QUERIES, ids=["user", "conference", "seven-days"])
async def test_the_reference_queries_give_what_was_recorded(
    lookups: Open, recorded: str, number: int, wanted: Wanted, other: str
) -> None:
    page = await lookups(recorded).find(wanted)
    found = [(one.started_at, one.ended_at, one.session, getattr(one, other)) for one in (r.session for r in page.rows)]
    assert found == as_expected(recorded_results()[number])
    assert (page.next, page.notice) == (None, None)


async def test_a_session_is_found_by_its_id_and_two_rows_may_have_it(lookups: Open, recorded: str) -> None:
    page = await lookups(recorded).find(Wanted(session="sess_reuse"))
    assert [one.session.id for one in page.rows] == [12, 11]


async def test_no_end_is_unknown_and_not_live(lookups: Open, recorded: str) -> None:
    (found,) = (await lookups(recorded).find(Wanted(user="user_empty"))).rows
    assert (found.session.state, found.session.ended_at, found.session.has_dump) == ("unknown", None, False)


async def test_who_came_back_is_counted(lookups: Open, recorded: str) -> None:
    found = await all_of(lookups(recorded), Wanted(user="user_def456"))
    assert [(one.conference, one.joins) for one in found] == [
        ("room_meeting-42", 2),
        ("room_meeting-42", 2),
        ("room_other", 1),
    ]


async def test_a_row_without_ids_is_itself(lookups: Open, recorded: str) -> None:
    found = (await lookups(recorded).row(8)).session
    assert (found.user, found.conference, found.session, found.joins) == (None, None, None, 1)


async def test_no_row_has_this_number(lookups: Open, recorded: str) -> None:
    with pytest.raises(NoSuchRow, match="no session 99"):
        await lookups(recorded).row(99)


@pytest.mark.parametrize("number", [2**63, -(2**80)])
async def test_a_number_that_no_row_can_have_is_a_bad_question(lookups: Open, recorded: str, number: int) -> None:
    with pytest.raises(BadQuestion):
        await lookups(recorded).row(number)


async def test_ids_are_never_read_as_sql(lookups: Open, recorded: str) -> None:
    opened = lookups(recorded)
    for hostile in HOSTILE:
        for wanted in (Wanted(user=hostile), Wanted(conference=hostile), Wanted(session=hostile)):
            assert (await opened.find(wanted)).rows == ()
    assert len(await all_of(opened, Wanted(conference="room_meeting-42"))) == 9


async def test_the_zone_and_the_style_of_the_server_do_not_matter(
    lookups: Open, make_database: MakeDatabase, server: PostgreSql
) -> None:
    just_before = row(1, rtcstats_user="user_a", session_start="2026-11-13T23:59:59.999Z")
    at_midnight = row(2, rtcstats_user="user_a", session_start="2026-11-14T00:00:00Z")
    where = await make_database(SCHEMA, just_before, at_midnight, GRANTS, POLICIES)
    name = where.rpartition("/")[2]
    wanted = Wanted(user="user_a", since=since(7, RECORDED_AT_MS))
    for zone in ("UTC", "America/New_York", "Asia/Tokyo"):
        await server.execute(f"ALTER DATABASE \"{name}\" SET timezone TO '{zone}'")
        await server.execute(f"ALTER DATABASE \"{name}\" SET datestyle TO 'German, DMY'")
        opened = lookups(where, page=1)
        assert [one.id for one in await all_of(opened, wanted)] == [2]
        assert [one.id for one in await all_of(opened, Wanted(user="user_a"))] == [2, 1]


STARTS: Final = (
    *(None, None, None, "20000-01-01T00:00:00Z", "2026-11-21T10:00:00.000001Z"),
    *("2026-11-21T10:00:00Z",) * 5,
    *("0044-03-15 12:00:00+00 BC", "2026-11-20T10:00:00+02:00"),
)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
async def test_pages_have_no_gap_and_no_repetition(lookups: Open, make_database: MakeDatabase, size: int) -> None:
    statements = [row(n, rtcstats_user="user_a", session_start=start) for n, start in enumerate(STARTS, start=1)]
    where = await make_database(SCHEMA, *statements, GRANTS, POLICIES)
    found = await all_of(lookups(where, page=size), Wanted(user="user_a"))
    assert [one.id for one in found] == [3, 2, 1, 4, 5, 10, 9, 8, 7, 6, 12, 11]


async def test_what_is_new_does_not_move_the_pages(
    lookups: Open, make_database: MakeDatabase, server: PostgreSql
) -> None:
    old = [row(n, rtcstats_user="user_a", session_start=f"2026-11-2{n}T00:00:00Z") for n in (1, 2, 3)]
    where = await make_database(SCHEMA, *old, GRANTS, POLICIES)
    opened = lookups(where, page=2)
    first = await opened.find(Wanted(user="user_a"))
    new = row(9, rtcstats_user="user_a", session_start="2026-11-29T00:00:00Z")
    await server.execute(new, where.rpartition("/")[2])
    second = await opened.find(Wanted(user="user_a"), first.next)
    assert [one.session.id for one in (*first.rows, *second.rows)] == [3, 2, 1]


@pytest.mark.parametrize("cursor", ["x", "!", "MSAxOzE", "🎈", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OSA", "MSAyMDI2LTEzLTQx"])
async def test_a_made_up_cursor_is_refused(lookups: Open, recorded: str, cursor: str) -> None:
    with pytest.raises(BadQuestion):
        await lookups(recorded).find(Wanted(user="user_def456"), cursor)


async def test_the_latest_analysis_is_shown_and_only_a_web_page_as_address(
    lookups: Open, make_database: MakeDatabase
) -> None:
    rows = json.dumps(
        [
            {
                "id": 1,
                "created_at": "2026-11-21T00:00:00Z",
                "rtcstats_user": "user_a",
                "rtcstats_embed_url": "file:///x",
            },
            {
                **{"id": 2, "created_at": "2026-11-21T00:00:00Z", "rtcstats_user": "user_a"},
                "rtcstats_embed_url": "https://rtcstats.example/2",
            },
        ]
    )
    scores = (
        "INSERT INTO rtcstats_analysis (dump_id, experience_score, audio_score) VALUES (2, 10, 20), (2, 81.5, NULL);"
    )
    where = await make_database(SCHEMA, insert(rows), scores, GRANTS, POLICIES)
    second, first = await all_of(lookups(where), Wanted(user="user_a"))
    assert (first.scores, first.embed_url) == (None, None)
    assert (second.scores, second.embed_url) == (QualityScores(experience=81.5), "https://rtcstats.example/2")


async def test_many_may_ask_at_once(lookups: Open, recorded: str) -> None:
    opened = lookups(recorded)
    pages = await asyncio.gather(*(opened.find(Wanted(user="user_def456")) for _ in range(20)))
    assert {len(page.rows) for page in pages} == {3}


@pytest.mark.parametrize("days", [0, -1, 10**9])
def test_days_are_counted_within_reason(days: int) -> None:
    with pytest.raises(BadQuestion, match=re.escape("days is 1 to 3660")):
        since(days, RECORDED_AT_MS)


def test_days_begin_at_midnight_utc() -> None:
    assert since(7, RECORDED_AT_MS) == datetime(2026, 11, 14, tzinfo=UTC)


async def test_what_is_there_is_seen_without_looking_for_anybody(
    lookups: Open, recorded: str, make_database: MakeDatabase
) -> None:
    assert await lookups(recorded).look() == Seen(any_session=True, notice=None)
    assert await lookups(await make_database(SCHEMA, GRANTS, POLICIES)).look() == Seen(any_session=False, notice=None)


async def test_hidden_rows_are_not_taken_for_none(lookups: Open, make_database: MakeDatabase) -> None:
    where = await make_database(SCHEMA, insert(ROWS), GRANTS)
    with pytest.raises(Unavailable, match="CREATE POLICY"):
        await lookups(where).look()
