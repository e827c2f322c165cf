from msgspec.structs import replace
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.orders.intents import Intent
from moderator.desktop.past.past_bar import HEIGHT_PX as PAST_BAR_PX
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.room.big_time import BigTime
from moderator.desktop.room.room_pane import SUMMARY_PX
from moderator.desktop.room.summary import Summary
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.domain.rooms import Lock, Person, Room
from moderator.domain.settings import Capability
from tests.fakes.desktop import ALL_BY_PROVIDER, FakeStore, a_room, a_store, an_appointment, limits

ROOM = a_room(left_s=47)


class Shown:
    """The summary of a room, and what was wanted."""

    def __init__(self, qtbot: QtBot, look: Look, room: Room = ROOM) -> None:
        self.store: FakeStore = a_store(room)
        self.wanted: list[Intent] = []
        self.summary = Summary(self.store, look, KeyBindings())
        qtbot.addWidget(self.summary)
        self.summary.wanted.connect(self.wanted.append)
        self.summary.show_room(room.key)

    @property
    def big(self) -> str:
        return self.summary.findChildren(BigTime)[0].text

    def button(self, text: str) -> QPushButton:
        return next(one for one in self.summary.findChildren(QPushButton) if one.text() == text)


def test_the_countdown_follows_the_gateways_clock(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    assert shown.big == "00:47"
    shown.store.time.elapse(1_000)
    shown.summary.tick()
    assert shown.big == "00:46"


def test_it_is_approximate_once_the_picture_is_stale(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.store.time.elapse(20_000)
    shown.summary.tick()
    assert shown.big == "≈ 00:27"


def test_over_time_counts_up(qtbot: QtBot, look: Look) -> None:
    assert Shown(qtbot, look, a_room(left_s=-133)).big == "+02:13 over"


def test_each_button_wants_its_own(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    for text in ("Extend 5 min", "Custom…", "Message…", "End room…", "Claim"):
        shown.button(text).click()
    assert [one.action for one in shown.wanted] == ["extend", "extend_custom", "message", "end", "claim"]
    assert {one.room for one in shown.wanted} == {ROOM.key}


def test_the_step_is_the_rooms_own(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look, a_room(rules=limits(step_ms=30_000)))
    assert shown.button("Extend 30 s").isEnabled()


def test_a_room_without_an_end_is_offered_one(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look, a_room(left_s=None))
    assert shown.button("Custom…").isHidden()
    shown.button("Set the end…").click()
    assert [one.action for one in shown.wanted] == ["extend"]
    shown.store.change(ROOM)
    shown.summary.refresh()
    assert (shown.button("Extend 5 min").isEnabled(), shown.button("Custom…").isHidden()) == (True, False)


def test_what_is_off_says_why_to_eyes_and_ears(qtbot: QtBot, look: Look) -> None:
    room = replace(ROOM, capabilities={**ALL_BY_PROVIDER, "message": Capability(None, "No call for messages")})
    button = Shown(qtbot, look, room).button("Message…")
    why = "No call for messages"
    assert (button.isEnabled(), button.toolTip(), button.accessibleDescription()) == (False, plain_tip(why), why)


def test_an_owner_can_release_and_nobody_else(qtbot: QtBot, look: Look) -> None:
    mine = Shown(qtbot, look, a_room(owner=Person("maya", "Maya")))
    assert (mine.button("Claim").isHidden(), mine.button("Release").isHidden()) == (True, False)
    other = Shown(qtbot, look, a_room(owner=Person("leo", "Leo")))
    assert (other.button("Claim").isHidden(), other.button("Release").isHidden()) == (False, True)


def test_a_room_that_went_meanwhile_is_no_crash(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.store.drop(ROOM.key)
    shown.summary.refresh()
    shown.summary.tick()
    assert shown.big == "00:47"


def test_a_screen_reader_is_told_the_time_of_the_room_that_is_shown(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    other = a_room("neuro-3", left_s=133)
    shown.store.change(other)
    shown.summary.show_room(other.key)
    assert shown.summary.findChildren(BigTime)[0].accessibleName() == "Time left: 02:13"


def test_a_lock_says_whose_it_is_and_can_be_taken_off(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look)
    shown.button("Lock").click()
    shown.store.put_on_duty(Person("otto", "Otto"))
    shown.store.change(replace(ROOM, locked=Lock(by="otto", at=0, people=())))
    shown.summary.refresh()
    assert [one.text() for one in shown.summary.findChildren(ElidedLabel) if "Locked" in one.text()] == [
        "Locked by Otto"
    ]
    assert shown.button("Lock").isHidden()
    shown.button("Unlock").click()
    assert [one.action for one in shown.wanted] == ["lock", "unlock"]


def test_what_comes_next_in_the_room_is_said(qtbot: QtBot, look: Look) -> None:
    shown = Shown(qtbot, look, replace(ROOM, next_appointment=an_appointment("appt-18", 60)))
    (line,) = [one for one in shown.summary.findChildren(QLabel) if "appt-18" in one.text()]
    assert not line.isHidden()


def test_looked_back_at_it_has_room_for_who_looks_after_it(qtbot: QtBot, look: Look) -> None:
    """The line that says when it was takes as much as the orders, none of which counts there."""
    summary = Summary(a_store(a_room()), look, KeyBindings())
    qtbot.addWidget(summary)
    summary.show_room(a_room().key)
    summary.show()
    before = summary.heightForWidth(SUMMARY_PX)
    summary.set_past(past=True)
    assert summary.heightForWidth(SUMMARY_PX) <= before - PAST_BAR_PX
    summary.set_past(past=False)
    assert summary.heightForWidth(SUMMARY_PX) == before
