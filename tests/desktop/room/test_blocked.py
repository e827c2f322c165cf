from msgspec.structs import replace
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.orders.intents import Intent
from moderator.desktop.room.blocked import Blocked
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Block
from tests.fakes.desktop import NOW, a_person, a_room, a_store

ANA = replace(a_person("c9", "Ana", user="u9"), state="left", left_at=NOW)
ROOM = replace(
    a_room(people=(ANA,)),
    blocks=(
        Block(user="u9", until=None, by="maya", reason="not_listed"),
        Block(user="u8", until=NOW + 60_000, by="maya", reason="conduct"),
        Block(user="u7", until=NOW, by="maya", reason="conduct"),
    ),
)


def test_one_click_readmits_whoever_is_still_blocked(qtbot: QtBot, look: Look) -> None:
    store = a_store(ROOM)
    blocked = Blocked(store, look)
    qtbot.addWidget(blocked)
    wanted: list[Intent] = []
    blocked.wanted.connect(wanted.append)
    blocked.show_room(ROOM)
    buttons = {button.accessibleName(): button for button in blocked.findChildren(QPushButton)}
    assert list(buttons) == ["Re-admit Ana", "Re-admit u8"]
    buttons["Re-admit Ana"].click()
    assert wanted == [Intent(action="readmit", room=ROOM.key, user="u9")]


def test_a_block_that_ends_goes_by_itself(qtbot: QtBot, look: Look) -> None:
    store = a_store(ROOM)
    blocked = Blocked(store, look)
    qtbot.addWidget(blocked)
    blocked.show_room(ROOM)
    store.time.elapse(60_000)
    blocked.second()
    assert len(blocked.findChildren(QPushButton)) == 1


def test_nobody_blocked_shows_nothing(qtbot: QtBot, look: Look) -> None:
    blocked = Blocked(a_store(), look)
    qtbot.addWidget(blocked)
    blocked.show_room(a_room())
    assert blocked.isHidden()


def test_the_same_person_blocked_in_two_rooms_is_let_into_the_one_that_is_shown(qtbot: QtBot, look: Look) -> None:
    other = replace(a_room("neuro-3"), blocks=ROOM.blocks)
    blocked = Blocked(a_store(ROOM, other), look)
    qtbot.addWidget(blocked)
    wanted: list[Intent] = []
    blocked.wanted.connect(wanted.append)
    blocked.show_room(ROOM)
    blocked.show_room(other)
    blocked.findChildren(QPushButton)[0].click()
    assert wanted == [Intent(action="readmit", room=other.key, user="u9")]


def test_of_two_of_one_name_each_line_says_which(qtbot: QtBot, look: Look) -> None:
    twin = replace(ANA, id="c8", user="u8")
    blocked = Blocked(a_store(ROOM), look)
    qtbot.addWidget(blocked)
    blocked.show_room(replace(ROOM, participants=(ANA, twin)))
    assert [button.accessibleName() for button in blocked.findChildren(QPushButton)] == [
        "Re-admit Ana (u9)",
        "Re-admit Ana (u8)",
    ]
