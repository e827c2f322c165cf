"""The whole window as a screen reader and a keyboard meet it."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget

from moderator.desktop.dialogs.key_help import KeyHelp, KeyLine
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.theme.look import Look
from moderator.domain.rooms import Block, Lock, Room
from moderator.domain.state import Hold
from tests.fakes.desktop import a_person, a_room, a_store, a_violation, a_warning, an_appointment
from tests.fakes.window import OpenWindow, opened, until

BUTTONS: Final = {QAccessible.Role.PushButton, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton}
INTRUDERS: Final = (a_person("eve", "Eve"), a_person("otto", "Otto"))
BLOCK: Final = Block(user="mallory", until=None, by="maya", reason="conduct")


def rooms() -> list[Room]:
    """Rooms that need somebody in every way, two of them in the same one."""
    calm = a_room("calm", left_s=3000)
    crowded = a_room(
        "crowded",
        left_s=250,
        people=[*calm.participants, *INTRUDERS],
        violations=[a_violation("eve"), a_violation("otto")],
        warnings=[a_warning(300)],
    )
    return [calm, crowded, a_room("next", left_s=50, warnings=[a_warning(300), a_warning(60)])]


@pytest.fixture
async def open_(look: Look, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    first, *others = rooms()
    blocked = replace(first, blocks=(BLOCK, replace(BLOCK, user="trudy")))
    async with opened(a_store(blocked, *others), look, tmp_path) as window:
        window.window.show_room(first.key)
        window.window.tell(Notice(tone="done", text="Done.", action="Undo"))
        yield window


def walk(found: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """What a screen reader can reach."""
    if found.state().invisible:
        return
    yield found
    for number in range(found.childCount()):
        child = found.child(number)
        if child.isValid():
            yield from walk(child)


def interface(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def described(found: QAccessibleInterface) -> str:
    return f"{found.role().name} {found.text(QAccessible.Text.Name)!r} {found.text(QAccessible.Text.Description)!r}"


def nameless(widget: QWidget) -> list[str]:
    """What can be used and says nothing of itself."""
    usable = [one for one in walk(interface(widget)) if one.state().focusable or one.role() in BUTTONS]
    assert usable
    return [described(one) for one in usable if not one.text(QAccessible.Text.Name).strip()]


def namesakes(widget: QWidget) -> list[str]:
    """Names that two buttons share."""
    names = Counter(one.text(QAccessible.Text.Name) for one in walk(interface(widget)) if one.role() in BUTTONS)
    return [name for name, count in names.items() if count > 1]


async def test_everything_that_can_be_used_has_a_name(open_: OpenWindow) -> None:
    assert nameless(open_.window) == []


async def test_no_two_buttons_of_a_part_share_a_name(open_: OpenWindow) -> None:
    window = open_.window
    for part in (window.alerts, window.pane, window.table, window.filter_bar, window.top_bar, window.notices):
        assert namesakes(part) == []


async def test_the_parts_have_names_and_roles(open_: OpenWindow) -> None:
    window = open_.window
    spoken = {part: interface(part).text(QAccessible.Text.Name) for part in (window.table.view, window.alerts)}
    assert list(spoken.values()) == ["Rooms", "Alerts"]
    rows = [interface(window.table.view).child(n) for n in range(interface(window.table.view).childCount())]
    assert any("next" in one.text(QAccessible.Text.Name) for one in rows)


@pytest.mark.parametrize("action", ["extend_custom", "message", "end", "disconnect"])
async def test_everything_in_a_dialog_has_a_name_of_its_own(open_: OpenWindow, action: str) -> None:
    room = open_.store.rooms()[0]
    open_.routing.want(Intent(action=action, room=room.key, participant="bill"))  # type: ignore[arg-type]
    dialog = await open_.in_dialog()
    assert (nameless(dialog), namesakes(dialog)) == ([], [])
    assert interface(dialog).text(QAccessible.Text.Name) == dialog.windowTitle() != ""
    focused = QApplication.focusWidget()
    assert focused is not None
    assert dialog.isAncestorOf(focused)
    open_.hands.press(Qt.Key.Key_Escape)
    await open_.back()


async def test_everything_in_the_list_of_keys_has_a_name(open_: OpenWindow) -> None:
    dialog = KeyHelp([KeyLine("Anywhere", ("Ctrl+Z",), "Undo")], open_.window)
    dialog.open()
    await until(dialog.isActiveWindow)
    assert nameless(dialog) == []
    dialog.reject()


# --- the keyboard --------------------------------------------------------------------------------------------------


def tour(open_: OpenWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> list[QWidget]:
    """Where the key leads until it has come round."""
    seen: list[QWidget] = []
    while len(seen) < 200:
        open_.hands.press(key, modifiers)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in seen:
            return seen
        seen.append(focused)
    raise AssertionError("it does not come round")


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)],
)
async def test_tab_reaches_every_part_and_every_button(
    open_: OpenWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    window = open_.window
    window.table.setFocus()
    reached = tour(open_, key, modifiers)
    for part in (window.table, window.pane, window.alerts, window.filter_bar, window.top_bar, window.source_bar):
        assert any(part is one or part.isAncestorOf(one) for one in reached), part
    wanted = [
        one
        for one in window.findChildren(QAbstractButton)
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert [one.accessibleName() or one.text() for one in wanted if one not in reached] == []


async def test_the_focus_is_never_on_what_cannot_be_used(open_: OpenWindow) -> None:
    lost = []
    for widget in tour(open_, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier):
        found = interface(widget)
        if not (widget.isVisible() and widget.isEnabled() and found.text(QAccessible.Text.Name)):
            lost.append(described(found))
    assert lost == []


async def test_the_focus_stays_somewhere_when_what_had_it_goes(open_: OpenWindow) -> None:
    window = open_.window
    open_.window.alerts.setFocus(Qt.FocusReason.ShortcutFocusReason)
    open_.store.show(rooms()[0])
    assert QApplication.focusWidget() is window.alerts
    window.show_room(rooms()[0].key)
    window.pane.take_focus()
    assert isinstance(QApplication.focusWidget(), QAbstractItemView)
    open_.store.show()
    open_.hands.press(Qt.Key.Key_F6)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.isVisible()


# --- what is announced, locked and held ----------------------------------------------------------------------------


@pytest.fixture
async def busy(look: Look, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    """A locked room with somebody who is expected, two removals, and policies that were held."""
    people = [*rooms()[0].participants, *(replace(one, state="disconnected", left_at=1) for one in INTRUDERS)]
    locked = replace(
        a_room("locked", people=people),
        locked=Lock(by="otto", at=0, people=()),
        appointment=an_appointment("appt-17", -400, "kim"),
    )
    store = a_store(locked, *rooms())
    store.session.state.hold = Hold("policy", 1, "too many")
    store.remember(locked, *(a_violation(one.id, policy="lock", enforced=True) for one in INTRUDERS))
    store.announce(an_appointment("appt-18", 1_800, "kim"), an_appointment("appt-19", 900))
    async with opened(store, look, tmp_path) as window:
        window.window.show_room(locked.key)
        yield window


async def test_what_policies_add_has_names_of_its_own(busy: OpenWindow) -> None:
    window = busy.window
    assert nameless(window) == []
    for part in (window.alerts, window.pane, window.filter_bar, window.top_bar, window.hold_strip):
        assert namesakes(part) == []
    busy.hands.press(Qt.Key.Key_F8)
    assert nameless(window.upcoming) == []
    rows = [one.text(QAccessible.Text.Name) for one in walk(interface(window.upcoming.view))]
    assert any(name.startswith("Appointment appt-18, starts ") for name in rows)


async def test_tab_reaches_what_is_announced(busy: OpenWindow) -> None:
    busy.hands.press(Qt.Key.Key_F8)
    reached = tour(busy, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
    assert busy.window.upcoming.view in reached
    assert busy.window.table.view not in reached
    assert any(busy.window.hold_strip.isAncestorOf(one) for one in reached)
