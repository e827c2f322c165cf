"""Real servers and real people for the end-to-end tests; where they can't be had a test is skipped, with the reason.
No gateway here."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.janus_server import JanusServer, why_no_janus
from tests.end_to_end.network import media_namespace, why_no_media
from tests.end_to_end.participants import Participant
from tests.end_to_end.webhook_receiver import WebhookReceiver

StartJanus = Callable[..., Awaitable[JanusServer]]
StartParticipant = Callable[..., Awaitable[Participant]]


@pytest.fixture(scope="module")
def media_network() -> Iterator[str]:
    """All that a module's tests start lives in a private network; yields the address that media use.

    Not for the whole session: other tests' servers would be out of reach.
    """
    if reason := why_no_media():
        pytest.skip(reason)
    with media_namespace() as address:
        yield address


@pytest.fixture
async def start_janus(tmp_path: Path) -> AsyncIterator[StartJanus]:
    """Starts servers (options as for JanusServer) that are gone after the test."""
    if reason := why_no_janus():
        pytest.skip(reason)
    async with AsyncExitStack() as stack:
        count = 0

        async def start(**options: Any) -> JanusServer:
            nonlocal count
            count += 1
            folder = tmp_path / f"janus-{count}"
            folder.mkdir()
            return await stack.enter_async_context(JanusServer(folder, **options))

        yield start


@pytest.fixture
async def webhooks() -> AsyncIterator[WebhookReceiver]:
    async with WebhookReceiver() as receiver:
        yield receiver


@pytest.fixture
async def janus(webhooks: WebhookReceiver, start_janus: StartJanus) -> JanusServer:
    """A Janus that posts to `webhooks`."""
    return await start_janus(webhooks=webhooks.webhooks)


@pytest.fixture
async def enter(tmp_path: Path) -> AsyncIterator[StartParticipant]:
    """`await enter(janus, "room", "alice")` starts a Participant (same options) that is gone after the test."""
    async with AsyncExitStack() as stack:

        async def start(server: JanusServer, room: str | int, user: str | int, **options: Any) -> Participant:
            participant = Participant(server, room, user, log=tmp_path / f"{user}.log", **options)
            return await stack.enter_async_context(participant)

        yield start
