"""The system's own notifications, through the desktop-notifier library. The only module that imports it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

import desktop_notifier

from moderator.desktop.alerts.notifications import NotifierError
from moderator.desktop.alerts.warning_watch import Notification
from moderator.desktop.orders.intents import Intent

APP_NAME: Final = "Moderator"
ANSWER_S: Final = 5.0
"""A notification service that says nothing for so long is as good as none."""
_NO_MARKUP: Final = str.maketrans({"<": "\u2039", ">": "\u203a", "&": "\uff06"})
"""Services read texts as markup, or not, and the library does not tell: names must look the same either way."""
T = TypeVar("T")

# It writes a traceback for what we tell in a sentence.
logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)


class SystemNotifier:
    """A `moderator.desktop.alerts.notifications.Notifier`: Notification Center, the notifications of Windows, or
    `org.freedesktop.Notifications` on D-Bus."""

    def __init__(self, icon: Path | None = None) -> None:
        self._icon = desktop_notifier.Icon(path=icon) if icon else None
        self._desktop: desktop_notifier.DesktopNotifier | None = None
        self._names: dict[str, str] = {}
        """The library's name of each notification that was shown."""

    async def show(self, notification: Notification, pressed: Callable[[tuple[Intent, ...]], None]) -> None:
        desktop = await self._connected()
        sent = asyncio.Event()
        native = _native(notification, pressed, sent.set)
        await self._asked(desktop.send_notification(native))
        if not sent.is_set():
            await self._let_go()
            raise NotifierError("the notification service did not take a notification")
        self._names[notification.id] = native.identifier

    async def withdraw(self, id_: str) -> None:
        name = self._names.pop(id_, "")
        if self._desktop is not None and name in await self._asked(self._desktop.get_current_notifications()):
            await self._asked(self._desktop.clear(name))

    async def close(self) -> None:
        if self._desktop is not None:
            await self._asked(self._desktop.clear_all())
            await self._let_go()

    async def _connected(self) -> desktop_notifier.DesktopNotifier:
        if self._desktop is None:
            self._desktop = desktop_notifier.DesktopNotifier(APP_NAME, self._icon)
            await self._asked(self._desktop.get_capabilities())  # unlike `send`, this fails where nobody answers
        return self._desktop

    async def _asked(self, answer: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(ANSWER_S):
                return await answer
        except Exception as error:  # each platform's backend raises its own, and documents none
            await self._let_go()
            raise NotifierError(
                f"the notification service does not answer: {str(error) or type(error).__name__}"
            ) from error

    async def _let_go(self) -> None:
        """The next notification connects again. The library has no such method, so its bus is closed for it."""
        desktop, self._desktop = self._desktop, None
        self._names.clear()
        bus = getattr(desktop._backend, "bus", None) if desktop else None
        if bus is not None and bus.connected:
            bus.disconnect()
            await bus.wait_for_disconnect()


def _native(
    notification: Notification, pressed: Callable[[tuple[Intent, ...]], None], sent: Callable[[], None]
) -> desktop_notifier.Notification:
    def button(label: str, intents: tuple[Intent, ...]) -> desktop_notifier.Button:
        return desktop_notifier.Button(label, on_pressed=lambda: pressed(intents))

    urgency = desktop_notifier.Urgency
    return desktop_notifier.Notification(
        title=notification.title,
        message=notification.text.translate(_NO_MARKUP),
        urgency=urgency.Critical if notification.urgent else urgency.Normal,
        buttons=tuple(button(action.label, action.intents) for action in notification.actions),
        on_clicked=lambda: pressed(notification.opens.intents),
        on_dispatched=sent,
    )
