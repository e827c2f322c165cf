"""A RoomService on a real port, and clients of it."""

from collections.abc import AsyncIterator

import pytest

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.livekit.api import RoomService
from moderator.providers.livekit.client import Client
from tests.providers.livekit.made import options
from tests.providers.livekit.server import LiveKit, serving


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[LiveKit]:
    async with serving(LiveKit()) as server:
        yield server


@pytest.fixture
async def server(running: LiveKit) -> LiveKit:
    """As if it had just been started."""
    running.rooms, running.answers, running.only, running.asked = {}, [], {}, []
    return running


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    async with HttpClient(timeout_s=5) as client:
        yield client


@pytest.fixture
def service(server: LiveKit, http: HttpClient) -> RoomService:
    return RoomService(options(base_url=server.url), http, SystemClock())


@pytest.fixture
def client(service: RoomService) -> Client:
    return Client(service, None, SystemClock())
