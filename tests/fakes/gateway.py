"""A whole gateway inside the test: a real log on the disk, a fake platform, a time that the test moves, real tokens."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Self

import httpx
import uvicorn
from starlette.types import Receive, Scope, Send

from moderator.clock import Clock, SystemClock
from moderator.domain.events import Entry, Event, ParticipantJoined, RoomEnded
from moderator.domain.ids import EventId, RoomKey
from moderator.domain.kinds import Data
from moderator.domain.rooms import Room
from moderator.domain.settings import RoomType
from moderator.feed.messages import Frame, decode_frame
from moderator.feed.paths import quote_id
from moderator.feed.sse import SseDecoder
from moderator.gateway.access.tokens import issue_token
from moderator.gateway.app import Gateway
from moderator.gateway.configuration.config import Config, SourceConfig
from moderator.gateway.configuration.sections import AccessSection, GatewaySection, NotifySection
from moderator.gateway.connections import Connection
from moderator.gateway.scopes import SCOPES
from moderator.journal.event_log import LogError
from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_file import LogFile
from moderator.journal.sqlite_reader import Reader
from moderator.journal.starts import Start
from moderator.providers.provider import ListedRoom
from moderator.serving import listen
from moderator.tasks import TaskScope
from tests.fakes.builders import ROOM, SOURCE, a_fact, the_room
from tests.fakes.clock import FakeClock
from tests.fakes.provider import SECRET, FakeOptions, FakeProvider, a_webhook
from tests.fakes.serving import QuietServer

TOKEN_KEY: Final = "a key for tests, which nobody else has"
ISSUER: Final = "moderator"
WEBHOOK: Final = f"/webhooks/{SOURCE}"
SIGNED: Final = {"Authorization": f"Bearer {SECRET}"}


class WatchedLog(SqliteLog):
    """Knows whether something is being stored or read, and can be told to fail."""

    def __init__(self, file: LogFile, reader: "WatchedReader", newest: int) -> None:
        super().__init__(file, reader, newest)
        self.watched = reader
        self.storing = 0
        self.fails = False

    @classmethod
    async def open(cls, path: Path | str) -> "WatchedLog":
        file = await asyncio.to_thread(LogFile.open, Path(path))
        reader = WatchedReader(file)
        return cls(file, reader, await reader.newest())

    @property
    def busy(self) -> bool:
        return self.storing + self.watched.reading > 0

    async def append(self, entry: Entry) -> int:
        with self._storing():
            return await super().append(entry)

    async def acknowledge(self, command: EventId) -> None:
        with self._storing():
            await super().acknowledge(command)

    async def keep_start(self, start: Start) -> None:
        with self._storing():
            await super().keep_start(start)

    async def _change(self, carry_out: Any) -> int:
        with self._storing():
            return await super()._change(carry_out)

    @contextlib.contextmanager
    def _storing(self) -> Iterator[None]:
        if self.fails:
            raise LogError("The disk is full.")
        self.storing += 1
        try:
            yield
        finally:
            self.storing -= 1


class WatchedReader(Reader):
    reading = 0

    async def ask(self, question: Any) -> Any:
        self.reading += 1
        try:
            return await super().ask(question)
        finally:
            self.reading -= 1


class RunningGateway:
    """`async with` opens the log and runs the gateway; the same folder again is the next start."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *room_types: RoomType,
        missing: Sequence[str] = (),
        keeps_ends: bool = False,
        per_second: float = 1000,
        rooms: Sequence[ListedRoom] = (),
        source: SourceConfig | None = None,
        notify: NotifySection | None = None,
        access: AccessSection | None = None,
        public_url: str = "",
        hold_above: int = 20,
        beside: "RunningGateway | None" = None,
    ) -> None:
        """`source` is another platform than the fake one; `beside`: the gateway whose log this one shares."""
        self._beside = beside
        self._rooms = rooms
        if source is None:
            options = FakeOptions(SECRET, tuple(missing), keeps_ends)
            source = SourceConfig(SOURCE, FakeProvider, "fake", options, 30_000, per_second)
        access = access or AccessSection(key=TOKEN_KEY, issuer=ISSUER)
        gateway = GatewaySection(public_url=public_url, hold_above=hold_above)
        self.config = Config(folder / "moderator.toml", gateway, access, (source,), room_types, notify=notify)
        self.clock = clock
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        if self._beside is None:
            self.log = await WatchedLog.open(self.config.log_path)
            self._stack.push_async_callback(self.log.aclose)
        else:
            self.log = self._beside.log
        if isinstance(self.clock, FakeClock):
            self.clock.busy = lambda: self.log.busy
        self.gateway = Gateway(self.config, self.log, self.clock)
        if self.config.sources[0].provider is FakeProvider:
            self.provider.report = self.send
            self.provider.rooms = list(self._rooms)
        self.http = await self._stack.enter_async_context(self._client())
        return self

    async def start(self) -> Self:
        """Do everything that goes on in the background."""
        await self._stack.enter_async_context(self.gateway.running())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def _client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.gateway.app, client=("192.0.2.7", 1))
        return httpx.AsyncClient(transport=transport, base_url="http://gateway", headers={"Authorization": bearer()})

    @property
    def provider(self) -> FakeProvider:
        provider = self.gateway.sources[SOURCE].provider
        assert isinstance(provider, FakeProvider)
        return provider

    async def tell(self, *events: Event) -> None:
        """This happens on the platform, which sends a webhook about each."""
        for event in events:
            self.provider.happened(event)
            await self.send(event)

    async def send(self, event: Event) -> None:
        """A webhook, whatever the platform's list says."""
        answer = await self.http.post(WEBHOOK, content=a_webhook(event), headers=SIGNED)
        assert answer.status_code == 200, answer.text

    @property
    def room(self) -> Room:
        """The room that builders speak of."""
        return the_room(self.gateway.ledger.state)

    def known(self, room: str) -> Room | None:
        return self.gateway.ledger.room(RoomKey(SOURCE, room))  # type: ignore[arg-type]

    async def logged(self, *kinds: type[Data]) -> list[Event]:
        """What the log holds of these kinds, as it was stored; refused decisions are among it."""
        found = []
        async for batch in self.log.read(0):
            found += [event for entry in batch for event in entry.events if isinstance(event.data, kinds)]
        return found

    def read(self, kind: str) -> list[Event]:
        """What was read back of this kind, as it was judged."""
        events = self.gateway.ledger.since(0)
        assert events is not None
        return [event for event in events if event.kind == kind]

    async def timeline(self, **query: str | int) -> Any:
        answer = await self.http.get(f"{room_path()}/events", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()


class GatewayInProcess(RunningGateway):
    """In a time that only the test moves; requests go in without a socket."""

    clock: FakeClock

    def __init__(self, folder: Path, *room_types: RoomType, clock: FakeClock | None = None, **options: Any) -> None:
        super().__init__(folder, clock or FakeClock(), *room_types, **options)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        await self.start()
        await self.clock.settle()
        return self

    async def advance(self, ms: int) -> None:
        await self.clock.advance(ms)

    async def tell(self, *events: Event) -> None:
        """And all follows from it that does so at once."""
        await super().tell(*events)
        await self.clock.settle()

    async def order(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """A request about the room, and all that follows from it at once."""
        answer = await self.http.request(method, path, json=body, headers=headers)
        await self.clock.settle()
        return answer


class GatewayServed(RunningGateway):
    """On a real port of this machine, in real time."""

    def __init__(self, folder: Path, *room_types: RoomType, **options: Any) -> None:
        super().__init__(folder, SystemClock(), *room_types, **options)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        await self.start()
        self.listener = self._stack.enter_context(listen("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        tasks = await self._stack.enter_async_context(TaskScope())
        server = QuietServer(
            uvicorn.Config(
                self.gateway.app,
                http=Connection,
                ws="none",
                lifespan="off",
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        serving = tasks.start("http server", server.serve(sockets=[self.listener]))
        self._stack.push_async_callback(_stop, server, serving)
        while not server.started:
            await asyncio.sleep(0.001)
        return self

    def _client(self) -> httpx.AsyncClient:
        headers = {"Authorization": bearer()}
        return httpx.AsyncClient(base_url="http://gateway", headers=headers, transport=_ToPort(self))

    async def until_read(self) -> int:
        """Wait until the gateway knows everything that was stored; returns the position."""
        newest = await self.log.watched.newest()
        await self.gateway.ledger.read_back(newest)
        return newest

    @contextlib.asynccontextmanager
    async def feed(
        self, last_event_id: str = "", header: str = "", **token: Any
    ) -> AsyncIterator[AsyncIterator[Frame]]:
        """One connection to the feed: its frames, until it ends."""
        headers = {"Authorization": header or bearer(**token)} | (
            {"Last-Event-ID": last_event_id} if last_event_id else {}
        )
        async with (
            httpx.AsyncClient(timeout=10, trust_env=False, verify=False) as client,  # there is no TLS to set up
            client.stream("GET", f"http://127.0.0.1:{self.address[1]}/v1/feed", headers=headers) as response,
        ):
            assert response.status_code == 200
            frames = _frames(response)
            try:
                yield frames
            finally:
                await frames.aclose()


class Street:
    """Where the cloud's webhooks go; the gateway moves in later, since it needs the cloud's address."""

    gateway: RunningGateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.gateway.gateway.app(scope, receive, send)


class _ToPort(httpx.AsyncHTTPTransport):
    """Sends everything to the gateway's port."""

    def __init__(self, served: GatewayServed) -> None:
        super().__init__()
        self._served = served

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._served.address[1])
        return await super().handle_async_request(request)


async def _stop(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    server.should_exit = True
    await serving


async def _frames(response: httpx.Response) -> Any:
    decoder = SseDecoder()
    async for chunk in response.aiter_raw():
        for frame in decoder.feed(chunk):
            decoded = decode_frame(frame)
            assert decoded is not None
            yield decoded


def bearer(scopes: Iterable[str] = SCOPES, rooms: Sequence[str] = ("*",), name: str = "maya", ttl_s: int = 3600) -> str:
    """An `Authorization` header. Tokens are of the real time: PyJWT knows no other."""
    token = issue_token(TOKEN_KEY, ISSUER, name, sorted(scopes), rooms, ttl_s, SystemClock().now_ms())
    return f"Bearer {token}"


async def forgotten(gateway: GatewayInProcess, room: str) -> None:
    """Everybody leaves, and more than a day later something happens elsewhere."""
    gateway.provider.rooms = []
    ended_at = gateway.clock.now_ms()
    await gateway.send(a_fact(RoomEnded(), ended_at, room=room))
    gateway.clock.step(27 * 3_600_000)
    await gateway.tell(joined_in("elsewhere", "x", gateway.clock.now_ms()))


def room_path(room: str = ROOM) -> str:
    return f"/v1/rooms/{quote_id(SOURCE)}/{quote_id(room)}"


def participant_path(participant: str, room: str = ROOM) -> str:
    return f"{room_path(room)}/participants/{quote_id(participant)}"


def joined_in(room: str, participant: str, at: int, *, user: str = "") -> Event:
    """As `joined`, in any room."""
    return a_fact(ParticipantJoined(participant=participant, user=user), at, room=room)
