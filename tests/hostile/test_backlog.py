"""Twenty hours of webhooks that could not be delivered come all at once, the newest first, as platforms retry them."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import psutil

from moderator.domain.events import (
    DisconnectRequested,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    RoomEnded,
    RoomEndRequested,
    StreamPublished,
    StreamUnpublished,
    WarningRaised,
)
from moderator.domain.kinds import Data
from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.domain.state import State
from moderator.gateway.access.tokens import Access
from tests.fakes.builders import DAY, a_fact, an_entry, folded
from tests.fakes.feed_reading import Reader
from tests.fakes.gateway import SIGNED, WEBHOOK, GatewayInProcess
from tests.fakes.provider import a_webhook

VISITS: Final = 10_000
"""Of some ten events each."""
GOING_ON: Final = 20
IN_ONE_DELIVERY: Final = 250
BACKLOG_MS: Final = 20 * 60 * MINUTE_MS
LASTS_MS: Final = 50 * MINUTE_MS
OVER_FOR_MS: Final = 30 * MINUTE_MS
"""At least: who left just now may come back."""
MOST_MB: Final = 600.0
HOUR: Final = RoomType(name="visit", duration_ms=60 * MINUTE_MS, mode="enforce", max_people=2)
PEOPLE: Final = ("doctor", "patient")


def visit(number: int, began_at: int, *, over: bool) -> Iterator[Event]:
    """Two people meet in a room of their own; the first of ten events comes first."""
    room = f"room {number}"

    def told(data: Data, at: int) -> Event:
        return a_fact(data, at, room=room)

    for place, one in enumerate(PEOPLE):
        at = began_at + place * 30_000
        yield told(ParticipantJoined(participant=f"{one} {number}", user=f"{one} {number}", name=one), at)
        for kind in ("camera", "screen"):
            yield told(StreamPublished(participant=f"{one} {number}", stream=f"{one} {kind}", kind=kind), at + 1_000)
    if over:
        for one in PEOPLE:
            yield told(StreamUnpublished(participant=f"{one} {number}", stream=f"{one} screen"), began_at + LASTS_MS)
            yield told(ParticipantLeft(participant=f"{one} {number}"), began_at + LASTS_MS + 1_000)
        if number % 2:  # not every platform says so
            yield told(RoomEnded(), began_at + LASTS_MS + 2_000)


def backlog(now: int) -> list[Event]:
    """The newest first."""
    apart_ms = (BACKLOG_MS - LASTS_MS - OVER_FOR_MS) // VISITS
    events = [
        event for number in range(VISITS) for event in visit(number, now - BACKLOG_MS + number * apart_ms, over=True)
    ]
    for number in range(VISITS, VISITS + GOING_ON):
        events += visit(number, now - 10 * MINUTE_MS, over=False)
    return sorted(events, key=lambda event: event.at, reverse=True)


def portions(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    for start in range(0, len(events), IN_ONE_DELIVERY):
        yield events[start : start + IN_ONE_DELIVERY]


def seen(state: State) -> dict[str, tuple[object, ...]]:
    """What people see of each room, whatever the gateway decided meanwhile."""
    return {room.room: _of(room) for room in state.all_rooms()}


def _of(room: Room) -> tuple[object, ...]:
    return room.participants, room.people, room.started_at


async def test_a_day_s_backlog_the_newest_first_is_history_and_nothing_more(tmp_path: Path) -> None:
    process = psutil.Process()
    async with GatewayInProcess(tmp_path, HOUR) as gateway:
        events = backlog(DAY)
        assert len(events) > 100_000
        for event in reversed(events):
            if event.at > DAY - OVER_FOR_MS:  # who is there now is also in the platform's list
                gateway.provider.happened(event)
        before_mb, took_s = process.memory_info().rss / 2**20, []
        reader = Reader(gateway, Access("maya", "Maya", "1", 2**40, frozenset({"rooms:read"}), ("*",)))
        await reader.read()
        late = 0
        for portion in portions(events):
            began_s = time.process_time()
            answer = await gateway.http.post(WEBHOOK, content=a_webhook(*portion), headers=SIGNED)
            assert answer.status_code == 200
            await gateway.gateway.ledger.read_back(await gateway.log.watched.newest())
            took_s.append(time.process_time() - began_s)
            while reader.session.state.seq < gateway.gateway.ledger.state.seq:
                await reader.read()
            late += sum(event.late for event in reader.events)
            reader.events.clear()
        await gateway.clock.settle()
        await gateway.advance(2 * MINUTE_MS)
        assert process.memory_info().rss / 2**20 - before_mb < MOST_MB
        tenth = len(took_s) // 10
        assert sum(took_s[-tenth:]) < 4 * sum(took_s[:tenth]), "each costs as much as the first did"
        done = await gateway.logged(WarningRaised, DisconnectRequested, RoomEndRequested)
        assert [event for event in done if not (event.room or "").startswith("room 100")] == [], "nobody is told now"
        assert gateway.provider.calls == []
        state = gateway.gateway.ledger.state
        live = {room.room for room in state.all_rooms() if room.state == "live"}
        assert live == {f"room {number}" for number in range(VISITS, VISITS + GOING_ON)}
        in_order = folded(*(an_entry(*portion, recorded_at=DAY) for portion in portions(events[::-1])))
        assert seen(state) == seen(in_order)
        assert late > VISITS, "of what had ended when it came"
        while reader.subscriber.waiting:
            await reader.read()
        assert {room.room for room in reader.session.state.all_rooms() if room.state == "live"} == live
