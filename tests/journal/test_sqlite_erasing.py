"""What is taken out is out of the file, and what stays can be read."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from moderator.domain.accounting import AuditViewed, CredentialsRefused, LogTrimmed, PersonErased
from moderator.domain.announcements import Listed, RoomAnnounced
from moderator.domain.events import (
    Actor,
    DisconnectRequested,
    Entry,
    Event,
    MessageRequested,
    ParticipantJoined,
    ParticipantUpdated,
    PersonBlocked,
    ProviderEventUnknown,
    RoomLocked,
    StreamPublished,
)
from moderator.domain.fold import fold
from moderator.domain.ids import EventId
from moderator.domain.kinds import Data
from moderator.domain.state import State
from moderator.journal import sqlite_erasing
from moderator.journal.event_log import EventLog
from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_evidence import verify_file
from tests.fakes.builders import DAY, SOURCE, a_decision, a_fact, an_entry, joined, kicked, left
from tests.journal.conftest import Store
from tests.journal.reading import an_arrival, append_many, closing_at_end, everything, first_commands, listen

USER, NAME = "zq-user", "Zqanna Zqkowalska"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


def about_her() -> list[Event]:
    looked = Event(id=EventId("v"), at=DAY, actor=Actor("moderator", "m"), data=AuditViewed(query=f"person={USER}"))
    return [
        a_fact(ParticipantJoined(participant="zq1", user=USER, name=NAME, platform={"handle": "zqhandle"}), DAY),
        a_fact(ParticipantUpdated(participant="zq1", name="Zqanna"), DAY + 1),
        a_fact(StreamPublished(participant="zq1", stream="s1", name="zqcamera"), DAY + 2),
        a_fact(ProviderEventUnknown(body=f'{{"who":"{USER}"}}'), DAY + 3),
        a_decision(MessageRequested(text=f"{NAME} asked for time")),
        a_decision(PersonBlocked(user=USER)),
        a_decision(RoomLocked(people=(USER, "bob"))),
        a_decision(RoomAnnounced(name="visit", starts_at=DAY, allow=(Listed(USER, "guest"), Listed("bob")))),
        looked,
    ]


def about_others() -> list[Event]:
    return [
        joined("b1", DAY, user="bob", name="Bob"),
        a_fact(ParticipantJoined(participant="zq1", user="carla", name="In another room"), DAY, room="room-2"),
        a_fact(ParticipantUpdated(participant="zq1", name="In another room"), DAY, room="room-2"),
        a_decision(MessageRequested(text="hello everybody")),
        left("zq1", DAY + 9),
    ]


def recorded(texts: int) -> Entry:
    event = Event(
        id=EventId("erased"), source=SOURCE, at=DAY, actor=Actor("moderator", "m"),
        data=PersonErased(pseudonym="erased-1", texts=texts),
    )  # fmt: skip
    return an_entry(event, recorded_at=DAY)


async def filled(path: Path) -> SqliteLog:
    log = await SqliteLog.open(path)
    await fill(log)
    return log


async def fill(log: EventLog) -> None:
    for event in (*about_her(), *about_others()):
        await log.append(an_entry(event))


def everything_on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


async def data_of(log: EventLog) -> list[Data]:
    return [event.data for entry in await everything(log) for event in entry.events]


async def opened_and_filled(store: Store) -> EventLog:
    log = await store.open()
    await fill(log)
    return log


async def test_nothing_on_the_disk_tells_who_it_was(store: Store) -> None:
    log = await opened_and_filled(store)
    assert b"zqhandle" in store.on_disk()
    assert b"Zqkowalska" in store.on_disk()
    found = await log.erase(SOURCE, USER, "erased-1", recorded)
    assert found == (15, 9)
    for text in (USER, "Zqkowalska", "Zqanna", "zqhandle", "zqcamera"):
        assert text.encode() not in store.on_disk(), text
    await log.aclose()
    assert verify_file(store.file).problem == ""


async def test_one_pseudonym_stands_for_her_and_the_rest_is_as_it_was(store: Store) -> None:
    log = await opened_and_filled(store)
    others_before = (await data_of(log))[len(about_her()) :]
    await log.erase(SOURCE, USER, "erased-1", recorded)
    after = await data_of(log)
    assert after[: len(about_her())] == [
        ParticipantJoined(participant="zq1", user="erased-1"),
        ParticipantUpdated(participant="zq1"),
        StreamPublished(participant="zq1", stream="s1"),
        ProviderEventUnknown(),
        MessageRequested(text=""),
        PersonBlocked(user="erased-1"),
        RoomLocked(people=("erased-1", "bob")),
        RoomAnnounced(name="visit", starts_at=DAY, allow=(Listed("erased-1", "guest"), Listed("bob"))),
        AuditViewed(),
    ]
    assert after[len(about_her()) :] == [*others_before, PersonErased(pseudonym="erased-1", texts=9)]
    await log.aclose()


async def test_an_address_as_user_id_leaves_no_part_of_it(store: Store) -> None:
    user = "zq.anna@example.org"
    log = await store.open()
    for data in (
        ParticipantJoined(participant=f"{user}@", user=user, name="Zqanna"),
        ParticipantUpdated(participant=f"{user}@"),
    ):
        await log.append(an_entry(a_fact(data, DAY)))
    await log.append(an_entry(a_decision(DisconnectRequested(participant=f"{user}@{DAY}", reason="conduct"))))
    assert await log.erase(SOURCE, user, "erased-1", recorded) is not None
    for text in ("zq.anna", "example.org", "Zqanna"):
        assert text.encode() not in store.on_disk(), text
    assert (await data_of(log))[2] == DisconnectRequested(participant=f"erased-1@{DAY}", reason="conduct")
    await log.aclose()
    assert verify_file(store.file).problem == ""


async def test_the_name_of_a_room_is_not_the_persons_where_it_was_announced(store: Store) -> None:
    log = await store.open()
    for data in (
        RoomAnnounced(name="visit", starts_at=DAY),
        CredentialsRefused(user=USER, room_name="visit", code="too_early"),
        CredentialsRefused(user=USER, room_name=f"{NAME} and I", code="unknown_room"),
    ):
        await log.append(an_entry(replace(a_decision(data), room=None)))
    await log.erase(SOURCE, USER, "erased-1", recorded)
    assert (await data_of(log))[1:3] == [
        CredentialsRefused(user="erased-1", room_name="visit", code="too_early"),
        CredentialsRefused(user="erased-1", code="unknown_room"),
    ]
    await log.aclose()


async def test_who_listens_is_not_given_what_was_erased(store: Store) -> None:
    log = await opened_and_filled(store)
    await log.erase(SOURCE, USER, "erased-1", recorded)
    heard = await listen(log, 0, 15)
    assert [event.data for entry in heard for event in entry.events] == await data_of(log)
    seq = await log.append(an_arrival(1))
    assert [entry.seq for entry in await listen(log, seq - 1, 1)] == [seq]
    await log.aclose()


async def test_the_same_user_id_in_another_source_is_somebody_else(store: Store) -> None:
    log = await opened_and_filled(store)
    assert await log.erase("hospital", USER, "erased-1", recorded) is not None  # what somebody looked for
    assert (await data_of(log))[0] == ParticipantJoined(
        participant="zq1", user=USER, name=NAME, platform={"handle": "zqhandle"}
    )
    assert await log.erase(SOURCE, "nobody", "erased-2", recorded) is None
    await log.aclose()


async def test_what_comes_while_it_is_being_looked_for_is_erased_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_erasing, "AT_A_TIME", 1)
    log = await opened_and_filled(store)
    erasing = asyncio.ensure_future(log.erase(SOURCE, USER, "erased-1", recorded))
    await asyncio.sleep(0)
    await log.append(an_entry(joined("zq2", DAY + 20, user=USER, name=NAME)))
    await erasing
    assert USER.encode() not in store.on_disk()
    await log.aclose()


async def test_a_log_that_somebody_is_reading_is_emptied_when_they_have_read(path: Path) -> None:
    log = await filled(path)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM texts").fetchone()
        await log.erase(SOURCE, USER, "erased-1", recorded)
        assert USER.encode() in everything_on_disk(path), "the reader still sees it"
    await log.append(an_arrival(1))
    assert USER.encode() not in everything_on_disk(path)
    await log.aclose()


# --- what is too old -----------------------------------------------------------------------------------------------


def trimming(through: int) -> Entry:
    data = LogTrimmed(through=through, entries=through, hash="h")
    event = Event(id=EventId(f"trimmed {through}"), at=DAY, actor=Actor("gateway"), data=data)
    return an_entry(event, recorded_at=DAY)


def folded_to(entries: list[Entry], through: int) -> State:
    state = State()
    for entry in entries:
        if entry.seq <= through:
            fold(state, entry)
    return state


async def test_trimming_takes_out_entries_and_keeps_what_they_led_to(store: Store) -> None:
    log = await opened_and_filled(store)
    state = folded_to(await everything(log), 10)
    assert await log.before() is None
    seq = await log.trim(state.snapshot(), trimming(10), await log.newest())
    assert [entry.seq for entry in await everything(log)] == [11, 12, 13, 14, seq]
    assert await log.before() == state.snapshot()
    with closing(sqlite3.connect(store.file)) as file:
        for table in ("texts", "entry_rooms", "commands"):
            assert file.execute(f"SELECT count(*) FROM {table} WHERE seq <= 10").fetchone() == (0,)
    assert await log.append(an_arrival(1)) == seq + 1, "a number is never given again"
    await log.aclose()
    assert verify_file(store.file).problem == ""


async def test_erasing_reaches_what_was_trimmed(store: Store) -> None:
    log = await opened_and_filled(store)
    await log.trim(folded_to(await everything(log), 14).snapshot(), trimming(14), await log.newest())
    assert USER.encode() in store.on_disk()
    assert await log.erase(SOURCE, USER, "erased-1", recorded) == (16, 1)
    for text in (USER, "Zqkowalska", "Zqanna", "zqhandle", "zqcamera"):
        assert text.encode() not in store.on_disk(), text
    before = await log.before()
    assert before is not None
    (block,) = before.rooms[0].blocks
    assert block.user == "erased-1"
    await log.aclose()


async def test_what_was_trimmed_tells_who_is_meant_in_what_stayed(store: Store) -> None:
    log = await store.open()
    seq = await log.append(an_entry(joined("zq1", DAY, user=USER, name=NAME)))
    await log.trim(folded_to(await everything(log), seq).snapshot(), trimming(seq), await log.newest())
    await log.append(an_entry(a_decision(MessageRequested(text=f"{NAME} asked for time"))))
    await log.append(an_entry(a_fact(ParticipantUpdated(participant="zq1", name="Zqanna"), DAY + 1)))
    assert await log.erase(SOURCE, USER, "erased-1", recorded) is not None
    for text in (USER, "Zqkowalska", "Zqanna"):
        assert text.encode() not in store.on_disk(), text
    await log.aclose()


async def test_the_oldest_open_command_is_known(store: Store) -> None:
    log = await store.open()
    assert await log.oldest_open() is None
    await append_many(log, range(3))
    seq = await log.append(an_entry(kicked("p", key=1), recorded_at=DAY))
    await log.append(an_entry(kicked("p", key=2), recorded_at=DAY))
    assert await log.oldest_open() == seq
    (command, *_) = await first_commands(log, 1)
    await log.acknowledge(command.event.id)
    assert await log.oldest_open() == seq + 1
    await log.aclose()


async def test_who_is_given_commands_gets_new_ones_when_all_before_were_trimmed(store: Store) -> None:
    log = await store.open()
    seqs = [await log.append(an_entry(kicked("p", key=key), recorded_at=DAY)) for key in range(3)]
    async with asyncio.timeout(10), closing_at_end(log.work()) as work:
        for _ in seqs:
            await log.acknowledge((await anext(work)).event.id)
        await log.trim(folded_to(await everything(log), seqs[-1]).snapshot(), trimming(seqs[-1]), await log.newest())
        newest = await log.append(an_entry(kicked("p", key="new"), recorded_at=DAY))
        assert (await anext(work)).seq == newest
    await log.aclose()
