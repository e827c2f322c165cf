"""What every comparison needs: somewhere to send requests to, and something to send them with."""

from collections.abc import AsyncIterator

import pytest

from moderator.http import HttpClient
from moderator.providers.conformance import Recorder


@pytest.fixture
async def recorder() -> AsyncIterator[Recorder]:
    async with Recorder() as recorder:
        yield recorder


@pytest.fixture(scope="module")
async def http() -> AsyncIterator[HttpClient]:
    async with HttpClient() as client:
        yield client
