"""Webhooks that come again, in another order, or from somebody else."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.domain.events import AccessDenied, ParticipantJoined
from tests.fakes.builders import DAY, joined, left, published
from tests.fakes.gateway import SIGNED, WEBHOOK, GatewayInProcess
from tests.fakes.provider import a_webhook

VISIT = [joined("c1", DAY, user="u1"), joined("c2", DAY + 1_000, user="u2"), published("c1", "s1", DAY + 2_000)]
ALL = [*VISIT, left("c2", DAY + 3_000)]


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        yield gateway


async def test_replayed_they_change_nothing(gateway: GatewayInProcess) -> None:
    for event in ALL:
        await gateway.send(event)
    await gateway.clock.settle()
    before, stored = gateway.room, len(await gateway.logged(ParticipantJoined))
    for _ in range(3):
        for event in ALL:
            answer = await gateway.http.post(WEBHOOK, content=a_webhook(event), headers=SIGNED)
            assert answer.json() == {"stored": 0}
    await gateway.clock.settle()
    assert gateway.room == before
    assert len(await gateway.logged(ParticipantJoined)) == stored


@pytest.mark.parametrize("seed", range(4))
async def test_reordered_they_mean_the_same(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    shuffled = ALL * 2
    dice.shuffle(shuffled)
    rooms = []
    for number, events in enumerate((ALL, shuffled)):
        (tmp_path / str(number)).mkdir()
        async with GatewayInProcess(tmp_path / str(number)) as gateway:
            for event in events:
                await gateway.send(event)
            await gateway.clock.settle()
            room = gateway.room
            rooms.append((room.participants, room.started_at, room.state, room.people))
    assert rooms[0] == rooms[1]


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Bearer ", "Basic eDp5"])
async def test_of_somebody_else_they_are_refused_and_noted(gateway: GatewayInProcess, header: str) -> None:
    answer = await gateway.http.post(WEBHOOK, content=a_webhook(VISIT[0]), headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    await gateway.clock.settle()
    assert gateway.known("room-1") is None
    (denied,) = await gateway.logged(AccessDenied)
    assert isinstance(denied.data, AccessDenied)
    assert denied.data.origin == "webhook clinic from 192.0.2.7"


@pytest.mark.parametrize("path", ["/webhooks/school", "/webhooks/..", "/webhooks/~", "/webhooks/", "/webhooks/a/b"])
async def test_for_no_source_they_are_not_found(gateway: GatewayInProcess, path: str) -> None:
    assert (await gateway.http.post(path, content=a_webhook(VISIT[0]), headers=SIGNED)).status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_they_are_posted(gateway: GatewayInProcess, method: str) -> None:
    assert (await gateway.http.request(method, WEBHOOK, headers=SIGNED)).status_code == 405


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"\x00" * 100, b"[" * 100_000, b'{"id":', b"\xff\xfe"])
async def test_whatever_is_in_them_is_stored_or_refused(gateway: GatewayInProcess, content: bytes) -> None:
    answer = await gateway.http.post(WEBHOOK, content=content, headers=SIGNED)
    assert answer.status_code in {200, 401, 413}
    assert (await gateway.http.get("/v1/rooms")).status_code == 200
