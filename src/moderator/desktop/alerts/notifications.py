"""Has the system show what interrupts, and take it back when it is no longer true. When something interrupts says
`interruptions`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.interruptions import Interruptions
from moderator.desktop.alerts.warning_watch import Notification, gone, notifications
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import Intent
from moderator.language import tr
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)

CLOSING_S: Final = 0.4
"""For each of the two steps of closing: the program ends within a second, whether the service answers or not."""


class NotifierError(Exception):
    """The system could not be asked; the message is a sentence."""


class Notifier(Protocol):
    """Who shows notifications. Its methods raise NotifierError."""

    async def show(self, notification: Notification, pressed: Callable[[tuple[Intent, ...]], None]) -> None:
        """Show it; `pressed` is called with what the person asks for by a button or a click."""

    async def withdraw(self, id_: str) -> None:
        """Take it back; harmless when it is not there any more."""

    async def close(self) -> None:
        """Take everything back and let go of the service."""


class Notifications(QObject):
    """Follows interruptions and the board. Everything it does to the system is done in order, in one task of the given
    scope."""

    wanted = Signal(object)
    """`Intent` or a tuple of them: a button of a notification."""
    status_changed = Signal(str)
    """Why notifications are not shown, or nothing."""

    def __init__(
        self,
        board: AlertBoard,
        store: LiveStore,
        interruptions: Interruptions,
        notifier: Notifier,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.status = ""
        self._board = board
        self._store = store
        self._interruptions = interruptions
        self._notifier = notifier
        self._showing: dict[str, Notification] = {}
        self._orders: asyncio.Queue[Notification | str] = asyncio.Queue()
        """What to show, and the ids of what to take back."""

    def start(self, scope: TaskScope) -> None:
        """From now on have the system show what interrupts."""
        scope.start("notifications", self._carry_out())
        self._board.changed.connect(self._take_back)
        self._store.replaced.connect(self._take_back)
        self._store.link_updated.connect(self._take_back)
        self._store.somebody_else.connect(self._take_all_back)
        self._interruptions.came.connect(self._order)

    async def close(self) -> None:
        """Nothing stays on the screen whose buttons nobody would hear; also when the task has ended already."""
        self._board.changed.disconnect(self._take_back)
        self._store.replaced.disconnect(self._take_back)
        self._store.link_updated.disconnect(self._take_back)
        self._store.somebody_else.disconnect(self._take_all_back)
        self._interruptions.came.disconnect(self._order)
        self._drop_orders()
        await self._in_time(self.settled())  # what is being shown just now could not be taken back
        await self._in_time(self._notifier.close())

    async def settled(self) -> None:
        """Wait until the system was asked everything that there was to ask."""
        await self._orders.join()

    async def show_now(self, notification: Notification) -> str:
        """Have this shown beside all others; returns what is wrong, or nothing when the system took it."""
        await self.settled()
        self._showing[notification.id] = notification
        self._orders.put_nowait(notification)
        await self.settled()
        return self.status

    def _drop_orders(self) -> None:
        """What has not begun: nobody would carry it out, or it would be taken back at once."""
        while not self._orders.empty():
            self._orders.get_nowait()
            self._orders.task_done()

    async def _in_time(self, step: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(CLOSING_S):
                await step
        except (NotifierError, TimeoutError) as error:
            logger.info("notifications: %s", str(error) or "not closed in time")

    def _take_all_back(self) -> None:
        """Whoever looks at this screen now is not told what was meant for somebody else."""
        while self._showing:
            self._orders.put_nowait(self._showing.popitem()[0])

    def _take_back(self) -> None:
        if self._store.shut_out:
            self._take_all_back()
        elif self._store.ready:  # half a picture would take back what is still true
            for id_ in gone(self._showing, self._board.alerts):
                del self._showing[id_]
                self._orders.put_nowait(id_)

    def _order(self, came: tuple[Alert, ...]) -> None:
        for notification in notifications(came, self._store.why_not):
            self._showing[notification.id] = notification
            self._orders.put_nowait(notification)

    async def _carry_out(self) -> None:
        while True:
            order = await self._orders.get()
            try:
                if isinstance(order, str):
                    await self._notifier.withdraw(order)
                elif order.id in self._showing:
                    await self._show(order)
            except NotifierError as error:
                self._say(tr("No notification service"), error)
            finally:
                self._orders.task_done()

    async def _show(self, notification: Notification) -> None:
        def pressed(intents: tuple[Intent, ...]) -> None:
            self._showing.pop(notification.id, None)
            if intents:
                self.wanted.emit(intents[0] if len(intents) == 1 else intents)

        await self._notifier.show(notification, pressed)
        self._say("", None)

    def _say(self, status: str, error: NotifierError | None) -> None:
        """Once: what is not shown stands in the panel all the same."""
        if status != self.status:
            self.status = status
            logger.info("notifications: %s", error or "shown")
            self.status_changed.emit(status)
