"""Short ways to fill a log and to read it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Any, TypeVar, cast

import msgspec

from moderator.domain.events import Entry
from moderator.domain.kinds import Data
from moderator.journal.event_log import EventLog, OpenCommand
from tests.fakes.builders import DAY, an_entry, joined

Opener = Callable[[], Awaitable[EventLog]]
T = TypeVar("T")


def an_arrival(number: int) -> Entry:
    """An entry unlike that of any other number."""
    return an_entry(joined(f"p{number}", DAY + number, user="anna"))


async def append_many(log: EventLog, numbers: range) -> list[int]:
    """All at the same time; the result is in the order of the numbers."""
    return await asyncio.gather(*(log.append(an_arrival(number)) for number in numbers))


async def everything(log: EventLog, after: int = 0) -> list[Entry]:
    return [entry async for batch in log.read(after) for entry in batch]


async def listen(log: EventLog, after: int, count: int) -> list[Entry]:
    """What a listener is given, until it has so many entries."""
    batches = await first(log.tail(after), lambda found: sum(map(len, found)) >= count)
    return [entry for batch in batches for entry in batch]


async def first_commands(log: EventLog, count: int) -> list[OpenCommand]:
    return await first(log.work(), lambda found: len(found) >= count)


async def first(items: AsyncIterator[T], enough: Callable[[Sequence[T]], bool]) -> list[T]:
    """Takes items until that is enough, then lets go of the iterator."""
    found: list[T] = []
    async with closing_at_end(items):
        async for item in items:
            found.append(item)
            if enough(found):
                break
    return found


def closing_at_end(items: AsyncIterator[T]) -> aclosing[AsyncGenerator[T, None]]:
    """Lets go of an iterator in time, not when the garbage collector finds it."""
    return aclosing(cast("AsyncGenerator[T, None]", items))


def builtins_of(data: Data) -> dict[str, Any]:
    """The members of `data` as they are written."""
    found = msgspec.to_builtins(data)
    assert isinstance(found, dict)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
