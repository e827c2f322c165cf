"""What every log has to keep of the protocol's promises."""

import asyncio
from contextlib import suppress

import pytest
from msgspec.structs import replace

from moderator.domain.events import AccessDenied, Actor, Entry, Event, SourceRestarted, Unknown
from moderator.domain.ids import EventId, RoomKey, SourceName
from moderator.journal.event_log import EventLog, LogError
from moderator.journal.starts import Start
from tests.fakes.builders import DAY, KEY, ROOM, SOURCE, a_fact, an_entry, folded, joined, kicked, left, room_started
from tests.journal.reading import Opener, an_arrival, append_many, closing_at_end, everything, first_commands, listen

TIMEOUT_S = 30


def a_kick(number: int) -> Entry:
    return an_entry(kicked("p", key=number), recorded_at=DAY, key=number)


async def test_entries_are_read_back_whole_and_in_order(log: EventLog) -> None:
    events = (
        room_started(DAY, name="Consultation ☎", instance="inst-1"),
        a_fact(SourceRestarted(), DAY + 1, room=None),
        Event(
            id=EventId("denied"), at=DAY + 2, actor=Actor("gateway"), data=AccessDenied(origin="::1", reason="scope")
        ),
        a_fact(Unknown(unknown_kind="invented_later", members={"n": [1, {"deep": None}]}), DAY + 3),
    )
    entries = [an_entry(*events, recorded_at=DAY + 9), an_entry(joined("p", DAY, user="ü"), left("p", DAY + 5))]
    seqs = [await log.append(entry) for entry in entries]
    read = await everything(log)
    assert [entry.seq for entry in read] == seqs == sorted(set(seqs))
    assert [(entry.id, entry.recorded_at, entry.events) for entry in read] == [
        (entry.id, entry.recorded_at, entry.events) for entry in entries
    ]


async def test_reading_starts_after_a_position(log: EventLog) -> None:
    seqs = sorted(await append_many(log, range(5)))
    assert [entry.seq for entry in await everything(log, after=seqs[2])] == seqs[3:]
    assert await everything(log, after=seqs[-1]) == await everything(log, after=seqs[-1] + 100) == []


@pytest.mark.parametrize(
    ("recorded_at", "expected"),
    [(0, []), (DAY, []), (DAY + 1, [0]), (DAY + 30, [0, 1, 2]), (DAY + 95, list(range(10)))],
)
async def test_where_to_start_reading_from_a_time_on(log: EventLog, recorded_at: int, expected: list[int]) -> None:
    seqs = [await log.append(replace(an_arrival(n), recorded_at=DAY + 10 * n)) for n in range(10)]
    before = [seq for seq in seqs if seq <= await log.seq_at(recorded_at)]
    assert before == [seqs[n] for n in expected]


async def test_an_empty_log_is_read_from_its_beginning(log: EventLog) -> None:
    assert await log.seq_at(DAY) == 0


async def test_a_long_log_comes_in_batches(log: EventLog) -> None:
    await append_many(log, range(1_000))
    batches = [batch async for batch in log.read(0)]
    assert len(batches) > 1
    read = [entry for batch in batches for entry in batch]
    assert [entry.seq for entry in read] == sorted(entry.seq for entry in read)
    assert {entry.id for entry in read} == {an_arrival(number).id for number in range(1_000)}


async def test_a_known_entry_is_not_stored_again(log: EventLog) -> None:
    first = await log.append(an_arrival(1))
    await log.append(an_arrival(2))
    assert await log.append(an_arrival(1)) == first
    at_once = await asyncio.gather(*(log.append(an_arrival(3)) for _ in range(20)))
    assert len(set(at_once)) == 1
    assert len(await everything(log)) == 3


async def test_fifty_at_a_time_get_different_numbers_that_grow(log: EventLog) -> None:
    results: list[list[int]] = await asyncio.gather(*(_append_in_turn(log, writer) for writer in range(50)))
    assert all(seqs == sorted(seqs) for seqs in results), "a writer's own entries stand in its order"
    read = await everything(log)
    assert [entry.seq for entry in read] == sorted(seq for seqs in results for seq in seqs)
    assert len({entry.id for entry in read}) == len(read) == 500


async def _append_in_turn(log: EventLog, writer: int) -> list[int]:
    return [await log.append(an_arrival(1_000 * writer + number)) for number in range(10)]


async def test_a_position_survives_a_restart_and_so_does_the_id(open_log: Opener) -> None:
    log = await open_log()
    seqs, log_id = sorted(await append_many(log, range(3))), log.log_id
    await log.aclose()
    log = await open_log()
    assert log.log_id == log_id
    assert [entry.seq for entry in await everything(log)] == seqs
    assert await log.append(an_arrival(3)) > seqs[-1]
    assert await log.append(an_arrival(0)) in seqs, "also what is known is remembered"


async def test_closing_stores_what_was_appended_before(open_log: Opener) -> None:
    log = await open_log()
    appends = asyncio.gather(*(log.append(an_arrival(number)) for number in range(100)))
    await asyncio.sleep(0)
    await log.aclose()
    assert len(await appends) == 100
    assert len(await everything(await open_log())) == 100


async def test_a_closed_log_says_so(log: EventLog) -> None:
    await log.aclose()
    await log.aclose()
    for ask in (log.append(an_arrival(1)), log.acknowledge(EventId("x")), everything(log), listen(log, 0, 1)):
        with pytest.raises(LogError, match="closed"):
            await ask


# --- listening -----------------------------------------------------------------------------------------------------


async def test_a_listener_gets_what_was_stored_and_then_what_is(log: EventLog) -> None:
    await append_many(log, range(3))
    listening = asyncio.gather(*(listen(log, after, 6 - after) for after in (0, 1, 3)))
    await append_many(log, range(3, 6))
    async with asyncio.timeout(TIMEOUT_S):
        assert await listening == [(await everything(log))[after:] for after in (0, 1, 3)]


@pytest.mark.parametrize("after", [0, 700, 1_999])
async def test_listening_from_the_middle_of_a_burst_gives_each_entry_once(log: EventLog, after: int) -> None:
    async with asyncio.timeout(TIMEOUT_S):
        burst = asyncio.gather(append_many(log, range(2_000)))
        await listen(log, 0, 1)
        heard = await listen(log, after, 2_000 - after)
        await burst
    assert heard == await everything(log, after)


async def test_a_slow_listener_misses_nothing(log: EventLog) -> None:
    heard: list[int] = []
    async with asyncio.timeout(TIMEOUT_S), closing_at_end(log.tail(0)) as batches:
        seqs = await append_many(log, range(10))
        async for batch in batches:
            heard += [entry.seq for entry in batch]
            if len(heard) == 10:
                seqs += await append_many(log, range(10, 3_000))
            if len(heard) >= 3_000:
                break
    assert heard == sorted(seqs)


async def test_nobody_is_kept_listening_to_a_closed_log(log: EventLog) -> None:
    await append_many(log, range(3))
    listening = asyncio.gather(listen(log, 0, 100), first_commands(log, 100))
    await asyncio.sleep(0.05)
    await log.aclose()
    async with asyncio.timeout(TIMEOUT_S):
        entries, commands = await listening
    assert (len(entries), commands) == (3, [])


# --- one room ------------------------------------------------------------------------------------------------------


async def test_one_rooms_entries_are_found_among_many(log: EventLog) -> None:
    await append_many(log, range(3))
    both = an_entry(a_fact(SourceRestarted(), DAY, room=None), a_fact(room_started(DAY).data, DAY, room="room-2"))
    other = await log.append(both)
    last = await log.append(an_entry(joined("late", DAY + 9), a_fact(room_started(DAY).data, DAY + 9, room="room-2")))
    second_room, source = RoomKey(SOURCE, type(ROOM)("room-2")), RoomKey(SOURCE, type(ROOM)(""))
    assert [entry.seq for entry in await log.read_room(second_room, 0, 10)] == [other, last]
    assert [entry.seq for entry in await log.read_room(source, 0, 10)] == [other]
    assert [entry.seq for entry in await log.read_room(KEY, 1, 2)] == [2, 3]
    assert [entry.seq for entry in await log.read_room(KEY, 3, 2)] == [last]
    assert await log.read_room(RoomKey(SourceName("other"), ROOM), 0, 10) == []


# --- commands ------------------------------------------------------------------------------------------------------


async def test_commands_are_given_oldest_first_until_acknowledged(open_log: Opener) -> None:
    log = await open_log()
    entries = [a_kick(number) for number in range(3)]
    seqs = [await log.append(entry) for entry in entries]
    given = await first_commands(log, 3)
    assert [(command.seq, command.event) for command in given] == [
        (seq, entry.events[0]) for seq, entry in zip(seqs, entries, strict=True)
    ]
    await log.acknowledge(given[1].event.id)
    assert [command.seq for command in await first_commands(log, 2)] == [seqs[0], seqs[2]]
    await log.aclose()
    log = await open_log()
    assert [command.seq for command in await first_commands(log, 2)] == [seqs[0], seqs[2]]


async def test_who_waits_for_work_gets_new_commands_once(log: EventLog) -> None:
    waiting = asyncio.gather(first_commands(log, 3))
    await asyncio.sleep(0.01)
    await log.append(an_arrival(1))
    await log.append(an_entry(kicked("p", key="a"), joined("q", DAY), kicked("p", key="b")))
    await log.append(
        an_entry(kicked("p", key="a"), kicked("p", key="c"), key="the first of them was put forward before")
    )
    async with asyncio.timeout(TIMEOUT_S):
        (given,) = await waiting
    assert [command.event.id for command in given] == [kicked("p", key=key).id for key in "abc"]


async def test_acknowledging_twice_or_something_unknown_is_no_error(log: EventLog) -> None:
    await log.append(a_kick(1))
    for command in (a_kick(1).events[0].id, a_kick(1).events[0].id, EventId("nobody knows")):
        await log.acknowledge(command)
    await log.append(a_kick(1))
    with suppress(TimeoutError):
        async with asyncio.timeout(0.1):
            assert await first_commands(log, 1) == [], "a repeat does not open it again"


async def test_a_start_is_kept_until_there_is_a_newer_one(open_log: Opener) -> None:
    log = await open_log()
    seqs = sorted(await append_many(log, range(3)))
    assert await log.start() is None
    for seq in (seqs[1], seqs[2]):
        await log.keep_start(a_start(seq))
        assert await log.start() == a_start(seq)
    await log.keep_start(a_start(seqs[0]))
    assert await log.start() == a_start(seqs[2]), "one that comes late is older"
    await log.aclose()
    assert await (await open_log()).start() == a_start(seqs[2])


def a_start(seq: int) -> Start:
    return Start(snapshot=folded(an_entry(joined("p", DAY), seq=seq)).snapshot(), head="h", newest=seq)
