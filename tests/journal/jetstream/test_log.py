"""Several gateways on one log: they agree, whatever happens to one of them or to the server."""

import asyncio
import contextlib
from collections.abc import Callable, Sized
from pathlib import Path

import pytest

from moderator.domain.events import Entry
from moderator.domain.ids import EventId
from moderator.journal.event_log import LogError
from moderator.journal.jetstream import appending, connection
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.sqlite_evidence import verify_file
from tests.fakes.builders import DAY, SOURCE, an_entry, joined, kicked
from tests.fakes.full_disk import full_disk
from tests.fakes.nats import NatsServer
from tests.journal.reading import an_arrival, append_many, everything, first_commands, listen
from tests.journal.streams import Gateways, caught_up, leaves_of
from tests.journal.test_sqlite_erasing import USER, fill, folded_to, recorded, trimming

pytestmark = pytest.mark.nats
SECRETS = (USER, "Zqkowalska", "Zqanna", "zqhandle", "zqcamera")


async def three(gateways: Gateways) -> list[NatsLog]:
    return [await gateways.open(number) for number in range(3)]


async def test_all_agree_on_the_order_and_on_who_was_first(gateways: Gateways) -> None:
    logs = await three(gateways)
    answers = await asyncio.gather(*(append_many(log, range(100)) for log in logs))
    assert answers[0] == answers[1] == answers[2], "the same entry from three gateways is one, at one place"
    await caught_up(*logs)
    assert await everything(logs[0]) == await everything(logs[1]) == await everything(logs[2])
    assert len(await everything(logs[0])) == 100
    assert leaves_of(gateways.copy(0)) == leaves_of(gateways.copy(1)) == leaves_of(gateways.copy(2))
    for number in range(3):
        assert verify_file(gateways.copy(number)).problem == ""


async def test_texts_that_nobody_names_do_not_stay(gateways: Gateways) -> None:
    logs = await three(gateways)
    await asyncio.gather(*(append_many(log, range(20)) for log in logs))
    info = await logs[0]._connection.streams.stream_info(logs[0]._names.texts)
    assert info.state.messages == 20


async def test_a_listener_hears_what_others_append(gateways: Gateways) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    listening = asyncio.gather(listen(one, 0, 30))
    await asyncio.gather(append_many(one, range(10)), append_many(other, range(10, 30)))
    (heard,) = await listening
    assert heard == await everything(one)


async def test_what_is_new_is_told_although_its_id_was_there_before(gateways: Gateways) -> None:
    """A repetition has a number of its own in the stream, where nobody finds an entry."""
    one, other = await gateways.open(0), await gateways.open(1)
    first = await one.append(an_arrival(1))
    await caught_up(other)
    stored = an_entry(joined("p1", DAY + 1, user="anna"))
    assert stored.id == an_arrival(1).id
    await _publish_again(one, stored)
    last = await one.append(an_arrival(2))
    assert last == first + 2
    await caught_up(other)
    assert [entry.seq for entry in await everything(other)] == [first, last]
    assert await other.append(an_arrival(1)) == first


async def _publish_again(log: NatsLog, entry: Entry) -> None:
    """As after the time in which the server notices a repetition."""
    message = await log._connection.streams.get_msg(log._names.log, 1)
    await log._connection.streams.publish(log._names.entry, message.data or b"")


# --- the server -------------------------------------------------------------------------------------------------------


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed(own_gateways: Gateways) -> None:
    logs = await three(own_gateways)
    acknowledged: dict[EventId, int] = {}
    stop = asyncio.Event()

    async def write(log: NatsLog, writer: int) -> None:
        number = writer * 100_000
        while not stop.is_set():
            number += 1
            entry = an_arrival(number)
            with contextlib.suppress(LogError):
                acknowledged[entry.id] = await log.append(entry)

    writing = asyncio.gather(*(write(log, 10 * number + one) for number, log in enumerate(logs) for one in range(8)))
    for _ in range(3):
        await _grown(acknowledged)
        own_gateways.server.kill()
        await asyncio.sleep(0.2)
        await asyncio.to_thread(own_gateways.server.start)
    await _grown(acknowledged)
    stop.set()
    await writing
    await caught_up(*logs)
    read = await everything(logs[0])
    assert len({entry.id for entry in read}) == len(read)
    assert acknowledged.items() <= {entry.id: entry.seq for entry in read}.items()
    assert leaves_of(own_gateways.copy(0)) == leaves_of(own_gateways.copy(1)) == leaves_of(own_gateways.copy(2))


async def _grown(things: Sized) -> None:
    enough = len(things) + 200
    await _until(lambda: len(things) >= enough)


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def test_without_a_server_it_is_said_soon_and_then_goes_on_by_itself(
    own_gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "WITHIN_S", 0.5)
    monkeypatch.setattr(connection, "ATTEMPT_S", 1.0)
    log = await own_gateways.open()
    listening = asyncio.gather(listen(log, 0, 2))
    first = await log.append(an_arrival(1))
    assert log.health().writable
    own_gateways.server.kill()
    with pytest.raises(LogError, match="cannot be used"):
        await log.append(an_arrival(2))
    await _until(lambda: not log.health().writable)
    assert own_gateways.server.password not in log.health().why
    assert [entry.seq for entry in await everything(log)] == [first], "what was read can be read"
    await asyncio.to_thread(own_gateways.server.start)
    await _until(lambda: log.health().writable)
    assert await log.append(an_arrival(2)) > first
    assert len((await listening)[0]) == 2, "who listened goes on"
    health = log.health()
    assert (health.behind, health.why) == (0, "")
    assert health.clock_skew_ms is not None
    assert abs(health.clock_skew_ms) < 10_000


async def test_after_a_full_disk_the_copy_goes_on_where_it_was(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "READ_BACK_WITHIN_S", 0.5)
    log = await gateways.open()
    await append_many(log, range(10))
    listening = asyncio.gather(listen(log, 0, 111))
    with full_disk():
        unread = await asyncio.gather(
            *(log.append(an_arrival(number)) for number in range(10, 110)), return_exceptions=True
        )
        assert not log.health().writable
        with pytest.raises(LogError, match=r"disk could not be read or written|disk is full"):
            await log.append(an_arrival(200))
    assert all(isinstance(error, LogError) for error in unread)
    await _until(lambda: log.health().writable)
    await log.append(an_arrival(110))
    (heard,) = await listening
    assert heard == await everything(log)
    assert [entry.seq for entry in heard] == list(range(1, 112))
    other = await gateways.open(1)
    assert await everything(other) == heard


async def test_no_server_at_all_is_said_at_the_start(own_gateways: Gateways, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_WITHIN_S", 0.5)
    own_gateways.server.kill()
    with pytest.raises(LogError, match=r"nats://127\.0\.0\.1:\d+ cannot be used, none of them can be reached"):
        await own_gateways.open()


async def test_a_wrong_password_is_said_and_not_shown(gateways: Gateways, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_WITHIN_S", 2.0)
    monkeypatch.setattr(gateways.server, "password", "zq-wrong")
    with pytest.raises(LogError, match="do not let this gateway in") as raised:
        await gateways.open()
    assert "zq-wrong" not in f"{raised.value!r} {gateways.settings()!r}"


async def test_the_rights_that_are_documented_are_enough(own_gateways: Gateways) -> None:
    name, server = own_gateways.name, own_gateways.server
    rights = {
        "publish": [
            *(f"{name}.log.*", f"{name}.texts.*", f"{name}.kept.>"),
            *("$JS.API.>", f"$JS.ACK.{name}_log.>", "_INBOX.>", "$JS.FC.>"),
        ],
        "subscribe": ["_INBOX.>"],
    }
    user = {"user": server.user, "password": server.password, "permissions": rights}
    server.kill()
    server.configure({"authorization": {"users": [user]}})
    await asyncio.to_thread(server.start)
    log = await own_gateways.open()
    await fill(log)
    await append_many(log, range(500))
    await log.append(an_entry(kicked("p", key=1)))
    ((command),) = await first_commands(log, 1)
    await log.acknowledge(command.event.id)
    assert await log.erase(SOURCE, USER, "erased-1", recorded) is not None
    await log.trim(folded_to(await everything(log), 100).snapshot(), trimming(100), await log.newest())
    await log.aclose()
    log = await own_gateways.open()
    assert await log.trimmed() == 100


def test_uvloop_does_as_well(nats: NatsServer, tmp_path: Path) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def run() -> int:
        log = await Gateways(nats, tmp_path).open()
        await append_many(log, range(200))
        found = await everything(log)
        await log.aclose()
        return len(found)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(run()) == 200
