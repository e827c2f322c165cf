"""A person is taken out of everything that a running gateway has and tells."""

from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import pytest

from moderator.domain.accounting import PersonErased
from moderator.domain.state import State
from moderator.feed.audit import Erased
from moderator.journal.event_log import LogError
from moderator.journal.sqlite_evidence import verify_file
from tests.fakes.builders import DAY, SOURCE, joined, left
from tests.fakes.gateway import GatewayInProcess, GatewayServed, bearer

USER: Final = "zq-user-1"
WHO = {"source": SOURCE, "user": USER}


async def erase(gateway: GatewayInProcess | GatewayServed, body: object = WHO) -> httpx.Response:
    return await gateway.http.post("/v1/audit/erase", json=body)


async def test_nothing_tells_who_it_was_any_more(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user=USER, name="Zq-anna Zq-kowalska"), joined("c2", DAY, user="bob"))
        await gateway.tell(left("c1", DAY + 5))
        answer = await erase(gateway)
        assert answer.status_code == 200, answer.text
        erased = msgspec.json.decode(answer.content, type=Erased)
        (record,) = await gateway.logged(PersonErased)
        assert record.data == PersonErased(pseudonym=erased.pseudonym, texts=erased.texts)
        assert (record.actor.id, record.source) == ("maya", SOURCE)
        assert {one.user for one in gateway.room.participants} == {"bob", erased.pseudonym}
        for path in ("/v1/rooms", "/v1/audit", f"/v1/rooms/{SOURCE}/room-1/events", "/v1/audit/export?format=csv"):
            text = (await gateway.http.get(path)).text
            assert "zq-" not in text.lower()
            assert erased.pseudonym in text
    for file in tmp_path.iterdir():
        assert b"zq-" not in file.read_bytes().lower()
    assert verify_file(gateway.config.log_path).problem == ""


async def test_who_is_in_a_room_is_not_erased(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user=USER))
        answer = await erase(gateway)
        assert (answer.status_code, answer.json()["code"]) == (409, "person_is_here")
        assert gateway.room.participants[0].user == USER


async def test_who_cannot_be_erased(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        assert (await erase(gateway)).json()["code"] == "unknown_person"
        assert (await erase(gateway, {"source": SOURCE, "user": ""})).status_code == 422
        assert (await erase(gateway, {"user": USER})).status_code == 422
        gateway.http.headers["Authorization"] = bearer(["audit:read"])
        assert (await erase(gateway)).status_code == 403
        assert await gateway.logged(PersonErased) == []


async def test_every_reader_of_the_feed_begins_anew(tmp_path: Path) -> None:
    async with GatewayServed(tmp_path) as gateway:
        now = gateway.clock.now_ms()
        await gateway.tell(joined("c1", now, user=USER), left("c1", now + 1), joined("c2", now, user="bob"))
        seq = await gateway.until_read()
        async with gateway.feed() as frames:
            await anext(frames)
            assert (await erase(gateway)).status_code == 200
            async for _ in frames:  # what comes until the gateway ends it
                pass
        for known in (seq, await gateway.until_read()):
            async with gateway.feed(f"{gateway.log.log_id}:{known}") as frames:
                first = await anext(frames)
            assert type(first).__name__.lower().startswith("snapshot")
            assert USER.encode() not in msgspec.json.encode(first)


async def test_another_gateway_on_the_log_forgets_too(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as first:
        await first.tell(joined("c1", DAY, user=USER, name="Zq-anna"), left("c1", DAY + 5))
        async with GatewayInProcess(tmp_path, clock=first.clock, beside=first) as second:
            answer = await erase(first)
            assert answer.status_code == 200, answer.text
            await first.clock.settle()
            erased = msgspec.json.decode(answer.content, type=Erased)
            for gateway in (first, second):
                text = (await gateway.http.get("/v1/rooms")).text
                assert ("zq-" in text.lower(), erased.pseudonym in text) == (False, True)


async def told(gateway: GatewayInProcess) -> bool:
    """Whether the gateway tells of the person, once it has tried again."""
    await gateway.advance(10_000)
    return "zq-" in (await gateway.http.get("/v1/rooms")).text.lower()


async def test_who_could_not_be_forgotten_at_once_is_forgotten_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user=USER, name="Zq-anna"), left("c1", DAY + 5))
        ledger = gateway.gateway.ledger
        beginning, failures = ledger.beginning, 2

        async def fails() -> State:
            nonlocal failures
            failures -= 1
            if failures >= 0:
                raise LogError("The disk is slow.")
            return await beginning()

        monkeypatch.setattr(ledger, "beginning", fails)
        answer = await erase(gateway)
        assert answer.status_code == 200, answer.text
        assert "still remembered here, which is tried again: The disk is slow." in caplog.text
        assert not await told(gateway)
        assert len(await gateway.logged(PersonErased)) == 1


async def test_an_erasure_that_was_stored_although_it_failed_is_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user=USER, name="Zq-anna"), left("c1", DAY + 5))
        ordinary = gateway.log.erase

        async def fails(*arguments: Any) -> None:
            await ordinary(*arguments)
            await gateway.clock.settle()
            raise LogError("The servers did not answer in time.")

        monkeypatch.setattr(gateway.log, "erase", fails)
        assert (await erase(gateway)).status_code == 503
        assert "did not answer in time" in caplog.text
        assert not await told(gateway)
