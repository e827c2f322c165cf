"""Background tasks with an owner: every task is named, kept, and its failure reported. Nothing else starts tasks."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Final

logger = logging.getLogger(__name__)

OVERHEARD_AFTER_S: Final = 10.0
"""Before Python 3.12 a task may overhear that it is cancelled, while it waits for somebody else's answer."""


class TaskScope:
    """Owns the tasks that are started in it; leaving the scope cancels them and waits for their end."""

    def __init__(self, on_failure: Callable[[str, BaseException], None] | None = None) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._on_failure = on_failure

    def start(self, name: str, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine in the background until it ends or the scope is left."""
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def __aenter__(self) -> "TaskScope":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.cancel()

    async def cancel(self) -> None:
        """End every task; returns when all have ended."""
        tasks = set(self._tasks)
        while tasks:
            for task in tasks:
                task.cancel()
            _, tasks = await asyncio.wait(tasks, timeout=OVERHEARD_AFTER_S)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if self._on_failure is None:
            logger.error("task %s failed", task.get_name(), exc_info=error)
        else:
            self._on_failure(task.get_name(), error)
