"""Signing in and out in a whole window, at a server that hands out codes and tokens."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from moderator.client.credentials_store import Credentials, CredentialsStore
from moderator.desktop.dialogs.sign_in_dialog import SignInDialog
from moderator.desktop.session import DesktopSession, GatewayAccess
from moderator.launch.sharing import OwnerLock
from tests.fakes.desk import OpenDesk, a_desk
from tests.fakes.issuer import CODE, NAME, PASTED, Issuer, issuing
from tests.fakes.keyrings import InMemory, system_keyring
from tests.fakes.window import until


@pytest.fixture(autouse=True)
def no_system_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notifications of the desktop that runs the tests stay out of it."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


@pytest.fixture(autouse=True)
def keyring() -> Iterator[InMemory]:
    backend = InMemory()
    with system_keyring(backend):
        yield backend


@pytest.fixture
async def issuer(qapp: QApplication) -> AsyncIterator[Issuer]:
    async with issuing() as issuer:
        yield issuer


SitDown = Callable[[], contextlib.AbstractAsyncContextManager[OpenDesk]]


@pytest.fixture
def store(tmp_path: Path) -> CredentialsStore:
    return CredentialsStore(tmp_path, OwnerLock(tmp_path, "sign-ins.lock"))


@pytest.fixture
def sit_down(qapp: QApplication, issuer: Issuer, tmp_path: Path, store: CredentialsStore) -> SitDown:
    """Opens a window whose gateway people sign in at."""
    session = DesktopSession(access=GatewayAccess(issuer.url, ""), sign_ins=store)
    return lambda: a_desk(qapp, tmp_path / "window", session)


def dialog(desk: OpenDesk) -> SignInDialog:
    found = desk.desk.signing_in.dialog
    assert found is not None
    return found


def text(desk: OpenDesk) -> str:
    return "\n".join(one.text() for one in dialog(desk).findChildren(QLabel) if one.isVisible())


async def shown(desk: OpenDesk, words: str) -> None:
    await until(lambda: desk.desk.signing_in.dialog is not None and words in text(desk))


def signed_in(desk: OpenDesk) -> bool:
    return desk.store.link.state == "live" and desk.store.me is not None and desk.store.me.name == NAME


async def test_who_opens_it_for_the_first_time_signs_in_with_a_code(
    sit_down: SitDown, issuer: Issuer, keyring: InMemory
) -> None:
    issuer.polls.append("authorization_pending")
    async with sit_down() as desk:
        await shown(desk, CODE)
        assert f"{issuer.url}/approve" in text(desk)
        assert "read the code out to whoever manages access. It counts for 10 min." in text(desk)
        assert "Nobody is signed in at 127.0.0.1" in desk.window.strip.text
        opened: list[str] = []
        desk.desk.signing_in.page_wanted.disconnect()
        desk.desk.signing_in.page_wanted.connect(opened.append)
        dialog(desk).open_button.click()
        dialog(desk).copy_button.click()
        assert (opened, QGuiApplication.clipboard().text()) == ([f"{issuer.url}/approve"], CODE)
        await until(lambda: signed_in(desk))
        assert desk.desk.signing_in.dialog is None
        assert desk.notice == "done: You are signed in. This is kept in the system's keyring."
    assert list(keyring.kept) == [("moderator", issuer.url), ("moderator", f"{issuer.url}#access")]


async def test_who_signed_in_before_is_asked_nothing(
    sit_down: SitDown, issuer: Issuer, store: CredentialsStore
) -> None:
    issuer.grant()
    store.keep(issuer.url, Credentials("refresh", issuer.refresh, f"{issuer.url}/v1/token"))
    async with sit_down() as desk:
        await until(lambda: signed_in(desk))
        assert (desk.desk.signing_in.dialog, desk.notice) == (None, "")
        assert desk.window.strip.state in {None, "clock_off"}, "the issuer's clock stands where it likes"


async def test_a_code_that_expired_can_be_had_anew(sit_down: SitDown, issuer: Issuer) -> None:
    issuer.polls.extend(["expired_token", "authorization_pending", "authorization_pending"])
    async with sit_down() as desk:
        await shown(desk, "The code has expired: begin again.")
        assert CODE not in text(desk)
        dialog(desk).again_button.click()
        await shown(desk, CODE)
        await until(lambda: signed_in(desk))


async def test_a_token_that_was_given_does_as_well(sit_down: SitDown, issuer: Issuer) -> None:
    issuer.offer = None
    async with sit_down() as desk:
        await shown(desk, "This gateway offers no sign-in: use a token instead.")
        assert not dialog(desk).again_button.isVisible()
        field = dialog(desk).token_field
        QTest.keyClicks(field, "made-up")
        QTest.keyClick(field, Qt.Key.Key_Return)
        await shown(desk, "The token is not valid.")
        assert "made-up" not in text(desk)
        field.setText(f"  {PASTED}\n")
        dialog(desk).use_button.click()
        await until(lambda: signed_in(desk))
        assert "kept in the system's keyring" in desk.notice


@pytest.mark.parametrize("words", ["", "  ", "two words", "tökén"])
async def test_what_is_no_token_cannot_be_used(sit_down: SitDown, words: str) -> None:
    async with sit_down() as desk:
        await shown(desk, CODE)
        dialog(desk).token_field.setText(words)
        assert not dialog(desk).use_button.isEnabled()


async def test_who_does_not_want_to_now_can_later(sit_down: SitDown, issuer: Issuer) -> None:
    issuer.polls.extend(["authorization_pending"] * 50)
    async with sit_down() as desk:
        await shown(desk, CODE)
        dialog(desk).cancel_button.click()
        await until(desk.window.isActiveWindow)
        await until(lambda: "sign in" not in {task.get_name() for task in asyncio.all_tasks()})
        assert len(issuer.polls) >= 40, "nobody waits for the code any more"
        assert desk.store.link.state == "signed_out"
        issuer.polls.clear()
        desk.button("Sign in").click()
        await until(lambda: signed_in(desk))


async def test_signing_out_ends_it_and_leaves_nothing_to_see(
    sit_down: SitDown, issuer: Issuer, keyring: InMemory
) -> None:
    async with sit_down() as desk:
        await until(lambda: signed_in(desk))
        desk.window.commands["sign_out"].do()
        await until(lambda: desk.notice == "done: You have signed out. Nothing of the sign-in is kept.")
        assert desk.store.link.sentence == "you have signed out: sign in to go on"
        assert (desk.store.me, desk.store.ready, keyring.kept) == (None, False, {})
        assert desk.desk.signing_in.dialog is None, "it does not ask again by itself"
        assert issuer.valid == {PASTED}
        desk.button("Sign in").click()
        await until(lambda: signed_in(desk))


async def test_signing_out_while_the_gateway_is_away(qapp: QApplication, tmp_path: Path, keyring: InMemory) -> None:
    sign_ins = CredentialsStore(tmp_path, OwnerLock(tmp_path, "sign-ins.lock"))
    async with contextlib.AsyncExitStack() as stack:
        async with issuing() as issuer:
            session = DesktopSession(access=GatewayAccess(issuer.url, ""), sign_ins=sign_ins)
            desk = await stack.enter_async_context(a_desk(qapp, tmp_path / "window", session))
            await until(lambda: signed_in(desk))
        desk.desk.signing_in.sign_out()
        await until(lambda: desk.notice.startswith("problem: You have signed out here, but not everything"))
        assert keyring.kept == {}


async def test_a_sign_in_in_a_terminal_counts_here_too(
    sit_down: SitDown, issuer: Issuer, store: CredentialsStore
) -> None:
    issuer.polls.extend(["authorization_pending"] * 50)
    async with sit_down() as desk:
        await shown(desk, CODE)
        issuer.grant()
        store.keep(issuer.url, Credentials("refresh", issuer.refresh, f"{issuer.url}/v1/token"))
        desk.clock.leap(60)
        desk.window.retry_wanted.emit()
        await until(lambda: signed_in(desk))
        await until(lambda: desk.desk.signing_in.dialog is None)


async def test_without_sign_ins_the_window_speaks_of_none(qapp: QApplication, issuer: Issuer, tmp_path: Path) -> None:
    session = DesktopSession(access=GatewayAccess(issuer.url, "made-up"))
    async with a_desk(qapp, tmp_path / "window", session) as desk:
        await until(lambda: desk.store.link.state == "signed_out")
        assert desk.button("Try again now").isVisible()
        assert not {"sign_in", "sign_out"} & set(desk.window.commands)
        assert desk.desk.signing_in.dialog is None
