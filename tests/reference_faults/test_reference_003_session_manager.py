"""Faults of reference 003: a session manager whose caller has to see to it that a session has not expired.

Its loader is asked for a session when there is none or an expired one; here a call asks, whatever it was that ended the
session (`moderator.client.session`), or the token's source is asked for every request (`DesktopSession.tokens`).
"""

import asyncio
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
from moderator.gateway.access.tokens import issue_token
from moderator.gateway.scopes import SCOPES
from moderator.http import HttpClient
from tests.client.scripted_gateway import problem, scripted
from tests.client.token_server import asking
from tests.desktop import conftest as window
from tests.fakes.asked_token import AskedToken
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
    session = DesktopSession(access=access, tokens=AskedToken(tokens))
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
    """A loader that is called with an expired session may be called for each of many calls; here a refused call is
    repeated once, with another token, and what is refused then is told.
    """
    asked: list[str] = []

    def token() -> str:
        asked.append(f"t{len(asked)}")
        return asked[-1]

    async with (
        scripted(problem(401, "token_expired", "The token has expired.")) as scripted_gateway,
        HttpClient() as http,
    ):
        with pytest.raises(SignedOut):
            await GatewayClient(scripted_gateway.url, AskedToken(token), http).hold()
    assert [request.headers["authorization"] for request in scripted_gateway.requests] == ["Bearer t0", "Bearer t2"]


async def test_a_session_that_the_server_ended_early_is_none_of_its_business() -> None:
    """Its loader is called for a session that is missing or past its time; one that was revoked fails until then."""
    async with asking() as (server, client, manager):
        manager.start("revoked, with an hour to go", 3600)
        assert await client.time() == 1
        assert (server.loads, manager.state()) == (1, "fresh")


async def test_a_loader_that_is_slow_is_called_for_every_call() -> None:
    """Nothing in it says that calls share a load, and a load ends the session that another one has just begun."""
    async with asking() as (server, client, _):
        assert await asyncio.gather(*(client.time() for _ in range(50))) == [1] * 50
        assert server.loads == 1
