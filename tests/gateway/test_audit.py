"""Two gateways take something out of one log at the same time: nothing that still counts goes with it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from moderator.domain.state import State
from moderator.gateway import ledger as ledger_module
from moderator.gateway.audit import trimming as trimming_module
from moderator.gateway.audit.trimming import Trimming
from moderator.gateway.ledger import Ledger
from moderator.journal import sqlite_erasing, sqlite_reader
from moderator.journal.event_log import EventLog
from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_evidence import verify_file
from moderator.tasks import TaskScope
from tests.fakes.builders import DAY, SOURCE, an_entry
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import joined_in
from tests.fakes.interrupting import interrupted
from tests.fakes.nats import NatsServer, nats
from tests.journal.streams import Gateways, caught_up
from tests.journal.test_sqlite_erasing import recorded

__all__ = ["nats"]
HOUR: Final = 3_600_000
ROOMS: Final = 16
SLICE: Final = 4
NOW: Final = DAY + ROOMS * HOUR
ALL: Final = {f"room{number}" for number in range(ROOMS)}
MORE: Final = 4 * HOUR
LESS: Final = 6 * HOUR
USER: Final = "zq-user"


@pytest.fixture
async def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteLog]:
    """An hour after the other somebody was in each room."""
    for module, name in (
        (trimming_module, "AT_A_TIME"),
        (ledger_module, "READ_AT_ONCE"),
        (sqlite_reader, "MOST_ENTRIES"),
    ):
        monkeypatch.setattr(module, name, SLICE)
    log = await SqliteLog.open(tmp_path / "log.db")
    await fill(log)
    yield log
    await log.aclose()


async def fill(log: EventLog) -> None:
    for number in range(ROOMS):
        at = DAY + number * HOUR
        await log.append(an_entry(joined_in(f"room{number}", "c1", at, user=USER), recorded_at=at))


@pytest.fixture
async def ledgers(log: SqliteLog) -> AsyncIterator[list[Ledger]]:
    """Of two gateways."""
    async with TaskScope() as tasks:
        ledgers = [Ledger(log, FakeClock(NOW)) for _ in range(2)]
        for number, ledger in enumerate(ledgers):
            await ledger.catch_up()
            tasks.start(f"follow {number}", ledger.follow())
        yield ledgers


async def trim(ledger: Ledger, retention_ms: int) -> None:
    await Trimming(ledger, FakeClock(NOW), retention_ms, None, lambda: True).trim()


def rooms_of(state: State) -> set[str]:
    return {key.room for key in state.rooms}


def people_of(state: State) -> set[str]:
    return {one.user for room in state.all_rooms() for one in room.participants}


async def anew(log: EventLog) -> State:
    """What a gateway knows that starts now."""
    ledger = Ledger(log, FakeClock(NOW))
    await ledger.catch_up()
    return ledger.state


@pytest.mark.parametrize(("name", "at"), [*(("read_slice", n) for n in range(1, 7)), ("leaves", 1), ("leaves", 3)])
@pytest.mark.parametrize(("own", "other"), [(MORE, LESS), (LESS, MORE)])
async def test_two_that_trim_at_the_same_time_lose_nothing(
    log: SqliteLog, ledgers: list[Ledger], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    name: str, at: int, own: int, other: int,
) -> None:  # fmt: skip
    interrupted(monkeypatch, log, name, at, lambda: trim(ledgers[1], other))
    await trim(ledgers[0], own)
    assert await log.trimmed() == ROOMS - MORE // HOUR
    assert rooms_of(await anew(log)) == ALL
    assert verify_file(tmp_path / "log.db").problem == ""


@pytest.mark.parametrize("at", [1, 2, 3])
async def test_what_is_read_anew_while_another_gateway_trims_is_whole(
    log: SqliteLog, ledgers: list[Ledger], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    interrupted(monkeypatch, log, "read_slice", at, lambda: trim(ledgers[1], MORE))
    await ledgers[0].rebuild()
    assert rooms_of(ledgers[0].state) == ALL


@pytest.mark.parametrize("at", [1, 2, 3])
async def test_who_starts_while_another_gateway_trims_knows_everything(
    log: SqliteLog, ledgers: list[Ledger], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    interrupted(monkeypatch, log._reader, "batch", at, lambda: trim(ledgers[1], MORE))
    assert rooms_of(await anew(log)) == ALL


async def test_who_starts_while_all_that_is_left_goes_knows_everything(
    log: SqliteLog, ledgers: list[Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = ledgers[0].state.snapshot()

    async def trim_all() -> None:
        await log._change(lambda store: sqlite_erasing.trim(store, snapshot))  # what a copy reads before the record

    interrupted(monkeypatch, log._reader, "batch", ROOMS // SLICE, trim_all)
    assert rooms_of(await anew(log)) == ALL


@pytest.mark.parametrize("at", [1, 2, 3])
async def test_who_starts_while_another_gateway_erases_knows_nobody_of_that_name(
    log: SqliteLog, ledgers: list[Ledger], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    interrupted(monkeypatch, log._reader, "batch", at, lambda: log.erase(SOURCE, USER, "erased-1", recorded))
    assert people_of(await anew(log)) == {"erased-1"}


@pytest.mark.parametrize("at", [1, 2, 3])
async def test_who_is_erased_while_another_gateway_trims_does_not_come_back(
    log: SqliteLog, ledgers: list[Ledger], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    interrupted(monkeypatch, log, "leaves", at, lambda: log.erase(SOURCE, USER, "erased-1", recorded))
    await trim(ledgers[0], MORE)
    assert await log.trimmed() == ROOMS - MORE // HOUR
    assert rooms_of(state := await anew(log)) == ALL
    assert people_of(state) == {"erased-1"}


async def test_an_erasure_while_everything_is_read_anew_is_not_forgotten(
    log: SqliteLog, ledgers: list[Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def erase() -> None:
        found = await log.erase(SOURCE, USER, "erased-1", recorded)
        assert found is not None
        await ledgers[0].read_back(found[0])

    interrupted(monkeypatch, log, "read_slice", 2, erase)
    await ledgers[0].rebuild()
    assert ledgers[0].remembers_erased, "what was read before"
    await ledgers[0].rebuild()
    assert not ledgers[0].remembers_erased


@pytest.mark.nats
async def test_two_that_trim_at_the_same_time_lose_nothing_on_servers(
    nats: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trimming_module, "AT_A_TIME", SLICE)
    gateways = Gateways(nats, tmp_path)
    logs = [await gateways.open(0), await gateways.open(1)]
    await fill(logs[0])
    await caught_up(*logs)
    ledgers = [Ledger(log, FakeClock(NOW)) for log in logs]
    for ledger in ledgers:
        await ledger.catch_up()

    async def trim_elsewhere() -> None:
        await trim(ledgers[1], LESS)
        await caught_up(*logs)

    interrupted(monkeypatch, logs[0], "leaves", 2, trim_elsewhere)
    await trim(ledgers[0], MORE)
    await caught_up(*logs)
    assert await logs[1].trimmed() == ROOMS - MORE // HOUR
    for log in (*logs, await gateways.open(2)):
        assert rooms_of(await anew(log)) == ALL
    assert verify_file(gateways.copy(2)).problem == ""
    await gateways.close()
