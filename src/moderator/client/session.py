"""A moderator's session: the token that requests show, renewed ahead of its end. Where it comes from is a loader's."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final, Literal, Protocol

from moderator.client.errors import GatewayError, GatewayFailed, SignedOut
from moderator.client.lifetimes import Granted, Session
from moderator.clock import Clock
from moderator.language import tr
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)

LONGEST_PAUSE_S: Final = 30.0
"""Between attempts to load; the first is 1 s, each the double of the one before."""
State = Literal["none", "fresh", "stale", "expired"]


class SessionStart(Protocol):
    """What a loader is given: the manager's `start`, which counts only while the load is still wanted."""

    def start(self, token: str, lifetime_s: float | None = None) -> None:
        """Begin a session; see `SessionManager.start`. Raises GatewayFailed for one that has ended already."""


class SessionLoader(Protocol):
    """Provides a session when a call needs one."""

    async def load(self, manager: SessionStart, expired: Session | None = None) -> None:
        """Call `manager.start` before returning. `expired` is the session that no longer does; None: there was none.

        Raises GatewayError where it cannot: everybody who waits is told.
        """


class SessionObserver(Protocol):
    """Who wants to know of the session."""

    def on_session_changed(self, session: Session | None) -> None:
        """There is another session; None: signed out. What this raises is logged, and hurts nobody else."""


class _Loading:
    """One call of the loader, which everybody who needs a session waits for."""

    def __init__(self, manager: "SessionManager", generation: int) -> None:
        self._manager = manager
        self._generation = generation
        self.task: asyncio.Task[None] | None = None
        self.started = False
        self.error: GatewayError | None = None

    def start(self, token: str, lifetime_s: float | None = None) -> None:
        self.started = self._manager.start_loaded(token, lifetime_s, self._generation) or self.started


class SessionManager:
    """The session at one gateway; the `Tokens` of its requests. For one event loop."""

    def __init__(
        self,
        tasks: TaskScope,
        clock: Clock,
        loader: SessionLoader | None = None,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`jitter` is from 0 to 1: a thousand windows that signed in together do not renew in the same moment."""
        self.loader = loader
        self._tasks = tasks
        self._clock = clock
        self._jitter = jitter
        self._session: Session | None = None
        self._rejected = False
        """The gateway refused the session, whatever its lifetime says."""
        self._observers: list[SessionObserver] = []
        self._generation = 0
        """Counts the starts and stops from outside: what was begun under an earlier one comes too late."""
        self._loading: _Loading | None = None
        self._failures = 0
        self._failed: tuple[float, GatewayError] | None = None
        """Until when the loader is left alone, and why."""

    # --- what a program does with it -------------------------------------------------------------------------------

    def start(self, token: str, lifetime_s: float | None = None) -> None:
        """Begin a session with this token; the caller answers for its validity.

        `lifetime_s`: how long it holds from now, in seconds; without it the token's own claims say, if they do.
        """
        self._generation += 1
        self._abandon_load()
        self._begin(self._begun(token, lifetime_s))

    async def start_sign_in(self, sign_in: Callable[[], Awaitable[Granted]]) -> Granted:
        """Begin a session with what a sign-in brings. Raises what it raises, and SignedOut when `stop` came first."""
        generation = self._generation
        granted = await sign_in()
        if generation != self._generation:
            raise SignedOut(tr("the sign-in came too late: something else was decided meanwhile"))
        self.start(granted.access_token, granted.lifetime_s)
        return granted

    def stop(self) -> None:
        """End the session; a load or a sign-in that is under way changes nothing any more."""
        self._generation += 1
        self._abandon_load()
        self._failed, self._failures = None, 0
        self._become(None)

    def get(self) -> Session | None:
        """The session, also one that has expired; None: nobody is signed in."""
        return self._session

    def state(self) -> State:
        """How the session is; `stale` still holds, and is being renewed."""
        if self._session is None:
            return "none"
        return "expired" if self._rejected else self._session.state(self._clock.monotonic())

    def add_observer(self, observer: SessionObserver) -> None:
        """Have it told of changes from now on."""
        self._observers.append(observer)

    def remove_observer(self, observer: SessionObserver) -> None:
        """Tell it nothing more. Raises ValueError when it was not there."""
        self._observers.remove(observer)

    # --- what requests ask (`Tokens`) ------------------------------------------------------------------------------

    async def token(self) -> str:
        """The token to show now; loads one where there is none. Raises GatewayError when none can be had."""
        session, state = self._session, self.state()
        if session is not None and state == "fresh":
            return session.token
        if session is not None and state == "stale":
            if self._refusal() is None and self.loader is not None:
                self._load()
            return session.token
        return await self._loaded()

    async def rejected(self, token: str) -> bool:
        """The gateway answered 401 to this one: whether there is another now. One load serves all who ask."""
        if self._session is not None and self._session.token == token:
            self._rejected = True
            if self.loader is None:
                return False
        return await self._loaded() != token

    # --- loading ---------------------------------------------------------------------------------------------------

    async def _loaded(self) -> str:
        """The token of a session that holds, loaded if need be."""
        while (session := self._session) is None or self.state() == "expired":
            if (error := self._refusal()) is not None:
                raise error
            if self.loader is None:
                raise SignedOut(tr("nobody is signed in, or the session has ended: sign in"))
            loading = self._load()
            assert loading.task is not None
            await asyncio.wait([loading.task])  # who waits may be cancelled; the load goes on for the others
            if loading.error is not None and self.state() in {"none", "expired"}:
                raise loading.error
        return session.token

    def _refusal(self) -> GatewayError | None:
        """Why the loader is not asked yet, after a failure."""
        if self._failed is None or self._clock.monotonic() >= self._failed[0]:
            return None
        return self._failed[1]

    def _load(self) -> _Loading:
        """The one load that is under way, begun if need be."""
        if self._loading is None:
            self._loading = _Loading(self, self._generation)
            self._loading.task = self._tasks.start("load the session", self._run(self._loading))
        return self._loading

    async def _run(self, loading: _Loading) -> None:
        assert self.loader is not None
        loading.error = SignedOut(tr("you are signed out"))  # stands when this is cancelled, or ends by a fault of ours
        try:
            await self.loader.load(loading, self._session)
            loading.error = None if loading.started else SignedOut(tr("there is no session: sign in"))
        except GatewayError as error:
            loading.error = error
        finally:
            if self._loading is loading:
                self._loading = None
                if loading.error is not None:
                    self._note(loading.error)

    def _note(self, error: GatewayError) -> None:
        """A load failed: leave the loader alone for a while; who has no session left is signed out."""
        pause_s = min(LONGEST_PAUSE_S, 2.0**self._failures)
        self._failures += 1
        self._failed = self._clock.monotonic() + pause_s, error
        if self.state() == "expired":
            self._become(None)

    def _abandon_load(self) -> None:
        loading, self._loading = self._loading, None
        if loading is not None and loading.task is not None:
            loading.task.cancel()

    # --- the session -----------------------------------------------------------------------------------------------

    def start_loaded(self, token: str, lifetime_s: float | None, generation: int) -> bool:
        """For what a loader was given; whether it came in time. Raises GatewayFailed when it has ended already."""
        if generation != self._generation:
            return False
        session = self._begun(token, lifetime_s)
        if session.state(self._clock.monotonic()) == "expired":  # as a success it would be loaded again, without end
            raise GatewayFailed(tr("the gateway grants sessions that have ended already: whoever runs it has to look"))
        self._begin(session)
        return True

    def _begun(self, token: str, lifetime_s: float | None) -> Session:
        return Session.begun(token, lifetime_s, self._clock.monotonic(), self._jitter())

    def _begin(self, session: Session) -> None:
        self._failed, self._failures = None, 0
        self._become(session)

    def _become(self, session: Session | None) -> None:
        before, self._session, self._rejected = self._session, session, False
        if (before and before.token) == (session and session.token):
            return
        for observer in list(self._observers):
            try:
                observer.on_session_changed(session)
            except Exception:  # isolated: nobody's session hangs on what a window does with the news
                logger.exception("an observer of the session failed")
