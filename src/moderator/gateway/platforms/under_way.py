"""Calls to one platform that are being made. One that is cut off may have been made or not, so a gateway that stops
begins no more of them, and waits for those that it began.
"""

import asyncio
import contextlib
from collections.abc import Iterator


class UnderWay:
    """How many there are, and whether there may be more. By the loop's time: it is the program that ends."""

    def __init__(self) -> None:
        self._count = 0
        self._is_closed = False
        self._one_ended = asyncio.Event()

    async def admit(self) -> None:
        """Before a call. After `close` it waits for ever: the task that wanted to make the call is cancelled soon, and
        its command is left to whoever takes it up next.
        """
        if self._is_closed:
            await asyncio.Event().wait()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Around a call, and again around what has to be written down because of it."""
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1
            self._one_ended.set()

    async def close(self, within_s: float) -> None:
        """Let no more begin, and wait until the last has ended, but no longer than so many seconds."""
        self._is_closed = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._count:
                    self._one_ended.clear()
                    await self._one_ended.wait()
