"""The switch that says who is on duty."""

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from moderator.desktop.orders.intents import Intent
from moderator.desktop.theme.look import Look
from moderator.desktop.window.duty_button import MOST_NAMED, DutyButton
from moderator.domain.rooms import Person
from tests.fakes.desktop import MAYA, FakeStore

OTTO = Person("otto", "Otto")
MYSELF = Person(MAYA.id, MAYA.name)


def button(qtbot: QtBot, store: FakeStore, look: Look) -> tuple[DutyButton, list[Intent]]:
    made = DutyButton(store, look)
    qtbot.addWidget(made)
    wanted: list[Intent] = []
    made.wanted.connect(wanted.append)
    return made, wanted


def test_a_click_asks_for_the_other_and_it_shows_when_it_is_so(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made, wanted = button(qtbot, store, look)
    made.click()
    assert (made.text(), made.isChecked(), wanted) == ("Off duty", False, [Intent(action="go_on_duty")])
    store.put_on_duty(MYSELF)
    assert (made.text(), made.isChecked(), made.accessibleName()) == ("On duty", True, "You are on duty")
    made.click()
    assert (made.isChecked(), wanted[1]) == (True, Intent(action="go_off_duty"))


def test_it_tells_who_else_is_on_duty(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made, _ = button(qtbot, store, look)
    assert made.summary() == "Nobody is on duty"
    store.put_on_duty(OTTO)
    assert made.summary() == "On duty: Otto"
    store.put_on_duty(OTTO, MYSELF)
    assert made.summary() == "On duty with you: Otto"
    store.put_on_duty(MYSELF)
    assert made.summary() == made.accessibleDescription() == "Only you are on duty"
    store.put_on_duty(*(Person(f"m{n}") for n in range(MOST_NAMED + 2)))
    assert made.summary().endswith(" and 2 more")


def test_who_may_not_says_why(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made, wanted = button(qtbot, store, look)
    store.signed_in(replace(MAYA, scopes=("rooms:read",)))
    made.click()
    assert (made.isEnabled(), wanted) == (False, [])
    assert "rooms:watch" in made.accessibleDescription()


def test_where_there_is_little_room_the_icon_says_it(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made, _ = button(qtbot, store, look)
    made.shorten(True)
    assert (made.text(), made.accessibleName()) == ("", "You are off duty")
    made.shorten(False)
    assert made.text() == "Off duty"
