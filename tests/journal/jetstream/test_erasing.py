"""What is taken out on one gateway is gone from all, also from those that were away."""

import asyncio

import pytest

from moderator.domain.events import ParticipantJoined
from moderator.journal.event_log import LogError
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.sqlite_evidence import verify_file
from tests.fakes.builders import SOURCE
from tests.journal.reading import an_arrival, everything, listen
from tests.journal.streams import Gateways, caught_up, held_back
from tests.journal.test_sqlite_erasing import USER, everything_on_disk, fill, folded_to, recorded, trimming

pytestmark = pytest.mark.nats
SECRETS = (USER, "Zqkowalska", "Zqanna", "zqhandle", "zqcamera")


async def test_who_is_erased_on_one_is_gone_everywhere(gateways: Gateways) -> None:
    logs = [await gateways.open(number) for number in range(3)]
    await fill(logs[0])
    await caught_up(*logs)
    assert await logs[1].erase(SOURCE, USER, "erased-1", recorded) == (15, 9)
    await caught_up(*logs)
    assert await everything(logs[0]) == await everything(logs[1]) == await everything(logs[2])
    assert isinstance(data := (await everything(logs[2]))[0].events[0].data, ParticipantJoined)
    assert data.user == "erased-1"
    await logs[0].append(an_arrival(1))  # what was taken out leaves a file with the next transaction
    await caught_up(*logs)
    folders = gateways.stream_folders()
    for text in SECRETS:
        assert text.encode() not in everything_on_disk(gateways.copy(0)), text
        assert not any(text.encode() in file.read_bytes() for one in folders for file in one.rglob("*.blk")), text
    for number in range(3):
        assert verify_file(gateways.copy(number)).problem == ""


async def test_who_was_away_learns_of_an_erasure(gateways: Gateways) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await fill(one)
    await caught_up(other)
    await other.aclose()
    await one.erase(SOURCE, USER, "erased-1", recorded)
    other = await gateways.open(1)
    assert await everything(other) == await everything(one)


async def test_who_is_trimmed_on_one_is_trimmed_everywhere(gateways: Gateways) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await fill(one)
    snapshot = folded_to(await everything(one), 10).snapshot()
    await caught_up(other)
    seqs = await asyncio.gather(
        one.trim(snapshot, trimming(10), await one.newest()), other.trim(snapshot, trimming(10), await other.newest())
    )
    await caught_up(one, other)
    assert seqs[0] == seqs[1]
    assert [entry.seq for entry in await everything(other)] == [11, 12, 13, 14, seqs[0]]
    assert await other.before() == snapshot
    assert (await other.trimmed(), await one.trimmed()) == (10, 10)
    newcomer = await gateways.open(2)
    assert await everything(newcomer) == await everything(one)
    assert await newcomer.before() == snapshot
    assert verify_file(gateways.copy(2)).problem == ""


async def test_two_that_trim_differently_end_with_the_same(gateways: Gateways) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await fill(one)
    await caught_up(other)
    entries = await everything(one)
    early, late = folded_to(entries, 8).snapshot(), folded_to(entries, 12).snapshot()
    await asyncio.gather(
        one.trim(late, trimming(12), await one.newest()), other.trim(early, trimming(8), await other.newest())
    )
    await caught_up(one, other)
    newcomer = await gateways.open(2)
    assert await everything(newcomer) == await everything(one) == await everything(other)
    assert await newcomer.before() == await one.before() == await other.before() == late


async def test_who_was_away_while_entries_were_trimmed_begins_with_what_they_led_to(gateways: Gateways) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await one.append(an_arrival(1))
    await caught_up(other)
    await other.aclose()
    await fill(one)
    snapshot = folded_to(await everything(one), 10).snapshot()
    await one.trim(snapshot, trimming(10), await one.newest())
    other = await gateways.open(1)
    assert await everything(other) == await everything(one)
    assert await other.before() == snapshot


async def test_who_runs_and_reads_too_late_stops(gateways: Gateways, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await one.append(an_arrival(1))
    await caught_up(other)
    hold = held_back(other, monkeypatch)
    listening = asyncio.gather(listen(other, 1, 100), return_exceptions=True)
    await fill(one)
    await one.trim(folded_to(await everything(one), 10).snapshot(), trimming(10), await one.newest())
    other._connection.restorations += 1  # it has to begin anew
    hold.set()
    (error,) = await listening
    assert isinstance(error, LogError)
    assert not other.health().writable


async def test_what_a_record_of_an_erasure_refers_to_goes_with_it(gateways: Gateways) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await fill(one)
    await one.erase(SOURCE, USER, "erased-1", recorded)
    await one.append(an_arrival(1))
    entries = await everything(one)
    await one.trim(folded_to(entries, 14).snapshot(), trimming(14), await one.newest())
    assert await rewritten(one), "the record is there, and so is its list"
    await one.trim(folded_to(entries, 15).snapshot(), trimming(15), await one.newest())
    await caught_up(one, other)
    assert await rewritten(one) == []
    assert await everything(other) == await everything(one)


async def rewritten(log: NatsLog) -> list[str]:
    """What is kept of lists of texts that were rewritten."""
    return [subject for subject in await log._erasing._kept._subjects(">") if ".rewritten-" in subject]
