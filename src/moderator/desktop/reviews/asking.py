"""One question to the gateway at a time: a new one takes the place of the one before, whose answer nobody wants now."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from moderator.client.errors import GatewayError
from moderator.desktop.reviews.trouble import Trouble, trouble_of
from moderator.tasks import TaskScope

T = TypeVar("T")


class Asking(QObject):
    """Belongs to a window; nothing is told to it after `stop`."""

    def __init__(self, tasks: TaskScope, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """A question is under way."""
        return self._task is not None and not self._task.done()

    def ask(
        self, question: Callable[[], Awaitable[T]], answered: Callable[[T], None], failed: Callable[[Trouble], None]
    ) -> None:
        """Ask, and call one of the two unless another question is asked before."""
        self.stop()
        self._task = self._tasks.start("review", self._follow(question, answered, failed))

    def stop(self) -> None:
        """Nobody waits for the answer any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _follow(
        self, question: Callable[[], Awaitable[T]], answered: Callable[[T], None], failed: Callable[[Trouble], None]
    ) -> None:
        try:
            answer = await question()
        except GatewayError as error:
            self._task = None
            failed(trouble_of(error))
        else:
            self._task = None
            answered(answer)
