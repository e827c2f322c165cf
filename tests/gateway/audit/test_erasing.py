"""A person is taken out of everything that a running gateway has and tells."""

from pathlib import Path
from typing import Final

import httpx
import msgspec

from moderator.domain.accounting import PersonErased
from moderator.feed.audit import Erased
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
