"""A gateway that is killed between texts and their entry leaves nothing of a person behind."""

import asyncio

import pytest

from moderator.journal.jetstream import sweeping
from moderator.journal.stored import to_stored
from tests.fakes.builders import DAY, SOURCE, an_entry, joined
from tests.journal.reading import append_many, everything
from tests.journal.streams import Gateways, caught_up, held_back
from tests.journal.test_sqlite_erasing import USER, fill, recorded

pytestmark = pytest.mark.nats


@pytest.mark.parametrize(("under_way_ms", "left"), [(600_000, 1), (-60_000, 0)])
async def test_texts_without_an_entry_go_when_somebody_is_erased(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch, under_way_ms: int, left: int
) -> None:
    monkeypatch.setattr(sweeping, "UNDER_WAY_MS", under_way_ms)
    log = await gateways.open()
    await fill(log)
    orphan = to_stored(an_entry(joined("p", DAY, user="zq-orphan", name="Zqorphan"))).texts
    await log._appending._texts.put(orphan)
    await fill(log)
    named = (await log._connection.streams.stream_info(log._names.texts)).state.messages - 1
    assert await log.erase(SOURCE, USER, "erased-1", recorded) is not None
    info = await log._connection.streams.stream_info(log._names.texts)
    assert info.state.messages == named + left
    on_disk = b"".join(file.read_bytes() for one in gateways.stream_folders() for file in one.rglob("*.blk"))
    assert (b"Zqorphan" in on_disk) is bool(left)


async def test_who_is_behind_takes_out_no_texts_of_entries_that_it_has_not_read(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "UNDER_WAY_MS", 0)
    behind, other = await gateways.open(0), await gateways.open(1)
    await fill(other)
    await caught_up(behind, other)
    go_on = held_back(behind, monkeypatch)
    await append_many(other, range(100, 110))
    erasing = asyncio.gather(behind.erase(SOURCE, USER, "erased-1", recorded))
    await asyncio.sleep(0.5)
    go_on.set()
    assert (await erasing)[0] == (25, 9)
    await caught_up(behind, other)
    newcomer = await gateways.open(2)
    assert await everything(newcomer) == await everything(behind) == await everything(other)
