"""What waits for one reader: in order, in bounded memory, and what can be encoded later takes none."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from moderator.gateway.subscriber import PORTION_BYTES, Later, Subscriber
from moderator.tasks import TaskScope

LARGE = b"x" * (PORTION_BYTES - 10)


async def test_small_frames_go_together_and_what_is_encoded_later_keeps_its_place() -> None:
    subscriber = Subscriber([b"a", b"b", Later(lambda: b"c"), b"d"])
    subscriber.put(b"e")
    assert [await subscriber.take() for _ in range(2)] == [b"abc", b"de"]
    assert not subscriber.waiting


async def test_a_large_frame_goes_by_itself() -> None:
    subscriber = Subscriber([b"a" * 20, LARGE, LARGE])
    assert [len(await subscriber.take()) for _ in range(3)] == [20, len(LARGE), len(LARGE)]
    assert subscriber.fill == 0


async def test_what_a_reader_begins_with_does_not_count_against_it() -> None:
    subscriber = Subscriber([LARGE] * 200)
    subscriber.put(b"news")
    assert not subscriber.closed


async def test_a_closed_one_keeps_nothing() -> None:
    subscriber = Subscriber([b"a"])
    subscriber.close()
    subscriber.put(b"b")
    assert await subscriber.take() == b""


class Line:
    """A connection that can be full."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.full = False

    def write(self, frame: bytes) -> bool:
        if not self.full:
            self.written.append(frame)
        return not self.full


@contextlib.asynccontextmanager
async def taking(subscriber: Subscriber) -> AsyncIterator[list[bytes]]:
    """Somebody waits for what comes; what that was, afterwards."""
    taken: list[bytes] = []

    async def take() -> None:
        taken.append(await subscriber.take())

    async with TaskScope() as tasks:
        task = tasks.start("a reader", take())
        await asyncio.sleep(0)
        yield taken
        await task


async def test_who_has_taken_everything_is_written_to_at_once_and_everything_stays_in_order() -> None:
    line = Line()
    subscriber = Subscriber([b"a"], line.write)
    subscriber.put(b"b")
    assert (await subscriber.take(), line.written) == (b"ab", []), "not ahead of what waits, nor of what is being sent"
    subscriber.put(b"c")
    assert (await subscriber.take(), line.written) == (b"c", [])
    async with taking(subscriber) as taken:
        subscriber.put(b"d")
        assert (line.written, subscriber.fill, subscriber.waiting) == ([b"d"], 0, False)
        line.full = True
        subscriber.put(b"e")
        line.full = False
        subscriber.put(b"f")
    assert (taken, line.written) == ([b"ef"], [b"d"])


async def test_a_closed_one_writes_nothing() -> None:
    line = Line()
    subscriber = Subscriber([], line.write)
    async with taking(subscriber) as taken:
        subscriber.close()
        subscriber.put(b"a")
    assert (taken, line.written) == ([b""], [])
