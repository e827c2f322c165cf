"""A Video API on a real port, and clients of it."""

from collections.abc import AsyncIterator

import pytest

from moderator.http import HttpClient
from tests.providers.vonage.cloud import Cloud, serving


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[Cloud]:
    async with serving(Cloud()) as cloud:
        yield cloud


@pytest.fixture
async def cloud(running: Cloud) -> Cloud:
    """As if it had just been started."""
    running.sessions, running.answers, running.asked = {}, [], []
    running.has_lists, running.without_lists = True, 405
    return running


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    async with HttpClient(timeout_s=5) as client:
        yield client
