"""A new gateway begins at the start that others keep, and reads the history while it works already."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from moderator.domain.events import DisconnectConfirmed
from moderator.journal.event_log import LogError, Slice
from moderator.journal.jetstream import starting
from moderator.journal.jetstream.envelopes import seal
from moderator.journal.jetstream.following import Message
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.jetstream.replicating import Replicating
from moderator.journal.jetstream.starting import Starting
from moderator.journal.sqlite_evidence import verify_file
from moderator.journal.starts import Start
from moderator.journal.stored import to_stored
from tests.fakes.builders import KEY, SOURCE, a_decision, an_entry, kicked
from tests.journal.jetstream.test_replicating import stored_twice
from tests.journal.reading import an_arrival, append_many, everything, first_commands
from tests.journal.streams import Gateways, caught_up, held_back, leaves_of
from tests.journal.test_sqlite_erasing import USER, fill, folded_to, recorded, trimming

pytestmark = pytest.mark.nats


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "WORTH_IT_ENTRIES", 10)


async def with_a_start(gateways: Gateways) -> tuple[NatsLog, Start]:
    """Fourteen entries with a person to be erased, forty more, a start, and ten after it."""
    log = await gateways.open(0)
    await fill(log)
    await append_many(log, range(40))
    start = Start(snapshot=folded_to(await everything(log), 54).snapshot())
    await log.keep_start(start)
    await append_many(log, range(40, 50))
    return log, start


async def test_who_is_new_has_the_start_at_once_and_all_the_rest_soon(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, start = await with_a_start(gateways)
    go_on = asyncio.Event()
    fill_in = Starting.fill

    async def late(self: Starting) -> None:
        await go_on.wait()
        await fill_in(self)

    monkeypatch.setattr(Starting, "fill", late)
    newcomer = await gateways.open(1)
    assert await newcomer.start() == start
    assert await everything(newcomer, start.seq) == await everything(log, start.seq)
    for look_up in (
        everything(newcomer, start.seq - 1),
        newcomer.read_room(KEY, 0, 10),
        newcomer.read_slice(Slice(before=5, limit=1)),
        newcomer.erase(SOURCE, USER, "erased-1", recorded),
    ):
        with pytest.raises(LogError, match="history of the log is still being read: 0 %"):
            await look_up
    with pytest.raises(LogError, match="not whole yet"):
        verify_file(gateways.copy(1))
    seq = await newcomer.append(an_arrival(1_000))
    go_on.set()
    await filled_in(newcomer)
    await caught_up(log)
    assert await everything(newcomer) == await everything(log)
    assert (await everything(newcomer))[-1].seq == seq
    assert leaves_of(gateways.copy(1)) == leaves_of(gateways.copy(0))
    assert verify_file(gateways.copy(1)).problem == ""


async def filled_in(log: NatsLog) -> None:
    async with asyncio.timeout(10):
        while log._starting.missing is not None:
            await asyncio.sleep(0.01)


async def test_what_was_cut_off_while_it_read_the_history_goes_on_there(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, _ = await with_a_start(gateways)

    async def never(self: Starting) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(Starting, "fill", never)
        newcomer = await gateways.open(1)
        await newcomer.aclose()
    newcomer = await gateways.open(1)
    await filled_in(newcomer)
    assert await everything(newcomer) == await everything(log)


async def test_who_is_erased_is_in_no_start_of_anybody(gateways: Gateways) -> None:
    log, start = await with_a_start(gateways)
    assert await log.erase(SOURCE, USER, "erased-1", recorded) is not None
    assert await log._starting._kept.numbers("start") == []
    await log.keep_start(start)  # it was made before, and comes after
    assert await log._starting._kept.numbers("start") == []
    newcomer = await gateways.open(1)
    assert await newcomer.start() is None
    assert await everything(newcomer) == await everything(log)
    assert not any(b"zqhandle" in file.read_bytes() for file in gateways.copy(1).parent.glob("copy1.db*"))


async def test_a_start_of_before_an_erasure_is_left_when_it_is_read(gateways: Gateways) -> None:
    """Its gateway was killed between two steps."""
    log, start = await with_a_start(gateways)
    kept = log._starting._kept
    raw = await kept.get("start", start.seq)
    assert raw is not None
    await log.erase(SOURCE, USER, "erased-1", recorded)
    await kept.put("start", start.seq, raw)
    newcomer = await gateways.open(1)
    assert await newcomer.start() is None
    assert await everything(newcomer) == await everything(log), "all of it was read before it was opened"


async def test_a_start_after_a_trimming(gateways: Gateways) -> None:
    log, start = await with_a_start(gateways)
    snapshot = folded_to(await everything(log), 12).snapshot()
    await log.trim(snapshot, trimming(12), await log.newest())
    newcomer = await gateways.open(1)
    await filled_in(newcomer)
    assert await newcomer.start() == start
    assert await newcomer.before() == snapshot
    assert await everything(newcomer) == await everything(log)


async def test_a_command_of_before_the_start_is_open_until_it_is_known_to_be_settled(gateways: Gateways) -> None:
    log = await gateways.open(0)
    settled, opened = kicked("p", key=1), kicked("p", key=2)
    await log.append(an_entry(settled))
    await log.append(an_entry(opened))
    await append_many(log, range(40))
    await log.keep_start(Start(snapshot=folded_to(await everything(log), 42).snapshot()))
    outcome = DisconnectConfirmed(command=settled.id, participant="p")
    await log.append(an_entry(a_decision(outcome)))
    newcomer = await gateways.open(1)
    ((command),) = await first_commands(newcomer, 1)
    assert command.event.id == opened.id
    assert await newcomer.outcomes([settled.id, opened.id]) == {settled.id: "disconnect_confirmed"}


# --- while others change it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_told", [True, False])
async def test_what_is_trimmed_while_it_is_filled_in_is_left_out(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch, is_told: bool
) -> None:
    log, _ = await with_a_start(gateways)
    waiting, go_on = asyncio.Event(), asyncio.Event()
    fill_in = Replicating.fill_in

    async def late(self: Replicating, batch: Sequence[Message]) -> None:
        waiting.set()
        await go_on.wait()
        await fill_in(self, batch)

    monkeypatch.setattr(Replicating, "fill_in", late)
    newcomer = await gateways.open(1)
    await waiting.wait()
    hears = held_back(newcomer, monkeypatch)
    if is_told:
        hears.set()
    await log.trim(folded_to(await everything(log), 30).snapshot(), trimming(30), await log.newest())
    if is_told:
        await caught_up(newcomer)
    go_on.set()
    await filled_in(newcomer)
    hears.set()
    await caught_up(newcomer)
    assert await everything(newcomer) == await everything(log)
    assert leaves_of(gateways.copy(1)) == leaves_of(gateways.copy(0))


async def as_it_is(log: NatsLog, seq: int) -> None:
    """As one is put into the stream again whose commands nobody carried out."""
    message = await log._connection.streams.get_msg(log._names.log, seq)
    await log._connection.streams.publish(message.subject or "", message.data or b"")


async def with_its_own_texts(log: NatsLog, seq: int) -> None:
    """As by a gateway that does not know of the first."""
    (entry,) = await log.read_slice(Slice(after=seq - 1, before=seq + 1, limit=1))
    stored = to_stored(entry)
    ref, _ = await log._appending._texts.put(stored.texts)
    await log._connection.streams.publish(log._names.entry, seal(stored, ref))


@pytest.mark.parametrize("repeat", [as_it_is, with_its_own_texts, stored_twice])
async def test_who_begins_between_an_entry_and_its_repetition_ends_with_what_all_have(
    gateways: Gateways, repeat: Callable[[NatsLog, int], Awaitable[None]]
) -> None:
    log, _ = await with_a_start(gateways)
    await repeat(log, 20)
    await log.append(an_arrival(1_000))
    newcomer = await gateways.open(1)
    await filled_in(newcomer)
    await caught_up(log, newcomer)
    assert await everything(newcomer) == await everything(log)
    assert leaves_of(gateways.copy(1)) == leaves_of(gateways.copy(0))
    assert verify_file(gateways.copy(1)).problem == ""
    assert await newcomer.erase(SOURCE, USER, "erased-1", recorded) is not None


async def test_a_command_that_was_repeated_after_the_start_is_given_once(gateways: Gateways) -> None:
    log = await gateways.open(0)
    order = kicked("p", key=1)
    await log.append(an_entry(order))
    await append_many(log, range(40))
    await log.keep_start(Start(snapshot=folded_to(await everything(log), 41).snapshot()))
    await as_it_is(log, 1)
    newcomer = await gateways.open(1)
    await filled_in(newcomer)
    await newcomer.append(an_entry(kicked("p", key=2)))
    commands = await first_commands(newcomer, 2)
    assert [(one.seq, one.event.id) for one in commands] == [(1, order.id), (43, kicked("p", key=2).id)]
