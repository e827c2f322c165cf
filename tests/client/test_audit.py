"""The audit's client against a real gateway, and against one that breaks off."""

from pathlib import Path

import pytest

from moderator.client.audit import AuditClient
from moderator.client.errors import Conflict, Forbidden, GatewayFailed, GatewayUnreachable, NotFound
from moderator.client.tokens import FixedToken
from moderator.http import HttpClient
from tests.client.scripted_gateway import answer, broken, scripted
from tests.fakes.builders import SOURCE, joined, left
from tests.fakes.gateway import GatewayServed, bearer


def client(gateway: GatewayServed, http: HttpClient, *scopes: str) -> AuditClient:
    token = bearer(scopes or ["audit:read", "access:manage"]).removeprefix("Bearer ")
    return AuditClient(f"http://127.0.0.1:{gateway.address[1]}", FixedToken(token), http)


async def test_everything_that_can_be_asked(tmp_path: Path) -> None:
    async with GatewayServed(tmp_path) as gateway, HttpClient() as http:
        audit, now = client(gateway, http), gateway.clock.now_ms()
        await gateway.tell(joined("p1", now, user="u1", name="Anna"))
        await gateway.until_read()
        with pytest.raises(Conflict, match="in a room now"):
            await audit.erase(SOURCE, "u1")
        await gateway.tell(left("p1", now + 1))
        await gateway.until_read()
        page = await audit.page({"text": "anna", "order": "newest"})
        assert [(row.event.kind, row.outcome) for row in page.rows] == [("participant_joined", "reported")]
        copy = bytearray()
        await audit.export("jsonl", copy.extend, {"kind": "participant_joined"})
        assert copy.count(b"\n") == 1
        assert (await audit.verify()).problem == ""
        erased = await audit.erase(SOURCE, "u1")
        page = await audit.page({"person": erased.pseudonym})
        assert [row.event.kind for row in page.rows] == ["participant_joined", "participant_left"]
        with pytest.raises(NotFound):
            await audit.erase(SOURCE, "u1")


async def test_what_the_token_does_not_allow(tmp_path: Path) -> None:
    async with GatewayServed(tmp_path) as gateway, HttpClient() as http:
        audit = client(gateway, http, "rooms:read")
        copy = bytearray()
        with pytest.raises(Forbidden):
            await audit.export("csv", copy.extend)
        with pytest.raises(Forbidden):
            await audit.page({})
        assert copy == b""


async def test_a_copy_that_breaks_off_is_no_copy() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\nseq,"

    async with HttpClient() as http, scripted(broken(head)) as gateway:
        with pytest.raises(GatewayUnreachable):
            await AuditClient(gateway.url, FixedToken("t"), http).export("csv", bytearray().extend)


async def test_an_answer_that_makes_no_sense() -> None:
    row = {"event": {"kind": 1}, "outcome": "done"}
    async with HttpClient() as http, scripted(answer(200, {"rows": [row]})) as gateway:
        with pytest.raises(GatewayFailed, match="makes no sense"):
            await AuditClient(gateway.url, FixedToken("t"), http).page({})
