"""What becomes of a wish, and of taking it back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from moderator.client.link import Link
from moderator.client.scopes import lacking_scope
from moderator.desktop.dialogs.disconnect_dialog import DisconnectDialog
from moderator.desktop.dialogs.end_room_dialog import EndOrder, EndRoomDialog
from moderator.desktop.dialogs.extend_dialog import ExtendDialog
from moderator.desktop.dialogs.extension import ExtendOrder
from moderator.desktop.dialogs.message_dialog import MessageDialog, MessageOrder
from moderator.desktop.dialogs.shorten_dialog import ShortenDialog
from moderator.desktop.orders.intents import DisconnectOrder, Intent
from moderator.desktop.orders.notices import Notice, Result, Tone
from moderator.desktop.routing import Routing, no_gateway
from moderator.desktop.theme.look import Look
from moderator.domain.events import DisconnectConfirmed
from moderator.domain.ids import EventId, RoomId, RoomKey
from moderator.domain.rooms import Lock, Person, Room
from moderator.domain.settings import Capability
from moderator.tasks import TaskScope
from tests.fakes.builders import a_decision, joined
from tests.fakes.desktop import MAYA, NOW, FakeStore, a_room, a_store, an_appointment
from tests.fakes.window import RecordedOrders, opened, until

ROOM, OTHER = a_room("cardio-14"), a_room("neuro-3")
EXTEND = Intent(action="extend", room=ROOM.key)
SHORTEN = Intent(action="extend", room=ROOM.key, seconds=-300)
READMIT = Intent(action="readmit", room=ROOM.key, user="bill")
OUT = DisconnectOrder(
    room=ROOM.key, participants=("bill",), user="bill", name="Bill Buffalo", reason="conduct", block=True
)
NOT_DONE = Notice(tone="problem", text="Could not: no.")


class Router:
    """Routing with what it told, on two rooms."""

    def __init__(self, look: Look, tasks: TaskScope) -> None:
        self.store: FakeStore = a_store(ROOM, OTHER)
        self.orders = RecordedOrders()
        self.told: list[Notice] = []
        self.window = QWidget()
        self.shown: Notice | None = None
        self.routing = Routing(
            *(self.store, look, tasks, self.told.append, self.store.time, self.window), lambda: self.shown
        )
        self.routing.orders = self.orders

    async def want(self, *wishes: Intent) -> Notice:
        """Ask, and hear what came of it."""
        return await self._after(lambda: self.routing.want(wishes[0] if len(wishes) == 1 else wishes))

    async def answer(self, notice: Notice) -> Notice:
        """Press the button of a notice."""
        return await self._after(lambda: self.routing.answer(notice.intents))

    async def undo(self) -> Notice:
        return await self._after(self.routing.undo)

    async def _after(self, act: object) -> Notice:
        before = len(self.told)
        assert callable(act)
        act()
        await until(lambda: len(self.told) > before)
        return self.told[-1]


@pytest.fixture
async def router(qapp: QApplication, look: Look) -> AsyncIterator[Router]:
    async with TaskScope() as tasks:
        router = Router(look, tasks)
        yield router
        router.window.deleteLater()


async def test_before_there_is_a_gateway_nothing_is_kept_for_later(router: Router) -> None:
    router.routing.orders = None
    assert await router.want(EXTEND) == no_gateway()
    router.routing.orders = router.orders
    assert router.orders.asked == []


async def test_what_cannot_be_done_is_said_and_not_tried(router: Router) -> None:
    router.store.me = replace(MAYA, scopes=("rooms:read",))
    notice = await router.want(EXTEND)
    assert (notice.tone, notice.text) == ("info", lacking_scope("rooms:extend"))
    assert router.orders.asked == []


async def test_a_room_that_is_gone_is_said(router: Router) -> None:
    gone = Intent(action="extend", room=RoomKey(ROOM.key.source, RoomId("gone")))
    assert (await router.want(gone)).text == "This room is no longer there."


@pytest.mark.parametrize("action", ["disconnect", "end"])
async def test_what_cannot_be_taken_back_is_not_done_on_an_old_picture(router: Router, action: str) -> None:
    router.store.time.elapse(16_000)
    notice = await router.want(Intent(action=action, room=ROOM.key, participant="bill"))  # type: ignore[arg-type]
    assert (notice.text, router.routing.dialog) == ("Not while the picture is out of date.", None)


async def test_of_several_what_is_possible_is_done_and_the_rest_is_said(router: Router) -> None:
    router.store.change(replace(OTHER, state="ended"))
    both = [Intent(action="acknowledge", room=room.key) for room in (ROOM, OTHER)]
    told = await router.want(*both)
    assert router.orders.asked == [(both[0],)]
    assert told.text == "Done. Not for 1 of 2: The room has ended."


async def test_claiming_several_leaves_out_ones_own(router: Router) -> None:
    router.store.change(replace(ROOM, owner=Person(MAYA.id, MAYA.name)))
    wishes = [Intent(action="claim", room=room.key) for room in (ROOM, OTHER)]
    await router.want(*wishes)
    assert router.orders.asked == [(wishes[1],)]


# --- the end of a room ---------------------------------------------------------------------------------------------


async def test_where_there_is_no_end_the_same_wish_asks_for_one(router: Router) -> None:
    router.store.change(replace(ROOM, deadline=None))
    router.routing.want(EXTEND)
    dialog = router.routing.dialog
    assert isinstance(dialog, ExtendDialog)
    assert dialog.windowTitle() == "Set the end of cardio-14"
    dialog.confirmed.emit(ExtendOrder((ROOM.key,), ends_at=5))
    await until(lambda: router.told)
    assert router.orders.asked == [(Intent(action="extend", room=ROOM.key, ends_at=5),)]
    dialog.reject()


async def test_a_platform_that_cannot_be_given_an_end_says_so(router: Router) -> None:
    router.store.change(replace(ROOM, deadline=None, capabilities={"extend": Capability(None, "It keeps none")}))
    assert (await router.want(EXTEND)).text == "It keeps none"
    assert router.routing.dialog is None


async def test_that_a_platform_is_asked_is_said_before_it_answers(router: Router) -> None:
    assert ROOM.deadline
    kept = replace(
        ROOM, provider="stream", deadline=replace(ROOM.deadline, kept_by="provider"), deadline_is_platforms=True
    )
    router.store.change(kept)
    router.routing.want(EXTEND)
    await until(lambda: len(router.told) == 2)
    assert [one.text for one in router.told] == ["cardio-14: asking Stream for 5 min more…", "Done."]
    router.routing.undo()
    await until(lambda: len(router.told) == 4)
    assert router.told[2].text == "cardio-14: asking Stream for 5 min less…"


# --- undo ----------------------------------------------------------------------------------------------------------


async def test_the_last_thing_is_taken_back_first(router: Router) -> None:
    await router.want(EXTEND)
    await router.want(replace(EXTEND, room=OTHER.key))
    await router.undo()
    await router.undo()
    assert router.orders.asked[2:] == [(replace(SHORTEN, room=OTHER.key),), (SHORTEN,)]
    assert (await router.undo()).text == "There is nothing to undo."


@pytest.mark.parametrize(("after_ms", "taken_back"), [(600_000, True), (600_001, False)])
async def test_ten_minutes_later_it_stays(router: Router, after_ms: int, taken_back: bool) -> None:
    await router.want(EXTEND)
    router.store.time.elapse(after_ms)
    await router.undo()
    assert (len(router.orders.asked) == 2) is taken_back


async def test_taking_back_is_not_taken_back(router: Router) -> None:
    await router.want(EXTEND)
    await router.undo()
    assert (await router.undo()).text == "There is nothing to undo."


async def test_the_button_of_a_notice_and_the_key_are_one(router: Router) -> None:
    done = await router.want(EXTEND)
    await router.answer(done)
    assert router.orders.asked == [(EXTEND,), (SHORTEN,)]
    assert (await router.undo()).text == "There is nothing to undo."


@pytest.mark.parametrize("block", [True, False], ids=["kept out", "may come back"])
async def test_nothing_else_is_taken_back_in_place_of_what_was_done_last(router: Router, block: bool) -> None:
    await router.want(replace(EXTEND, room=OTHER.key))
    undo = (READMIT,) if block else ()
    router.orders.answer = Notice(tone="done", text="Bill is being disconnected.", intents=undo, undo=undo)
    router.routing._dialogs.disconnect_decided.emit(replace(OUT, block=block))
    await until(lambda: router.told[-1] == router.orders.answer)
    router.orders.answer = None
    told = await router.undo()
    if block:
        assert router.orders.asked[2:] == [(READMIT,)]
    else:
        assert told.text.startswith("What was done last cannot be taken back.")
        assert router.orders.asked[2:] == []
    await router.undo()
    assert router.orders.asked[-1] == (replace(SHORTEN, room=OTHER.key),)
    assert (await router.undo()).text == "There is nothing to undo."


async def test_what_is_said_in_passing_stands_before_nothing(router: Router) -> None:
    await router.want(EXTEND)
    router.orders.answer = Notice(tone="done", text="cardio-14: seen.", in_passing=True)
    await router.want(Intent(action="acknowledge", room=ROOM.key))
    router.orders.answer = None
    await router.undo()
    assert router.orders.asked[-1] == (SHORTEN,)


async def test_what_could_not_be_taken_back_can_be_tried_again(router: Router) -> None:
    """As it was sent: where it was done after all, it is not done twice."""
    await router.want(EXTEND)
    sent = replace(SHORTEN, version=4)
    router.orders.answer = replace(NOT_DONE, again=(sent,))
    assert (await router.undo()).text == NOT_DONE.text
    router.orders.answer = None
    await router.undo()
    assert router.orders.asked[1:] == [(SHORTEN,), (sent,)]


@pytest.mark.parametrize("tone", ["problem", "info"], ids=["refused", "not confirmed"])
async def test_what_is_not_worth_another_try_does_not_stand_before_what_was_done_earlier(
    router: Router, tone: Tone
) -> None:
    await router.want(replace(EXTEND, room=OTHER.key))
    await router.want(EXTEND)
    router.orders.answer = replace(NOT_DONE, tone=tone)
    await router.undo()
    router.orders.answer = None
    await router.undo()
    assert router.orders.asked[2:] == [(SHORTEN,), (replace(SHORTEN, room=OTHER.key),)]


async def test_a_question_before_something_is_taken_back_stays_open(router: Router) -> None:
    await router.want(EXTEND)
    yes = replace(SHORTEN, version=7)
    router.orders.answer = Notice(
        tone="info", text="All the same?", action="Take off", intents=(yes,), again=(yes,), asks=True
    )
    asked = await router.undo()
    router.orders.answer = None
    assert (await router.answer(asked)).text == "Taken back. Done."
    assert router.orders.asked[2] == (yes,)


async def test_the_key_that_was_pressed_twice_does_not_answer_what_it_made_the_gateway_ask(router: Router) -> None:
    await router.want(EXTEND)
    yes = replace(SHORTEN, version=7)
    router.orders.answer = Notice(tone="info", text="All the same?", intents=(yes,), again=(yes,), asks=True)
    await router.undo()
    router.routing.undo()
    assert len(router.orders.asked) == 2
    router.store.time.elapse(500)
    await router.undo()
    assert router.orders.asked[2] == (yes,)


# --- another meeting in the same room ------------------------------------------------------------------------------

BACK = replace(SHORTEN, instance=ROOM.instance)
LATER = a_room("cardio-14", left_s=200, instance="1")
EXTENDED = Notice(tone="done", text="Done.", action="Undo", intents=(BACK,), undo=(BACK,))


async def test_what_was_done_in_a_meeting_that_is_over_is_not_taken_back_in_the_next(router: Router) -> None:
    router.orders.answer = EXTENDED
    await router.want(EXTEND)
    router.store.change(LATER)
    assert (await router.answer(EXTENDED)).text == "This room is no longer there."
    told = await router.undo()
    assert told.text == "This room is no longer there. What was done last cannot be taken back."
    assert router.routing.why_no_undo() == "There is nothing to undo."
    assert router.orders.asked == [(EXTEND,)]
    assert router.routing.dialog is None


async def test_what_was_done_in_a_room_that_has_ended_is_not_taken_back(router: Router) -> None:
    """Nor what was done before it in its place: the notice still offers the key."""
    await router.want(replace(EXTEND, room=OTHER.key))
    router.orders.answer = EXTENDED
    await router.want(EXTEND)
    router.orders.answer = None
    router.store.change(replace(a_room("cardio-14", left_s=-10), state="ended"))
    assert (await router.answer(EXTENDED)).text == "The room has ended."
    assert (await router.undo()).text == (
        "The room has ended. What was done last cannot be taken back. "
        "Undo once more takes back what was done before it."
    )
    assert (len(router.orders.asked), router.routing.dialog) == (2, None)
    await router.undo()
    assert router.orders.asked[2] == (replace(SHORTEN, room=OTHER.key),)


async def test_what_seemed_to_have_ended_can_be_taken_back_when_it_goes_on(router: Router) -> None:
    router.orders.answer = EXTENDED
    await router.want(EXTEND)
    router.store.change(replace(ROOM, state="ended"))
    assert router.routing.why_no_undo() == ""
    await router.want(replace(EXTEND, seconds=60))
    router.store.change(ROOM)
    await router.undo()
    assert router.orders.asked[1:] == [(BACK,)]


async def test_who_was_kept_out_is_readmitted_also_after_the_room_has_ended(router: Router) -> None:
    back = Intent(action="readmit", room=ROOM.key, user="u-1", instance=ROOM.instance)
    router.orders.answer = replace(EXTENDED, intents=(back,), undo=(back,))
    await router.want(EXTEND)
    router.store.change(replace(ROOM, state="ended"))
    await router.undo()
    assert router.orders.asked[1] == (back,)


@pytest.mark.parametrize("now", [LATER, replace(ROOM, state="ended")], ids=["another meeting", "ended"])
async def test_of_several_rooms_those_with_another_meeting_are_left_alone(router: Router, now: Room) -> None:
    other = replace(BACK, room=OTHER.key, instance=OTHER.instance)
    both = Notice(tone="done", text="Done for 2 rooms.", action="Undo all", intents=(BACK, other), undo=(BACK, other))
    router.orders.answer = both
    await router.want(EXTEND, replace(EXTEND, room=OTHER.key))
    router.store.change(now)
    router.orders.answer = None
    await router.answer(both)
    assert router.orders.asked[1] == (other,)
    assert (await router.undo()).text == "There is nothing to undo."


async def test_the_same_meeting_can_be_shortened_again(router: Router) -> None:
    router.orders.answer = EXTENDED
    await router.want(EXTEND)
    await router.undo()
    assert router.orders.asked[1] == (BACK,)


async def test_of_several_only_those_that_failed_are_tried_again(router: Router) -> None:
    both = (EXTEND, replace(EXTEND, room=OTHER.key))
    await router.want(*both)
    router.orders.answer = replace(NOT_DONE, action="Retry failed", intents=(SHORTEN,), again=(SHORTEN,))
    await router.undo()
    router.orders.answer = None
    await router.undo()
    assert router.orders.asked[2] == (SHORTEN,)


async def test_what_did_not_work_is_not_taken_back(router: Router) -> None:
    router.orders.answer = NOT_DONE
    await router.want(EXTEND)
    router.orders.answer = None
    assert (await router.undo()).text == "There is nothing to undo."


# --- dialogs -------------------------------------------------------------------------------------------------------


async def test_one_dialog_at_a_time(router: Router) -> None:
    router.routing.want(Intent(action="extend_custom", room=ROOM.key))
    first = router.routing.dialog
    router.routing.want(Intent(action="message", room=OTHER.key))
    assert first is not None
    assert router.routing.dialog is first
    first.reject()
    assert router.routing.dialog is None


@pytest.mark.parametrize(
    ("wish", "decided", "expected"),
    [
        (
            Intent(action="extend_custom", room=ROOM.key),
            ExtendOrder((ROOM.key, OTHER.key), 60),
            tuple(Intent(action="extend", room=key, seconds=60) for key in (ROOM.key, OTHER.key)),
        ),
        (Intent(action="disconnect", room=ROOM.key, participant="bill"), OUT, OUT),
    ],
)
async def test_what_a_dialog_decided_is_ordered(
    router: Router, wish: Intent, decided: object, expected: object
) -> None:
    router.routing.want(wish)
    dialog = router.routing.dialog
    assert isinstance(dialog, ExtendDialog | DisconnectDialog)
    dialog.confirmed.emit(decided)
    await until(lambda: router.told)
    assert router.orders.asked == [expected]
    dialog.reject()


async def test_fifty_dialogs_leave_nothing_behind(router: Router) -> None:
    def left() -> tuple[int, int]:
        return len(router.window.findChildren(QWidget)), len(router.window.findChildren(QTimer))

    async def one_of_each() -> None:
        for action in ("extend_custom", "message", "end", "disconnect"):
            router.routing.want(Intent(action=action, room=ROOM.key, participant="bill"))
            assert router.routing.dialog is not None
            router.routing.dialog.reject()
        await until(lambda: left() == before)

    before = left()
    for _ in range(13):
        await one_of_each()
    router.store.change(ROOM)  # a dialog that still listened would fail in a slot
    assert left() == before == (0, 0)


async def test_a_dialog_that_is_open_at_the_end_decides_nothing(router: Router) -> None:
    router.routing.want(Intent(action="end", room=ROOM.key))
    dialog = router.routing.dialog
    assert dialog is not None
    router.routing.close_dialog()
    assert not dialog.isVisible()
    assert router.orders.asked == []


async def test_a_wish_for_no_room_asks_for_one(router: Router) -> None:
    told: list[Notice] = router.told
    router.routing.want(())
    assert [notice.text for notice in told] == ["Select a room first."]


# --- locks, and what comes next in a room --------------------------------------------------------------------------

LOCKED = replace(OTHER, locked=Lock(by="otto", at=0, people=()))


async def test_one_key_locks_those_that_are_open_and_unlocks_where_all_are_locked(router: Router) -> None:
    router.store.change(LOCKED)
    wishes = [Intent(action="lock", room=room.key) for room in (ROOM, OTHER)]
    await router.want(*wishes)
    await router.want(wishes[1])
    assert router.orders.asked == [(wishes[0],), (Intent(action="unlock", room=OTHER.key),)]


async def test_trying_again_what_was_done_after_all_is_not_the_way_back(router: Router) -> None:
    """The answer was lost: the rooms are locked, or claimed, by the time the button is pressed."""
    for action in ("lock", "claim"):
        wishes = tuple(Intent(action=action, room=room.key) for room in (ROOM, OTHER))
        owned = [replace(room, owner=Person(MAYA.id, MAYA.name), locked=LOCKED.locked) for room in (ROOM, OTHER)]
        router.store.change(*owned)
        await router.answer(replace(NOT_DONE, action="Retry failed", intents=wishes))
        assert router.orders.asked[-1] == wishes


@pytest.mark.parametrize("several", [False, True], ids=["notice", "results"])
async def test_the_buttons_of_the_window_do_what_they_say(look: Look, tmp_path: Path, several: bool) -> None:
    async with opened(a_store(LOCKED), look, tmp_path) as open_:
        wish = Intent(action="lock", room=LOCKED.key)
        results = (Result("problem", "neuro-3: no."),) if several else ()
        open_.window.tell(replace(NOT_DONE, action="Retry failed", intents=(wish,), results=results))
        shown = open_.window.results if several else open_.window.notices
        next(one for one in shown.findChildren(QPushButton) if one.text() == "Retry failed").click()
        assert await open_.asked(1) == [(wish,)]


async def test_a_lock_is_taken_back(router: Router) -> None:
    await router.want(Intent(action="lock", room=ROOM.key))
    await router.undo()
    assert router.orders.asked[1] == (Intent(action="unlock", room=ROOM.key),)


async def test_taking_time_from_the_next_appointment_is_asked_first(router: Router) -> None:
    router.store.change(replace(ROOM, next_appointment=an_appointment("appt-18", 1_860)))
    router.routing.want(EXTEND)
    dialog = router.routing.dialog
    assert isinstance(dialog, ExtendDialog)
    assert (dialog.verb_button.text(), router.orders.asked) == ("Extend into appt-18", [])
    dialog.confirmed.emit(ExtendOrder((ROOM.key,), 300, into_next=True))
    await until(lambda: router.told)
    assert router.orders.asked == [(replace(EXTEND, seconds=300, into_next=True),)]
    dialog.reject()


async def test_what_was_asked_is_not_asked_again(router: Router) -> None:
    router.store.change(replace(ROOM, next_appointment=an_appointment("appt-18", 1_860)))
    await router.want(replace(EXTEND, into_next=True))
    router.store.change(replace(ROOM, next_appointment=an_appointment("appt-18", 1_000)))
    await router.want(EXTEND)
    assert len(router.orders.asked) == 2
    assert router.routing.dialog is None


async def test_of_several_rooms_one_that_runs_into_the_next_is_enough_to_look_at_all(router: Router) -> None:
    router.store.change(replace(ROOM, next_appointment=an_appointment("appt-18", 1_860)))
    router.routing.want((EXTEND, replace(EXTEND, room=OTHER.key)))
    dialog = router.routing.dialog
    assert dialog is not None
    assert dialog.windowTitle() == "Extend 2 rooms"
    dialog.reject()


async def test_duty_concerns_no_room(router: Router) -> None:
    await router.want(Intent(action="go_on_duty"))
    assert router.orders.asked == [(Intent(action="go_on_duty"),)]


# --- several moderators --------------------------------------------------------------------------------------------


def moved(room: Room, by: str = "ana", *, version: int = 2, ago_ms: int = 2_000) -> Room:
    """Somebody added five minutes just before."""
    assert room.deadline
    deadline = replace(
        room.deadline, changed_by=by, changed_by_name="Ana", moved_ms=300_000, version=version, changed_at=NOW - ago_ms
    )
    return replace(room, deadline=deadline)


async def test_what_somebody_else_just_added_is_a_question(router: Router) -> None:
    router.store.change(moved(ROOM))
    asked = await router.want(EXTEND)
    assert (asked.tone, asked.text) == ("info", "cardio-14: Ana added 5 min 2 s ago. Add 5 min more?")
    assert (asked.action, router.orders.asked) == ("Add 5 min more", [])
    await router.want(*asked.intents)
    assert router.orders.asked == [(replace(EXTEND, version=2),)]


async def test_the_same_key_while_it_is_asked_means_yes(router: Router) -> None:
    router.store.change(moved(ROOM))
    router.shown = await router.want(EXTEND)
    router.store.time.elapse(499)
    assert (await router.want(EXTEND)).asks, "pressed twice: nobody has read it"
    router.store.time.elapse(500)
    await router.want(EXTEND)
    assert router.orders.asked == [(replace(EXTEND, version=2),)]


async def test_the_same_key_for_another_room_is_no_answer(router: Router) -> None:
    router.store.change(moved(ROOM))
    router.shown = await router.want(EXTEND)
    await router.want(replace(EXTEND, room=OTHER.key))
    assert router.orders.asked == [(replace(EXTEND, room=OTHER.key),)]


async def test_a_question_that_is_gone_is_asked_again(router: Router) -> None:
    router.store.change(moved(ROOM))
    await router.want(EXTEND)
    again = await router.want(EXTEND)
    assert (again.asks, router.orders.asked) == (True, [])


@pytest.mark.parametrize("room", [moved(ROOM, MAYA.id), moved(ROOM, ago_ms=10_000)], ids=["own", "long ago"])
async def test_ones_own_extension_and_an_old_one_ask_nothing(router: Router, room: Room) -> None:
    router.store.change(room)
    await router.want(EXTEND)
    assert router.orders.asked == [(EXTEND,)]


# --- several rooms -------------------------------------------------------------------------------------------------

BOTH = (ROOM.key, OTHER.key)


async def test_a_message_to_several_rooms_is_written_once(router: Router) -> None:
    router.routing.want(tuple(Intent(action="message", room=key) for key in BOTH))
    dialog = router.routing.dialog
    assert isinstance(dialog, MessageDialog)
    dialog.confirmed.emit(MessageOrder(BOTH, "Hello"))
    await until(lambda: router.told)
    assert router.orders.asked == [tuple(Intent(action="message", room=key, text="Hello") for key in BOTH)]
    dialog.reject()


async def test_several_rooms_are_ended_after_one_dialog_and_what_failed_without_another(router: Router) -> None:
    router.routing.want(tuple(Intent(action="end", room=key) for key in BOTH))
    dialog = router.routing.dialog
    assert isinstance(dialog, EndRoomDialog)
    dialog.confirmed.emit(EndOrder(BOTH, "technical"))
    await until(lambda: router.told)
    ends = tuple(Intent(action="end", room=key, reason="technical") for key in BOTH)
    assert router.orders.asked == [ends]
    dialog.reject()
    await router.want(ends[1])
    assert router.orders.asked[1] == (ends[1],)


async def test_somebody_is_sent_out_of_one_room_at_a_time(router: Router) -> None:
    notice = await router.want(*(Intent(action="disconnect", room=key) for key in BOTH))
    assert notice.text == "Select one room for this: it is decided person by person."


@pytest.mark.parametrize("action", ["acknowledge", "extend_custom", "message", "end"])
async def test_nothing_is_done_for_several_while_the_connection_is_away(router: Router, action: str) -> None:
    router.store.link_changed(Link("reconnecting", "trying again"))
    wishes = [Intent(action=action, room=key) for key in BOTH]  # type: ignore[arg-type]
    notice = await router.want(*wishes)
    assert notice.text == "Not for several rooms at once while the connection is being restored."
    assert (router.orders.asked, router.routing.dialog) == ([], None)


async def test_what_was_done_of_several_can_be_taken_back_when_others_failed(router: Router) -> None:
    router.orders.answer = replace(
        NOT_DONE, action="Retry failed", intents=(replace(EXTEND, room=OTHER.key),), undo=(SHORTEN,)
    )
    await router.want(EXTEND)
    router.orders.answer = None
    assert (await router.undo()).text == "Taken back. Done."
    assert router.orders.asked[1] == (SHORTEN,)


# --- hardly any time left ------------------------------------------------------------------------------------------


async def test_taking_back_what_leaves_hardly_any_time_is_asked_first(router: Router) -> None:
    await router.want(EXTEND)
    short = a_room("cardio-14", left_s=330)
    assert short.deadline
    router.store.change(replace(short, deadline=replace(short.deadline, extended_ms=300_000)))
    router.routing.undo()
    dialog = router.routing.dialog
    assert isinstance(dialog, ShortenDialog)
    dialog.reject()
    assert router.orders.asked == [(EXTEND,)]
    router.routing.undo()
    again = router.routing.dialog
    assert isinstance(again, ShortenDialog)
    again.confirmed.emit()
    again.reject()
    await until(lambda: len(router.orders.asked) == 2)
    assert router.orders.asked[1] == (SHORTEN,)
    assert (await router.undo()).text == "There is nothing to undo."


async def test_shortening_to_hardly_any_time_is_asked_once_more(router: Router) -> None:
    router.store.change(a_room("cardio-14", left_s=330))
    router.routing.want(Intent(action="extend_custom", room=ROOM.key))
    first = router.routing.dialog
    assert isinstance(first, ExtendDialog)
    first.confirmed.emit(ExtendOrder((ROOM.key,), -300))
    first.reject()
    second = router.routing.dialog
    assert isinstance(second, ShortenDialog)
    assert router.orders.asked == []
    second.confirmed.emit()
    second.reject()
    await until(lambda: router.orders.asked)
    assert router.orders.asked == [(SHORTEN,)]


# --- after somebody was sent out -----------------------------------------------------------------------------------


async def test_whoever_was_sent_out_is_watched_for(router: Router) -> None:
    router.routing.want(Intent(action="disconnect", room=ROOM.key, participant="bill"))
    dialog = router.routing.dialog
    assert isinstance(dialog, DisconnectDialog)
    dialog.confirmed.emit(OUT)
    await until(lambda: router.told)
    dialog.reject()
    router.store.time.elapse(800)
    confirmed = a_decision(DisconnectConfirmed(command=EventId("x"), participant="bill"), room=ROOM.room)
    router.store.tell(confirmed)
    assert router.told[-1].text == "Bill Buffalo was disconnected after 0.8 s. Watching for a rejoin."
    assert router.told[-1].intents == (READMIT,)
    router.store.tell(replace(joined("bill-2", NOW, user="bill"), room=ROOM.room))
    assert (router.told[-1].tone, router.told[-1].action) == ("problem", "Disconnect again…")


async def test_whoever_is_gone_before_the_gateway_answers_is_watched_for_too(router: Router) -> None:
    """The feed is quicker than the answer; what it told is told after that."""
    confirmed = a_decision(DisconnectConfirmed(command=EventId("x"), participant="bill@"), room=ROOM.room)

    class Slow(RecordedOrders):
        async def disconnect(self, order: DisconnectOrder) -> Notice:
            router.store.tell(confirmed)
            return await super().disconnect(order)

    router.routing.orders = Slow()
    router.routing.want(Intent(action="disconnect", room=ROOM.key, participant="bill"))
    dialog = router.routing.dialog
    assert isinstance(dialog, DisconnectDialog)
    dialog.confirmed.emit(replace(OUT, participants=("bill@1",)))
    await until(lambda: len(router.told) == 2)
    dialog.reject()
    assert [one.text[:27] for one in router.told] == ["Done.", "Bill Buffalo was disconnect"]
    router.store.tell(replace(joined("bill@2", NOW, user="bill"), room=ROOM.room))
    assert router.told[-1].action == "Disconnect again…"
