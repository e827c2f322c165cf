"""Many readers of a feed in a process of its own: how much each was delivered, and how late.

Started with the URL and how many, it is told the key for their tokens by a line on standard input, and says on standard
output when all are reading, and what they got when its standard input ends. An event is known by its participant, `t-`
and the time of sending in nanoseconds; each twentieth reader looks at those times. The clock is the machine's, the same
in all processes.
"""

import asyncio
import re
import sys
import time
from functools import partial
from typing import Final, cast
from urllib.parse import urlsplit

import msgspec
import uvloop
from msgspec import Struct

from benchmarks.stage import token

MARK: Final = b'"t-'
TIME: Final = re.compile(rb'"t-(\d+)-')
WATCHED_EACH: Final = 20


class Delivered(Struct, frozen=True):
    """What all readers got."""

    least: int
    total: int
    seconds: float
    """From the first delivery to the last."""
    late_ms: list[float]


class _Reader(asyncio.Protocol):
    def __init__(self, request: bytes, watches: bool) -> None:
        self.count = 0
        self.first_at = self.last_at = 0.0
        self.late_ms: list[float] = []
        self.reading = asyncio.get_running_loop().create_future()
        self._request = request
        self._watches = watches
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.WriteTransport, transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self.reading.done():
            assert data.startswith(b"HTTP/1.1 200"), data
            self.reading.set_result(None)
        count = (self._rest + data).count(MARK) if self._rest else data.count(MARK)
        self._rest = data[-2:] if not self._watches else b""
        if count:
            self.last_at = time.monotonic()
            self.first_at = self.first_at or self.last_at
            self.count += count
        if self._watches:
            now = time.monotonic_ns()
            self.late_ms += [(now - int(sent)) / 1e6 for sent in TIME.findall(data)]


async def main(url: str, count: int, key: str) -> None:
    """Read until standard input ends."""
    parts, loop = urlsplit(url), asyncio.get_running_loop()
    readers = []
    for number in range(count):
        authorization = f"Authorization: Bearer {token(key)}\r\n" if key else ""
        request = f"GET {parts.path} HTTP/1.1\r\nHost: x\r\n{authorization}\r\n".encode()
        reader = _Reader(request, watches=number % WATCHED_EACH == 0)
        await loop.create_connection(partial(_itself, reader), str(parts.hostname), parts.port or 80)
        readers.append(reader)
    await asyncio.gather(*(reader.reading for reader in readers))
    sys.stdout.write('{"url":""}\n')
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    heard = [reader for reader in readers if reader.count]
    delivered = Delivered(
        least=min(reader.count for reader in readers),
        total=sum(reader.count for reader in readers),
        seconds=max((one.last_at for one in heard), default=0) - min((one.first_at for one in heard), default=0),
        late_ms=[late for reader in readers for late in reader.late_ms],
    )
    sys.stdout.write(msgspec.json.encode(delivered).decode() + "\n")


def _itself(reader: _Reader) -> _Reader:
    return reader


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), sys.stdin.readline().strip()))
