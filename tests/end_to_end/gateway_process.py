"""The tests' handle on a real gateway process, and on what one moderator with the real client sees of it."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Final, Self

import msgspec

from moderator.client.commands import GatewayClient
from moderator.client.feed_reader import FeedReader
from moderator.client.link import Link
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.domain.events import Event
from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.domain.rooms import Participant, Room
from moderator.feed.sse import SseFrame
from moderator.gateway.access.tokens import issue_token
from moderator.gateway.scopes import SCOPES
from moderator.http import HttpClient
from tests.end_to_end.janus_config import Webhooks
from tests.end_to_end.janus_server import JanusServer, free_ports

SOURCE = SourceName("school")
ENDS_WITHIN_S: Final = 40
"""One that cannot write its log waits a while for it; tests of how quickly one ends look at what `stop` returns."""


class GatewayProcess:
    """`moderator gateway` on a port of its own, which survives `kill` and `stop` for the next `start`."""

    def __init__(self, folder: Path, key: str = "", **environment: str) -> None:
        """`key` signs tokens, where those of another gateway shall be good for this one too."""
        self.folder = folder
        self._key = key or token_hex(32)
        self._environment = environment
        self._port = free_ports()[0]
        self._process: asyncio.subprocess.Process | None = None
        self.url = f"http://127.0.0.1:{self._port}"
        self.webhooks = Webhooks(url=f"{self.url}/webhooks/{SOURCE}")
        self.log = folder / "gateway.log"

    def configure(self, janus: JanusServer, room_types: str, more: str = "") -> None:
        """Write the configuration for one Janus; `more` are further keys of it."""
        source = f"""
provider = "janus"
base_url = "{janus.base_url}"
api_secret = "{janus.api_secret}"
admin_url = "{janus.admin_url}"
admin_secret = "{janus.admin_secret}"
admin_key = "{janus.admin_key}"
room_secret = "{janus.room_secret}"
webhook_user = "{self.webhooks.user}"
webhook_password = "{self.webhooks.password}"
reconcile = "2s"
{more}
"""
        self.configure_source(source, room_types)

    def configure_source(self, source: str, room_types: str, gateway: str = "", name: str = SOURCE) -> None:
        """Write the configuration for one source of this name with the keys `source`; `gateway` has those of all."""
        text = f"""
[gateway]
port = {self._port}
{gateway}
[access]
key = {{ env = "MODERATOR_KEY" }}
[sources.{name}]
requests_per_second = 50
{source}
{room_types}
"""
        (self.folder / "moderator.toml").write_text(text, encoding="utf-8")

    async def start(self) -> Self:
        """Returns when the gateway says that it is ready."""
        await self.spawn()
        await self.ready()
        return self

    async def spawn(self) -> None:
        """Begin to start."""
        with self.log.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "moderator", "gateway", "--config", str(self.folder / "moderator.toml")),
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **self._environment, "MODERATOR_KEY": self._key},
            )

    async def ready(self) -> None:
        """Wait until it says so."""
        assert self._process is not None
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), 60)
        assert line, f"the gateway did not start:\n{self.log.read_text(encoding='utf-8')}"
        assert msgspec.json.decode(line) == {"ready": True, "url": self.url}

    async def stop(self) -> float:
        """SIGTERM; returns the seconds that the gateway took to end."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """SIGKILL."""
        await self._end(signal.SIGKILL)

    async def _end(self, how: signal.Signals) -> float:
        process, self._process = self._process, None
        if process is None:
            return 0.0
        begun = time.monotonic()
        if process.returncode is None:  # one that could not start has ended already
            process.send_signal(how)
        await asyncio.wait_for(process.wait(), ENDS_WITHIN_S)
        return time.monotonic() - begun

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def token(self, name: str = "maya") -> str:
        """A token that may do everything."""
        return issue_token(self._key, "moderator", name, sorted(SCOPES), ["*"], 3600, SystemClock().now_ms())


class Moderator:
    """A moderator who watches the feed: what they see, and what they order."""

    def __init__(self, gateway: GatewayProcess) -> None:
        self._http = HttpClient()
        clock = SystemClock()
        self._reader = FeedReader(gateway.url, FixedToken(gateway.token()), self._http, self, clock)
        self.orders = GatewayClient(gateway.url, FixedToken(gateway.token()), self._http)
        self.events: list[Event] = []
        self.links: list[Link] = []
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._notices: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._reader.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, *self._notices, return_exceptions=True)
        await self._http.aclose()

    def link_changed(self, link: Link) -> None:
        self.links.append(link)
        self._notify()

    def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
        self.events += events
        self._notify()

    def room(self, room: str) -> Room | None:
        """The room as this moderator's own fold has it."""
        return self._reader.session.state.room(RoomKey(SOURCE, RoomId(room)))

    def here(self, room: str) -> dict[str, Participant]:
        """Who is in the room, by user."""
        found = self.room(room)
        return {one.user: one for one in found.here()} if found else {}

    async def sees(self, what: str, condition: Callable[[], object], seconds: float = 30) -> None:
        """Wait until the feed has shown it."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: bool(condition()))
        except TimeoutError:
            seen = "\n".join(f"{event.kind} {event.data}" for event in self.events[-40:])
            raise AssertionError(f"not seen within {seconds} s: {what}. The last events were:\n{seen}") from None

    async def sees_people(self, room: str, *users: str, seconds: float = 30) -> None:
        """Wait until exactly these are in the room."""
        await self.sees(f"{users} in {room}", lambda: set(self.here(room)) == set(users), seconds)

    def count(self, kind: str) -> int:
        """How many events of a kind the feed has brought."""
        return sum(event.kind == kind for event in self.events)

    def _notify(self) -> None:
        async def notify() -> None:
            async with self._changed:
                self._changed.notify_all()

        task = asyncio.create_task(notify())
        self._notices.add(task)
        task.add_done_callback(self._notices.discard)
