"""Finds sessions in the database of rtcStats: by user, by conference, by session, since a day; page by page.

Takes and gives opaque ids only. How a connection is had, and what is wrong if not, is in `database.py`.
"""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from moderator.feed.quality import QualityScores, QualitySession
from moderator.quality import access, queries
from moderator.quality.database import Database
from moderator.quality.errors import BadQuestion, NoSuchRow

PAGE: Final = 50
MAX_DAYS: Final = 3660
_CURSOR: Final = re.compile(r"(\d{1,19}) (|[0-9: .+-]{1,40}(?: BC)?)")


class Wanted(Struct, frozen=True, kw_only=True):
    """What a session has to be like; None: does not matter."""

    user: str | None = None
    conference: str | None = None
    session: str | None = None
    since: datetime | None = None


class Row(Struct, frozen=True, kw_only=True):
    """A session, and where it stands."""

    session: QualitySession
    started: str | None
    """Its start in the database's own words, which lose nothing."""
    blob_url: str | None


class Page(Struct, frozen=True, kw_only=True):
    """Rows, the latest first; `next` is the cursor of what follows them."""

    rows: tuple[Row, ...]
    next: str | None
    notice: str | None


class Seen(Struct, frozen=True, kw_only=True):
    """What the database shows, without looking for anybody."""

    any_session: bool
    notice: str | None
    """What stays hidden, with the remedy."""


def since(days: int, now_ms: int) -> datetime:
    """Midnight UTC, so many days ago: what reference queries mean by "the last 7 days". Raises BadQuestion."""
    if not 1 <= days <= MAX_DAYS:
        raise BadQuestion(f"days is 1 to {MAX_DAYS}")
    today = datetime.fromtimestamp(now_ms / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days)


class Lookups:
    """Asks the database. Everything raises Unavailable when that does not work, and BadQuestion for what it refuses."""

    def __init__(self, database: Database, page: int = PAGE) -> None:
        self._database = database
        self._page = page

    async def find(self, wanted: Wanted, cursor: str | None = None) -> Page:
        """The page of sessions after `cursor`."""
        started, number = _parsed(cursor) if cursor else (None, None)
        async with self._database.reading() as connection:
            analysis = await self._checked(connection)
            question = queries.find(with_analysis=access.has_scores(analysis))
            values = (wanted.user, wanted.conference, wanted.session, wanted.since, started, number, self._page + 1)
            records = await connection.fetch(question, *values)
            rows = await self._with_joins(connection, [_row(record) for record in records[: self._page]])
        more = len(records) > self._page
        return Page(
            rows=tuple(rows),
            next=_cursor(rows[-1]) if more else None,
            notice=access.notice_of_analysis(analysis),
        )

    async def row(self, number: int) -> Row:
        """The session of this row. Raises NoSuchRow."""
        async with self._database.reading() as connection:
            analysis = await self._checked(connection)
            question = queries.by_number(with_analysis=access.has_scores(analysis))
            record = await connection.fetchrow(question, number)
            if record is None:
                raise NoSuchRow(f"rtcStats has no session {number}, or not any more")
            return (await self._with_joins(connection, [_row(record)]))[0]

    async def look(self) -> Seen:
        """Whether sessions are to be seen at all. Raises Unavailable with what keeps us from it."""
        async with self._database.reading() as connection:
            analysis = await self._checked(connection)
            return Seen(any_session=await connection.fetchval(queries.ANY), notice=access.notice_of_analysis(analysis))

    async def aclose(self) -> None:
        await self._database.aclose()

    async def _checked(self, connection: asyncpg.Connection) -> access.Access:
        """That of rtcStats' own scores. Raises Unavailable where sessions cannot be seen."""
        tables = access.accesses(await connection.fetch(queries.ACCESS, access.TABLES))
        access.check_sessions(tables[queries.TABLE])
        return tables[queries.ANALYSIS]

    async def _with_joins(self, connection: asyncpg.Connection, rows: Sequence[Row]) -> list[Row]:
        visits = {(row.session.user, row.session.conference) for row in rows}
        known = [visit for visit in visits if None not in visit]
        people, conferences = [person for person, _ in known], [conference for _, conference in known]
        counted = await connection.fetch(queries.JOINS, people, conferences) if known else []
        joins = {(one["person"], one["conference"]): one["joins"] for one in counted}
        return [_with_count(row, joins.get((row.session.user, row.session.conference), 1)) for row in rows]


def _with_count(row: Row, joins: int) -> Row:
    return replace(row, session=replace(row.session, joins=joins))


def _row(record: Mapping[str, Any]) -> Row:
    ended_ms = record["ended_ms"]
    session = QualitySession(
        id=record["id"],
        user=record["rtcstats_user"],
        conference=record["rtcstats_conference"],
        session=record["rtcstats_session"],
        started_at=record["started_ms"],
        ended_at=ended_ms,
        state="unknown" if ended_ms is None else "ended",
        has_dump=bool(record["blob_url"]),
        embed_url=_page_address(record["rtcstats_embed_url"]),
        scores=_scores(record),
    )
    return Row(session=session, started=record["started"], blob_url=record["blob_url"])


def _page_address(url: str | None) -> str | None:
    """Only what a browser can show: a row is no place to start programs from."""
    return url if url and url.startswith("https://") else None


def _scores(record: Mapping[str, Any]) -> QualityScores | None:
    scores = QualityScores(**{name: record[name] for name in ("experience", "audio", "video", "connectivity")})
    return None if scores == QualityScores() else scores


def _cursor(row: Row) -> str:
    return urlsafe_b64encode(f"{row.session.id} {row.started or ''}".encode()).decode().rstrip("=")


def _parsed(cursor: str) -> tuple[str | None, int]:
    """Start and number of the row that a page ended with."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise BadQuestion("this cursor is none that was given out: begin with the first page")
    return found[2] or None, int(found[1])
