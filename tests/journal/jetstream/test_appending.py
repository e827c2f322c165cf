"""What a gateway appends that was away is stored once."""

import asyncio

import pytest

from moderator.journal.event_log import LogError
from moderator.journal.jetstream import appending, streams
from tests.journal.reading import an_arrival, append_many, everything
from tests.journal.streams import Gateways, caught_up, held_back, leaves_of

pytestmark = pytest.mark.nats


@pytest.fixture(autouse=True)
def _notices_for_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "DUPLICATE_WINDOW_S", 0.2)


async def test_who_was_away_does_not_store_again_what_others_stored(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, other = await gateways.open(0), await gateways.open(1)
    go_on = held_back(away, monkeypatch)
    first = await other.append(an_arrival(1))
    await append_many(other, range(100, 103))
    await asyncio.sleep(0.5)  # the servers do not notice it any more
    repeating = asyncio.gather(away.append(an_arrival(1)))
    await asyncio.sleep(0.3)
    go_on.set()
    assert (await repeating)[0] == first
    await caught_up(away, other)
    info = await other._connection.streams.stream_info(other._names.log)
    assert info.state.messages == 4
    newcomer = await gateways.open(2)
    assert await everything(newcomer) == await everything(other)
    assert leaves_of(gateways.copy(0)) == leaves_of(gateways.copy(1)) == leaves_of(gateways.copy(2))


async def test_who_does_not_get_there_says_so_soon(gateways: Gateways, monkeypatch: pytest.MonkeyPatch) -> None:
    away, other = await gateways.open(0), await gateways.open(1)
    go_on = held_back(away, monkeypatch)
    await other.append(an_arrival(1))
    await asyncio.sleep(0.3)
    monkeypatch.setattr(appending, "WITHIN_S", 0.3)
    with pytest.raises(LogError, match=r"cannot be stored yet\. This gateway reads first what came while it was away"):
        await away.append(an_arrival(2))
    go_on.set()
    monkeypatch.undo()
    assert await away.append(an_arrival(2)) == 2
