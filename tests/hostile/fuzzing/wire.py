"""Targets: the feed as bytes, events as JSON, and entries as the store keeps them. Whatever comes is read, or refused
with the error that is documented; what was read is written as what reads the same.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from moderator.domain.events import KINDS, Entry, Event, Unknown
from moderator.domain.ids import EventId
from moderator.domain.kinds import Fact
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Source
from moderator.feed.codec import (
    CodecError,
    decode_entry,
    decode_event,
    encode_entry,
    encode_event,
    without_platform_details,
)
from moderator.feed.messages import FoldBase, decode_frame, events_frame, heartbeat_frame, snapshot_frames
from moderator.feed.session import FeedGap, FeedSession
from moderator.feed.sse import SseDecoder, SseFrame
from moderator.journal.stored import from_stored, recorded_at_of, to_stored
from tests.fakes.builders import DAY
from tests.hostile.fuzzing.examples import entries, folded_all
from tests.hostile.fuzzing.target import Target, without_values

NOW: Final = DAY + 3_600_000
SEQ: Final = 7
IN_SNAPSHOT: Final = 12
"""Entries that a snapshot begins with; the others follow."""
_SOURCE: Final = Source(
    source="clinic", provider="vonage", state="live", heard_at=NOW, listed_at=None, clock_offset_ms=0, detail=None
)


def targets() -> list[Target]:
    """All of them."""
    return [
        Target("feed", _feeds, read_feed, grows=True),
        Target("event", _events, read_event, grows=True),
        Target("entry", _entries, read_entry, grows=True),
        Target("stored", _stored, read_stored, grows=True),
    ]


# --- the feed ------------------------------------------------------------------------------------------------------


def _feeds() -> Sequence[bytes]:
    """A snapshot and what follows it; parts of that; a stream as other programs write it."""
    told = _facts_first()
    early, late = told[:IN_SNAPSHOT], told[IN_SNAPSHOT:]
    snapshot = b"".join(_snapshot(early))
    following = [_frame(entry) for entry in late]
    beats = [heartbeat_frame("log", seq, seq, NOW, [_SOURCE]) for seq in (early[-1].seq, late[-1].seq)]
    return [
        snapshot + b"".join(following) + beats[1],
        snapshot + beats[0] + following[0],
        b"\xef\xbb\xbf: hello\r\n\r\n" + snapshot.replace(b"\n", b"\r\n") + b"retry: 5\rdata\r\revent: x\rdata: 1\r\r",
        *(snapshot + _frame(replace(entry, seq=early[-1].seq + 1)) for entry in late[::3]),
    ]


def _facts_first() -> tuple[Entry, ...]:
    """So that there is a room in the snapshot."""
    ordered = sorted(entries()[1:], key=lambda entry: not isinstance(entry.events[0].data, Fact))
    return tuple(replace(entry, seq=seq) for seq, entry in enumerate([entries()[0], *ordered], 1))


def _snapshot(told: Sequence[Entry]) -> Iterator[bytes]:
    state = folded_all(told)
    rooms = [(room, state.rooms[room.key]) for room in state.all_rooms()]
    base: FoldBase[RoomState] = FoldBase(
        settings=state.settings,
        hold=state.hold,
        restarts=state.restarts,
        appointments=state.announced.appointments(),
        opened=state.announced.opened(),
        on_duty=state.on_duty,
    )
    return snapshot_frames("log", state.seq, NOW, rooms, [_SOURCE], base)


def _frame(entry: Entry) -> bytes:
    placed = [replace(event, seq=entry.seq, recorded_at=entry.recorded_at) for event in entry.events]
    return events_frame("log", entry.seq - 1, entry.seq, NOW, [encode_event(event) for event in placed])


def read_feed(body: bytes) -> Iterator[str]:
    """However the bytes are cut, the frames are the same; each is taken in, passed over, or refused."""
    frames = SseDecoder().feed(body)
    assert _in_pieces(body) == frames, "frames depend on how the bytes are cut"
    session = FeedSession()
    for frame in frames:
        yield from _taken(session, frame)
    session.state.all_rooms()


def _in_pieces(body: bytes) -> list[SseFrame]:
    decoder, dice, found, place = SseDecoder(), random.Random(len(body)), [], 0
    while place < len(body):
        size = dice.choice((1, 2, 3, 10, 1_000)) if len(body) < 10_000 else dice.randrange(1, 60_000)
        found += decoder.feed(body[place : place + size])
        place += size
    return found


def _taken(session: FeedSession, frame: SseFrame) -> Iterator[str]:
    try:
        message = decode_frame(frame)
        for event in session.receive(message, 0.0) if message else ():
            yield _known(event)
        yield f"taken {type(message).__name__}"
    except CodecError as error:
        yield f"unreadable {without_values(error)}"
    except FeedGap as error:
        yield f"a gap {without_values(error)}"
        session.disconnected()


# --- one event, one entry ------------------------------------------------------------------------------------------


def _events() -> Sequence[bytes]:
    return [encode_event(event) for entry in entries() for event in entry.events]


def read_event(body: bytes) -> Iterator[str]:
    """What is read reads the same again, also of a kind that nobody knows."""
    try:
        event = decode_event(body)
    except CodecError as error:
        yield without_values(error)
        return
    assert decode_event(encode_event(event)) == without_platform_details(event)
    assert isinstance(event.data, Unknown) == (event.kind not in KINDS), "what is not known is not kept as it came"
    yield _known(event)


def _known(event: Event) -> str:
    return "a kind that is not known" if isinstance(event.data, Unknown) else event.kind


def _entries() -> Sequence[bytes]:
    return [encode_entry(entry) for entry in entries()]


def read_entry(body: bytes) -> Iterator[str]:
    """An entry, as it goes through the codec and through the store's form."""
    try:
        entry = decode_entry(body, SEQ)
    except CodecError as error:
        yield without_values(error)
        return
    assert decode_entry(encode_entry(entry), SEQ) == entry
    _check_stored(entry)
    for event in entry.events:
        yield _known(event)


def _check_stored(entry: Entry) -> None:
    stored = to_stored(entry)
    assert from_stored(stored.body, SEQ, [text.value for text in stored.texts]) == entry, "the store changes it"
    assert recorded_at_of(stored.body) == entry.recorded_at


# --- the store's form ----------------------------------------------------------------------------------------------


def _stored() -> Sequence[bytes]:
    """The body, then a line for each text."""
    every = tuple(event for entry in entries() for event in entry.events)
    together = Entry(id=EventId("together"), recorded_at=NOW, events=every, seq=SEQ)
    forms = [to_stored(entry) for entry in (*entries(), together)]
    return [b"\n".join([one.body, *(text.value for text in one.texts)]) for one in forms]


def read_stored(body: bytes) -> Iterator[str]:
    """A damaged record is an error that names it; an intact one is put together."""
    first, *texts = body.split(b"\n")
    try:
        recorded_at_of(first)
        entry = from_stored(first, SEQ, texts)
    except CodecError as error:
        yield without_values(error)
        return
    _check_stored(entry)
    for event in entry.events:
        yield _known(event)
