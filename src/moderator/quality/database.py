"""Connections to the database of rtcStats, and a sentence for whatever keeps us from reading it. What is asked is in
`queries.py`; what comes of it, in `lookups.py`.

Nothing is connected before it is needed. Every transaction is read-only and short, and asks for nothing that a pooler
in between (PgBouncer, Supavisor) would refuse.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from moderator.quality.errors import BadQuestion, Unavailable
from moderator.quality.queries import TRANSACTION

CONNECTIONS: Final = 3
CONNECT_S: Final = 5.0
STATEMENT_MS: Final = 5_000
ANSWER_S: Final = 10.0
"""For a server that went away without a word; one that works gives up by itself, before."""
CLOSE_S: Final = 2.0

INDEXES: Final = (
    'CREATE INDEX CONCURRENTLY ON "rtcstats-server" (rtcstats_user, session_start DESC); '
    'CREATE INDEX CONCURRENTLY ON "rtcstats-server" (rtcstats_conference, session_start DESC); '
    'CREATE INDEX CONCURRENTLY ON "rtcstats-server" (rtcstats_session)'
)
_ADDRESS: Final = (
    "write rtcstats.database as postgresql://ROLE:PASSWORD@HOST/NAME, "
    "with ?sslmode=verify-full&sslrootcert=FILE to be sure of the server"
)
_SENTENCES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (asyncpg.InvalidPasswordError, "refused the password: correct the address in rtcstats.database"),
    (
        asyncpg.InvalidAuthorizationSpecificationError,
        "does not let this role in from here: look at pg_hba.conf; if it asks for TLS, add "
        "?sslmode=verify-full&sslrootcert=FILE to rtcstats.database",
    ),
    (asyncpg.InvalidCatalogNameError, "is not on that server: correct the database's name in rtcstats.database"),
    (asyncpg.QueryCanceledError, f"took longer than {STATEMENT_MS // 1000} s to answer: make the indexes: {INDEXES}"),
    (asyncpg.TooManyConnectionsError, "has no connection left: close some, or raise max_connections"),
    (asyncpg.CannotConnectNowError, "is starting or stopping: ask again in a moment"),
    (asyncpg.InsufficientPrivilegeError, "does not let this role read: GRANT SELECT to it"),
    (asyncpg.UndefinedTableError, "lacks tables of rtcStats: run its migrations"),
    (asyncpg.UndefinedColumnError, "has older tables than this program knows: run the migrations of rtcStats"),
    (
        ssl.SSLCertVerificationError,
        "shows a certificate that is not trusted, or of another name: correct the host in rtcstats.database, or name "
        "the file with the authority's certificate there as sslrootcert",
    ),
    (FileNotFoundError, "names a file of certificates that is not there: correct sslrootcert in rtcstats.database"),
    (ssl.SSLError, "and this program could not agree on TLS: look at sslmode in rtcstats.database"),
    (TimeoutError, "does not answer: see whether it runs, and whether a firewall is in between"),
)


class Database:
    """Opened by the first who asks; `aclose` ends it. The address is secret: it holds a password."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opening = asyncio.Lock()
        self._pool: asyncpg.Pool | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """A read-only transaction in UTC. Raises Unavailable or BadQuestion, also for what goes wrong inside."""
        try:
            pool = await self._opened()
            async with _acquired(pool) as connection, connection.transaction(readonly=True):
                await connection.execute(TRANSACTION.format(ms=STATEMENT_MS))
                yield connection
        except asyncpg.DataError:
            raise BadQuestion("the database cannot look for this: an id, a number or the cursor is none") from None
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            sentence = f"the rtcStats database {_what_happened(error)}"
            raise Unavailable(sentence) from None  # the error may quote the address

    async def _opened(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                # Named statements would outlive the transaction, which a pooler does not allow.
                options: dict[str, Any] = {"statement_cache_size": 0, "command_timeout": ANSWER_S, "timeout": CONNECT_S}
                self._pool = await asyncpg.create_pool(self._address, min_size=0, max_size=CONNECTIONS, **options)
            return self._pool

    async def aclose(self) -> None:
        """Close all connections, at once if those in use do not end soon."""
        if self._pool is None:
            return
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()


@asynccontextmanager
async def _acquired(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    try:
        connection = await pool.acquire(timeout=ANSWER_S)
    except ssl.SSLCertVerificationError:
        raise  # a ValueError too
    except ValueError:  # what asyncpg makes of an address that it cannot read; it may quote it
        raise Unavailable(f"the rtcStats database has an address that cannot be used: {_ADDRESS}") from None
    try:
        yield connection
    finally:
        await pool.release(connection)


def _what_happened(error: BaseException) -> str:
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence
    if isinstance(error, ConnectionError) and "SSL" in str(error):
        return "offers no TLS, which sslmode in rtcstats.database asks for: switch it on there"
    if isinstance(error, OSError):
        return "cannot be reached: see whether it runs, and whether rtcstats.database names its host and port"
    if isinstance(error, asyncpg.PostgresError):
        return f"refused the question ({error.sqlstate}): see its log"
    return "closed the connection: ask again in a moment"
