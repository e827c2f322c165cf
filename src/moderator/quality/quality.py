"""What `/v1/quality` answers: which sessions somebody had, and how good one was over time.

The parts know nothing of each other: ids (`identifiers`), look-ups (`lookups`), dumps (`dump_store`, `dumps`) and
judgement (`series`, `scores`). Who may ask is the gateway's business.
"""

import asyncio

from moderator.clock import Clock
from moderator.feed.quality import QualityPage, QualitySeries
from moderator.quality.database import Database
from moderator.quality.dump_store import DumpStore
from moderator.quality.dumps import Dump, read_dump
from moderator.quality.errors import BadQuestion, NoSuchRow, Unavailable
from moderator.quality.identifiers import Identifiers, Kind, checked
from moderator.quality.lookups import Lookups, Row, Wanted, since
from moderator.quality.scores import Thresholds
from moderator.quality.series import samples, summary


class Quality:
    """rtcStats, asked. Nothing is connected before the first question; `aclose` ends it.

    Without `identifiers` the ids in the database are those of the platform, and are looked for as they are. Without
    `dumps`, a folder or an address, there are sessions but no series.
    """

    def __init__(
        self,
        database: str,
        *,
        clock: Clock,
        identifiers: Identifiers | None = None,
        dumps: str | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._lookups = Lookups(Database(database))
        self._clock = clock
        self._identifiers = identifiers
        self._dumps = DumpStore(dumps) if dumps else None
        self._thresholds = thresholds or Thresholds()
        self._one_at_a_time = asyncio.Lock()

    async def find(
        self,
        *,
        user: str | None = None,
        conference: str | None = None,
        session: str | None = None,
        source: str | None = None,
        days: int | None = None,
        cursor: str | None = None,
    ) -> QualityPage:
        """The sessions that fit, the latest first, a page at a time.

        With `source`, user and conference are real ids of that source; without, opaque ones. `days` counts from
        midnight UTC. Raises BadQuestion or Unavailable.
        """
        if not (user or conference or session):
            raise BadQuestion("name a user, a conference or a session")
        wanted = Wanted(
            user=self._opaque("user", source, user),
            conference=self._opaque("conference", source, conference),
            session=checked("session", session) if session else None,
            since=None if days is None else since(days, self._clock.now_ms()),
        )
        page = await self._lookups.find(wanted, cursor)
        return QualityPage(sessions=tuple(row.session for row in page.rows), next=page.next, notice=page.notice)

    async def series(self, number: int, *, source: str | None = None, conference: str | None = None) -> QualitySeries:
        """How good the session with this `id` was over time; with `conference`, only if it was of that room.

        Raises NoSuchRow or Unavailable.
        """
        row = await self._lookups.row(number)
        if conference and row.session.conference != self._opaque("conference", source, conference):
            raise NoSuchRow("no session of this room has this number")
        content = await self._dump(row)
        async with self._one_at_a_time:  # unpacked dumps are large
            dump = await asyncio.to_thread(read_dump, content)
            return await asyncio.to_thread(self._series, row, dump)

    async def aclose(self) -> None:
        """Close what was opened."""
        await self._lookups.aclose()
        if self._dumps is not None:
            await self._dumps.aclose()

    def _opaque(self, kind: Kind, source: str | None, wanted: str | None) -> str | None:
        if not wanted:
            return None
        checked(kind, wanted)
        return self._identifiers.searched(kind, source, wanted) if self._identifiers else wanted

    async def _dump(self, row: Row) -> bytes:
        if self._dumps is None:
            raise Unavailable("it is not said where records are kept: set rtcstats.dumps to a folder or an address")
        if not row.blob_url:
            raise Unavailable("no record was kept of this session: it goes on, or its server lost it")
        return await self._dumps.read(row.blob_url)

    def _series(self, row: Row, dump: Dump) -> QualitySeries:
        return QualitySeries(
            session=row.session,
            samples=samples(dump.intervals, self._thresholds),
            summary=summary(dump.intervals, self._thresholds),
            notice=dump.notice,
        )
