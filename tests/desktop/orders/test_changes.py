"""Whether somebody else moved the end just before, and what is asked then."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderator.desktop.orders.changes import Change, question, recent_change, told_change
from moderator.desktop.orders.intents import Intent
from moderator.desktop.session import DesktopSession, GatewayAccess
from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS
from tests.fakes.builders import joined
from tests.fakes.desk import OpenDesk, a_desk
from tests.fakes.desktop import NOW, a_room
from tests.fakes.gateway import GatewayServed, bearer
from tests.fakes.orders import VISIT
from tests.fakes.window import until

EXTEND = Intent(action="extend", room=a_room().key)
ANA = Change(who="Ana", moved_ms=300_000, version=2, ago_ms=2_400)


def moved(by: str = "ana", *, name: str = "Ana", moved_ms: int = 300_000, ago_ms: int = 2_400) -> Room:
    room = a_room(version=2)
    assert room.deadline
    deadline = replace(room.deadline, changed_by=by, changed_by_name=name, moved_ms=moved_ms, changed_at=NOW - ago_ms)
    return replace(room, deadline=deadline)


@pytest.mark.parametrize(
    ("room", "found"),
    [
        (moved(), ANA),
        (moved(ago_ms=9_999), replace(ANA, ago_ms=9_999)),
        (moved(ago_ms=-50), replace(ANA, ago_ms=0)),
        (moved(name=""), replace(ANA, who="ana")),
        (moved(name="A\n"), replace(ANA, who="A\ufffd")),
        (moved(ago_ms=10_000), None),
        (moved("maya"), None),
        (moved("", name=""), None),
        (moved(moved_ms=0), None),
        (a_room(left_s=None), None),
    ],
    ids=["just now", "nearly ten", "ahead", "nameless", "hostile", "ten", "mine", "nobody", "not moved", "no end"],
)
def test_what_somebody_else_did_in_the_last_ten_seconds(room: Room, found: Change | None) -> None:
    assert recent_change(room, "maya", NOW) == found


@pytest.mark.parametrize(
    ("change", "seconds", "text", "button"),
    [
        (ANA, 300, "appt: Ana added 5 min 2 s ago. Add 5 min more?", "Add 5 min more"),
        (replace(ANA, ago_ms=400), 60, "appt: Ana added 5 min just now. Add 1 min more?", "Add 1 min more"),
        (replace(ANA, moved_ms=-60_000), 300, "appt: Ana took 1 min off 2 s ago. Add 5 min more?", "Add 5 min more"),
        (ANA, -300, "appt: Ana added 5 min 2 s ago. Take 5 min off all the same?", "Take off anyway"),
        (replace(ANA, moved_ms=0), 300, "appt: Ana changed the end 2 s ago. Add 5 min more?", "Add 5 min more"),
    ],
)
def test_what_is_asked(change: Change, seconds: int, text: str, button: str) -> None:
    notice = question("appt", EXTEND, seconds, change)
    assert (notice.text, notice.action, notice.asks) == (text, button, True)
    assert notice.intents == (replace(EXTEND, version=2),)


@pytest.mark.parametrize(
    ("members", "change"),
    [
        (
            {
                "deadline": {"version": 3, "moved_ms": 60_000, "changed_at": NOW - 1_500},
                "changed_by": "a",
                "changed_by_name": "Ana",
            },
            Change(who="Ana", moved_ms=60_000, version=3, ago_ms=1_500),
        ),
        ({"deadline": None, "changed_by": "a"}, Change(who="a", moved_ms=0, version=0)),
        ({"deadline": {"version": "x"}}, Change(who="Somebody else", moved_ms=0, version=0)),
    ],
)
def test_what_the_gateway_says_of_it(members: dict[str, Any], change: Change) -> None:
    assert told_change(members, NOW) == change


# --- two windows at one gateway ------------------------------------------------------------------------------------


@pytest.fixture
async def gateway(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GatewayServed]:
    """Two people in a visit that has half an hour left."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")  # nobody's notifications
    async with GatewayServed(tmp_path, VISIT) as gateway:
        began = gateway.clock.now_ms() - 30 * MINUTE_MS
        await gateway.tell(joined("c1", began, user="bill", name="Bill"), joined("c2", began, user="lee", name="Lee"))
        await gateway.until_read()
        await until(lambda: gateway.room.deadline)
        yield gateway


def session(gateway: GatewayServed, name: str) -> DesktopSession:
    url = f"http://127.0.0.1:{gateway.address[1]}"
    return DesktopSession(access=GatewayAccess(url, bearer(name=name).removeprefix("Bearer ")))


async def sit_down(desk: OpenDesk) -> None:
    """In front of this one."""
    await until(lambda: desk.store.ready and desk.store.me and desk.window.table.model.rowCount())
    desk.window.activateWindow()
    desk.window.table.setFocus()
    await until(desk.window.isActiveWindow)


async def test_two_moderators_do_not_add_twice_without_knowing(
    qapp: QApplication, tmp_path: Path, gateway: GatewayServed
) -> None:
    async with (
        a_desk(qapp, tmp_path / "ana", session(gateway, "ana")) as ana,
        a_desk(qapp, tmp_path / "maya", session(gateway, "maya")) as maya,
    ):
        await sit_down(ana)
        ana.hands.press(Qt.Key.Key_E)
        await until(lambda: "+5 min" in ana.notice)
        await sit_down(maya)
        await until(lambda: maya.left().startswith(("34:", "35:")))
        maya.hands.press(Qt.Key.Key_E)
        await until(lambda: "Add 5 min more?" in maya.notice)
        assert maya.notice.startswith("info: room-1: ana added 5 min ")
        assert len(gateway.read("deadline_extended")) == 1
        maya.clock.leap(1)
        maya.hands.press(Qt.Key.Key_E)
        await until(lambda: "+5 min" in maya.notice)
        assert len(gateway.read("deadline_extended")) == 2
        assert maya.hands.pressed == 2


async def test_two_moderators_see_that_they_look_at_the_same_room(
    qapp: QApplication, tmp_path: Path, gateway: GatewayServed
) -> None:
    async with a_desk(qapp, tmp_path / "maya", session(gateway, "maya")) as maya:
        await sit_down(maya)
        async with a_desk(qapp, tmp_path / "ana", session(gateway, "ana")) as ana:
            await sit_down(ana)
            await until(lambda: maya.says("ana is looking at this room too."))
            await ana.desk.quiet()
        await until(lambda: not maya.says("ana is looking at this room too."))
