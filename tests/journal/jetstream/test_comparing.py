"""The end of the copy is what the log has, or is taken out: at the start, and while it is followed."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

from moderator.domain.events import DisconnectConfirmed
from moderator.journal.event_log import EventLog, LogError, LogHealth
from moderator.journal.jetstream import comparing
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.starts import Start
from moderator.journal.stored import to_stored
from tests.fakes.builders import DAY, a_decision, an_entry, joined, kicked
from tests.journal.reading import an_arrival, append_many, everything, first_commands, listen
from tests.journal.streams import Gateways, caught_up, leaves_of
from tests.journal.test_sqlite_erasing import fill, folded_to, trimming

pytestmark = pytest.mark.nats
OTHER = "UPDATE entries SET body = CAST('{{ ' || substr(CAST(body AS TEXT), 2) AS BLOB) WHERE seq BETWEEN {0} AND {1}"
"""As what a server told that did not last: another entry at the same place."""
UNHEARD = "DELETE FROM entries WHERE seq BETWEEN {0} AND {1}"


def spoil(copy: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(copy)) as store, store:
        for statement in statements:
            assert store.execute(statement).rowcount > 0


@pytest.fixture
def _little_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "ENTRIES", 5)
    monkeypatch.setattr(comparing, "SPAN_MS", 10)  # as many entries: each is of another millisecond


async def by_the_millisecond(log: EventLog, entries: int) -> None:
    for number in range(entries):
        await log.append(an_entry(joined(f"p{number}", DAY + number, user="anna"), recorded_at=DAY + number))


@pytest.mark.usefixtures("_little_at_a_time")
@pytest.mark.parametrize("how", [OTHER, UNHEARD])
@pytest.mark.parametrize(("first", "last"), [(40, 40), (35, 37), (31, 33), (12, 40), (1, 40)])
async def test_what_the_log_does_not_have_is_read_anew_at_the_start(
    gateways: Gateways, caplog: pytest.LogCaptureFixture, how: str, first: int, last: int
) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await by_the_millisecond(one, 40)
    await caught_up(other)
    await other.aclose()
    spoil(gateways.copy(1), how.format(first, last))
    other = await gateways.open(1)
    assert f"is read anew from {first} on" in caplog.text
    caplog.clear()
    assert await everything(other) == await everything(one)
    assert leaves_of(gateways.copy(1)) == leaves_of(gateways.copy(0))
    assert verify_file(gateways.copy(1)).problem == ""


@pytest.mark.usefixtures("_little_at_a_time")
async def test_only_the_end_is_looked_at(gateways: Gateways) -> None:
    log = await gateways.open()
    await by_the_millisecond(log, 40)
    await log.aclose()
    spoil(gateways.copy(0), OTHER.format(20, 20))
    await gateways.open()
    assert [seq for seq, _, body in leaves_of(gateways.copy(0)) if body.startswith(b"{ ")] == [20]


async def test_a_copy_that_is_right_is_left_alone(gateways: Gateways) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await fill(one)
    again = (await one._connection.streams.get_msg(one._names.log, 2)).data
    await one._connection.streams.publish(one._names.entry, again or b"")
    await append_many(one, range(300))
    await one.trim(folded_to(await everything(one), 10).snapshot(), trimming(10), await one.newest())
    await caught_up(one, other)
    for log in (one, other):
        assert await log._comparing.first_difference(log._position.seq) is None


async def test_what_was_settled_by_an_entry_that_did_not_last_is_open_again(
    gateways: Gateways, caplog: pytest.LogCaptureFixture
) -> None:
    log = await gateways.open()
    order = kicked("p", key=1)
    await log.append(an_entry(order))
    await log.append(an_arrival(1))
    await log.aclose()
    settled = to_stored(an_entry(a_decision(DisconnectConfirmed(command=order.id, participant="p"))))
    with contextlib.closing(sqlite3.connect(gateways.copy(0))) as store, store:
        store.execute("UPDATE entries SET body = ? WHERE seq = 2", (settled.body,))
        store.execute("UPDATE commands SET outcome = 'disconnect_confirmed', done = 1")
    log = await gateways.open()
    assert "is read anew from 2 on" in caplog.text
    caplog.clear()
    assert await log.outcomes([order.id]) == {}
    ((command),) = await first_commands(log, 1)
    assert command.event.id == order.id


# --- while it is followed ---------------------------------------------------------------------------------------------


@pytest.fixture
async def misled(gateways: Gateways) -> NatsLog:
    """A log whose end another server tells otherwise by now."""
    log = await gateways.open()
    await append_many(log, range(20))
    await log.keep_start(Start(snapshot=folded_to(await everything(log), 18).snapshot()))
    spoil(gateways.copy(0), OTHER.format(15, 17))
    return log


async def connected_anew(log: NatsLog) -> None:
    await log._connection.nats.force_reconnect()


async def test_who_has_folded_what_did_not_last_stops_and_goes_on_after_a_start(
    misled: NatsLog, gateways: Gateways, caplog: pytest.LogCaptureFixture
) -> None:
    listening = asyncio.gather(listen(misled, 20, 1), return_exceptions=True)
    await connected_anew(misled)
    async with asyncio.timeout(20):
        ((error),) = await listening
    assert isinstance(error, LogError)
    assert str(error) == (
        "The servers of the log have other entries from 15 on than they had told: start the gateway again."
    )
    assert misled.health() == LogHealth(writable=False, why=str(error))
    assert "is read anew from 15 on: the log has other entries there" in caplog.text
    caplog.clear()
    with pytest.raises(LogError, match="start the gateway again"):
        await misled.append(an_arrival(100))
    with pytest.raises(LogError, match="start the gateway again"):
        await misled.keep_start(Start(snapshot=folded_to([], 0).snapshot()))
    await misled.aclose()
    log, other = await gateways.open(0), await gateways.open(1)
    assert await log.start() is None, "what was made of it is gone"
    assert await other.start() is None
    assert await everything(log) == await everything(other)
    assert leaves_of(gateways.copy(0)) == leaves_of(gateways.copy(1))


async def test_a_connection_made_anew_changes_nothing_for_who_is_right(gateways: Gateways) -> None:
    log = await gateways.open()
    await append_many(log, range(20))
    listening = asyncio.gather(listen(log, 0, 21))
    await connected_anew(log)
    await log.append(an_arrival(100))
    assert len((await listening)[0]) == 21
    async with asyncio.timeout(20):
        while not log.health().writable or log._comparing.doubt.is_set():
            await asyncio.sleep(0.01)
    assert await log.append(an_arrival(101)) == 22
