"""A platform that hangs, over real connections: it is left alone, said to fail, and holds up nobody but itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.events import DisconnectConfirmed, Event, MessageRequested, SourceRecovered, SourceSilent
from moderator.domain.ids import RoomKey, SourceName
from moderator.gateway.commands import confirmations
from moderator.gateway.configuration.config import SourceConfig
from moderator.gateway.platforms.circuit import FAILURES
from moderator.http import HttpError
from moderator.providers.errors import Unavailable
from moderator.providers.provider import Listing
from tests.fakes.builders import ROOM, joined
from tests.fakes.gateway import SIGNED, GatewayServed
from tests.fakes.provider import SECRET, FakeOptions, FakeProvider, a_webhook

PATIENCE_S = 0.2
PEOPLE = 30


class WiredOptions(FakeOptions, frozen=True):
    url: str = ""


class WiredProvider(FakeProvider):
    """Every call is a request to a server."""

    Options: ClassVar[type[Struct]] = WiredOptions

    def __init__(self, source: str, options: Any, http: Any, clock: Any) -> None:
        super().__init__(source, options, http, clock)
        self._http, self.effect = http, "list"

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        await self._ask()
        return await super().list_rooms(known)

    async def _called(self, *arguments: Any) -> None:
        await self._ask()
        await super()._called(*arguments)

    async def _ask(self) -> None:
        try:
            await self._http.request("POST", self._options.url, timeout_s=PATIENCE_S)
        except HttpError as error:
            raise Unavailable(str(error)) from error


class Platform:
    """A server that answers, or takes the request and says nothing."""

    def __init__(self) -> None:
        self.hangs = False
        self.requests = 0
        self.url = ""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        try:
            yield
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                self.requests += 1
                if self.hangs:
                    await reader.read()
                    break
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()


class Two(GatewayServed):
    """A clinic and a school, each on a platform of its own."""

    def __init__(self, folder: Path, clinic: Platform, school: Platform) -> None:
        super().__init__(folder)
        self.config = replace(self.config, sources=(_source("clinic", clinic), _source("school", school)))

    def platform(self, source: str) -> WiredProvider:
        provider = self.gateway.sources[source].provider
        assert isinstance(provider, WiredProvider)
        return provider

    async def fill(self, source: str) -> None:
        """The same people come into a room of either."""
        for number in range(PEOPLE):
            event = replace(joined(f"c{number}", self.clock.now_ms()), source=SourceName(source))
            self.platform(source).happened(event)
            answer = await self.http.post(f"/webhooks/{source}", content=a_webhook(event), headers=SIGNED)
            assert answer.status_code == 200

    async def disconnect(self, source: str, participant: str) -> None:
        answer = await self.http.post(f"/v1/rooms/{source}/{ROOM}/participants/{participant}/disconnect")
        assert answer.status_code == 202, answer.text

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.02)

    def here(self, source: str) -> int:
        room = self.gateway.ledger.room(RoomKey(SourceName(source), ROOM))
        return len(room.here()) if room else 0


def _source(name: str, platform: Platform) -> SourceConfig:
    return SourceConfig(name, WiredProvider, "fake", WiredOptions(SECRET, url=platform.url), 500, 1_000)


@pytest.fixture
async def platforms() -> AsyncIterator[tuple[Platform, Platform]]:
    clinic, school = Platform(), Platform()
    async with clinic.listening(), school.listening():
        yield clinic, school


async def test_one_that_hangs_is_left_alone_and_the_other_goes_on(
    tmp_path: Path, platforms: tuple[Platform, Platform], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmations, "SHOWN_WITHIN_S", 0.1)
    clinic, school = platforms
    async with Two(tmp_path, clinic, school) as gateway:
        for source in ("clinic", "school"):
            await gateway.fill(source)
        clinic.hangs, asked_before, listed_before = True, clinic.requests, school.requests
        for number in range(PEOPLE):
            await gateway.disconnect("clinic", f"c{number}")
        await gateway.until(lambda: gateway.gateway.sources["clinic"].circuit.is_open)
        for number in range(PEOPLE):
            await gateway.disconnect("school", f"c{number}")
        await gateway.until(lambda: gateway.here("school") == 0)
        assert school.requests >= listed_before + PEOPLE
        clinics, schools = (gateway.gateway.sources[name].status() for name in ("clinic", "school"))
        assert (clinics.state, schools.state) == ("failing", "live")
        assert "does not answer" in (clinics.detail or "")
        assert gateway.here("clinic") == PEOPLE
        # All that went out before anybody could know: as many as wait for answers at a time, then one by one.
        assert clinic.requests - asked_before <= PEOPLE + 2 * FAILURES
        clinic.hangs = False
        await gateway.until(lambda: gateway.here("clinic") == 0)
        await gateway.until(lambda: gateway.gateway.sources["clinic"].status().state == "live")
        assert [event.source for event in await gateway.logged(SourceSilent)] == ["clinic"]
        assert [event.source for event in await gateway.logged(SourceRecovered)] == ["clinic"]
        assert len(await gateway.logged(DisconnectConfirmed)) == 2 * PEOPLE


async def test_a_message_that_may_have_arrived_is_not_sent_again(
    tmp_path: Path, platforms: tuple[Platform, Platform]
) -> None:
    clinic, school = platforms
    async with Two(tmp_path, clinic, school) as gateway:
        await gateway.fill("clinic")
        clinic.hangs = True
        answer = await gateway.http.post(f"/v1/rooms/clinic/{ROOM}/message", json={"text": "hello"})
        assert answer.status_code == 202, answer.text
        await gateway.until(lambda: bool(gateway.read("message_failed")))
        requested: list[Event] = await gateway.logged(MessageRequested)
        assert len(requested) == 1
        assert [call.name for call in gateway.platform("clinic").calls] == []
