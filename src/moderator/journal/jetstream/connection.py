"""The connection to the servers: made anew whenever it breaks, and to another server when one only answers nothing.

Here NATS's errors become sentences, and what may be asked again is asked again for a while.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from nats.aio.client import Client, RawCredentials
from nats.errors import AuthorizationError, MaxPayloadError, NoServersError
from nats.errors import Error as NatsError
from nats.js.api import PubAck
from nats.js.client import JetStreamContext
from nats.js.errors import APIError, NoStreamResponseError, NotFoundError, ServiceUnavailableError

from moderator.clock import Clock
from moderator.journal.event_log import StoreTrouble
from moderator.journal.jetstream.settings import NatsSettings

logger = logging.getLogger(__name__)

CONNECT_WITHIN_S: Final = 15.0
"""At the start; later there is no limit."""
ATTEMPT_S: Final = 2.0
PUBLISH_ATTEMPT_S: Final = 0.5
"""What was sent while nobody led is never answered: it is sent again soon, and the servers notice a repetition."""
MOST_UNANSWERED: Final = 256
"""Messages of which the servers have said nothing yet. The last of thousands would be sent again before its turn."""
PAUSE_S: Final = 0.1
ANOTHER_SERVER_AFTER_S: Final = 8.0
"""Of nothing but failures: perhaps this server was cut off from the others. They elect another leader in less."""
TAKING_OUT_S: Final = 60.0
_GONE: Final = frozenset({10037, 10043, 10057})
"""No message found; no such sequence; it could not be deleted, since it was."""
_UNDECIDED: Final = 10158
"""What is sent again was sent before, and is neither stored nor given up yet."""
_PING_INTERVAL_S: Final = 2
_RECONNECT_WAIT_S: Final = 0.2
T = TypeVar("T")


class NotEncrypted(NatsError):
    """A server would be told secrets in plain text."""


class _Client(Client):
    """NATS's own goes on in plain text, password and all, with a server that says it knows nothing else. Somebody on
    the way could say so.
    """

    must_encrypt = False

    async def _process_info(self, info: dict[str, Any], initial_connection: bool = False) -> None:
        if self.must_encrypt and initial_connection and not info.get("tls_required"):
            raise NotEncrypted
        await super()._process_info(info, initial_connection)

    async def close(self) -> None:
        """Also when no server is there any more: there is nothing to tell then, and to write it would fail."""
        if not self.is_connected:
            self._pending_data_size = 0
        await super().close()


_NOT_LET_IN: Final = "they do not let this gateway in: check nats.user, nats.password or nats.credentials"
_WORDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (AuthorizationError, _NOT_LET_IN),
    (NotEncrypted, "one of them does not insist on encryption: configure tls there, without allow_non_tls"),
    (MaxPayloadError, "the entry is larger than they take: raise max_payload in their configuration"),
    (NoServersError, "none of them can be reached: check gateway.log and whether they run"),
    (ServiceUnavailableError, "too few of them are there to store anything: start the others"),
    (NoStreamResponseError, "nobody keeps the log at the moment: too few servers are there, or JetStream is off"),
    (TimeoutError, "they do not answer in time: too few of them are there, or the network is broken"),
    (ssl.SSLError, "their certificate is not believed: name its authority in nats.ca"),
    (OSError, "none of them can be reached: check gateway.log and whether they run"),
)
FAILURES: Final = (NatsError, OSError, TimeoutError)
"""What NATS's library raises."""


class Connection:
    """A connection to any of the servers. To be used in the event loop it was opened in."""

    def __init__(self, settings: NatsSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._failing_since: float | None = None
        self._latest: BaseException | None = None
        self.restorations = 0
        """How often a connection was made anew: what was subscribed to may have missed something."""
        self.listeners: set[asyncio.Event] = set()
        """Set whenever that happens, and when it is about to be closed."""
        self.is_closing = False
        """Whoever goes round has to look at it: before Python 3.12 to be cancelled may be overheard while waiting."""
        self.nats = _Client()
        self.streams: JetStreamContext = self.nats.jetstream(timeout=ATTEMPT_S)
        self._unanswered = asyncio.Semaphore(MOST_UNANSWERED)

    @property
    def trouble(self) -> str:
        """What is wrong now, as a sentence; empty when all is well."""
        if self._failing_since is None and self.nats.is_connected:
            return ""
        return str(self.explain(self._latest or NoServersError()))

    async def publish(self, subject: str, message: bytes, headers: dict[str, str] | None) -> PubAck:
        """One attempt to put a message into a stream. Raises what NATS's library does."""
        async with self._unanswered:
            return await self.streams.publish(subject, message, PUBLISH_ATTEMPT_S, headers=headers)

    async def open(self) -> None:
        """Connect for the first time. Raises LogError."""
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                await self._connect()
        except FAILURES as error:
            await self.nats.close()
            raise self.explain(self._latest or error) from error
        self._latest = None

    async def _connect(self) -> None:
        settings, trusted = self._settings, self._trusted()
        self.nats.must_encrypt = trusted is not None
        await self.nats.connect(
            list(settings.servers),
            name="moderator gateway",
            user=settings.user or None,
            password=settings.password or None,
            user_credentials=RawCredentials(settings.credentials) if settings.credentials else None,
            tls=trusted,
            max_reconnect_attempts=-1,
            reconnect_time_wait=_RECONNECT_WAIT_S,  # type: ignore[arg-type]  # it only sleeps for so long
            connect_timeout=int(ATTEMPT_S),
            ping_interval=_PING_INTERVAL_S,
            error_cb=self._failed,
            disconnected_cb=self._disconnected,
            reconnected_cb=self._reconnected,
        )

    def _trusted(self) -> ssl.SSLContext | None:
        if self._settings.ca is None and not any(one.startswith("tls:") for one in self._settings.servers):
            return None
        context = ssl.create_default_context()
        if self._settings.ca is not None:
            context.load_verify_locations(self._settings.ca)
        return context

    async def insist(self, ask: Callable[[], Awaitable[T]], within_s: float) -> T:
        """What is answered, asked again for so long as it fails. For what does no harm when it is done twice.

        Raises LogError; NotFoundError and what else an API says of the question itself as they are.
        """
        give_up_at = self._clock.monotonic() + within_s
        while True:
            try:
                answer = await ask()
            except FAILURES as error:
                if isinstance(error, MaxPayloadError):
                    raise self.explain(error) from error
                if isinstance(error, APIError) and not _may_pass(error):
                    raise
                await self.failed(error)
                if self._clock.monotonic() >= give_up_at or self.nats.is_closed:
                    raise self.explain(error) from error
                await asyncio.sleep(PAUSE_S)
            else:
                self.answered()
                return answer

    async def first_of(self, stream: str, subject: str) -> int | None:
        """Where the oldest message of a subject stands; None when there is none. Raises LogError."""
        try:
            message = await self.insist(
                lambda: self.streams.get_msg(stream, seq=1, subject=subject, next=True), TAKING_OUT_S
            )
        except NotFoundError:
            return None
        return message.seq

    async def overwrite(self, stream: str, place: int) -> None:
        """Take a message out, also from the disks of the servers. Nothing to do when it is gone. Raises LogError."""
        try:
            await self.insist(lambda: self.streams.delete_msg(stream, place), TAKING_OUT_S)
        except APIError as error:
            if error.err_code not in _GONE:
                raise self.explain(error) from error

    def answered(self) -> None:
        """All is well again."""
        self._failing_since = None

    async def failed(self, error: BaseException) -> None:
        """Remember a failure; when there was nothing else for a while, go to another server."""
        now = self._clock.monotonic()
        self._learn(error)
        if self._failing_since is None:
            self._failing_since = now
        elif now - self._failing_since > ANOTHER_SERVER_AFTER_S and len(self.nats.servers) > 1:
            self._failing_since = now
            await self.nats.force_reconnect()

    def explain(self, error: BaseException) -> StoreTrouble:
        """The error to raise for what NATS said: which servers, what is wrong, and what to do."""
        words = next((words for kind, words in _WORDS if isinstance(error, kind)), f"because of {error!s}")
        if _is_not_let_in(error):
            words = _NOT_LET_IN
        if isinstance(error, APIError) and error.err_code == _UNDECIDED:
            words = "it is not decided yet whether what was sent is stored: too few of them are there"
        return StoreTrouble(f"The log on {self._settings.shown} cannot be used, {words}.")

    def begin_closing(self) -> None:
        """Who waits for something that may never come is told."""
        self.is_closing = True
        self._wake()

    async def close(self) -> None:
        """Let go of the servers, when they were told what there is to tell."""
        with suppress(*FAILURES):
            await self.nats.flush(timeout=int(ATTEMPT_S))
        await self.nats.close()

    async def _failed(self, error: Exception) -> None:
        self._learn(error)
        logger.debug("the connection to the log: %s", error)

    def _learn(self, error: BaseException) -> None:
        if not _is_not_let_in(self._latest):  # that says more than what follows from it
            self._latest = error

    async def _disconnected(self) -> None:
        if not self.nats.is_closed:
            logger.info("the connection to the log on %s is lost, and made anew", self._settings.shown)

    async def _reconnected(self) -> None:
        logger.info("the connection to the log on %s is there again", self._settings.shown)
        self.restorations += 1
        self._latest = None
        self._wake()

    def _wake(self) -> None:
        for listener in self.listeners:
            listener.set()


def _may_pass(error: APIError) -> bool:
    """Whether it says something of the servers now, not of the question."""
    return isinstance(error, ServiceUnavailableError) or error.err_code == _UNDECIDED


def _is_not_let_in(error: BaseException | None) -> bool:
    """NATS's library has no error of its own for it."""
    return "authorization violation" in str(error).lower()
