"""Which pool of connections a request uses: a new one after each request that was cancelled.

httpx (httpcore 1.0.9) may leave the connection of a cancelled request neither closed nor free for another: sooner or
later all of a pool's connections are such, and every request waits for one in vain. A pool that is not used any more is
closed, with everything in it, when the last request in it has come to its end.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Generic, Protocol, TypeVar

from moderator.tasks import TaskScope


class Pool(Protocol):
    """What the HTTP library keeps connections in."""

    async def aclose(self) -> None: ...


PoolT = TypeVar("PoolT", bound=Pool)


class Pools(Generic[PoolT]):
    """The newest pool, and those in which requests are still under way."""

    def __init__(self, new_pool: Callable[[], PoolT]) -> None:
        self._new_pool = new_pool
        self._newest = new_pool()
        self._under_way: dict[PoolT, int] = {}
        self._closing = TaskScope()

    @contextlib.asynccontextmanager
    async def lent(self) -> AsyncIterator[PoolT]:
        """The pool for one request."""
        pool = self._newest
        self._under_way[pool] = self._under_way.get(pool, 0) + 1
        try:
            yield pool
        except asyncio.CancelledError:
            if pool is self._newest:
                self._newest = self._new_pool()
            raise
        finally:
            self._under_way[pool] -= 1
            if not self._under_way[pool]:
                del self._under_way[pool]
                if pool is not self._newest:
                    self._closing.start("close connections", pool.aclose())

    async def aclose(self) -> None:
        """Close all connections, those in use too."""
        await asyncio.gather(*(pool.aclose() for pool in {self._newest, *self._under_way}))
        await self._closing.cancel()
