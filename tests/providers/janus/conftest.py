"""A real Janus on loopback, and a provider that is configured for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.http import HttpClient
from moderator.providers.janus import JanusProvider
from tests.end_to_end.janus_server import JanusServer, why_no_janus
from tests.providers.janus.configured import provider_for


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    async with HttpClient(timeout_s=5) as client:
        yield client


@pytest.fixture
def needs_janus() -> None:
    if why := why_no_janus():
        pytest.skip(why)


@pytest.fixture
async def janus(needs_janus: None, tmp_path: Path) -> AsyncIterator[JanusServer]:
    async with JanusServer(tmp_path) as server:
        yield server


@pytest.fixture
async def janus_with_integers(needs_janus: None, tmp_path: Path) -> AsyncIterator[JanusServer]:
    async with JanusServer(tmp_path, string_ids=False) as server:
        yield server


@pytest.fixture
def provider(janus: JanusServer, http: HttpClient) -> JanusProvider:
    return provider_for(janus, http)
