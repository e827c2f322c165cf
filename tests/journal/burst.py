"""A process of its own that appends as fast as it can and says what was acknowledged, until it is killed. Meanwhile it
keeps one start after another."""

import asyncio
import sys

from msgspec.structs import replace

from moderator.domain.state import State
from moderator.journal.sqlite import SqliteLog
from moderator.journal.starts import Start
from tests.journal.reading import an_arrival


async def main(path: str, first: int) -> None:
    log = await SqliteLog.open(path)
    await asyncio.gather(_keep_starts(log), *(_append(log, first + writer) for writer in range(32)))


async def _append(log: SqliteLog, number: int) -> None:
    while True:
        entry = an_arrival(number)
        await log.append(entry)
        sys.stdout.write(f"{entry.id}\n")
        sys.stdout.flush()
        number += 32


async def _keep_starts(log: SqliteLog) -> None:
    async for batch in log.tail(0):
        await log.keep_start(Start(snapshot=replace(State().snapshot(), seq=batch[-1].seq)))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
