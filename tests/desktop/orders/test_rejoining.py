"""Somebody who was ordered out: gone, and perhaps back."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderator.desktop.orders.intents import DisconnectOrder, Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.orders.rejoining import WATCHED_S, Rejoining
from moderator.desktop.session import DesktopSession, GatewayAccess
from moderator.domain.events import (
    Actor,
    DisconnectConfirmed,
    DisconnectFailed,
    Event,
    ParticipantLeft,
    PersonAllowed,
    PersonReadmitted,
)
from moderator.domain.ids import EventId
from moderator.domain.kinds import Data
from tests.fakes.builders import DAY, KEY, a_decision, a_fact, joined
from tests.fakes.desk import a_desk
from tests.fakes.gateway import GatewayServed, bearer
from tests.fakes.orders import VISIT
from tests.fakes.window import until

ORDER = DisconnectOrder(room=KEY, participants=("c1", "c2"), user="bill", name="Bill", reason="conduct", block=True)
READMIT = (Intent(action="readmit", room=KEY, user="bill"),)
TAKEN = Notice(tone="done", text="Bill is being disconnected and is kept out.", undo=READMIT)
BACK = joined("c9", DAY, user="bill")


def gone(participant: str) -> Event:
    return a_decision(DisconnectConfirmed(command=EventId("x"), participant=participant), by=Actor("gateway"))


def watching(order: DisconnectOrder = ORDER, notice: Notice = TAKEN) -> Rejoining:
    rejoining = Rejoining()
    rejoining.ordered(order, "room-1", 100.0)
    assert list(rejoining.answered(order, notice)) == []
    return rejoining


def test_it_is_told_when_every_connection_has_ended() -> None:
    rejoining = watching()
    assert list(rejoining.happened([gone("c1")], 100.4)) == []
    (notice,) = rejoining.happened([a_fact(ParticipantLeft(participant="c2"), DAY)], 100.8)
    assert notice.text == "Bill was disconnected after 0.8 s. Watching for a rejoin."
    assert (notice.tone, notice.action, notice.intents) == ("done", "Re-admit", READMIT)
    assert notice.key == f"disconnect {KEY} bill"


def test_who_comes_back_is_a_problem_with_a_way_to_send_them_out_again() -> None:
    rejoining = watching(notice=replace(TAKEN, undo=()))
    (_, back) = rejoining.happened([gone("c1"), gone("c2"), BACK], 101.0)
    assert (back.tone, back.text, back.action) == ("problem", "Bill is back in room-1.", "Disconnect again…")
    assert back.intents == (Intent(action="disconnect", room=KEY, participant="c9"),)
    assert list(rejoining.happened([joined("c10", DAY, user="bill")], 102.0)) == [], "told once"


def test_who_is_kept_out_is_sent_away_by_the_gateway() -> None:
    (*_, back) = watching().happened([gone("c1"), gone("c2"), BACK], 101.0)
    assert back.text == "Bill is back in room-1: the gateway disconnects them again."


@pytest.mark.parametrize(
    "first",
    [
        a_decision(PersonReadmitted(user="bill")),
        a_decision(PersonAllowed(person="bill")),
        a_decision(DisconnectFailed(command=EventId("x"), participant="c1", why="no")),
    ],
    ids=["re-admitted", "allowed", "failed"],
)
def test_nobody_is_watched_who_may_come_back_or_never_went(first: Event) -> None:
    assert list(watching().happened([first, BACK], 101.0)) == []


@pytest.mark.parametrize(
    "event",
    [
        joined("c9", DAY, user="lee"),
        joined("c9", DAY),
        joined("c1", DAY, user="bill"),
        replace(BACK, late=True),
        replace(BACK, room="other"),
    ],
    ids=["another", "nobody knows", "not gone yet", "late", "elsewhere"],
)
def test_others_and_old_news_are_not_taken_for_a_return(event: Event) -> None:
    assert list(watching().happened([event], 101.0)) == []


def test_who_cannot_be_told_from_others_is_not_watched_for() -> None:
    (notice,) = watching(replace(ORDER, user="", participants=("c1",))).happened([gone("c1")], 112.0)
    assert notice.text == "Bill was disconnected after 12 s. Nobody can tell whether they come back."


def test_what_did_not_work_and_what_is_long_ago_is_not_watched() -> None:
    failed = watching(notice=replace(TAKEN, tone="problem"))
    assert list(failed.happened([gone("c1"), gone("c2"), BACK], 101.0)) == []
    assert list(watching().happened([BACK], 100.1 + WATCHED_S)) == []


def test_what_the_feed_told_before_the_answer_is_told_after_it_and_in_its_time() -> None:
    rejoining = Rejoining()
    rejoining.ordered(ORDER, "room-1", 100.0)
    assert list(rejoining.happened([gone("c1"), gone("c2")], 100.4)) == []
    (notice,) = rejoining.answered(ORDER, TAKEN)
    assert (notice.text, notice.intents) == ("Bill was disconnected after 0.4 s. Watching for a rejoin.", READMIT)
    (back,) = rejoining.happened([BACK], 101.0)
    assert back.text == "Bill is back in room-1: the gateway disconnects them again."


def test_the_same_seat_is_a_return_also_where_its_end_came_before_the_answer() -> None:
    order = replace(ORDER, participants=("c1@7",))
    rejoining = Rejoining()
    rejoining.ordered(order, "room-1", 100.0)
    assert list(rejoining.happened([gone("c1@")], 100.1)) == []
    (_,) = rejoining.answered(order, TAKEN)
    (back,) = rejoining.happened([joined("c1@8", DAY, user="bill")], 101.0)
    assert back.intents == (Intent(action="disconnect", room=KEY, participant="c1@8"),)


def test_nothing_is_told_of_an_order_that_was_refused_whatever_happened_meanwhile() -> None:
    rejoining = Rejoining()
    rejoining.ordered(ORDER, "room-1", 100.0)
    assert list(rejoining.happened([gone("c1"), gone("c2")], 100.4)) == []
    assert list(rejoining.answered(ORDER, replace(TAKEN, tone="problem"))) == []
    assert list(rejoining.happened([BACK], 101.0)) == []


def test_a_second_order_for_one_person_takes_the_place_of_the_first() -> None:
    rejoining, again = watching(), replace(ORDER, participants=("c9",))
    rejoining.ordered(again, "room-1", 110.0)
    assert list(rejoining.answered(ORDER, TAKEN)) == [], "too late"
    assert list(rejoining.answered(again, TAKEN)) == []
    (notice,) = rejoining.happened([gone("c1"), gone("c2"), gone("c9")], 110.5)
    assert notice.text == "Bill was disconnected after 0.5 s. Watching for a rejoin."
    (_,) = rejoining.happened([joined("c10", DAY, user="bill")], 111.0)


def test_orders_for_two_people_in_one_room_are_told_apart() -> None:
    lee = replace(ORDER, participants=("l1",), user="lee", name="Lee")
    rejoining = watching()
    rejoining.ordered(lee, "room-1", 100.2)
    (notice,) = rejoining.happened([gone("c1"), gone("c2"), gone("l1")], 100.5)
    assert notice.text.startswith("Bill was disconnected")
    (other,) = rejoining.answered(lee, TAKEN)
    assert other.text.startswith("Lee was disconnected after 0.3 s.")


def test_other_kinds_of_events_say_nothing() -> None:
    data: Data = PersonReadmitted(user="lee")
    assert list(watching().happened([a_decision(data)], 101.0)) == []


async def test_a_window_tells_who_is_gone_and_who_is_back(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")  # nobody's notifications
    async with GatewayServed(tmp_path, VISIT) as gateway:
        now = gateway.clock.now_ms()
        await gateway.tell(joined("c1", now, user="bill", name="Bill"), joined("c2", now, user="lee", name="Lee"))
        token = bearer().removeprefix("Bearer ")
        session = DesktopSession(access=GatewayAccess(f"http://127.0.0.1:{gateway.address[1]}", token))
        async with a_desk(qapp, tmp_path / "window", session) as desk:
            await until(lambda: desk.store.ready and desk.store.me and desk.window.table.model.rowCount())
            desk.desk.routing.want(Intent(action="disconnect", room=KEY, participant="c1"))
            await until(lambda: desk.desk.routing.dialog and desk.desk.routing.dialog.isActiveWindow())
            desk.clock.leap(1)
            for key in (*[Qt.Key.Key_Up] * 3, Qt.Key.Key_Return):  # from "Other" to "Conduct", which keeps them out
                desk.hands.press(key)
            await until(lambda: "Watching for a rejoin." in desk.notice)
            assert desk.notice.startswith("done: Bill was disconnected after ")
            told = desk.window.notices.notice
            assert told is not None
            assert [one.action for one in told.intents] == ["readmit"]
            await gateway.tell(joined("c3", gateway.clock.now_ms(), user="bill", name="Bill"))
            await until(lambda: desk.notice.startswith("problem: Bill is back in room-1"))
