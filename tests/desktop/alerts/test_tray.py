import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMenu

from moderator.client.link import Link, LinkState
from moderator.desktop.actions.menu_entries import Command
from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.tray import MOST_ROOMS, Tray
from moderator.desktop.orders.intents import Intent
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.domain.settings import Capability
from tests.fakes.desktop import FakeStore, a_room, a_violation, a_warning

WARNED = a_room("a & b", left_s=47, warnings=[a_warning(60)])


@pytest.fixture
def tray(store: FakeStore, look: Look) -> Tray:
    return Tray(AlertBoard(store, store), store, look, store)


def test_it_offers_commands_of_the_window_with_their_reasons(tray: Tray) -> None:
    quits: list[None] = []
    tray.offer({"quit": Command(lambda: quits.append(None)), "duty": Command(print, lambda: "Not connected yet.")})
    assert labels(tray)[-2:] == ["Go on duty, or off duty", "Quit"]
    duty, quit_ = tray.menu.actions()[-2:]
    assert (duty.isEnabled(), duty.statusTip()) == (False, "Not connected yet.")
    quit_.trigger()
    assert len(quits) == 1


def labels(tray: Tray) -> list[str]:
    """What stands there when the menu is opened."""
    tray.menu.aboutToShow.emit()
    return [action.text() for action in tray.menu.actions() if not action.isSeparator()]


def test_calm(tray: Tray, store: FakeStore) -> None:
    store.link_changed(Link("live", "connected"))
    assert labels(tray) == ["Nothing needs you", "Status: Live", "Open"]
    assert tray.icon.toolTip() == "Moderator: Nothing needs you. Status: Live"


def test_rooms_that_need_somebody_with_what_can_be_done(tray: Tray, store: FakeStore) -> None:
    wishes: list[Intent] = []
    tray.wanted.connect(wishes.append)
    store.show(WARNED)
    assert labels(tray)[:2] == ["1 needs you", "a && b\t47 s left"]
    store.time.elapse(2000)
    assert labels(tray)[1] == "a && b\t45 s left"
    submenu = tray.menu.actions()[1].menu()
    extend, _, open_ = submenu.actions()  # type: ignore[attr-defined]  # PySide6 calls a menu an object
    extend.trigger()
    open_.trigger()
    assert [wish.action for wish in wishes] == ["extend", "select"]


def test_it_says_within_a_second_that_nothing_is_heard(tray: Tray, store: FakeStore) -> None:
    store.link_changed(Link("live", "connected"))
    store.time.elapse(60_000)
    tray.second()
    assert tray.icon.toolTip() == "Moderator: Nothing needs you. Status: Stale"


def test_what_cannot_be_done_is_off_and_says_why(tray: Tray, store: FakeStore) -> None:
    store.show(replace(WARNED, capabilities={"extend": Capability(None, "It cannot be extended")}))
    labels(tray)
    extend, acknowledge, _ = tray.menu.actions()[1].menu().actions()  # type: ignore[attr-defined]
    assert (extend.isEnabled(), extend.toolTip()) == (False, plain_tip("It cannot be extended"))
    assert acknowledge.isEnabled()


def test_a_reason_is_no_markup(tray: Tray, store: FakeStore) -> None:
    store.show(replace(WARNED, capabilities={"extend": Capability(None, "<b>no</b>\u202e")}))
    labels(tray)
    extend, *_ = tray.menu.actions()[1].menu().actions()  # type: ignore[attr-defined]
    assert extend.toolTip() == plain_tip("<b>no</b>\ufffd")


@pytest.mark.parametrize("state", ["signed_out", "forbidden"])
def test_where_nobody_is_let_in_it_names_nobody_not_even_before_it_is_opened(
    tray: Tray, store: FakeStore, state: LinkState
) -> None:
    store.show(WARNED)
    assert any("a && b" in label for label in labels(tray))
    store.link_changed(Link(state, "sign in"))
    assert not any("a && b" in action.text() for action in tray.menu.actions())
    store.link_changed(Link("live", "connected"))
    assert any("a && b" in label for label in labels(tray))


def test_an_open_menu_stays_as_it_is(tray: Tray, store: FakeStore) -> None:
    """A click on "+5 min" must not land on the room that took this place meanwhile."""
    store.show(WARNED)
    before = labels(tray)
    store.show(a_room("sooner", left_s=15, warnings=[a_warning(20)]), WARNED)
    store.link_changed(Link("reconnecting", "the gateway went away"))
    assert [action.text() for action in tray.menu.actions() if not action.isSeparator()] == before
    assert tray.icon.toolTip() == "Moderator: 2 need you. Status: Reconnecting"
    assert labels(tray)[1].startswith("sooner")


def test_opening_it_again_and_again_leaves_nothing_behind(tray: Tray, store: FakeStore) -> None:
    store.show(WARNED)
    for _ in range(5):
        tray.menu.aboutToShow.emit()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(tray.menu.findChildren(QMenu)) == 1


def test_the_picture_follows_the_worst(tray: Tray, store: FakeStore, qapp: QApplication) -> None:
    def picture() -> bytes:
        return bytes(tray.icon.icon().pixmap(32, 32).toImage().constBits())

    pictures = {picture()}
    store.show(a_room(left_s=271, warnings=[a_warning(300)]))
    pictures.add(picture())
    store.show(WARNED)
    pictures.add(picture())
    store.show(WARNED, a_room("b", violations=[a_violation("bill")]))
    pictures.add(picture())
    assert len(pictures) == 4


def test_more_than_fit_are_counted(tray: Tray, store: FakeStore) -> None:
    rooms = [a_room(f"r{number}", left_s=47, warnings=[a_warning(60)]) for number in range(5)]
    store.show(*rooms, *(a_room(f"v{number}", violations=[a_violation("bill")]) for number in range(5)))
    assert labels(tray)[0] == "10 need you"
    assert f"{10 - MOST_ROOMS} more\u2026" in labels(tray)


def test_no_notification_service_is_said(tray: Tray) -> None:
    tray.say("No notification service")
    assert "No notification service" in labels(tray)
    tray.show()
    tray.close()
