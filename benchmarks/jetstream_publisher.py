"""A program that publishes to JetStream as quickly as it is acknowledged, and prints how many a second.

Its arguments: server, user, password, subject, how many at a time, for how many seconds.
"""

import asyncio
import sys
import time
from typing import Final

import nats
import uvloop
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

MESSAGE: Final = b"x" * 800
"""As large as an entry."""
STREAM: Final = "ceiling"


async def main(server: str, user: str, password: str, subject: str, at_once: int, seconds: float) -> None:
    """Publish until the time is up."""
    connection = await nats.connect(server, user=user, password=password)
    stream = connection.jetstream()
    await stream.add_stream(StreamConfig(name=STREAM, subjects=[f"{STREAM}.*"]))
    began = time.monotonic()
    counts = await asyncio.gather(*(_publish(stream, subject, began + seconds) for _ in range(at_once)))
    sys.stdout.write(f"{sum(counts) / (time.monotonic() - began)}\n")
    await connection.close()


async def _publish(stream: JetStreamContext, subject: str, until: float) -> int:
    count = 0
    while time.monotonic() < until:
        await stream.publish(subject, MESSAGE)
        count += 1
    return count


if __name__ == "__main__":
    server, user, password, subject = sys.argv[1:5]
    uvloop.run(main(server, user, password, subject, int(sys.argv[5]), float(sys.argv[6])))
