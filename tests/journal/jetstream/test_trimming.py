"""Somebody is erased by one gateway while another one trims: they are not in what is kept."""

from pathlib import Path

import msgspec
import pytest

from moderator.domain.state import Snapshot
from moderator.journal.event_log import EventLog
from moderator.journal.jetstream.kept import TRIMMED, Kept
from moderator.journal.jetstream.log import NatsLog
from tests.fakes.builders import SOURCE
from tests.fakes.interrupting import interrupted
from tests.journal.reading import an_arrival, everything
from tests.journal.streams import Gateways, caught_up
from tests.journal.test_sqlite_erasing import USER, fill, folded_to, recorded, trimming

pytestmark = pytest.mark.nats
SECRETS = (USER.encode(), b"Zqkowalska", b"Zqanna", b"zqhandle")
THROUGH = 10


async def state_of(log: EventLog) -> Snapshot:
    return folded_to(await everything(log), THROUGH).snapshot()


def told_by(snapshot: Snapshot | None) -> list[bytes]:
    """What of the person can be read there."""
    return [text for text in SECRETS if text in msgspec.json.encode(snapshot)]


def on_servers(gateways: Gateways) -> bytes:
    files: list[Path] = [file for folder in gateways.stream_folders() for file in folder.rglob("*.blk")]
    return b"".join(file.read_bytes() for file in files)


@pytest.fixture
async def logs(gateways: Gateways) -> list[NatsLog]:
    logs = [await gateways.open(number) for number in range(2)]
    await fill(logs[0])
    await caught_up(*logs)
    return logs


@pytest.mark.parametrize(
    ("part", "name", "at", "is_in_time"),
    [
        ("_trimming", "_read_all", 1, False),  # before it is kept
        ("_trimming", "_read_all", 2, False),  # after it was kept
        ("_appending", "append", 1, True),  # before it is said
    ],
)
async def test_who_is_erased_while_another_gateway_trims_is_not_in_what_is_kept(
    gateways: Gateways, logs: list[NatsLog], monkeypatch: pytest.MonkeyPatch,
    part: str, name: str, at: int, is_in_time: bool,
) -> None:  # fmt: skip
    one, other = logs

    async def erase() -> None:
        assert await one.erase(SOURCE, USER, "erased-1", recorded) is not None

    stale, since = await state_of(other), await other.newest()
    assert told_by(stale)
    interrupted(monkeypatch, getattr(other, part), name, at, erase)
    assert bool(await other.trim(stale, trimming(THROUGH), since)) == is_in_time
    await caught_up(one, other)
    if not is_in_time:  # then it begins anew
        assert await other.trimmed() == 0
        assert await other.trim(await state_of(other), trimming(THROUGH), await other.newest())
    await one.append(an_arrival(1))
    await caught_up(one, other)
    for log in (one, other, await gateways.open(2)):
        assert (await log.trimmed(), told_by(await log.before())) == (THROUGH, [])
    assert not any(text in on_servers(gateways) for text in SECRETS)


async def test_what_a_gateway_kept_that_was_killed_before_it_said_so_is_replaced(
    gateways: Gateways, logs: list[NatsLog]
) -> None:
    one, other = logs
    left = Kept(one._connection, one._names)
    await left.put(TRIMMED, THROUGH, b"of another version")
    assert await other.trim(await state_of(other), trimming(THROUGH), await other.newest())
    await caught_up(one, other)
    assert await one.before() == await other.before() == await (await gateways.open(2)).before()


async def test_who_is_erased_after_another_gateway_trimmed_is_taken_out_of_that_too(
    gateways: Gateways, logs: list[NatsLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = logs
    stale, since = await state_of(other), await other.newest()

    async def trim() -> None:
        assert await other.trim(stale, trimming(THROUGH), since)

    interrupted(monkeypatch, one._erasing, "_append", 1, trim)
    assert await one.erase(SOURCE, USER, "erased-1", recorded) is not None
    await caught_up(one, other)
    for log in (one, other, await gateways.open(2)):
        assert (await log.trimmed(), told_by(await log.before())) == (THROUGH, [])
