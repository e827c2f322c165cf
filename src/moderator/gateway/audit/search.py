"""Looks through the log for what a query asks for, within what the asker may see."""

from collections.abc import AsyncGenerator, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from moderator.domain.events import Entry, Event
from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.domain.kinds import Command
from moderator.domain.state import State
from moderator.feed.audit import AuditPage, AuditRow
from moderator.feed.codec import encode_event
from moderator.gateway.access.tokens import Access
from moderator.gateway.access.visibility import as_seen, sees_event
from moderator.gateway.audit.query import Filter, Query, outcome_of
from moderator.gateway.ledger import Ledger
from moderator.journal.event_log import Slice

AT_A_TIME: Final = 256
MOST_READ: Final = 20_000
"""Entries that one request looks at: a search for something rare is gone on with by the next request."""
CLOCKS_MS: Final = 60_000
"""By so much the clocks of who recorded entries may differ."""


class Found:
    """The rows of some entries, which end at `seq`."""

    def __init__(self, rows: tuple[AuditRow, ...], seq: int, read: int) -> None:
        self.rows = rows
        self.seq = seq
        self.read = read


class AuditSearch:
    """Reads the log; changes nothing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def page(self, query: Query, access: Access) -> AuditPage:
        """The next rows. An entry is never cut in two, so there may be a few more than the limit."""
        rows: tuple[AuditRow, ...] = ()
        read = 0
        async for found in self.found(query, access):
            rows += found.rows
            read += found.read
            if len(rows) >= query.limit or read >= MOST_READ:
                return AuditPage(rows, True, found.seq)
        return AuditPage(rows)

    async def found(self, query: Query, access: Access) -> AsyncGenerator[Found, None]:
        """Part by part to the end, with no more rows in each than the limit, but for the last entry's."""
        seats = await self._ledger.log.seats(query.person)
        wanted = Filter(query, seats, self._ledger.state.name_of)
        part = await self.part(query)
        while entries := await self._ledger.log.read_slice(part):
            seen = [(entry, self._seen(wanted, access, entry)) for entry in entries]
            for found in await self._rows(query, seen):
                yield found
            at = entries[-1].seq
            part = replace(part, before=at) if query.newest_first else replace(part, after=at)

    async def part(self, query: Query) -> Slice:
        """The part of the log to look through, as far as it is known without reading."""
        log, after, before = self._ledger.log, query.after, query.before
        if query.begin is not None:
            after = max(after, await log.seq_at(query.begin - CLOCKS_MS))
        if query.end is not None:
            end = await log.seq_at(query.end + CLOCKS_MS) + 1
            before = end if before is None else min(before, end)
        key = RoomKey(SourceName(query.source), RoomId(query.room))
        is_id = bool(query.source and query.room) and key in self._ledger.state.rooms
        return Slice(
            after=after,
            before=before,
            newest_first=query.newest_first,
            key=key if is_id else None,
            limit=AT_A_TIME,
        )

    def _seen(self, wanted: Filter, access: Access, entry: Entry) -> list[Event]:
        """What is looked for within what the asker may see: what is hidden cannot be found by trying either."""
        name_of = self._ledger.state.name_of
        shown = [as_seen(access, event) for event in entry.events if sees_event(access, event, name_of)]
        return [event for event in shown if wanted.fits(event, entry.recorded_at)]

    async def _rows(self, query: Query, seen: Sequence[tuple[Entry, list[Event]]]) -> list[Found]:
        commands = [event.id for _, events in seen for event in events if isinstance(event.data, Command)]
        settled = await self._ledger.log.outcomes(commands) if commands else {}
        names = _Names(self._ledger.state)
        parts: list[Found] = []
        rows: list[AuditRow] = []
        read = 0
        for entry, events in seen:
            read += 1
            for event in events[::-1] if query.newest_first else events:
                outcome, why = outcome_of(event, settled, self._ledger.marks.refused)
                if query.outcome in ("", outcome):
                    room_name, person = self._room_name(event), names.of(event)
                    rows.append(AuditRow(self._encoded(event, entry), outcome, room_name, why, person))
            if len(rows) >= query.limit or entry is seen[-1][0]:
                parts.append(Found(tuple(rows), entry.seq, read))
                rows, read = [], 0
        return parts

    def _encoded(self, event: Event, entry: Entry) -> msgspec.Raw:
        return msgspec.Raw(encode_event(replace(event, seq=entry.seq, recorded_at=entry.recorded_at)))

    def _room_name(self, event: Event) -> str:
        return self._ledger.state.name_of(event.key) if event.key is not None else ""


class _Names:
    """What participants are called, as far as the state still knows; each room is looked at once."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._of_rooms: dict[RoomKey, dict[str, str]] = {}

    def of(self, event: Event) -> str:
        """The name of the participant, or else the user, that the event is about; empty when it is not known."""
        data = event.data
        ids = (getattr(data, "participant", ""), getattr(data, "user", ""), getattr(data, "person", ""))
        if event.key is None or not any(ids):
            return ""
        if event.key not in self._of_rooms:
            self._of_rooms[event.key] = self._read(event.key)
        known = self._of_rooms[event.key]
        return next((known[id_] for id_ in ids if known.get(id_)), "")

    def _read(self, key: RoomKey) -> dict[str, str]:
        """By participant, the key under which facts name them, and user; the newest stay has the last word."""
        room = self._state.rooms.get(key)
        stays = [stay for one in self._state.instances(room) for stay in one.stays if stay.name] if room else []
        stays.sort(key=lambda stay: stay.joined_at)
        return {id_: stay.name for stay in stays for id_ in (stay.user, stay.key, stay.id)}
