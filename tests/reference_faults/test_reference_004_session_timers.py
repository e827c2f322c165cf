"""Faults of reference 004: a countdown with an alert and a button for more time, inside the call's own page."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from moderator.client.clock import GatewayClock
from moderator.client.commands import GatewayClient
from moderator.client.texts import time_left
from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.orders.intents import Intent
from moderator.desktop.room_status import OVER_TIME, room_status
from moderator.desktop.session import DesktopSession, GatewayAccess
from moderator.desktop.tables.row_texts import left_text, spoken
from moderator.domain.events import WarningAcknowledged
from moderator.domain.fold import fold
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.http import HttpClient
from moderator.http_pools import Pools
from tests.desktop import conftest as window
from tests.end_to_end.stream_school import school
from tests.fakes.asked_token import AskedToken
from tests.fakes.builders import (
    DAY,
    KEY,
    a_decision,
    an_entry,
    deadline_set,
    extended,
    folded,
    joined,
    left,
    rules,
    the_room,
)
from tests.fakes.clock import FakeClock
from tests.fakes.desk import a_desk
from tests.fakes.desktop import NOW, FakeStore, a_room, a_warning
from tests.fakes.enforcer import Enforcer
from tests.fakes.gateway import GatewayInProcess, GatewayServed, bearer
from tests.fakes.notification_server import notification_server, private_bus
from tests.fakes.orders import VISIT, Desk
from tests.fakes.window import until

anyio_backend, store = window.anyio_backend, window.store
EXTEND: Final = Intent(action="extend", room=KEY)
LIMIT: Final = 10 * MINUTE_MS


def kinds(board: AlertBoard) -> list[str]:
    return [alert.kind for alert in board.alerts]


# --- alerts ----------------------------------------------------------------------------------------------------------


def test_a_dismissed_alert_returns_with_the_next_tick(store: FakeStore) -> None:
    """It never notes that it has alerted: below the threshold each tick alerts anew, whatever is dismissed."""
    warned = a_room("cardio-14", left_s=47, warnings=[a_warning(60)])
    board = AlertBoard(store)
    store.show(warned)
    board.dismiss(board.shown[0])
    for _ in range(10):
        store.time.elapse(500)
        board.tick()
        store.change(warned)
        assert board.alerts == ()
    store.show()
    store.show(warned)
    assert board.alerts == ()
    store.change(a_room("cardio-14", left_s=47, version=2, warnings=[a_warning(60, version=2)]))
    assert kinds(board) == ["warning"], "of another deadline it is another alert"


def test_an_acknowledged_warning_is_raised_again() -> None:
    """The same in the log, for everybody: acknowledged it stays until there is another deadline."""
    ends_at = DAY + LIMIT
    enforcer = Enforcer(rules(duration_ms=LIMIT), now=DAY)
    enforcer.tell(joined("p", DAY, user="anna"), joined("q", DAY + 1, user="bert"))
    enforcer.at(ends_at - 5 * MINUTE_MS)
    enforcer.tell(a_decision(WarningAcknowledged(warning="1-300000")), joined("r", DAY + 5), left("r", DAY + 6))
    enforcer.at(ends_at - 2 * MINUTE_MS, joined("s", DAY + 7))
    assert [(one.id, one.acknowledged_by) for one in enforcer.room.warnings] == [("1-300000", "anna")]
    enforcer.tell(extended(20 * 60, version=2))
    enforcer.run_until(ends_at + 20 * MINUTE_MS - 5 * MINUTE_MS)
    assert [one.id for one in enforcer.room.warnings if one.acknowledged_by is None] == ["2-300000"]


async def test_the_alert_is_seen_only_where_the_call_is_seen(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its alert is a part of the page: nobody is told who looks elsewhere. Here the system tells of it."""
    visit = RoomType(name="visit", duration_ms=60 * MINUTE_MS, mode="enforce")
    with private_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        async with notification_server(address) as server, GatewayServed(tmp_path, visit) as gateway:
            access = GatewayAccess(f"http://127.0.0.1:{gateway.address[1]}", bearer().removeprefix("Bearer "))
            async with a_desk(qapp, tmp_path / "window", DesktopSession(access=access)) as desk:
                await until(lambda: desk.store.ready and desk.store.me)
                desk.window.hide()
                began = gateway.clock.now_ms() - 55 * MINUTE_MS + 500  # the first warning is about to come
                await gateway.tell(joined("c1", began, user="bill"), joined("c2", began, user="lee"))
                await server.until(lambda: [one.title for one in server.open] == ["room-1: 5 minutes left"])
                assert not desk.window.isVisible()
                await desk.desk.quiet()


# --- the countdown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("skew_ms", [-5 * MINUTE_MS, 0, 5 * MINUTE_MS])
async def test_the_countdown_is_as_wrong_as_the_clock_of_the_machine(tmp_path: Path, skew_ms: int) -> None:
    """It takes the time from the browser: where that clock is five minutes off, so is the time that is left."""
    async with GatewayInProcess(tmp_path, VISIT) as gateway, HttpClient() as http:
        await gateway.tell(joined("c1", DAY, user="bill"))
        await gateway.advance(MINUTE_MS)
        await http.aclose()
        http._pools = Pools(lambda: httpx.AsyncClient(transport=httpx.ASGITransport(gateway.gateway.app)))
        client = GatewayClient("http://gateway", AskedToken(lambda: bearer().removeprefix("Bearer ")), http)
        time = GatewayClock(client, FakeClock(gateway.clock.now_ms() + skew_ms))
        await time.sample()
        assert time.now_ms() == gateway.clock.now_ms()
        assert left_text(gateway.room, time.now_ms(), stale=False) == "59:00"


@given(st.integers(-100 * 3_600_000, 100 * 3_600_000))
def test_the_countdown_goes_below_zero(left_ms: int) -> None:
    """It has no lower bound, and shows how long ago as if that were left; here what is past says that it is over."""
    now_ms, is_over = NOW - left_ms, left_ms < 0
    room = a_room(left_s=0)
    for words in (
        time_left(left_ms),
        left_text(room, now_ms, stale=False),
        spoken("cardio-14", room, OVER_TIME, now_ms),
    ):
        assert "-" not in words.removeprefix("Room cardio-14")
    assert time_left(left_ms).endswith(" over") == time_left(left_ms).startswith("+") == is_over
    assert left_text(room, now_ms, stale=False).startswith("+") == is_over
    assert (" over" in spoken("cardio-14", room, OVER_TIME, now_ms)) == is_over
    assert (room_status(room, now_ms) == OVER_TIME) == (left_ms <= 0)


# --- more time -------------------------------------------------------------------------------------------------------


@pytest.fixture
async def desk(qapp: QApplication, tmp_path: Path) -> AsyncIterator[Desk]:
    """Two people in a visit that ends in five minutes."""
    async with Desk(tmp_path, VISIT) as desk:
        began = desk.now - 55 * MINUTE_MS
        await desk.tell(joined("c1", began, user="bill"), joined("c2", began, user="lee"))
        await desk.until(lambda: desk.known("room-1") and desk.room.deadline and len(desk.room.here()) == 2)
        yield desk


async def test_extensions_at_the_same_time_are_worth_one(desk: Desk) -> None:
    """It reads the total, adds, and writes it back: of two, one is lost. Here the end moves by what was reported."""
    before, seen = desk.deadline.ends_at, desk.room
    people = [desk.orders(name, lambda _: seen) for name in ("maya", "Anna", "Otto")]
    notices = await asyncio.gather(*(orders.carry_out([EXTEND]) for orders in people))
    done = [notice for notice in notices if notice.tone == "done"]
    assert len(done) == 1
    assert [notice.action for notice in notices if notice not in done] == ["Add 5 min more"] * 2
    assert desk.deadline.ends_at == before + 5 * MINUTE_MS
    again = await asyncio.gather(*(desk.orders(name).carry_out([EXTEND]) for name in ("maya", "Anna")))
    count = sum(notice.tone == "done" for notice in again)
    assert count >= 1
    assert desk.deadline.ends_at == before + (1 + count) * 5 * MINUTE_MS
    assert len(desk.read("deadline_extended")) == 1 + count


async def test_two_extensions_in_parallel_are_worth_one(desk: Desk) -> None:
    """The same where both are really wanted: who was overtaken is asked, and two times five minutes are ten."""
    before, seen = desk.deadline.ends_at, desk.room
    people = [desk.orders(name, lambda _: seen) for name in ("maya", "Anna")]
    notices = await asyncio.gather(*(orders.carry_out([EXTEND]) for orders in people))
    (overtaken,) = [number for number, notice in enumerate(notices) if notice.tone == "info"]
    fresh = desk.orders(("maya", "Anna")[overtaken])
    assert (await fresh.carry_out(notices[overtaken].intents)).tone == "done"
    assert desk.deadline.ends_at == before + 10 * MINUTE_MS


def test_a_read_add_write_extension_loses_another() -> None:
    """The same by the fold alone, for gateways that know nothing of each other."""
    state = folded(an_entry(joined("p", DAY), seq=1), an_entry(deadline_set(DAY + LIMIT), seq=2))
    at_once = [extended(300, version=2, key=number) for number in (1, 2)]
    read = [fold(state, an_entry(event, seq=9, recorded_at=DAY))[0] for event in at_once]
    assert [event.kind for event in read] == ["deadline_extended", "decision_refused"]
    fold(state, an_entry(extended(300, version=3), seq=10, recorded_at=DAY))
    deadline = the_room(state).deadline
    assert deadline is not None
    assert (deadline.ends_at, deadline.extended_ms) == (DAY + LIMIT + 600_000, 600_000)


async def test_a_read_add_write_extension_on_the_platform_loses_another(tmp_path: Path) -> None:
    """The sample reads the limit, adds to it and writes it: of two at a time, one is lost. Here both are worth it."""
    async with school(tmp_path) as lesson:
        await lesson.joins("bill")
        await lesson.limit(600)
        await lesson.sees("the limit", lambda room: room.deadline)
        before = await lesson.ends_at()
        answers = await asyncio.gather(*(lesson.order("extend", {"seconds": 60}) for _ in range(3)))
        assert [status for status, _ in answers] == [200] * 3
        assert await lesson.ends_at() == before + 180_000
