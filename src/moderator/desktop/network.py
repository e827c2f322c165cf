"""The window's connection to its gateway: what brings the feed in and carries orders out. Loaded after the window is
there, since the HTTP and TLS libraries take longer to load than it takes to paint."""

import asyncio
from collections.abc import Callable
from typing import Final

from moderator.client.backoff import Backoff
from moderator.client.clock import GatewayClock
from moderator.client.commands import GatewayClient
from moderator.client.errors import Forbidden, GatewayError, SignedOut
from moderator.client.feed_reader import FeedReader
from moderator.client.link import Link
from moderator.clock import Clock
from moderator.desktop.live_store import LiveStore
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.http import HttpClient
from moderator.tasks import TaskScope

LONGEST_TIMELINE: Final = 2_000
"""Events of a room that are shown; older ones are in the audit."""


class Network:
    """One gateway, as long as the window is open."""

    def __init__(self, url: str, token: Callable[[], str], http: HttpClient, store: LiveStore, clock: Clock) -> None:
        self.client = GatewayClient(url, token, http)
        self._http = http
        self._store = store
        self._clock = clock
        self._time = GatewayClock(self.client, clock)
        self._reader = FeedReader(url, token, http, store, clock)

    @classmethod
    async def open(cls, url: str, token: Callable[[], str], store: LiveStore, clock: Clock) -> "Network":
        """Set up off the event loop's thread: reading the certificates of a TLS context blocks for a while."""
        return cls(url, token, await asyncio.to_thread(HttpClient), store, clock)

    def start(self, tasks: TaskScope) -> None:
        """Read the feed, follow the gateway's clock and find out who we are."""
        self._store.watch(self._reader.session, self._time)
        tasks.start("feed", self._reader.run())
        tasks.start("clock", self._time.run())
        tasks.start("who am I", self._sign_in())

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
                return events[-LONGEST_TIMELINE:]
            after = page.events[-1].seq

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def _sign_in(self) -> None:
        """Ask until the gateway tells; a token that is refused is asked for again when the feed takes one."""
        backoff, live = Backoff(), asyncio.Event()

        def heard(link: Link) -> None:
            if link.state == "live":
                live.set()

        self._store.link_updated.connect(heard)
        try:
            while self._store.me is None:
                live.clear()
                try:
                    self._store.signed_in(await self.client.me())
                except (SignedOut, Forbidden):
                    await live.wait()
                except GatewayError:
                    await self._clock.wait(live, backoff.next_s())
        finally:
            self._store.link_updated.disconnect(heard)
