"""Faults of reference 003: a session manager whose caller has to see to it that a session has not expired.

What its loader does, to be asked for a session when there is none or an expired one, the token's source does here: it
is asked for every request (`DesktopSession.renewed_token`). Not here yet: its observers and its `start` and `stop`,
which come with signing in.
"""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderator.client.commands import GatewayClient
from moderator.client.errors import SignedOut
from moderator.clock import SystemClock
from moderator.desktop.session import DesktopSession, GatewayAccess
from moderator.domain.events import DeadlineExtended, DisconnectRequested
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.gateway.access import SCOPES, issue_token
from moderator.http import HttpClient
from tests.client.scripted_gateway import answer, problem, scripted
from tests.desktop import conftest as window
from tests.fakes.builders import joined
from tests.fakes.desk import OpenDesk, a_desk
from tests.fakes.gateway import ISSUER, TOKEN_KEY, GatewayServed
from tests.fakes.window import until

anyio_backend = window.anyio_backend
VISIT = RoomType(name="visit", duration_ms=60 * MINUTE_MS, mode="enforce")
Key = Qt.Key


class Tokens:
    """What asks for the token gets the one that holds now; it can expire meanwhile."""

    def __init__(self) -> None:
        self.expired = False

    def __call__(self) -> str:
        issued_at = SystemClock().now_ms() - (3_600_000 if self.expired else 0)
        return issue_token(TOKEN_KEY, ISSUER, "maya", sorted(SCOPES), ["*"], 600, issued_at)


@pytest.fixture
async def gateway(qapp: QApplication, tmp_path: Path) -> AsyncIterator[GatewayServed]:
    """Two people in a visit that has half an hour left."""
    async with GatewayServed(tmp_path, VISIT) as gateway:
        began = gateway.clock.now_ms() - 30 * MINUTE_MS
        await gateway.tell(joined("c1", began, user="bill", name="Bill"), joined("c2", began, user="lee", name="Lee"))
        await until(lambda: gateway.known("room-1") and gateway.room.deadline)
        yield gateway


@contextlib.asynccontextmanager
async def sitting_down(gateway: GatewayServed, folder: Path, tokens: Tokens) -> AsyncIterator[OpenDesk]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    access = GatewayAccess(f"http://127.0.0.1:{gateway.address[1]}", tokens())
    session = DesktopSession(access=access, renewed_token=tokens)
    async with a_desk(application, folder / "window", session) as desk:
        await until(lambda: desk.store.ready and desk.store.me and desk.window.table.model.rowCount())
        yield desk


async def in_dialog(desk: OpenDesk) -> None:
    """The dialog listens."""
    await until(lambda: desk.desk.routing.dialog is not None and desk.desk.routing.dialog.isActiveWindow())
    desk.clock.leap(0.4)


@pytest.fixture(autouse=True)
def no_system_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notifications of the desktop that runs the tests stay out of it."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


async def test_a_token_expires_while_a_dialog_is_open(gateway: GatewayServed, tmp_path: Path) -> None:
    """Its calls fail with an expired session: what was decided is lost without a word, or done twice when repeated."""
    tokens = Tokens()
    async with sitting_down(gateway, tmp_path, tokens) as desk:
        desk.window.pane.select_person("c1")
        desk.button("Disconnect\u2026").click()
        await in_dialog(desk)
        tokens.expired = True
        desk.hands.press(Key.Key_Return)
        await until(lambda: desk.notice.startswith("problem: Could not disconnect Bill: "))
        assert "token" in desk.notice, "whose turn it is, is said"
        assert await gateway.logged(DisconnectRequested) == []
        tokens.expired = False
        await until(desk.window.isActiveWindow)
        desk.button("Disconnect\u2026").click()
        await in_dialog(desk)
        desk.hands.press(Key.Key_Return)
        await until(lambda: [one.id for one in gateway.room.here()] == ["c2"])
        assert len(await gateway.logged(DisconnectRequested)) == 1
        assert gateway.provider.called("disconnect") == ["c1"]


async def test_a_token_expires_before_a_key_is_pressed(gateway: GatewayServed, tmp_path: Path) -> None:
    """The same for what needs no dialog: time is added once, by the key that was pressed with a token that holds."""
    tokens = Tokens()
    async with sitting_down(gateway, tmp_path, tokens) as desk:
        tokens.expired = True
        desk.hands.press(Key.Key_E)
        await until(lambda: desk.notice.startswith("problem: Could not extend room-1: "))
        tokens.expired = False
        desk.hands.press(Key.Key_E)
        await until(lambda: desk.notice.startswith("done: room-1: +5 min"))
        assert len(await gateway.logged(DeadlineExtended)) == 1


async def test_an_expired_session_is_found_out_by_failing_again_and_again() -> None:
    """A loader that is called with an expired session may be called for each of many calls; here a refusal is told,
    nothing repeats it, and the next request asks for the token again.
    """
    asked: list[str] = []

    def token() -> str:
        asked.append(f"t{len(asked)}")
        return asked[-1]

    acts = problem(401, "token_expired", "The token has expired."), answer(200, {"seq": 1})
    async with scripted(*acts) as scripted_gateway, HttpClient() as http:
        client = GatewayClient(scripted_gateway.url, token, http)
        with pytest.raises(SignedOut):
            await client.hold()
        assert len(scripted_gateway.requests) == 1
        await client.hold()
    assert [request.headers["authorization"] for request in scripted_gateway.requests] == ["Bearer t0", "Bearer t1"]
