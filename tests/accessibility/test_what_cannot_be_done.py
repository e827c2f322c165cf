"""What a platform cannot do in a room is visible, off, and says why, wherever there is a control for it; nothing else
is off.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget, QWidgetAction

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.alerts.alert_card import AlertCard
from moderator.desktop.alerts.tray import Tray
from moderator.desktop.dialogs.disconnect_dialog import DisconnectDialog
from moderator.desktop.dialogs.end_room_dialog import EndRoomDialog
from moderator.desktop.dialogs.extend_dialog import ExtendDialog
from moderator.desktop.dialogs.indicators import ThemedCheckBox
from moderator.desktop.dialogs.message_dialog import MessageDialog
from moderator.desktop.room.blocked import Blocked
from moderator.desktop.room.people import People
from moderator.desktop.room.summary import Summary
from moderator.desktop.tables.columns import Column, text, tooltip
from moderator.desktop.theme.look import Look
from moderator.desktop.window.menus import room_menu
from moderator.domain.rooms import Block, Failure, Room, Stream
from moderator.domain.settings import Capability
from tests.fakes.desktop import ALL_BY_PROVIDER, NOW, a_person, a_room, a_store, a_violation, a_warning
from tests.fakes.window import OpenWindow, opened, until

WHY: Final = "That platform has no such call"
STREAMS: Final = (Stream("mic", "microphone", "", NOW), Stream("slides", "screen", "", NOW))
BUSY: Final = replace(
    a_room(
        "busy",
        left_s=50,
        warnings=[a_warning(60)],
        people=[a_person("lee", "Lee"), replace(a_person("eve", "Eve"), streams=STREAMS)],
        violations=[a_violation("eve")],
    ),
    blocks=(Block(user="bill", until=None, by="maya", reason="conduct"),),
    failures=tuple(
        Failure(command, target, NOW, 1, "no answer")
        for command, target in {
            "mute": "eve",
            "revoke": "eve",
            "restore": "lee",
            "message": "",
            "extension": "",
        }.items()
    ),
)
"""Somebody to do everything with, and something that failed of each sort."""
LATE: Final = a_room("late", left_s=-5, expired=True)

OFF: Final[dict[str, set[str]]] = {
    "extend": {
        *("table: +5", "summary: Extend 5 min", "summary: Custom…", "alert: +5 min", "alert: Extend…"),
        *("menu: Extend", "menu: Extend by…", "tray: +5 min", "tray: Extend…"),
        "dialog: Extend by 5 min",
    },
    "disconnect": {
        *("people: Disconnect…", "person: Disconnect…", "menu: Disconnect somebody…"),
        *("alert: Disconnect and block…", "tray: Disconnect and block…", "dialog: Disconnect Eve"),
        *("summary: Lock", "menu: Lock or unlock"),
    },
    "block": {"dialog: Keep out"},
    "readmit": {"blocked: Re-admit"},
    "mute": {"people: Mute", "person: Mute", "alert: Mute", "tray: Mute"},
    "revoke": {
        *("person: Take the microphone away", "person: Give the microphone back"),
        *("alert: Take it away", "alert: Give it back", "tray: Take it away", "tray: Give it back"),
    },
    "stop_stream": {"person: Stop the shared screen"},
    "end": {
        *("summary: End room…", "menu: End the room…", "alert: End room…", "tray: End room…", "dialog: End busy"),
    },
    "message": {
        *("summary: Message…", "menu: Message…", "alert: Message…", "tray: Message…", "dialog: Send"),
    },
}
"""By capability, the controls that are off without it."""
KEYS: Final = {
    "extend": [("E", Qt.KeyboardModifier.NoModifier), ("E", Qt.KeyboardModifier.ShiftModifier)],
    "disconnect": [("D", Qt.KeyboardModifier.NoModifier)],
    "message": [("M", Qt.KeyboardModifier.NoModifier)],
    "end": [("E", Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)],
}


def without(room: Room, capability: str) -> Room:
    """The platform says of this room that it cannot be done."""
    return replace(room, capabilities={**ALL_BY_PROVIDER, capability: Capability(None, WHY)})


@pytest.fixture
async def open_(look: Look, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    """The window, with Eve selected in a room where there is everything to do."""
    async with opened(a_store(BUSY, LATE), look, tmp_path) as window:
        window.window.show_room(BUSY.key)
        window.window.pane.select_person("eve")
        yield window


Control = tuple[str, bool, str]
"""Where it is and what it says, whether it is on, and what it says of that."""


def buttons(where: str, part: QWidget) -> Iterator[Control]:
    for one in part.findChildren(QPushButton):
        if one.isVisible():
            yield f"{where}: {one.text()}", one.isEnabled(), one.accessibleDescription()


def entries(where: str, actions: list[QAction]) -> Iterator[Control]:
    for one in actions:
        if isinstance(one, QWidgetAction) or one.isSeparator():  # a heading
            continue
        words, _, _ = one.text().partition("\t")
        yield f"{where}: {words}", one.isEnabled(), one.toolTip()


def dialogs(open_: OpenWindow, look: Look) -> Iterator[Control]:
    store, clock, parent = open_.store, open_.store.time, open_.window
    leave = DisconnectDialog(store, look, clock, BUSY.key, "eve", parent)
    message = MessageDialog(store, look, clock, [BUSY.key], parent)
    message._text.setPlainText("Hello")
    others = [
        ExtendDialog(store, look, clock, [BUSY.key], parent),
        EndRoomDialog(store, look, clock, [BUSY.key], parent),
    ]
    (keep_out,) = leave.findChildren(ThemedCheckBox)
    explained = " ".join(label.text() for label in leave.findChildren(QLabel))
    yield "dialog: Keep out", keep_out.isEnabled(), explained
    for dialog in (leave, message, *others):
        button = dialog.verb_button
        yield f"dialog: {button.text()}", button.isEnabled(), button.accessibleDescription()
        dialog.deleteLater()


def controls(open_: OpenWindow, look: Look) -> list[Control]:
    """Everything that can be pressed about these rooms and people."""
    window = open_.window
    glance = window.table.model.glance(window.table.model.row_of(BUSY.key) or 0)
    tray = Tray(window.alerts.board, open_.store, look, window)
    (people,) = window.findChildren(People)
    submenus = [menu for action in tray.menu.actions() if isinstance(menu := action.menu(), QMenu)]
    found: list[Control] = [
        (f"table: {text(Column.EXTEND, glance)}", not glance.why_not_extend, tooltip(Column.EXTEND, glance)),
        *entries("menu", room_menu([BUSY.key], open_.store, look, print, window, window.keys).actions()),
        *entries("person", people.menu().actions()),
        *(one for menu in submenus for one in entries("tray", menu.actions())),
        *(one for card in window.findChildren(AlertCard) for one in buttons("alert", card)),
        *buttons("summary", window.findChildren(Summary)[0]),
        *buttons("blocked", window.findChildren(Blocked)[0]),
        *dialogs(open_, look),
    ]
    blocked = {one[0].removeprefix("blocked: ") for one in found if one[0].startswith("blocked: ")}
    found += [one for one in buttons("people", people) if one[0].removeprefix("people: ") not in blocked]
    tray.close()
    return found


async def test_with_everything_a_platform_can_do_all_controls_are_there_and_on(open_: OpenWindow, look: Look) -> None:
    found = controls(open_, look)
    assert set().union(*OFF.values()) <= {name for name, _, _ in found}
    assert [name for name, on, _ in found if not on] == []


@pytest.mark.parametrize("capability", OFF)
async def test_what_cannot_be_done_is_there_and_off_and_says_why(
    open_: OpenWindow, look: Look, capability: str
) -> None:
    open_.store.change(without(BUSY, capability), without(LATE, capability))
    open_.window.ticker.second.emit()  # what is on the cards is looked at once a second
    expected = {name.replace(" and block", "") if capability == "block" else name for name in OFF[capability]}
    off = {name: why for name, on, why in controls(open_, look) if not on}
    assert set(off) == expected
    assert [name for name, why in off.items() if WHY not in why] == []


@pytest.mark.parametrize(("capability", "key"), [(name, key) for name, keys in KEYS.items() for key in keys])
async def test_a_key_for_what_cannot_be_done_says_why(
    open_: OpenWindow, capability: str, key: tuple[str, Qt.KeyboardModifier]
) -> None:
    open_.store.change(without(BUSY, capability))
    open_.window.table.setFocus()
    open_.hands.press(Qt.Key[f"Key_{key[0]}"], key[1])
    await until(lambda: open_.window.notices.notice)
    assert open_.window.notices.notice
    assert (open_.window.notices.notice.text, open_.orders.asked, open_.routing.dialog) == (WHY, [], None)


@pytest.mark.parametrize("capability", ["extend", "disconnect", "end", "message"])
def test_among_several_rooms_one_that_can_is_enough(look: Look, qapp: object, capability: str) -> None:
    """What is pressed then is done for those that can; the rest is said, or listed in the dialog."""
    cannot, window = without(BUSY, capability), QWidget()
    store = a_store(cannot, LATE, without(a_room("third"), capability))
    names = {name.removeprefix("menu: ") for name in OFF[capability] if name.startswith("menu: ")}
    for rooms, on in (([cannot.key, LATE.key], True), ([cannot.key, a_room("third").key], False)):
        menu = room_menu(rooms, store, look, print, window, KeyBindings())
        found = {name.removeprefix("menu: "): is_on for name, is_on, _ in entries("menu", menu.actions())}
        assert {name: found[name] for name in names} == dict.fromkeys(names, on)
    window.deleteLater()
