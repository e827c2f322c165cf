"""Count the keys: what each task of a moderator takes, in the whole window on known rooms."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLabel

from moderator.desktop.actions.action import PLACES
from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.actions.actions import action as find_action
from moderator.desktop.dialogs.disconnect_dialog import DisconnectDialog
from moderator.desktop.dialogs.end_room_dialog import EndRoomDialog
from moderator.desktop.dialogs.extend_dialog import ExtendDialog
from moderator.desktop.dialogs.message_dialog import MessageDialog
from moderator.desktop.orders.intents import DisconnectOrder, Intent
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.resources import resource
from moderator.desktop.widgets.action_button import ActionButton
from moderator.domain.rooms import Person
from tests.fakes.desktop import MAYA, a_room, a_store, an_appointment
from tests.fakes.window import CALM, CROWDED, NEXT, OpenWindow, has_focus, opened, the_alert_of, until

Key, Shift, Control = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier

MINUTE_S = 60


@pytest.fixture
async def open_(look: Look, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    """Three rooms: one ends next, one has somebody too many, one needs nobody."""
    async with opened(a_store(CALM, NEXT, CROWDED), look, tmp_path) as window:
        yield window


async def test_the_room_that_ends_next_is_selected_and_one_key_extends_it(open_: OpenWindow) -> None:
    assert open_.selected == ["next"]
    open_.hands.press(Key.Key_E)
    assert await open_.asked(1) == [(Intent(action="extend", room=NEXT.key),)]
    assert open_.hands.pressed == 1


async def test_three_keys_extend_by_an_amount_of_ones_own(open_: OpenWindow) -> None:
    open_.hands.press(Key.Key_E, Shift)
    assert isinstance(await open_.in_dialog(), ExtendDialog)
    open_.hands.press(Key.Key_7)
    open_.hands.press(Key.Key_Return)
    assert await open_.asked(1) == [(Intent(action="extend", room=NEXT.key, seconds=7 * MINUTE_S),)]
    assert open_.hands.pressed == 3
    await open_.back()
    assert has_focus(open_.window.table)


async def test_two_keys_on_the_alert_disconnect_and_block(open_: OpenWindow) -> None:
    the_alert_of(open_, "crowded").setFocus()
    open_.hands.press(Key.Key_Return)
    await until(lambda: open_.routing.dialog and open_.routing.dialog.isActiveWindow())
    open_.hands.press(Key.Key_Return)  # meant for something else: it comes too soon
    assert open_.orders.asked == []
    await open_.in_dialog()
    open_.hands.press(Key.Key_Return)
    (order,) = await open_.asked(1)
    assert isinstance(order, DisconnectOrder)
    assert (order.room, order.participants, order.user) == (CROWDED.key, ("eve",), "eve")
    assert order.block
    assert open_.hands.pressed == 2 + 1


@pytest.mark.parametrize(("after_s", "expected"), [(599, 2), (601, 1)])
async def test_ctrl_z_readmits_for_ten_minutes(open_: OpenWindow, after_s: int, expected: int) -> None:
    the_alert_of(open_, "crowded").setFocus()
    open_.hands.press(Key.Key_Return)
    await open_.in_dialog()
    open_.hands.press(Key.Key_Return)
    await open_.asked(1)
    await open_.back()
    open_.store.time.elapse(after_s * 1000)
    open_.hands.press(Key.Key_Z, Control)
    if expected == 2:
        assert (await open_.asked(2))[1] == (Intent(action="readmit", room=CROWDED.key, user="eve"),)
    else:
        shown = open_.window.notices.notice
        assert shown is not None
        assert shown.text == "There is nothing to undo."
        assert len(open_.orders.asked) == 1


async def test_one_key_acknowledges(open_: OpenWindow) -> None:
    open_.hands.press(Key.Key_A)
    assert await open_.asked(1) == [(Intent(action="acknowledge", room=NEXT.key),)]


async def test_fourteen_rooms_are_extended_after_a_preview(look: Look, tmp_path: Path) -> None:
    rooms = [a_room(f"ward-{number}", left_s=600 + number) for number in range(14)]
    async with opened(a_store(CALM, *rooms), look, tmp_path) as open_:
        open_.window.top_bar.search.setText("ward")
        open_.hands.press(Key.Key_A, Control)
        open_.hands.press(Key.Key_E)
        dialog = await open_.in_dialog()
        assert open_.orders.asked == []
        assert dialog.windowTitle() == "Extend 14 rooms"
        open_.hands.press(Key.Key_Return)
        (wishes,) = await open_.asked(1)
        assert {one.room for one in wishes} == {room.key for room in rooms}
        assert {(one.action, one.seconds) for one in wishes} == {("extend", 5 * MINUTE_S)}
        assert open_.hands.pressed == 3


async def test_the_preview_names_those_that_cannot_be_extended(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(NEXT, a_room("open-end", left_s=None)), look, tmp_path) as open_:
        open_.hands.press(Key.Key_A, Control)
        open_.hands.press(Key.Key_E)
        dialog = await open_.in_dialog()
        assert "has no deadline" in [label.text() for label in dialog.findChildren(QLabel)]
        open_.hands.press(Key.Key_Return)
        (wishes,) = await open_.asked(1)
        assert [one.room for one in wishes] == [NEXT.key]


@pytest.mark.parametrize(("owner", "expected"), [(None, "claim"), ("otto", "claim"), (MAYA.id, "release")])
async def test_one_key_claims_and_releases(open_: OpenWindow, owner: str | None, expected: str) -> None:
    open_.store.change(replace(NEXT, owner=Person(owner, owner) if owner else None))
    open_.hands.press(Key.Key_C)
    ((wish,),) = await open_.asked(1)
    assert (wish.action, wish.room) == (expected, NEXT.key)


async def test_d_asks_about_the_only_one_whom_a_policy_objects_to(open_: OpenWindow) -> None:
    open_.window.show_room(CROWDED.key)
    open_.hands.press(Key.Key_D)
    dialog = await open_.in_dialog()
    assert isinstance(dialog, DisconnectDialog)
    assert dialog.windowTitle() == "Disconnect Eve from crowded"


async def test_d_leads_to_the_people_where_it_could_mean_several(open_: OpenWindow) -> None:
    chosen: list[object] = []
    open_.routing.person_wanted.connect(chosen.append)
    open_.hands.press(Key.Key_D)
    assert (chosen, open_.routing.dialog) == ([NEXT.key], None)


async def test_the_end_of_a_room_has_its_key(open_: OpenWindow) -> None:
    open_.hands.press(Key.Key_E, Shift | Control)
    assert isinstance(await open_.in_dialog(), EndRoomDialog)


async def test_a_message_to_several_rooms_is_written_once(open_: OpenWindow) -> None:
    open_.hands.press(Key.Key_A, Control)
    open_.hands.press(Key.Key_M)
    dialog = await open_.in_dialog()
    assert isinstance(dialog, MessageDialog)
    assert (dialog.windowTitle(), open_.orders.asked) == ("Message to 3 rooms", [])


async def test_what_is_about_one_person_is_not_guessed_among_several_rooms(open_: OpenWindow) -> None:
    open_.hands.press(Key.Key_A, Control)
    open_.hands.press(Key.Key_D)
    assert open_.routing.dialog is None
    shown = open_.window.notices.notice
    assert shown is not None
    assert shown.text.startswith("Select one room")


async def test_letters_in_the_search_are_no_orders(open_: OpenWindow) -> None:
    open_.window.top_bar.search.setFocus()
    for key in (Key.Key_E, Key.Key_A, Key.Key_D):
        open_.hands.press(key)
    assert open_.window.top_bar.search.text().lower() == "ead"
    assert open_.orders.asked == []


@pytest.mark.parametrize(
    ("place", "keys"),
    [("alert", {"Up", "Down", "Enter", "A", "Del", "Esc"}), ("person", {"D", "Del", "Q", "Esc"})],
)
def test_help_names_the_keys_of_every_part(place: str, keys: set[str]) -> None:
    assert {key for one in ACTIONS if one.place == place for key in one.keys} == keys


async def test_one_key_locks_and_ctrl_z_unlocks(open_: OpenWindow) -> None:
    open_.hands.press(Key.Key_L)
    await open_.asked(1)
    await until(lambda: open_.window.notices.notice)
    open_.hands.press(Key.Key_Z, Control)
    asked = await open_.asked(2)
    assert asked == [(Intent(action="lock", room=NEXT.key),), (Intent(action="unlock", room=NEXT.key),)]


async def test_a_key_goes_on_duty_wherever_the_focus_is(open_: OpenWindow) -> None:
    open_.window.top_bar.search.setFocus()
    open_.hands.press(Key.Key_D, Control | Shift)
    assert await open_.asked(1) == [(Intent(action="go_on_duty"),)]


async def test_enter_confirms_that_time_is_taken_from_the_next_appointment(open_: OpenWindow) -> None:
    open_.store.change(replace(NEXT, next_appointment=an_appointment("appt-18", 300)))
    open_.hands.press(Key.Key_E)
    dialog = await open_.in_dialog()
    assert isinstance(dialog, ExtendDialog)
    open_.hands.press(Key.Key_Return)
    ((wish,),) = await open_.asked(1)
    assert (wish.action, wish.seconds, wish.into_next) == ("extend", 5 * MINUTE_S, True)
    assert open_.hands.pressed == 2


def test_every_action_has_words_an_icon_and_a_name_of_its_own() -> None:
    assert len({one.id for one in ACTIONS}) == len(ACTIONS)
    assert [
        one.id for one in ACTIONS if not (one.text and one.icon and resource(f"icons/{one.icon}.svg").is_file())
    ] == []
    assert [one.id for one in ACTIONS if one.place in {"room", "person"} and not one.with_focus | bool(one.about)] == [
        "room/sort_again"
    ]


def test_every_place_has_each_key_once() -> None:
    for place in PLACES:
        keys = [key for one in ACTIONS if one.place == place for key in one.keys]
        assert len(set(keys)) == len(keys), place


async def test_every_control_that_does_an_action_is_called_like_it(open_: OpenWindow) -> None:
    open_.window.pane.people.select_person("bill")
    controls = {one.property("action"): one for one in open_.window.findChildren(QAbstractButton)}
    by_id = {one.id: one for one in ACTIONS}
    done = {id_: one for id_, one in controls.items() if id_}
    assert {"room/extend", "room/message", "room/end", "person/disconnect", "window/palette"} <= set(done)
    for id_, control in done.items():
        action = by_id[id_]
        name = QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
        words = f"{action.label} {action.text} {action.about}".casefold()
        assert name.casefold().split()[0].strip("…") in words, name


async def test_another_key_is_shown_and_does_it(open_: OpenWindow) -> None:
    extend = next(one for one in open_.window.findChildren(ActionButton) if one.property("action") == "room/extend")
    open_.window.keys.choose(find_action("extend"), ("X",))
    assert "(X)" in extend.toolTip()
    open_.hands.press(Key.Key_E)
    assert open_.orders.asked == []
    open_.hands.press(Key.Key_X)
    assert await open_.asked(1) == [(Intent(action="extend", room=NEXT.key),)]


async def test_without_letters_the_table_does_nothing_by_letter(open_: OpenWindow) -> None:
    open_.window.keys.letters_on(False)
    for key in (Key.Key_E, Key.Key_A, Key.Key_D, Key.Key_L):
        open_.hands.press(key)
    open_.hands.press(Key.Key_E, Shift | Control)
    assert isinstance(await open_.in_dialog(), EndRoomDialog)
    assert open_.orders.asked == []
