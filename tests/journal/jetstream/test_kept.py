"""Large things beside the entries: whole or not at all, and gone from the disk when they are replaced."""

import asyncio

import pytest

from moderator.journal.jetstream.kept import PART_BYTES, Kept
from tests.fakes.interrupting import interrupted
from tests.journal.streams import Gateways

pytestmark = pytest.mark.nats
LARGE = b"zqlarge" + bytes(5 * PART_BYTES // 2)


@pytest.fixture
async def kept(gateways: Gateways) -> Kept:
    log = await gateways.open()
    return Kept(log._connection, log._names)


async def test_what_is_larger_than_a_message_comes_back_whole(kept: Kept) -> None:
    assert await kept.get("start", 7) is None
    await kept.put("start", 7, LARGE)
    await kept.put("start", 30, b"")
    assert await kept.get("start", 7) == LARGE
    assert await kept.get("start", 30) == b""
    assert await kept.numbers("start") == [7, 30]
    assert await kept.numbers("trimmed") == []


async def test_what_is_replaced_is_overwritten(kept: Kept, gateways: Gateways) -> None:
    await kept.put("start", 7, LARGE)
    await kept.put("start", 7, b"another")
    assert await kept.get("start", 7) == b"another"
    assert b"zqlarge" not in on_disk(gateways)


async def test_what_is_dropped_is_overwritten_also_when_it_was_never_finished(kept: Kept, gateways: Gateways) -> None:
    await kept.put("start", 7, LARGE)
    await kept._publish("start.8.abandoned.0", b"zqlarge")
    await kept.put("start", 9, b"kept")
    await kept.drop("start", below=9)
    assert await kept.numbers("start") == [9]
    assert b"zqlarge" not in on_disk(gateways)


def on_disk(gateways: Gateways) -> bytes:
    files = [file for folder in gateways.stream_folders() for file in folder.rglob("*.blk")]
    return b"".join(file.read_bytes() for file in files)


async def test_of_several_at_once_one_is_kept_whole(kept: Kept) -> None:
    values = [bytes([number]) * (2 * PART_BYTES) for number in range(4)]
    await asyncio.gather(*(kept.put("trimmed", 7, value) for value in values))
    assert await kept.get("trimmed", 7) in values


async def test_what_is_replaced_while_it_is_read_is_read_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    await kept.put("trimmed", 7, b"one")
    interrupted(monkeypatch, kept, "_newest", 2, lambda: kept.put("trimmed", 7, b"another"))
    assert await kept.get("trimmed", 7) == b"another"


async def test_what_others_put_there_is_left_alone_and_not_used(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    await kept.put("start", 7, b"ours")
    for subject in ("start.foo", "start.5", "start.foo.bar.0"):
        await kept._publish(subject, b"junk")
    assert await kept.numbers("start") == [5, 7]
    assert await kept.get("start", 5) is None
    assert "start.5 of" in caplog.text
    caplog.clear()
    await kept.put("start", 5, b"ours too")
    assert await kept.get("start", 5) == b"ours too"
    await kept.drop("start", below=8)
    assert await kept.numbers("start") == []
