"""Frames on the wire: what one end writes, the other reads; what it cannot read, it says."""

from typing import Any

import hypothesis
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import KINDS, ParticipantJoined, Unknown
from moderator.domain.ids import RoomId
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Source
from moderator.domain.state import Hold, State
from moderator.feed import messages
from moderator.feed.codec import CodecError, NewerFormat, decode_event, encode_event
from moderator.feed.messages import (
    EventsFrame,
    FoldBase,
    Heartbeat,
    Snapshot,
    cursor,
    decode_frame,
    events_frame,
    heartbeat_frame,
    parse_cursor,
    snapshot_frames,
)
from moderator.feed.sse import SseDecoder, SseFrame
from tests.fakes.any_event import any_of, event_with
from tests.fakes.builders import DAY, KEY, a_fact, an_entry, folded, joined, rules

CLINIC = Source(
    source="clinic", provider="janus", state="live", heard_at=1, listed_at=None, clock_offset_ms=0, detail=None
)


def read(*raw: bytes) -> list[Any]:
    return [decode_frame(frame) for frame in SseDecoder().feed(b"".join(raw))]


def shown(state: State) -> list[Any]:
    return [(room, state.rooms[KEY._replace(room=RoomId(room.room))]) for room in state.all_rooms()]


def test_events_and_heartbeats_round_trip() -> None:
    event = joined("p", DAY, name="Bill")
    beat, events = read(
        heartbeat_frame("log", 3, 5, 99, [CLINIC]), events_frame("log", 5, 7, 100, [encode_event(event)])
    )
    assert beat == Heartbeat(after=3, seq=5, now=99, sources=(CLINIC,), cursor="log-5")
    assert events == EventsFrame(after=5, seq=7, now=100, events=(event,), cursor="log-7")


@hypothesis.settings(max_examples=25)
@given(st.data(), st.booleans())
def test_a_frame_is_read_as_its_events_are_one_by_one(data: st.DataObject, of_tomorrow: bool) -> None:
    """Whether or not all of them are of kinds that this version knows."""
    kinds = data.draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=4))
    events = [event_with(data.draw(any_of(KINDS[kind])), seq=7, late=True) for kind in kinds]
    if of_tomorrow:
        events.append(event_with(Unknown(unknown_kind="room_painted", members={"colour": "blue"})))
    raw = [encode_event(event) for event in events]
    (frame,) = read(events_frame("log", 6, 7, 100, raw))
    assert list(frame.events) == [decode_event(one) for one in raw]
    assert [type(event.data) for event in frame.events] == [type(event.data) for event in events]


@pytest.mark.parametrize("kind", [b"participant_joined", b"room_painted"])
def test_an_event_in_a_newer_format_is_said_to_be_one(kind: bytes) -> None:
    newer = encode_event(joined("p", DAY)).replace(b'"v":1', b'"v":2').replace(b"participant_joined", kind)
    with pytest.raises(NewerFormat, match="version 2"):
        read(events_frame("log", 5, 7, 100, [newer]))


def test_a_snapshot_comes_in_pages_and_only_the_last_has_a_position(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ROOMS_PER_PAGE", 2)
    facts = [a_fact(ParticipantJoined(participant="p"), DAY, room=f"room-{number}") for number in range(5)]
    state = folded(an_entry(*facts), settings=rules())
    base: FoldBase[RoomState] = FoldBase(settings=state.settings, hold=Hold("anna", 1), restarts={"clinic": (3,)})
    pages: list[Snapshot] = read(*snapshot_frames("log", 9, 100, shown(state), [CLINIC], base))
    assert [(page.page, page.last, page.cursor, len(page.rooms)) for page in pages] == [
        (1, False, "", 2),
        (2, False, "", 2),
        (3, True, "log-9", 1),
    ]
    assert [room for page in pages for room in page.rooms] == state.all_rooms()
    assert [room.key for page in pages for room in page.fold.rooms] == sorted(state.rooms)
    assert pages[0].fold.settings == state.settings
    assert (pages[0].fold.hold, pages[0].fold.restarts) == (base.hold, base.restarts)
    assert pages[1].fold.settings is None


def test_a_page_is_closed_when_it_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "PAGE_BYTES", 5_000)
    crowd = [a_fact(ParticipantJoined(participant=f"p{n}"), DAY, room=f"room-{n % 5}") for n in range(200)]
    state = folded(an_entry(*crowd))
    raw = list(snapshot_frames("log", 9, 100, shown(state), [], FoldBase()))
    assert len(raw) == 5
    assert [room for page in read(*raw) for room in page.rooms] == state.all_rooms()


def test_nothing_going_on_is_a_snapshot_too() -> None:
    (page,) = read(*snapshot_frames("log", 0, 100, [], [], FoldBase()))
    assert (page.rooms, page.last, page.cursor) == ((), True, "log-0")


def test_a_snapshot_holds_nothing_to_act_on_the_platform_with() -> None:
    state = folded(an_entry(a_fact(ParticipantJoined(participant="p", platform={"session": "s3cret"}), DAY)))
    for rooms, base in ((shown(state), FoldBase()), ([], FoldBase(rooms=(state.rooms[KEY],)))):
        raw = b"".join(snapshot_frames("log", 1, 1, rooms, [], base))
        assert b"s3cret" not in raw
        assert b"room-1" in raw


def test_a_frame_of_tomorrow_is_passed_over() -> None:
    assert decode_frame(SseFrame("weather", b"sunny")) is None


def test_members_of_tomorrow_are_no_obstacle() -> None:
    raw = msgspec.json.encode({"after": 1, "seq": 2, "now": 3, "events": [], "mood": "good"})
    assert decode_frame(SseFrame("events", raw, "log-2")) == EventsFrame(
        after=1, seq=2, now=3, events=(), cursor="log-2"
    )


@pytest.mark.parametrize("kind", ["snapshot", "events", "heartbeat"])
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        b'{"after":1,"seq":2,"now":3,"sources":[{"source":"\xff"}]}',
        b'{"after":"1","seq":2,"now":3}',
    ],
)
def test_garbage_is_a_codec_error(kind: str, raw: bytes) -> None:
    with pytest.raises(CodecError):
        decode_frame(SseFrame(kind, raw))


@given(st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1), st.integers(0, 10**18 - 1))
def test_a_position_round_trips(log_id: str, seq: int) -> None:
    assert parse_cursor(cursor(log_id, seq)) == (log_id, seq)


@pytest.mark.parametrize("text", ["", "-", "log-", "-5", "log", "log-x", "log-1.5", "log-²", "log-" + "9" * 30])
def test_what_is_no_position(text: str) -> None:
    assert parse_cursor(text) is None
