from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from moderator.desktop.alerts.alert import AlertAction
from moderator.desktop.alerts.notifications import NotifierError
from moderator.desktop.alerts.system_notifier import SystemNotifier
from moderator.desktop.alerts.warning_watch import Notification
from moderator.desktop.orders.intents import Intent
from tests.fakes.notification_server import NotificationServer, notification_server, private_bus

EXTEND = AlertAction("+5 min", (Intent(action="extend"),))
OPEN = AlertAction("Open", (Intent(action="select"),))


def a_notification(id_: str = "one", text: str = "Ends at 14:05.") -> Notification:
    return Notification(
        id=id_,
        alerts=frozenset({id_}),
        title="cardio-14",
        text=text,
        urgent=True,
        actions=(EXTEND, OPEN),
        opens=OPEN,
    )


def ignore(intents: tuple[Intent, ...]) -> None:
    """Nobody presses anything."""


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with private_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
async def server(address: str) -> AsyncIterator[NotificationServer]:
    async with notification_server(address) as server:
        yield server


@pytest.fixture
async def notifier(address: str) -> AsyncIterator[SystemNotifier]:
    notifier = SystemNotifier()
    yield notifier
    await notifier.close()


async def test_a_notification_is_shown_and_taken_back(server: NotificationServer, notifier: SystemNotifier) -> None:
    await notifier.show(a_notification(), ignore)
    (shown,) = server.open
    assert (shown.app, shown.title, shown.text, shown.urgency) == ("Moderator", "cardio-14", "Ends at 14:05.", 2)
    await notifier.withdraw("one")
    assert server.open == []


@pytest.mark.parametrize(("label", "action"), [("+5 min", EXTEND), ("Open", OPEN), ("", OPEN)])
async def test_a_button_is_a_wish(
    label: str, action: AlertAction, server: NotificationServer, notifier: SystemNotifier
) -> None:
    wishes: list[Intent] = []

    def pressed(intents: tuple[Intent, ...]) -> None:
        wishes.extend(intents)
        server.changed()

    await notifier.show(a_notification(), pressed)
    server.press(server.open[0], label)
    await server.until(lambda: bool(wishes))
    assert tuple(wishes) == action.intents


async def test_taking_back_what_the_person_closed_is_harmless(
    server: NotificationServer, notifier: SystemNotifier
) -> None:
    await notifier.show(a_notification(), ignore)
    server.dismiss(server.open[0])
    await notifier.withdraw("one")
    await notifier.withdraw("one")
    await notifier.withdraw("never shown")
    assert server.open == []


async def test_names_are_no_markup(server: NotificationServer, notifier: SystemNotifier) -> None:
    await notifier.show(a_notification(text="<b>Bill</b> & Ann"), ignore)
    assert not set("<>&") & set(server.open[0].text)


async def test_nothing_stays_on_the_screen(server: NotificationServer, notifier: SystemNotifier) -> None:
    await notifier.show(a_notification("one"), ignore)
    await notifier.show(a_notification("two"), ignore)
    await notifier.close()
    assert server.open == []


async def test_no_service_is_an_error_in_a_sentence_and_its_coming_is_noticed(
    address: str, notifier: SystemNotifier
) -> None:
    with pytest.raises(NotifierError, match="does not answer"):
        await notifier.show(a_notification(), ignore)
    async with notification_server(address) as server:
        await notifier.show(a_notification(), ignore)
        assert len(server.open) == 1


async def test_no_bus_is_an_error_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(NotifierError, match="does not answer"):
        await SystemNotifier().show(a_notification(), ignore)


async def test_a_service_that_refuses_is_an_error(server: NotificationServer, notifier: SystemNotifier) -> None:
    server.refuses = True
    with pytest.raises(NotifierError, match="did not take"):
        await notifier.show(a_notification(), ignore)
