"""What is wrong with the database is said in a sentence, without its address; and nothing is ever written."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from moderator.quality import database as database_module
from moderator.quality.database import Database
from moderator.quality.errors import Unavailable
from moderator.quality.lookups import Wanted
from tests.fakes.postgresql import PostgreSql
from tests.quality.conftest import READER, READER_PASSWORD, MakeDatabase, Open
from tests.simulator.running import write_certificate

pytestmark = pytest.mark.postgresql

WANTED = Wanted(user="user_def456")
CASES = {
    "password": ("recorded", READER, "wrong", "", "refused the password"),
    "name": ("nowhere", READER, READER_PASSWORD, "", "is not on that server"),
    "role": ("recorded", "tls_only", "x", "", "asks for TLS"),
    "tls": ("recorded", READER, READER_PASSWORD, "?sslmode=require", "offers no TLS"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_keeps_us_out_is_said(
    lookups: Open, server: PostgreSql, recorded: str, case: tuple[str, str, str, str, str]
) -> None:
    name, role, password, options, sentence = case
    opened = lookups(server.address(name, role, password.replace(" ", "%20"), options))
    with pytest.raises(Unavailable, match=sentence) as raised:
        await opened.find(WANTED)
    assert password not in str(raised.value)


async def test_the_certificate_of_the_server_is_checked(
    lookups: Open, server: PostgreSql, recorded: str, tmp_path: Path
) -> None:
    own, other = write_certificate(tmp_path / "own.pem"), write_certificate(tmp_path / "other.pem")
    by_name = recorded.replace("127.0.0.1", "localhost")
    wrong = {f"{recorded}?sslmode=verify-full&sslrootcert={other}", f"{by_name}?sslmode=verify-full&sslrootcert={own}"}
    async with server.offering_tls(own):
        assert (await lookups(f"{recorded}?sslmode=verify-full&sslrootcert={own}").find(WANTED)).rows
        for where in wrong:
            with pytest.raises(Unavailable, match="is not trusted, or of another name"):
                await lookups(where).find(WANTED)
        with pytest.raises(Unavailable, match="file of certificates that is not there"):
            await lookups(f"{recorded}?sslmode=verify-full&sslrootcert={tmp_path}/none.pem").find(WANTED)


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("postgresql://r:secret@127.0.0.1:1/x", "cannot be reached"),
        ("postgresql://r:secret@host.invalid/x", "cannot be reached"),
        ("http://r:secret@127.0.0.1/x", "write rtcstats.database as postgresql://"),
        ("postgresql://r:secret@127.0.0.1:port/x", "write rtcstats.database as postgresql://"),
        ("secret", "write rtcstats.database as postgresql://"),
    ],
)
async def test_an_address_that_leads_nowhere_is_said_without_repeating_it(
    lookups: Open, where: str, sentence: str
) -> None:
    with pytest.raises(Unavailable, match=sentence) as raised:
        await lookups(where).find(WANTED)
    assert "secret" not in str(raised.value)
    assert raised.value.__suppress_context__


async def test_a_slow_answer_is_given_up_with_the_remedy(
    lookups: Open, server: PostgreSql, recorded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "STATEMENT_MS", 100)
    admin = await asyncpg.connect(server.address("recorded"))
    try:
        async with admin.transaction():
            await admin.execute('LOCK TABLE "rtcstats-server"')
            with pytest.raises(Unavailable, match="CREATE INDEX"):
                await lookups(recorded).find(WANTED)
    finally:
        await admin.close()


async def test_nothing_can_be_written(server: PostgreSql, recorded: str) -> None:
    database = Database(server.address("recorded"))  # as the administrator
    try:
        with pytest.raises(Unavailable, match="25006"):
            async with database.reading() as connection:
                await connection.execute('DELETE FROM "rtcstats-server"')
    finally:
        await database.aclose()


async def test_a_lost_connection_is_made_anew(lookups: Open, make_database: MakeDatabase, server: PostgreSql) -> None:
    where = await make_database()
    name = where.rpartition("/")[2]
    database = Database(where)
    try:
        for _ in range(2):
            async with database.reading() as connection:
                assert await connection.fetchval("SELECT current_database()") == name
            await server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            await asyncio.sleep(0.05)
    finally:
        await database.aclose()


async def test_closing_does_not_wait_for_ever(recorded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "CLOSE_S", 0.05)
    with pytest.raises(Unavailable, match="closed the connection"):
        await _ask_while_closing(Database(recorded))


async def _ask_while_closing(database: Database) -> None:
    async with database.reading() as connection:
        await database.aclose()
        await connection.fetchval("SELECT 1")


async def test_what_was_never_opened_can_be_closed() -> None:
    await Database("postgresql://").aclose()


def test_the_address_is_not_shown() -> None:
    assert "secret" not in repr(Database("postgresql://r:secret@127.0.0.1/x"))
