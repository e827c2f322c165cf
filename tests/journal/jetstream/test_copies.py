"""The copy is worth nothing of its own: the right one is used, and any other is read anew."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from moderator.journal.event_log import LogError
from moderator.journal.sqlite import SqliteLog
from tests.journal.reading import an_arrival, append_many, everything
from tests.journal.streams import Gateways
from tests.journal.test_sqlite_erasing import USER

pytestmark = pytest.mark.nats
SECRETS = (USER, "Zqkowalska", "Zqanna", "zqhandle", "zqcamera")


async def test_a_copy_that_is_deleted_is_read_anew(gateways: Gateways) -> None:
    log = await gateways.open()
    await append_many(log, range(300))
    before = await everything(log)
    await log.aclose()
    for file in gateways.copy(0).parent.glob("copy0.db*"):
        file.unlink()
    assert await everything(await gateways.open()) == before


async def test_a_copy_of_another_log_is_moved_aside(gateways: Gateways, caplog: pytest.LogCaptureFixture) -> None:
    log = await gateways.open()
    await log.append(an_arrival(1))
    await log.aclose()
    gateways.name += "-2"
    log = await gateways.open()
    assert await everything(log) == []
    assert "is not of the log that is there now" in caplog.text
    with contextlib.closing(sqlite3.connect(gateways.copy(0).with_name("copy0.db.1"))) as aside:
        assert aside.execute("SELECT count(*) FROM entries").fetchone() == (1,)
    caplog.clear()


async def test_a_copy_that_knows_more_than_there_is_is_moved_aside(
    gateways: Gateways, caplog: pytest.LogCaptureFixture
) -> None:
    log = await gateways.open()
    await log.append(an_arrival(1))
    await log.aclose()
    with contextlib.closing(sqlite3.connect(gateways.copy(0))) as store, store:
        store.execute("UPDATE position SET seq = 5")
    log = await gateways.open()
    assert [entry.seq for entry in await everything(log)] == [1]
    assert "is not of the log that is there now" in caplog.text
    caplog.clear()


async def test_a_log_of_its_own_is_left_alone(gateways: Gateways, tmp_path: Path) -> None:
    log = await SqliteLog.open(gateways.copy(0))
    await log.append(an_arrival(1))
    await log.aclose()
    with pytest.raises(LogError, match="a log of its own, not the copy of one"):
        await gateways.open()


async def test_a_copy_is_no_log_to_go_on_with(gateways: Gateways) -> None:
    log = await gateways.open()
    await log.append(an_arrival(1))
    await log.aclose()
    with pytest.raises(LogError, match="the copy of a log on NATS: name its servers"):
        await SqliteLog.open(gateways.copy(0))
    log = await gateways.open()
    assert [entry.seq for entry in await everything(log)] == [1]


async def test_two_gateways_do_not_share_a_copy(gateways: Gateways) -> None:
    await gateways.open()
    with pytest.raises(LogError, match="in use by another gateway"):
        await gateways.open()
