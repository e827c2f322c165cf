"""A sign-in from its code to its end, over several runs of a program and in several programs at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from moderator.client import account as module
from moderator.client.account import Account
from moderator.client.commands import GatewayClient
from moderator.client.credentials_store import Credentials, CredentialsStore
from moderator.client.errors import Busy, GatewayFailed, GatewayUnreachable, SignedOut
from moderator.client.lifetimes import Session
from moderator.client.sign_in import DeviceCode
from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.launch.sharing import OwnerLock
from moderator.tasks import TaskScope
from tests.fakes.issuer import CODE, NAME, PASTED, Issuer, issuing
from tests.fakes.keyrings import InMemory, Raising, system_keyring


class Quick(SystemClock):
    """Pauses take a hundredth of what they should; it may be later than it is."""

    def __init__(self, later_s: int = 0) -> None:
        super().__init__()
        self._later_ms = later_s * 1000

    def now_ms(self) -> int:
        return super().now_ms() + self._later_ms

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        return await super().wait(event, timeout_s / 100)


@pytest.fixture(autouse=True)
def keyring() -> Iterator[InMemory]:
    backend = InMemory()
    with system_keyring(backend):
        yield backend


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with issuing() as issuer:
        yield issuer


@contextlib.asynccontextmanager
async def program(issuer: Issuer, folder: Path, later_s: int = 0) -> AsyncIterator[tuple[Account, GatewayClient]]:
    """One run of a program so many seconds from now, with the requests it makes."""
    store = CredentialsStore(folder, OwnerLock(folder, "sign-ins.lock"))
    async with TaskScope() as tasks, HttpClient() as http:
        account = Account(issuer.url, http, store, Quick(later_s), tasks)
        yield account, GatewayClient(issuer.url, account.session, http)


async def test_who_signed_in_once_is_signed_in_the_next_time(issuer: Issuer, tmp_path: Path) -> None:
    shown: list[DeviceCode] = []
    async with program(issuer, tmp_path) as (account, client):
        await account.sign_in(shown.append)
        assert (await client.me()).name == NAME
        assert account.where == "in the system's keyring"
    async with program(issuer, tmp_path) as (account, client):
        assert (await client.me()).name == NAME
        assert account.where == "in the system's keyring"
    assert [one.user_code for one in shown] == [CODE]
    assert issuer.asked == ["GET /v1/me access-1", "GET /v1/me access-1"]
    assert issuer.refresh == "refresh-1"


@pytest.mark.parametrize("has_keyring", [True, False])
async def test_the_next_runs_use_the_access_token_until_a_fifth_of_its_life_is_left(
    issuer: Issuer, tmp_path: Path, keyring: InMemory, has_keyring: bool
) -> None:
    """Not every command of a terminal renews the sign-in, and fills the gateway's audit."""
    with system_keyring(keyring if has_keyring else None):
        async with program(issuer, tmp_path) as (account, _):
            await account.sign_in(lambda code: None)
        for later_s in (0, 300, 600, 700, 730, 740, 1300, -60):
            async with program(issuer, tmp_path, later_s) as (_, client):
                await client.me()
    used = [line.rpartition("-")[2] for line in issuer.asked]
    assert used == ["1", "1", "1", "1", "2", "2", "2", "3"], "who finds the clock set back renews too"


async def test_what_the_gateway_refuses_is_renewed_and_the_new_one_is_kept(issuer: Issuer, tmp_path: Path) -> None:
    async with program(issuer, tmp_path) as (account, _):
        await account.sign_in(lambda code: None)
    issuer.valid.clear()
    for _ in range(2):
        async with program(issuer, tmp_path) as (_, client):
            await client.me()
    assert issuer.asked == ["GET /v1/me access-1", "GET /v1/me access-2", "GET /v1/me access-2"]


async def test_nobody_uses_the_access_token_of_another_sign_in(issuer: Issuer, tmp_path: Path) -> None:
    async with program(issuer, tmp_path) as (account, _):
        await account.sign_in(lambda code: None)
    store = CredentialsStore(tmp_path, OwnerLock(tmp_path, "sign-ins.lock"))
    issuer.refresh = "of somebody else"
    store.keep(issuer.url, Credentials("refresh", issuer.refresh, f"{issuer.url}/v1/token"))
    async with program(issuer, tmp_path) as (_, client):
        await client.me()
    assert issuer.asked == ["GET /v1/me access-2"]


@pytest.mark.parametrize("lifetime_s", [0, -5])
async def test_a_gateway_that_grants_nothing_is_not_asked_all_the_time(
    issuer: Issuer, tmp_path: Path, lifetime_s: float
) -> None:
    issuer.lifetime_s = lifetime_s
    async with program(issuer, tmp_path) as (account, client):
        await account.sign_in(lambda code: None)
        for _ in range(20):
            with pytest.raises(GatewayFailed, match="ended already"):
                await client.me()
    assert len(issuer.forms) == 3, "for the code, signing in, and one attempt to renew"
    assert issuer.asked == []


async def test_programs_that_renew_at_once_take_turns(issuer: Issuer, tmp_path: Path) -> None:
    """A refresh token counts once: who comes second uses the one that the first was given."""
    issuer.lifetime_s = None  # so that no access token is kept
    async with program(issuer, tmp_path) as (account, _):
        await account.sign_in(lambda code: None)

    async def run() -> str:
        async with program(issuer, tmp_path) as (_, client):
            return (await client.me()).name

    assert await asyncio.gather(*(run() for _ in range(5))) == [NAME] * 5
    assert issuer.refresh == "refresh-6"


async def test_who_holds_the_turn_for_ever_is_named(
    issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TURN_S", 0.01)
    other = OwnerLock(tmp_path, "sign-ins.lock")
    assert other.take()
    async with program(issuer, tmp_path) as (_, client):
        with pytest.raises(Busy, match="another program of yours"):
            await client.me()
    other.release()


async def test_nobody_is_signed_in(issuer: Issuer, tmp_path: Path) -> None:
    async with program(issuer, tmp_path) as (_, client):
        with pytest.raises(SignedOut, match="nobody is signed in at 127"):
            await client.me()
    assert issuer.asked == []


async def test_a_keyring_that_cannot_be_asked_is_named(issuer: Issuer, tmp_path: Path) -> None:
    with system_keyring(Raising()):
        async with program(issuer, tmp_path) as (_, client):
            with pytest.raises(SignedOut, match=r"nobody is signed in at .*, or the system's keyring failed"):
                await client.me()
    with system_keyring():
        async with program(issuer, tmp_path) as (_, client):
            with pytest.raises(SignedOut, match=r"nobody is signed in at [0-9.:]*: sign in$"):
                await client.me()


async def test_a_sign_in_that_was_ended_elsewhere(issuer: Issuer, tmp_path: Path) -> None:
    async with program(issuer, tmp_path) as (account, client):
        await account.sign_in(lambda code: None)
        issuer.valid.clear()
        issuer.refresh = ""
        with pytest.raises(SignedOut, match="the sign-in has ended: sign in again"):
            await client.me()
        assert account.session.get() is None


async def test_a_token_that_was_given_is_tried_kept_and_used(issuer: Issuer, tmp_path: Path) -> None:
    async with program(issuer, tmp_path) as (account, client):
        with pytest.raises(SignedOut):
            await account.use_token("made up")
        assert (account.session.get(), await account.kept()) == (None, None)
        await account.use_token(PASTED)
        await client.time()
    async with program(issuer, tmp_path) as (account, client):
        await client.time()
        issuer.valid.clear()
        with pytest.raises(SignedOut, match="counts no more: sign in again"):
            await client.time()
    assert issuer.forms == []


async def test_a_kept_token_that_is_refused_is_shown_once(issuer: Issuer, tmp_path: Path) -> None:
    async with program(issuer, tmp_path) as (account, _):
        await account.use_token(PASTED)
    issuer.asked.clear()
    issuer.valid.clear()
    async with program(issuer, tmp_path) as (account, client):
        seen = Seen()
        account.session.add_observer(seen)
        for _ in range(4):
            with pytest.raises(SignedOut, match="counts no more: sign in again"):
                await client.me()
            account.session.stop()  # ends the pause after a failure too
        assert (issuer.asked, seen.sessions) == ([f"GET /v1/me {PASTED}"], [True, False])
        issuer.valid.add(PASTED)
        await account.use_token(PASTED)
        assert (await client.me()).name == NAME
        account.session.stop()
        assert (await client.me()).name == NAME, "whoever pastes it again has it tried again"


class Seen:
    """Whether somebody was signed in, at every change."""

    def __init__(self) -> None:
        self.sessions: list[bool] = []

    def on_session_changed(self, session: Session | None) -> None:
        self.sessions.append(session is not None)


async def test_a_sign_in_without_a_refresh_token_lasts_as_long_as_its_token(issuer: Issuer, tmp_path: Path) -> None:
    issuer.grant = lambda: {"access_token": PASTED}  # type: ignore[method-assign]
    async with program(issuer, tmp_path) as (account, _):
        await account.sign_in(lambda code: None)
        kept = await account.kept()
    assert kept is not None
    assert kept.credentials == Credentials("token", PASTED)


async def test_signing_out_ends_it_everywhere(issuer: Issuer, tmp_path: Path, keyring: InMemory) -> None:
    async with program(issuer, tmp_path) as (account, client):
        await account.sign_in(lambda code: None)
        assert await account.sign_out() == ""
        assert (account.session.get(), account.where) == (None, "")
        with pytest.raises(SignedOut, match="nobody is signed in"):
            await client.me()
    assert issuer.asked == ["DELETE /v1/session access-1"]
    assert (issuer.revoked, issuer.valid, keyring.kept) == (["refresh-1"], {PASTED}, {})


async def test_signing_out_while_the_gateway_is_away_forgets_all_the_same(tmp_path: Path, keyring: InMemory) -> None:
    async with issuing() as issuer, program(issuer, tmp_path) as (account, _):
        await account.sign_in(lambda code: None)
    async with program(issuer, tmp_path) as (account, client):
        with pytest.raises(GatewayUnreachable):
            await client.me()
        assert "cannot be reached" in await account.sign_out()
    assert keyring.kept == {}


async def test_a_refresh_token_goes_only_where_it_came_from(issuer: Issuer, tmp_path: Path) -> None:
    async with program(issuer, tmp_path) as (account, _):
        await account.sign_in(lambda code: None)
    issuer.offer = {"token_endpoint": f"{issuer.url}/v1/elsewhere"}
    issuer.valid.clear()
    asked = len(issuer.forms)
    async with program(issuer, tmp_path) as (account, client):
        with pytest.raises(SignedOut, match="sign in again"):
            await client.me()
        await account.sign_out()
    assert (len(issuer.forms), issuer.revoked) == (asked, [])


async def test_a_token_is_not_sent_in_the_open(tmp_path: Path) -> None:
    async with TaskScope() as tasks, HttpClient() as http:
        store = CredentialsStore(tmp_path, OwnerLock(tmp_path))
        account = Account("http://moderation.example.org", http, store, SystemClock(), tasks)
        with pytest.raises(GatewayFailed, match="https://"):
            await account.use_token(PASTED)
        with pytest.raises(GatewayFailed, match="https://"):
            await account.sign_in(lambda code: None)


async def test_where_nothing_can_be_kept_the_session_lasts_as_long_as_the_program(
    issuer: Issuer, tmp_path: Path
) -> None:
    (tmp_path / "sign-ins").write_text("a file in the way")
    with system_keyring():
        async with program(issuer, tmp_path) as (account, client):
            account.session.start(PASTED)
            await account.sign_in(lambda code: None)
            assert account.where.startswith("nowhere, because ")
            assert (await client.me()).name == NAME
