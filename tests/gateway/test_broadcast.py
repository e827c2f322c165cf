"""What readers of the feed are sent: encoded once for all with the same view, and nobody slows anybody down."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.domain.events import Actor, Event, SourceSilent
from moderator.domain.ids import derive_event_id
from moderator.feed.codec import encode_event
from moderator.feed.messages import ROOMS_PER_PAGE, EventsFrame, Heartbeat, SnapshotPage, cursor
from moderator.gateway import broadcast
from moderator.gateway import subscriber as module
from moderator.gateway.access.tokens import Access
from moderator.gateway.broadcast import EVENTS_PER_FRAME
from tests.fakes.builders import DAY, ROOM, SOURCE, an_entry, joined, left, room_ended
from tests.fakes.feed_reading import Reader
from tests.fakes.gateway import GatewayInProcess, joined_in


def access(*patterns: str, scopes: tuple[str, ...] = ("rooms:read",)) -> Access:
    return Access("maya", "Maya", "1", 2**40, frozenset(scopes), patterns or ("*",))


@pytest.fixture
async def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GatewayInProcess]:
    monkeypatch.setattr(broadcast, "LONGEST_WAIT_S", 0.0)  # real time, which a busy machine has little of
    async with GatewayInProcess(tmp_path) as gateway:
        yield gateway


def log_id(gateway: GatewayInProcess) -> str:
    return gateway.log.log_id


async def many_rooms(gateway: GatewayInProcess, number: int) -> None:
    await gateway.log.append(an_entry(*(joined_in(f"r{one:04}", "c1", DAY) for one in range(number))))
    await gateway.clock.settle()


async def test_a_large_snapshot_comes_in_pages(gateway: GatewayInProcess) -> None:
    await many_rooms(gateway, 2 * ROOMS_PER_PAGE + 1)
    reader = Reader(gateway, access())
    pages = await reader.read()
    assert [len(page.rooms) for page in pages if isinstance(page, SnapshotPage)] == [ROOMS_PER_PAGE, ROOMS_PER_PAGE, 1]
    assert [bool(page.cursor) for page in pages] == [False, False, True]
    assert reader.session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms()


async def test_news_goes_to_all_views_and_each_follows_the_one_before(gateway: GatewayInProcess) -> None:
    readers = [Reader(gateway, access()), Reader(gateway, access()), Reader(gateway, access("clinic/other"))]
    for number in range(5):
        await gateway.tell(joined(f"c{number}", DAY + number), joined_in("other", f"c{number}", DAY + number))
    for reader in readers:
        await reader.read()
    assert [len(reader.events) for reader in readers] == [10, 10, 5]
    assert [room.room for room in readers[2].session.state.all_rooms()] == ["other"]


async def test_the_same_view_gets_the_same_bytes(gateway: GatewayInProcess) -> None:
    first, second = (Reader(gateway, access("a/*", "clinic/*")), Reader(gateway, access("clinic/*", "a/*", "a/*")))
    await first.read()
    await second.read()
    await gateway.tell(joined("c1", DAY))
    assert await first.subscriber.take() == await second.subscriber.take()


async def test_rooms_outside_the_patterns_are_neither_in_snapshots_nor_in_news(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY), joined_in("other", "c1", DAY))
    reader = Reader(gateway, access("clinic/other"))
    raw = await reader.subscriber.take()
    await gateway.tell(joined("c2", DAY), joined_in("other", "c2", DAY))
    raw += await reader.subscriber.take()
    assert b"other" in raw
    assert ROOM.encode() not in raw


async def test_refused_attempts_are_news_for_auditors_only(gateway: GatewayInProcess) -> None:
    reader, auditor = Reader(gateway, access()), Reader(gateway, access(scopes=("rooms:read", "audit:read")))
    await gateway.order("GET", "/v1/rooms", Authorization="Bearer x")
    await gateway.tell(joined("c1", DAY))
    for one in (reader, auditor):
        await one.read()
    assert [event.kind for event in reader.events] == ["participant_joined"]
    assert [event.kind for event in auditor.events] == ["access_denied", "participant_joined"]
    again = Reader(gateway, access(), cursor(log_id(gateway), 0))
    assert b"access_denied" not in await again.subscriber.take()


async def test_news_of_a_source_is_for_those_who_see_it(gateway: GatewayInProcess) -> None:
    ours, theirs = Reader(gateway, access("clinic/x")), Reader(gateway, access("school/*"))
    silent = SourceSilent(detail="no list")
    event = Event(id=derive_event_id("silent"), source=SOURCE, at=DAY, actor=Actor("gateway"), data=silent)
    await gateway.log.append(an_entry(event))
    await gateway.clock.settle()
    for one in (ours, theirs):
        await one.read()
    assert ([one.data for one in ours.events], theirs.events) == ([silent], [])
    assert list(theirs.session.sources) == []


async def test_who_resumes_gets_what_was_missed_and_no_more(gateway: GatewayInProcess) -> None:
    reader = Reader(gateway, access())
    await gateway.tell(joined("c1", DAY))
    await reader.read()
    gateway.gateway.broadcast.unsubscribe(reader.access, reader.subscriber)
    await gateway.tell(joined("c2", DAY), left("c1", DAY + 1))
    resumed = Reader(gateway, access(), reader.session.cursor)
    resumed.session = reader.session
    frames = await resumed.read()
    assert all(isinstance(frame, EventsFrame) for frame in frames)
    assert [event.kind for event in resumed.events] == ["participant_joined", "participant_left"]
    await gateway.tell(joined("c3", DAY + 2))
    await resumed.read()
    assert reader.session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms()


async def test_a_long_absence_comes_in_several_frames(gateway: GatewayInProcess) -> None:
    start = cursor(log_id(gateway), gateway.gateway.ledger.state.seq)
    reader = Reader(gateway, access())
    await reader.read()
    for number in range(EVENTS_PER_FRAME):
        await gateway.log.append(an_entry(*(joined_in(f"r{number}", f"c{one}", DAY) for one in range(3))))
    await gateway.clock.settle()
    resumed = Reader(gateway, access(), start)
    resumed.session = reader.session
    frames = await resumed.read()
    assert len(frames) >= 3
    assert len(resumed.events) == 3 * EVENTS_PER_FRAME
    assert reader.session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms()


@pytest.mark.parametrize("last", ["another-1", "{log}-999999", "{log}", "x", "", "{log}--1", "{log}-1e3"])
async def test_an_unknown_position_gets_a_snapshot(gateway: GatewayInProcess, last: str) -> None:
    await gateway.tell(joined("c1", DAY))
    reader = Reader(gateway, access(), last.replace("{log}", log_id(gateway)))
    (page,) = await reader.read()
    assert isinstance(page, SnapshotPage)


async def test_a_position_that_is_not_at_hand_any_more_gets_a_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderator.gateway.recent.MOST_ENTRIES", 3)
    async with GatewayInProcess(tmp_path) as gateway:
        for number in range(6):
            await gateway.tell(joined(f"c{number}", DAY))
        (page,) = await Reader(gateway, access(), cursor(log_id(gateway), 1)).read()
        assert isinstance(page, SnapshotPage)


async def test_a_room_that_ended_long_ago_is_not_shown_but_its_blocks_count(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY, user="u1"))
    await gateway.order("POST", "/v1/rooms/clinic/room-1/participants/c1/disconnect", {"block": True})
    await gateway.tell(room_ended(gateway.clock.now_ms()))
    await gateway.advance(6 * 60_000)
    reader = Reader(gateway, access())
    (page,) = await reader.read()
    assert isinstance(page, SnapshotPage)
    assert page.rooms == ()
    await gateway.tell(joined("c2", gateway.clock.now_ms(), user="u2"))
    await reader.read()
    assert reader.session.state.all_rooms()[0].blocks == gateway.room.blocks


async def test_heartbeats_say_up_to_where_nothing_was_missed(
    gateway: GatewayInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(gateway, access("clinic/other"))
    await reader.read()
    await gateway.tell(joined("c1", DAY))
    Reader(gateway, access("clinic/other"))
    (beat,) = await reader.read()
    assert isinstance(beat, Heartbeat)
    assert beat.seq == gateway.gateway.ledger.state.seq
    assert [source.heard_at for source in beat.sources] == [DAY]


async def test_who_does_not_keep_up_is_cut_and_nobody_else_is(
    gateway: GatewayInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WAITING_BYTES", 2_000)
    slow, quick = Reader(gateway, access()), Reader(gateway, access())
    for number in range(20):
        await gateway.tell(joined(f"c{number}", DAY + number))
        await quick.read()
    assert slow.subscriber.closed
    assert await slow.subscriber.take() == b""
    assert not quick.subscriber.closed
    assert len(quick.events) == 20


async def test_who_comes_soon_after_shares_the_snapshot_and_gets_the_news_since(
    gateway: GatewayInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Access] = []
    make = gateway.gateway.broadcast._snapshot

    def noted(seen: Access) -> list[bytes]:
        made.append(seen)
        return make(seen)

    monkeypatch.setattr(gateway.gateway.broadcast, "_snapshot", noted)
    readers = []
    for number in range(5):
        await gateway.tell(joined_in(f"r{number}", "c1", DAY))
        readers.append(Reader(gateway, access()))
    assert len(made) == 1, "although something happened before each came"
    for reader in readers:
        await reader.read()
        assert reader.session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms()
    await gateway.tell(joined_in("r5", "c1", DAY))
    for reader in readers:
        await reader.read()
        assert reader.session.state.all_rooms() == gateway.gateway.ledger.state.all_rooms()


async def test_a_snapshot_is_not_shared_for_long(gateway: GatewayInProcess) -> None:
    await many_rooms(gateway, 3)
    first = await Reader(gateway, access()).subscriber.take()
    assert await Reader(gateway, access()).subscriber.take() == first
    await gateway.advance(2_000)
    assert await Reader(gateway, access()).subscriber.take() != first, "it tells the time when it was made"


async def test_what_somebody_missed_is_encoded_when_it_is_taken(
    gateway: GatewayInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = cursor(log_id(gateway), gateway.gateway.ledger.state.seq)
    for number in range(10):
        await gateway.log.append(
            an_entry(*(joined_in(f"r{number}", f"c{one}", DAY) for one in range(EVENTS_PER_FRAME)))
        )
    await gateway.clock.settle()
    encoded = 0

    def count(event: Event) -> bytes:
        nonlocal encoded
        encoded += 1
        return encode_event(event)

    monkeypatch.setattr(broadcast, "encode_event", count)
    readers = [Reader(gateway, access(), start) for _ in range(20)]
    assert encoded == 0
    await readers[0].subscriber.take()
    assert encoded == EVENTS_PER_FRAME
    assert all(reader.subscriber.fill == 0 for reader in readers)


async def test_all_feeds_end_when_the_gateway_stops(gateway: GatewayInProcess) -> None:
    reader = Reader(gateway, access())
    gateway.gateway.broadcast.close()
    assert reader.subscriber.closed
    late = Reader(gateway, access())
    assert late.subscriber.closed
