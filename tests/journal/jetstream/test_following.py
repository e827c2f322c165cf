"""What others did to the stream ends no gateway, and lets none wait for good."""

import pytest

from moderator.journal.jetstream import following
from moderator.journal.jetstream.log import NatsLog
from tests.journal.reading import an_arrival, append_many, everything
from tests.journal.streams import Gateways, caught_up

pytestmark = pytest.mark.nats
STRAYS = (b"hello", b'{"much": "longer than an entry has to be at least, but none of ours"}', bytes(100))


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "STALE_S", 1.5)


async def take_out(log: NatsLog, *seqs: int) -> None:
    for seq in seqs:
        assert await log._connection.streams.delete_msg(log._names.log, seq)


async def strays_between(log: NatsLog) -> None:
    """At 2 to 4, and as the last ones at 6 to 8."""
    for number in range(2):
        await log.append(an_arrival(number))
        for stray in STRAYS:
            await log._connection.streams.publish(log._names.entry, stray)


async def test_what_is_no_entry_is_passed_over_by_all(gateways: Gateways, caplog: pytest.LogCaptureFixture) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await strays_between(one)
    await caught_up(one, other)
    await other.aclose()
    other, newcomer = await gateways.open(1), await gateways.open(2)
    assert await one.append(an_arrival(2)) == 9
    await caught_up(one, other, newcomer)
    for log in (one, other, newcomer):
        assert [entry.seq for entry in await everything(log)] == [1, 5, 9]
        assert await log._comparing.first_difference(9) is None
    assert "message 8 of the log is no entry and is passed over" in caplog.text
    assert "read anew" not in caplog.text
    caplog.clear()


@pytest.mark.parametrize("gone", [(10,), (8, 9, 10), (4, 5), (3, 7, 10)])
async def test_nobody_waits_for_what_was_taken_out(
    gateways: Gateways, caplog: pytest.LogCaptureFixture, gone: tuple[int, ...]
) -> None:
    log = await gateways.open(0)
    await append_many(log, range(10))
    await take_out(log, *gone)
    newcomer = await gateways.open(1)
    assert [entry.seq for entry in await everything(newcomer)] == [seq for seq in range(1, 11) if seq not in gone]
    assert f"{gone[-1]} were taken out of the stream, each by itself. They are passed over" in caplog.text
    caplog.clear()
    assert await newcomer.append(an_arrival(20)) == 11
    await caught_up(log, newcomer)
    assert [entry.seq for entry in await everything(log)] == list(range(1, 12)), "who has them keeps them"


async def test_what_is_taken_out_unread_holds_up_nobody_who_runs(
    gateways: Gateways, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = await gateways.open(0), await gateways.open(1)
    await strays_between(one)
    await caught_up(one, other)
    await take_out(one, 6, 7, 8)
    assert await other.append(an_arrival(2)) == 9
    newcomer = await gateways.open(2)
    assert [entry.seq for entry in await everything(newcomer)] == [1, 5, 9]
    caplog.clear()
