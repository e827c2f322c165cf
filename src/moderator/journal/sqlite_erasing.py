"""What is taken out of the log file: the texts about a person, and entries that are older than is to be kept.

To find the texts takes long and happens beside the writer; to change them, and what has come meanwhile, is one
transaction.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

from moderator.domain.erasure import seats_in, without_person
from moderator.domain.personal import Members, Person
from moderator.domain.state import Snapshot
from moderator.feed.codec import CodecError
from moderator.journal.columns import BodyHead
from moderator.journal.event_log import Seat
from moderator.journal.sqlite_starts import drop_start

AT_A_TIME: Final = 2_000
_START: Final = (0, -1)
_SEATS: Final = "SELECT DISTINCT source, room, participant FROM texts WHERE subject = ? AND participant <> ''"
_ANNOUNCED: Final = (
    "SELECT body FROM entry_rooms JOIN entries USING (seq) "
    "WHERE source = ? AND room = '' AND instr(body, CAST(? AS BLOB))"
)
_IS_ERASURE: Final = """instr(body, CAST('"kind":"person_erased"' AS BLOB))"""
_ERASED: Final = f"SELECT 1 FROM entries WHERE seq > ? AND {_IS_ERASURE}"
_ERASURES: Final = (
    f"SELECT DISTINCT seq FROM entry_rooms JOIN entries USING (seq) WHERE room = '' AND seq <= ? AND {_IS_ERASURE}"
)
_NAMING: Final = ("room_announced", "room_opened")
"""Kinds of event that give a name to a room."""
_head_decoder: Final = msgspec.json.Decoder(BodyHead)
_members_decoder: Final = msgspec.json.Decoder(Members)
_snapshot_decoder: Final = msgspec.json.Decoder(Snapshot)
Place = tuple[int, int]
"""Of a text: the entry's `seq`, and the number of the text in it."""


class Scan(NamedTuple):
    """What was found so far, up to a place."""

    found: frozenset[Place] = frozenset()
    upto: Place = _START


class Rewritten(NamedTuple):
    """What is to stand in the place of a personal text."""

    place: Place
    value: bytes
    subject: str
    participant: str


class ErasedPerson:
    """Finds and rewrites what is about one person of one source. Look up first who it is, then scan, then erase."""

    def __init__(self, source: str, user: str, pseudonym: str) -> None:
        self._source = source
        self._user = user
        self._pseudonym = pseudonym
        self._seats: set[tuple[str, str]] = set()
        self._names: set[str] = set()
        self._room_names: set[str] = set()
        """Names that rooms were given: they are not the person's."""
        self._person = Person(user, pseudonym)

    def look_up(self, store: sqlite3.Connection) -> None:
        """Find out what they were called, and which connections they had."""
        if (before := snapshot_in(store)) is not None:
            for room, participant, names in seats_in(before, self._source, self._user):
                self._seats.add((room, participant))
                self._names |= names
            self._room_names |= {one.name for one in before.appointments if one.source == self._source}
            self._room_names |= {one.name for one in before.opened if one.source == self._source}
        self._room_names |= set(_announced(store, self._source))
        self._look_up_texts(store, _START)

    def _look_up_texts(self, store: sqlite3.Connection, after: Place) -> None:
        query = "SELECT room, participant, value FROM texts WHERE source = ? AND subject = ? AND (seq, number) > (?, ?)"
        for room, participant, value in store.execute(query, (self._source, self._user, *after)):
            self._names.add(_members_decoder.decode(value).get("name", ""))
            if participant:
                self._seats.add((room, participant))
        seats = (participant for _, participant in self._seats)
        self._person = Person(self._user, self._pseudonym, seats, self._names)

    def scan(self, store: sqlite3.Connection, so_far: Scan) -> Scan | None:
        """Look through the next texts; None when there are no more."""
        rows = list(self._rows(store, so_far.upto, AT_A_TIME))
        if not rows:
            return None
        found = {row.place for row in rows if self._erased(row) is not None}
        return Scan(so_far.found | found, rows[-1].place)

    def erase(self, store: sqlite3.Connection, scan: Scan) -> int:
        """Rewrite what was found, and what has come since; returns how many texts there were."""
        texts, _ = self.rewritten(store, scan)
        for text in texts:
            rewrite(store, text, self._pseudonym)
        count = len(texts)
        if (snapshot := self.snapshot_without(store)) is not None:
            set_snapshot(store, snapshot)
            count += 1
        if count:
            drop_start(store)
        return count

    def rewritten(self, store: sqlite3.Connection, scan: Scan) -> tuple[list[Rewritten], Place]:
        """What is to stand in the place of what was found and of what has come since, and up to where was looked."""
        self._look_up_texts(store, scan.upto)
        later = list(self._rows(store, scan.upto, -1))
        earlier = [row for place in sorted(scan.found) for row in _row_at(store, place)]
        found = [(row.place, self._erased(row)) for row in [*earlier, *later]]
        texts = [Rewritten(place, *erased) for place, erased in found if erased is not None]
        return texts, later[-1].place if later else scan.upto

    def snapshot_without(self, store: sqlite3.Connection) -> Snapshot | None:
        """What trimmed entries led to, without this person; None where they are not in it."""
        before = snapshot_in(store)
        return None if before is None else self.without(before)

    def without(self, before: Snapshot) -> Snapshot | None:
        """A snapshot without this person; None where they are not in it."""
        after = without_person(before, self._source, self._person)
        return None if after == before else after

    def _erased(self, row: "_Row") -> tuple[bytes, str, str] | None:
        """The new value, subject and participant; None where the text is not about this person."""
        members = _members_decoder.decode(row.value)
        is_own = row.source == self._source and (
            row.subject == self._user or (not row.subject and (row.room, row.participant) in self._seats)
        )
        changed = self._person.erase_own(members) if is_own else self._person.erase_mentions(members)
        if (room_name := members.get("room_name")) in self._room_names:
            changed["room_name"] = room_name
        if changed == members:
            return None
        value = msgspec.json.encode(changed)
        if is_own:
            return value, self._pseudonym, self._person.seat(row.participant)
        return value, row.subject, row.participant

    def _rows(self, store: sqlite3.Connection, after: Place, limit: int) -> Iterator["_Row"]:
        # What has no source is about the gateway, such as what somebody looked for in the audit.
        query = f"{_ROW} WHERE source IN (?, '') AND (seq, number) > (?, ?) ORDER BY seq, number LIMIT ?"
        return map(_Row._make, store.execute(query, (self._source, *after, limit)))


class _Row(NamedTuple):
    seq: int
    number: int
    source: str
    room: str
    participant: str
    subject: str
    value: bytes

    @property
    def place(self) -> Place:
        return self.seq, self.number


_ROW: Final = "SELECT seq, number, source, room, participant, subject, value FROM texts"


def _row_at(store: sqlite3.Connection, place: Place) -> Iterator[_Row]:
    """Nothing where it was trimmed meanwhile."""
    return map(_Row._make, store.execute(f"{_ROW} WHERE seq = ? AND number = ?", place))


def _announced(store: sqlite3.Connection, source: str) -> Iterator[str]:
    """What rooms of a source were called before anybody was in them."""
    for kind in _NAMING:
        for (body,) in store.execute(_ANNOUNCED, (source, f'"kind":"{kind}"')):
            events = _head_decoder.decode(body).events
            yield from (_members_decoder.decode(event.data)["name"] for event in events if event.kind == kind)


def rewrite(store: sqlite3.Connection, text: Rewritten, pseudonym: str) -> None:
    """Put it there, without a salt."""
    store.execute(
        "UPDATE texts SET salt = NULL, value = ?, subject = ?, participant = ?, erased = ? "
        "WHERE seq = ? AND number = ?",
        (text.value, text.subject, text.participant, pseudonym, *text.place),
    )


def set_snapshot(store: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Replace what trimmed entries led to."""
    store.execute("UPDATE trimmed SET snapshot = ? WHERE through = ?", (msgspec.json.encode(snapshot), snapshot.seq))


def seats_of(store: sqlite3.Connection, user: str) -> set[Seat]:
    """Every connection that this user is known to have had, in any source."""
    return set(map(Seat._make, store.execute(_SEATS, (user,)))) if user else set()


def snapshot_in(store: sqlite3.Connection) -> Snapshot | None:
    """What entries led to that were trimmed. Raises CodecError and msgspec.MsgspecError."""
    row = store.execute("SELECT through, snapshot FROM trimmed").fetchone()
    if row is None:
        return None
    snapshot = _snapshot_decoder.decode(row[1])
    if snapshot.seq != row[0]:
        raise CodecError(f"entries up to {row[0]} were taken out, and what they led to is that of {snapshot.seq}")
    return snapshot


def erasures_in(store: sqlite3.Connection, through: int) -> list[int]:
    """The entries up to `through` that say that somebody was erased."""
    return [seq for (seq,) in store.execute(_ERASURES, (through,))]


def trimmed_in(store: sqlite3.Connection) -> int:
    """Up to which `seq` entries were taken out; 0 when none were."""
    row = store.execute("SELECT through FROM trimmed").fetchone()
    return 0 if row is None else int(row[0])


def was_erased_after(store: sqlite3.Connection, seq: int) -> bool:
    """Whether a record after `seq` says that somebody was erased."""
    return store.execute(_ERASED, (seq,)).fetchone() is not None


def trim(store: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Take out every entry that the snapshot stands for."""
    store.execute("UPDATE start SET body = NULL WHERE seq < ?", (snapshot.seq,))
    for table in ("texts", "entry_rooms", "entries"):
        store.execute(f"DELETE FROM {table} WHERE seq <= ?", (snapshot.seq,))
    # But the newest: who is given commands waits for greater numbers, and the next number is one more than there is.
    store.execute(
        "DELETE FROM commands WHERE seq <= ? AND number < (SELECT max(number) FROM commands)", (snapshot.seq,)
    )
    values: tuple[Any, ...] = (snapshot.seq, msgspec.json.encode(snapshot))
    store.execute("INSERT OR REPLACE INTO trimmed VALUES (1, ?, ?)", values)
