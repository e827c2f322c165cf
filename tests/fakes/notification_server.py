"""A private session bus with a stand-in for the desktop's notification service, which can press buttons."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated, Final

from dbus_fast import DBusError
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal
from msgspec import Struct

NAME: Final = "org.freedesktop.Notifications"
PATH: Final = "/org/freedesktop/Notifications"
BY_PERSON: Final = 2
BY_SERVICE: Final = 3
Texts = Annotated[list[str], DBusSignature("as")]
FourTexts = Annotated[list[str], DBusSignature("ssss")]
TwoNumbers = Annotated[list[int], DBusSignature("uu")]
NumberAndText = Annotated[list[int | str], DBusSignature("us")]
_CONFIG: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir={folder}</listen>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


class Shown(Struct):
    """One notification as it was asked for."""

    id: int
    app: str
    icon: str
    title: str
    text: str
    buttons: dict[str, str]
    """Label by key."""
    urgency: int
    closed: bool = False


class NotificationServer(ServiceInterface):
    """`org.freedesktop.Notifications`, as far as anybody needs it."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self.shown: list[Shown] = []
        self.refuses = False
        """Whether it shows nothing and says so."""
        self._news = asyncio.Event()

    @property
    def open(self) -> list[Shown]:
        """What is on the screen."""
        return [one for one in self.shown if not one.closed]

    async def until(self, condition: Callable[[], bool], timeout_s: float = 30.0) -> None:
        """Wait until what is shown is as expected. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def press(self, shown: Shown, label: str) -> None:
        """Press the button that says so; an empty label is a click beside the buttons."""
        key = next(key for key, said in shown.buttons.items() if said == label)
        self.was_pressed(shown.id, key)
        self._close(shown, BY_SERVICE)

    def dismiss(self, shown: Shown) -> None:
        """Close it by its cross."""
        self._close(shown, BY_PERSON)

    def changed(self) -> None:
        """Something that `until` waits for may have happened."""
        self._news.set()

    def _close(self, shown: Shown, reason: int) -> None:
        shown.closed = True
        self.was_closed(shown.id, reason)
        self.changed()

    # --- the service -----------------------------------------------------------------------------------------------

    @dbus_method("GetCapabilities")
    def capabilities(self) -> Texts:
        return ["actions", "body", "persistence"]

    @dbus_method("GetServerInformation")
    def information(self) -> FourTexts:
        return ["stand-in", "tests", "1", "1.2"]

    @dbus_method("Notify")
    def notify(
        self,
        app: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        title: DBusStr,
        text: DBusStr,
        actions: Texts,
        hints: DBusDict,
        timeout: DBusInt32,
    ) -> DBusUInt32:
        if self.refuses:
            raise DBusError("org.freedesktop.Notifications.Error", "not now")
        buttons = dict(zip(actions[::2], actions[1::2], strict=True))
        id_ = len(self.shown) + 1
        self.shown.append(Shown(id_, app, icon, title, text, buttons, int(hints["urgency"].value)))
        self.changed()
        return id_

    @dbus_method("CloseNotification")
    def close(self, id_: DBusUInt32) -> None:
        for one in self.open:
            if one.id == id_:
                self._close(one, BY_SERVICE)

    @dbus_signal("NotificationClosed")
    def was_closed(self, id_: int, reason: int) -> TwoNumbers:
        return [id_, reason]

    @dbus_signal("ActionInvoked")
    def was_pressed(self, id_: int, key: str) -> NumberAndText:
        return [id_, key]


@contextmanager
def private_bus(folder: Path) -> Iterator[str]:
    """A session bus of our own; yields its address, which goes into `DBUS_SESSION_BUS_ADDRESS`."""
    config = folder / "bus.conf"
    config.write_text(_CONFIG.format(folder=folder), "utf-8")
    arguments = ("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address")
    # Not through asyncio: on Qt's loop nobody would hear of the process's end.
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        try:
            assert daemon.stdout is not None
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


@asynccontextmanager
async def notification_server(address: str) -> AsyncIterator[NotificationServer]:
    """The service on this bus, until the end of the block."""
    bus = await MessageBus(bus_address=address).connect()
    server = NotificationServer()
    bus.export(PATH, server)
    await bus.request_name(NAME)
    try:
        yield server
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # a gap in the library's types
