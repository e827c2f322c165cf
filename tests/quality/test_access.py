"""What a role may not see is never taken for what did not happen."""

import re
from pathlib import Path
from typing import Final

import pytest

from moderator.quality.access import Access, check_sessions
from moderator.quality.database import INDEXES
from moderator.quality.errors import Unavailable
from moderator.quality.lookups import Wanted
from tests.fakes.postgresql import PostgreSql
from tests.quality.conftest import GRANTS, POLICIES, READER, ROWS, SCHEMA, MakeDatabase, Open, insert

pytestmark = pytest.mark.postgresql

GUIDE: Final = Path(__file__).parents[2] / "docs/rtcstats.md"
WANTED = Wanted(user="user_def456")
RECORDS = SCHEMA + insert(ROWS)
SCORES_ONLY_HIDDEN = f"""
{GRANTS} CREATE POLICY reads ON "rtcstats-server" FOR SELECT TO {READER} USING (true);
"""
OLD = 'CREATE TABLE "rtcstats-server" (id uuid PRIMARY KEY, rtcstats_user text);' + (
    f'GRANT SELECT ON "rtcstats-server" TO {READER};'
)
NO_ANALYSIS = RECORDS + GRANTS + POLICIES + "DROP TABLE rtcstats_analysis;"


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        ("", "shows the role moderator_reads no table"),
        (OLD, "before November 2025"),
        (RECORDS, 'GRANT SELECT ON "rtcstats-server" TO "moderator_reads"'),
        (RECORDS + GRANTS, 'CREATE POLICY moderator_reads ON "rtcstats-server" FOR SELECT TO "moderator_reads" USING'),
        (
            RECORDS + GRANTS + 'CREATE POLICY others ON "rtcstats-server" FOR SELECT TO tls_only USING (true);',
            "CREATE POLICY",
        ),
        (
            RECORDS + GRANTS + 'CREATE POLICY writes ON "rtcstats-server" FOR INSERT TO PUBLIC WITH CHECK (true);',
            "CREATE POLICY",
        ),
    ],
    ids=["missing", "old", "not-granted", "no-policy", "others-policy", "writers-policy"],
)
async def test_what_cannot_be_seen_is_said_with_the_remedy(
    lookups: Open, make_database: MakeDatabase, statements: str, sentence: str
) -> None:
    with pytest.raises(Unavailable, match=sentence):
        await lookups(await make_database(statements)).find(WANTED)


async def test_the_remedy_that_is_given_works(lookups: Open, make_database: MakeDatabase, server: PostgreSql) -> None:
    where = await make_database(RECORDS)
    opened = lookups(where)
    remedies = 0
    while True:
        try:
            page = await opened.find(WANTED)
        except Unavailable as error:
            await server.execute(str(error).rpartition(": ")[2], where.rpartition("/")[2])
            remedies += 1
        else:
            break
    assert (remedies, len(page.rows)) == (2, 3)


async def test_the_guide_gives_the_role_what_it_needs(
    lookups: Open, make_database: MakeDatabase, server: PostgreSql
) -> None:
    where = await make_database(RECORDS)
    guide = "".join(re.findall("```sql\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL))
    statements = [one.strip() for one in guide.split(";") if one.strip() and "CREATE ROLE" not in one]
    for statement in statements:
        await server.execute(statement, where.rpartition("/")[2])
    assert set(INDEXES.split("; ")) < set(statements)
    page = await lookups(where).find(WANTED)
    assert (len(page.rows), page.notice) == (3, None)


@pytest.mark.parametrize(
    ("statements", "notice"),
    [
        (RECORDS + GRANTS + POLICIES, None),
        (NO_ANALYSIS, None),
        (RECORDS + GRANTS + 'CREATE POLICY all_see ON "rtcstats-server" USING (true);', "CREATE POLICY"),
        (RECORDS + SCORES_ONLY_HIDDEN, "CREATE POLICY"),
        (RECORDS + GRANTS + POLICIES + f"REVOKE ALL ON rtcstats_analysis FROM {READER};", "GRANT SELECT"),
    ],
    ids=["all", "no-analysis", "policy-for-all", "scores-hidden", "scores-not-granted"],
)
async def test_sessions_are_found_although_scores_are_hidden(
    lookups: Open, make_database: MakeDatabase, statements: str, notice: str | None
) -> None:
    page = await lookups(await make_database(statements)).find(WANTED)
    assert len(page.rows) == 3
    assert (notice or "") in (page.notice or "")
    assert (page.notice is None) == (notice is None)


def test_a_role_with_a_strange_name_is_quoted() -> None:
    access = Access(
        name="rtcstats-server", role='a"; DROP', is_there=True, is_readable=False, is_hidden=False, is_current=True
    )
    with pytest.raises(Unavailable, match='TO "a""; DROP"'):
        check_sessions(access)
