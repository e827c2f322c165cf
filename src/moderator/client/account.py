"""One moderator's sign-in at one gateway: begun, kept for the next run, renewed when a call needs it, ended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from moderator.client.access import AccessClient
from moderator.client.commands import GatewayClient
from moderator.client.credentials_store import Credentials, CredentialsStore, Kept, StoreError
from moderator.client.errors import Busy, GatewayError, SignedOut
from moderator.client.lifetimes import AccessToken, Granted, Session
from moderator.client.session import SessionManager, SessionStart
from moderator.client.sign_in import DeviceCode, Offer, SignIn, require_safe
from moderator.client.tokens import FixedToken
from moderator.clock import Clock
from moderator.http import HttpClient
from moderator.language import tr
from moderator.tasks import TaskScope

TURN_S: Final = 30.0
"""How long to wait for another program of the same user that is renewing the same sign-in."""
LOOK_S: Final = 0.05


class Account:
    """Loads the session of its `session`, whose tokens the requests show. Every method raises GatewayError."""

    def __init__(self, gateway: str, http: HttpClient, store: CredentialsStore, clock: Clock, tasks: TaskScope) -> None:
        """`gateway` without `/v1`."""
        self.gateway = gateway.rstrip("/")
        self.session = SessionManager(tasks, clock, self)
        self.where = ""
        """Where the sign-in is kept, as a part of a sentence; empty as long as nobody has asked."""
        self._http = http
        self._store = store
        self._clock = clock
        self._sign_in = SignIn(gateway, http, clock)
        self._turn = asyncio.Lock()
        self._refused = ""
        """The token that was kept and that the gateway refused: what is refused once is not tried for ever."""

    async def sign_in(self, show: Callable[[DeviceCode], None]) -> None:
        """Show a code, wait until somebody has approved it, and begin the session."""

        offer = await self._sign_in.offer()
        code = await self._sign_in.begin(offer)
        show(code)
        granted = await self.session.start_sign_in(lambda: self._sign_in.granted(offer, code))
        await self._keep(_credentials(granted, offer))
        if granted.refresh_token:
            await self._keep_access(granted, granted.refresh_token)

    async def use_token(self, token: str) -> None:
        """Begin the session with a token that somebody was given, once the gateway has taken it."""
        require_safe(self.gateway, "the gateway")
        await GatewayClient(self.gateway, FixedToken(token), self._http).me()
        await self._keep(Credentials("token", token))
        self._refused = ""
        self.session.start(token)

    async def sign_out(self) -> str:
        """End the session and forget it; returns why the gateway could not be told, empty when it was."""
        client = AccessClient(self.gateway, self.session, self._http)
        problems = [await _problem(client.sign_out()), await _problem(self._revoke())]
        self.session.stop()
        try:
            await asyncio.to_thread(self._store.forget, self.gateway)
        except StoreError as error:
            problems.append(str(error))
        self.where = ""
        return "; ".join(dict.fromkeys(filter(None, problems)))

    @property
    def nobody(self) -> str:
        """That nothing is kept, as a part of a sentence, and whether that is certain."""
        trouble = self._store.trouble
        host = urlsplit(self.gateway).netloc
        if not trouble:
            return tr("nobody is signed in at {host}").format(host=host)
        return tr("nobody is signed in at {host}, or {trouble}").format(host=host, trouble=trouble)

    async def kept(self) -> Kept | None:
        """What is kept from an earlier run. Raises SignedOut where it cannot be read."""
        try:
            return await asyncio.to_thread(self._store.read, self.gateway)
        except StoreError as error:
            raise SignedOut(str(error), "not_readable") from error

    # --- as the session's loader -----------------------------------------------------------------------------------

    async def load(self, manager: SessionStart, expired: Session | None = None) -> None:
        """Begin the session with what is kept. Raises SignedOut when that is nothing, or counts no more."""
        async with self._alone():  # a refresh token may count only once: the other program's is read after it was kept
            kept = await self.kept()
            if kept is None:
                raise SignedOut(tr("{nobody}: sign in").format(nobody=self.nobody), "not_signed_in")
            self.where = kept.where
            if kept.credentials.kind == "refresh":
                await self._load_refreshable(manager, kept.credentials, expired)
            elif kept.credentials.secret in (self._refused, expired.token if expired else ""):
                self._refused = kept.credentials.secret
                raise SignedOut(tr("the token that was kept counts no more: sign in again"), "token_expired")
            else:
                manager.start(kept.credentials.secret)

    async def _load_refreshable(self, manager: SessionStart, credentials: Credentials, expired: Session | None) -> None:
        """With the access token that another run was granted, as long as it is good; else with a new one."""
        access = await self._kept_access(credentials)
        left_s = access.left_s(self._clock.now_ms()) if access else 0.0
        if access is not None and left_s > 0 and access.token != (expired and expired.token):
            manager.start(access.token, left_s)
            return
        granted = await self._renewed(credentials)
        manager.start(granted.access_token, granted.lifetime_s)
        await self._keep_access(granted, granted.refresh_token or credentials.secret)

    async def _renewed(self, credentials: Credentials) -> Granted:
        offer = await self._sign_in.offer()
        if offer.token_endpoint != credentials.endpoint:  # nobody else gets to see it
            raise SignedOut(tr("the gateway has people sign in elsewhere now: sign in again"), "moved")
        granted = await self._sign_in.renewed(offer, credentials.secret)
        if granted.refresh_token:
            await self._keep(_credentials(granted, offer))
        return granted

    # --- what is kept ----------------------------------------------------------------------------------------------

    async def _keep(self, credentials: Credentials) -> None:
        """Who cannot keep it is signed in all the same, until the program ends."""
        try:
            self.where = await asyncio.to_thread(self._store.keep, self.gateway, credentials)
        except StoreError as error:
            self.where = tr("nowhere, because {why}").format(why=error)

    async def _kept_access(self, credentials: Credentials) -> AccessToken | None:
        try:
            return await asyncio.to_thread(self._store.read_access, self.gateway, credentials)
        except StoreError:
            return None  # the sign-in is renewed instead

    async def _keep_access(self, granted: Granted, refresh_token: str) -> None:
        access = AccessToken.of(granted, refresh_token, self._clock.now_ms())
        if access is not None:
            with contextlib.suppress(StoreError):  # the next run renews
                await asyncio.to_thread(self._store.keep_access, self.gateway, access)

    async def _revoke(self) -> None:
        kept = await self.kept()
        if kept is not None and kept.credentials.kind == "refresh":
            offer = await self._sign_in.offer()
            if offer.token_endpoint == kept.credentials.endpoint:
                await self._sign_in.revoke(offer, kept.credentials.secret)

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Neither another task nor another program of this user renews the same sign-in. Raises Busy."""
        async with self._turn:
            give_up_at_s = self._clock.monotonic() + TURN_S
            while not self._store.lock.take():
                if self._clock.monotonic() > give_up_at_s:
                    raise Busy(tr("another program of yours has been renewing the sign-in for too long: close it"))
                await self._clock.wait(asyncio.Event(), LOOK_S)
            try:
                yield
            finally:
                self._store.lock.release()


async def _problem(step: Awaitable[object]) -> str:
    """Why it could not be done; empty when it was, or when the session had ended already."""
    try:
        await step
    except SignedOut:
        return ""
    except GatewayError as error:
        return str(error)
    return ""


def _credentials(granted: Granted, offer: Offer) -> Credentials:
    """What to keep: without a refresh token, the access token for as long as it counts."""
    if granted.refresh_token:
        return Credentials("refresh", granted.refresh_token, offer.token_endpoint)
    return Credentials("token", granted.access_token)
