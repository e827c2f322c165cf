"""The window's connection to its gateway: what brings the feed in and carries orders out. Loaded after the window is
there, since the HTTP and TLS libraries take longer to load than it takes to paint."""

import asyncio

from moderator.client.account import Account
from moderator.client.audit import AuditClient
from moderator.client.backoff import Backoff
from moderator.client.clock import GatewayClock
from moderator.client.commands import GatewayClient
from moderator.client.credentials_store import CredentialsStore
from moderator.client.errors import Forbidden, GatewayError, SignedOut
from moderator.client.feed_reader import FeedReader
from moderator.client.link import Link
from moderator.client.quality import QualityClient
from moderator.client.reports import Reports
from moderator.client.tokens import Tokens
from moderator.clock import Clock
from moderator.desktop.live_store import LiveStore
from moderator.desktop.reviews.questions import Questions
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rewinding import LONGEST_HISTORY
from moderator.http import HttpClient
from moderator.tasks import TaskScope


class Network:
    """One gateway, as long as the window is open."""

    def __init__(
        self,
        url: str,
        tokens: Tokens,
        http: HttpClient,
        store: LiveStore,
        clock: Clock,
        account: Account | None = None,
    ) -> None:
        """`account` is what the tokens come from, where people sign in in the window."""
        self.client = GatewayClient(url, tokens, http)
        self.questions = Questions(
            AuditClient(url, tokens, http), Reports(url, tokens, http), QualityClient(url, tokens, http)
        )
        self.account = account
        self._url = url
        self._tokens = tokens
        self._http = http
        self._store = store
        self._clock = clock
        self._time = GatewayClock(self.client, clock)
        self._reader = self._new_reader()
        self._reading: list[asyncio.Task[None]] = []

    @classmethod
    async def open(cls, url: str, tokens: Tokens, store: LiveStore, clock: Clock) -> "Network":
        """Set up off the event loop's thread: reading the certificates of a TLS context blocks for a while."""
        return cls(url, tokens, await asyncio.to_thread(HttpClient), store, clock)

    @classmethod
    async def open_account(
        cls, url: str, sign_ins: CredentialsStore, store: LiveStore, clock: Clock, tasks: TaskScope
    ) -> "Network":
        """The same, for people who sign in in the window or did so before."""
        http = await asyncio.to_thread(HttpClient)
        account = Account(url, http, sign_ins, clock, tasks)
        return cls(url, account.session, http, store, clock, account)

    def start(self, tasks: TaskScope) -> None:
        """Read the feed, follow the gateway's clock and find out who we are."""
        self._store.watch(self._reader.session, self._time)
        self._reading = [
            tasks.start("feed", self._reader.run()),
            tasks.start("clock", self._time.run()),
            tasks.start("who am I", self._follow_me()),
        ]

    def stop(self, why: str) -> None:
        """Read nothing more, and forget what was read."""
        self._drop()
        self._store.link_changed(Link("signed_out", why))

    def start_over(self, tasks: TaskScope) -> None:
        """Somebody signed in: who was there before may have seen other rooms."""
        self._drop()
        self.start(tasks)

    def retry(self) -> None:
        """Do not wait any longer before the next attempt."""
        self._reader.retry()

    async def timeline(self, key: RoomKey, instance: str) -> list[Event]:
        """What happened in one instance of a room, oldest first. Raises GatewayError."""
        events: list[Event] = []
        after = 0
        while True:
            page = await self.client.timeline(key.source, key.room, after=after, instance=instance)
            events += page.events
            if not page.more or not page.events:
                return events[-LONGEST_HISTORY:]
            after = page.events[-1].seq

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    def _drop(self) -> None:
        for task in self._reading:
            task.cancel()
        self._reading = []
        self._reader = self._new_reader()
        self._store.forget(self._reader.session)

    def _new_reader(self) -> FeedReader:
        return FeedReader(self._url, self._tokens, self._http, self._store, self._clock)

    async def _follow_me(self) -> None:
        """Ask until the gateway tells, and anew whenever the feed is there again: it may be another version by then.

        A token that is refused is asked for again when the feed takes one.
        """
        backoff, live = Backoff(), asyncio.Event()

        def heard(link: Link) -> None:
            if link.state == "live":
                live.set()

        self._store.link_updated.connect(heard)
        try:
            while True:
                live.clear()
                try:
                    me = await self.client.me()
                except (SignedOut, Forbidden):
                    await live.wait()
                except GatewayError:
                    await self._clock.wait(live, backoff.next_s())
                else:
                    backoff.reset()
                    if me != self._store.me:
                        self._store.signed_in(me)
                    await live.wait()
        finally:
            self._store.link_updated.disconnect(heard)
