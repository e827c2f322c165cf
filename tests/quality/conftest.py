"""The recorded rows of rtcStats in a real PostgreSQL."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest

from moderator.quality.database import Database
from moderator.quality.lookups import Lookups
from tests.fakes.postgresql import PostgreSql, postgresql

__all__ = ["postgresql"]

DATA: Final = Path(__file__).parents[1] / "data/rtcstats"
READER: Final = "moderator_reads"
READER_PASSWORD: Final = "another test-password"
SCHEMA: Final = (DATA / "schema.sql").read_text("utf-8")
ROWS: Final = (DATA / "rows.json").read_text("utf-8")
GRANTS: Final = f'GRANT SELECT ON "rtcstats-server", rtcstats_analysis TO {READER};'
POLICIES: Final = f"""
CREATE POLICY reads ON "rtcstats-server" FOR SELECT TO {READER} USING (true);
CREATE POLICY reads ON rtcstats_analysis FOR SELECT TO {READER} USING (true);
"""

Open = Callable[..., Lookups]
MakeDatabase = Callable[..., Awaitable[str]]


def insert(rows: str) -> str:
    """The statement that adds rows, which are JSON."""
    quoted = rows.replace("'", "''")
    into = """INSERT INTO "rtcstats-server" SELECT * FROM json_populate_recordset(NULL::"rtcstats-server", """
    return f"{into} '{quoted}');"


def row(number: int, **columns: object) -> str:
    """The statement that adds one row."""
    created = {"id": number, "created_at": "2026-11-21T00:00:00Z"}
    return insert(json.dumps([created | columns]))


# Of the whole session, so not async: such a fixture would keep its event loop, and the window's tests need Qt's.
@pytest.fixture(scope="session")
def server(postgresql: PostgreSql) -> PostgreSql:
    """With the role that reads, and one that is let in with TLS only."""
    for role in (f"{READER} LOGIN PASSWORD '{READER_PASSWORD}'", "tls_only LOGIN PASSWORD 'x'"):
        asyncio.run(postgresql.execute(f"CREATE ROLE {role}"))
    return postgresql


def address(server: PostgreSql, database: str, options: str = "") -> str:
    return server.address(database, READER, READER_PASSWORD.replace(" ", "%20"), options)


@pytest.fixture(scope="session")
def recorded(server: PostgreSql) -> str:
    """The address of a database that no test changes."""
    asyncio.run(server.create("recorded", SCHEMA + insert(ROWS) + GRANTS + POLICIES))
    return address(server, "recorded")


@pytest.fixture
async def make_database(server: PostgreSql, request: pytest.FixtureRequest) -> MakeDatabase:
    """The address of a database of the test's own, in which the statements were carried out."""

    async def make(*statements: str) -> str:
        name = request.node.name[:60]
        await server.create(name, "\n".join(statements))
        return address(server, name)

    return make


@pytest.fixture
async def lookups() -> AsyncIterator[Open]:
    """Opens look-ups on an address; options as for Lookups. All are closed after the test."""
    async with AsyncExitStack() as stack:

        def open_(where: str, **options: int) -> Lookups:
            opened = Lookups(Database(where), **options)
            stack.push_async_callback(opened.aclose)
            return opened

        yield open_
