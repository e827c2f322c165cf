"""Webhooks: answered 200 when they are on the disk and never before."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.events import AccessDenied, ParticipantJoined, ProviderEventUnknown
from moderator.gateway.platforms.bodies import MAX_BODY_BYTES
from tests.fakes.builders import DAY, ROOM, joined
from tests.fakes.gateway import SIGNED, WEBHOOK, GatewayInProcess, GatewayServed
from tests.fakes.provider import a_webhook


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        yield gateway


async def test_the_answer_waits_for_the_commit(gateway: GatewayInProcess) -> None:
    answer = await gateway.http.post(WEBHOOK, content=a_webhook(joined("c1", DAY)), headers=SIGNED)
    assert (answer.status_code, answer.json()) == (200, {"stored": 1})
    assert len(await gateway.logged(ParticipantJoined)) == 1


async def test_what_is_known_is_stored_once_however_often_it_is_told(gateway: GatewayInProcess) -> None:
    for stored in (1, 0, 0):
        answer = await gateway.http.post(WEBHOOK, content=a_webhook(joined("c1", DAY)), headers=SIGNED)
        assert (answer.status_code, answer.json()) == (200, {"stored": stored})
        await gateway.clock.settle()
    assert len(await gateway.logged(ParticipantJoined)) == 1


async def test_a_wrong_secret_stores_nothing_but_the_attempt(gateway: GatewayInProcess) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = await gateway.http.post(WEBHOOK, content=a_webhook(joined("c1", DAY)), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    await gateway.clock.settle()
    assert await gateway.logged(ParticipantJoined) == []
    (denied,) = await gateway.logged(AccessDenied)
    assert isinstance(denied.data, AccessDenied)
    assert denied.data.origin == "webhook clinic from 192.0.2.7"


@pytest.mark.parametrize("path", ["/webhooks/school", "/webhooks/%2e%2e", "/webhooks/~", "/webhooks/~Lw"])
async def test_an_unknown_source(gateway: GatewayInProcess, path: str) -> None:
    answer = await gateway.http.post(path, content=b"{}", headers=SIGNED)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_another_method(gateway: GatewayInProcess, method: str) -> None:
    answer = await gateway.http.request(method, WEBHOOK, headers=SIGNED)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


async def test_too_large_by_its_header(gateway: GatewayInProcess) -> None:
    answer = await gateway.http.post(WEBHOOK, content=b"x" * (MAX_BODY_BYTES + 1), headers=SIGNED)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_too_large_as_it_streams(gateway: GatewayInProcess) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100:
            sent += 1
            yield b"x" * 65_536

    answer = await gateway.http.post(WEBHOOK, content=endless(), headers=SIGNED)
    assert answer.status_code == 413
    assert sent <= 10, "it is not read to its end"


async def test_the_largest_that_may_be(gateway: GatewayInProcess) -> None:
    answer = await gateway.http.post(WEBHOOK, content=b"x" * MAX_BODY_BYTES, headers=SIGNED)
    assert answer.status_code == 200


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\x00", b'{"v":1}', b"[" * 10_000])
async def test_what_is_not_understood_is_logged(gateway: GatewayInProcess, body: bytes) -> None:
    answer = await gateway.http.post(WEBHOOK, content=body, headers=SIGNED)
    assert answer.status_code == 200
    assert len(await gateway.logged(ProviderEventUnknown)) == 1


async def test_a_delivery_repeated_is_in_the_timeline_once(gateway: GatewayInProcess) -> None:
    both = a_webhook(joined("c1", DAY), joined("c2", DAY))
    for body in (a_webhook(joined("c1", DAY)), a_webhook(joined("c1", DAY)), both, both):
        answer = await gateway.http.post(WEBHOOK, content=body, headers=SIGNED)
        assert answer.status_code == 200
    await gateway.clock.settle()
    kinds = [event["data"]["participant"] for event in (await gateway.timeline())["events"]]
    assert kinds == ["c1", "c2"]


async def test_a_source_that_was_heard_is_live(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY))
    source = gateway.gateway.sources["clinic"].status()
    assert (source.state, source.heard_at) == ("live", gateway.clock.now_ms())


async def test_a_request_that_breaks_off(gateway: GatewayInProcess) -> None:
    sent: list[object] = []

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": WEBHOOK,
        "headers": [],
        "query_string": b"",
        "client": None,
    }
    await gateway.gateway.app(scope, receive, send)
    assert "'status': 400" in str(sent[0])


async def posted(gateway: GatewayServed) -> bytes:
    """Everything that comes back for a webhook, up to the end of the connection."""
    body = a_webhook(joined("c1", gateway.clock.now_ms()))
    reader, writer = await asyncio.open_connection(*gateway.address)
    head = f"POST {WEBHOOK} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Authorization: {SIGNED['Authorization']}\r\n\r\n".encode() + body)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    return answer


async def test_what_is_not_stored_is_broken_off_so_that_every_platform_tries_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayServed(tmp_path) as gateway:
        gateway.log.fails = True
        head, _, body = (await posted(gateway)).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"content-length: 1" in head.lower()
        assert body == b""
        assert "a webhook could not be stored: The disk is full." in caplog.text
        assert all(record.exc_info is None for record in caplog.records), "a sentence, no traceback"
        gateway.log.fails = False
        await gateway.tell(joined("c1", gateway.clock.now_ms()))
        await gateway.until_read()
        assert gateway.known(ROOM) is not None
