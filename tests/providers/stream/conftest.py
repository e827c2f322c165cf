"""Stream's API on a real port, and what asks it."""

from collections.abc import AsyncIterator

import pytest

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.stream.api import StreamApi
from tests.providers.stream.cloud import Cloud, serving
from tests.providers.stream.made import MAY_ALL, options


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[Cloud]:
    async with serving(Cloud()) as cloud:
        yield cloud


@pytest.fixture
async def cloud(running: Cloud) -> Cloud:
    """As if it had just been started."""
    running.calls, running.tracks, running.answers, running.asked = {}, {}, [], []
    running.odd, running.late, running.timed = set(), 0, {}
    running.own, running.hooks, running.page, running.page_of_people = list(MAY_ALL), None, 100, 100
    return running


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    async with HttpClient(timeout_s=5) as client:
        yield client


@pytest.fixture
def api(cloud: Cloud, http: HttpClient) -> StreamApi:
    return StreamApi(options(base_url=f"{cloud.url}/"), http, SystemClock())
