"""A process of its own that appends as fast as it can and says what was acknowledged, until it is killed."""

import asyncio
import sys

from moderator.journal.sqlite import SqliteLog
from tests.journal.reading import an_arrival


async def main(path: str, first: int) -> None:
    log = await SqliteLog.open(path)
    await asyncio.gather(*(_append(log, first + writer) for writer in range(32)))


async def _append(log: SqliteLog, number: int) -> None:
    while True:
        entry = an_arrival(number)
        await log.append(entry)
        sys.stdout.write(f"{entry.id}\n")
        sys.stdout.flush()
        number += 32


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
