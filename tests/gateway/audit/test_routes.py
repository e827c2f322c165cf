"""The routes of the audit, from outside."""

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.accounting import AuditExported, AuditViewed, LogTrimmed
from moderator.domain.events import Actor, Event, PersonBlocked, PersonReadmitted, StreamPublished
from moderator.domain.ids import EventId
from moderator.gateway.audit import search
from tests.fakes.builders import DAY, ROOM, SOURCE, a_decision, a_fact, joined, left, room_ended
from tests.fakes.gateway import GatewayInProcess, bearer, joined_in, room_path


async def page(gateway: GatewayInProcess, **asked: str | int) -> dict[str, Any]:
    answer = await gateway.http.get("/v1/audit", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def kinds(found: dict[str, Any]) -> list[str]:
    return [row["event"]["kind"] for row in found["rows"]]


async def filled(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("p1", DAY, user="u1", name="Anna"), joined("p2", DAY, user="u2"))
    await gateway.order("POST", f"{room_path()}/participants/p2/disconnect", {"reason": "conduct"})
    await gateway.tell(left("p2", DAY + 1), joined_in("room-2", "p3", DAY, user="u3"))
    await gateway.order("PUT", f"{room_path()}/owner", {})
    await gateway.advance(3_000)


async def test_what_happened_with_what_came_of_it(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await filled(gateway)
        rows = (await page(gateway))["rows"]
        seqs = [row["event"]["seq"] for row in rows]
        assert seqs == sorted(seqs)
        told = {row["event"]["kind"]: row["outcome"] for row in rows}
        assert told["participant_joined"] == "reported"
        assert told["disconnect_requested"] == told["disconnect_confirmed"] == told["room_claimed"] == "done"
        assert {row["room_name"] for row in rows if row["event"]["room"] == ROOM} == {ROOM}
        newest = [row["event"]["seq"] for row in (await page(gateway, order="newest"))["rows"]]
        assert newest[-len(seqs) :] == seqs[::-1]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": "room_claimed"}, ["room_claimed"]),
        ({"person": "u2", "outcome": "done"}, ["disconnect_requested", "disconnect_confirmed"]),
        ({"moderator": "maya"}, ["disconnect_requested", "room_claimed"]),
        ({"source": SOURCE, "room": "room-2"}, ["participant_joined"]),
        ({"text": "anna"}, ["participant_joined"]),
        ({"outcome": "failed"}, []),
    ],
)
async def test_what_is_looked_for(tmp_path: Path, asked: dict[str, str], expected: list[str]) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await filled(gateway)
        found = await page(gateway, **asked)
        assert kinds(found) == expected
        assert (found["more"], found["next"]) == (False, None)


@pytest.mark.parametrize("order", ["oldest", "newest"])
async def test_page_by_page_everything_is_seen_once(
    tmp_path: Path, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "AT_A_TIME", 4)
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(*(joined(f"p{number}", DAY, user=f"u{number}") for number in range(30)))
        whole = kinds(await page(gateway, order=order, kind="participant_joined"))
        seen: list[int] = []
        asked: dict[str, str | int] = {"order": order, "kind": "participant_joined", "limit": 7}
        while True:
            found = await page(gateway, **asked)
            seen += [row["event"]["seq"] for row in found["rows"]]
            if not found["more"]:
                break
            asked["after" if order == "oldest" else "before"] = found["next"]
        assert len(seen) == len(set(seen)) == len(whole) == 30
        assert seen == sorted(seen, reverse=order == "newest")


async def test_a_search_for_something_rare_goes_on_with_the_next_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "AT_A_TIME", 2)
    monkeypatch.setattr(search, "MOST_READ", 4)
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(*(joined(f"p{number}", DAY, user=f"u{number}") for number in range(20)))
        found = await page(gateway, text="u19")
        assert (found["rows"], found["more"]) == ([], True)
        while not found["rows"]:
            found = await page(gateway, text="u19", after=found["next"])
        assert found["rows"][0]["event"]["data"]["user"] == "u19"


async def test_a_refused_decision_is_told_as_it_was_put_forward(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("p1", DAY, user="u1"))
        await gateway.gateway.ledger.propose([a_decision(PersonReadmitted(user="u9"))])
        rows = (await page(gateway, outcome="refused"))["rows"]
        assert [(row["event"]["kind"], row["why"]) for row in rows] == [("person_readmitted", "u9 is not blocked here")]


async def test_what_lost_is_remembered_as_long_as_it_is_in_the_log(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        ledger = gateway.gateway.ledger
        await gateway.tell(joined("p1", DAY, user="u1"))
        for room in ("room-1", "room-2"):
            await ledger.propose([a_decision(PersonReadmitted(user="u9"), room=room)])
        first, second = (one.seq for one in ledger.marks.refused.values())
        trimmed = LogTrimmed(through=first, entries=first, hash="h")
        await ledger.propose([Event(id=EventId("t"), at=DAY, actor=Actor("gateway"), data=trimmed)])
        assert [one.seq for one in ledger.marks.refused.values()] == [second]


async def test_rows_name_whom_they_are_about(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("p1", DAY, user="u1", name="Anna"), joined("p2", DAY, user="u2"))
        await gateway.tell(a_fact(StreamPublished(participant="p1", stream="s", kind="camera"), DAY + 1))
        await gateway.tell(left("p1", DAY + 2), left("p2", DAY + 3), room_ended(DAY + 4))
        await gateway.tell(
            joined("p3", DAY + 100, user="u3"), a_fact(StreamPublished(participant="k@", stream="t"), DAY + 101)
        )
        await gateway.tell(joined("k@", DAY + 101, user="u4", name="Kim"))
        await gateway.gateway.ledger.propose([a_decision(PersonBlocked(user="u1"))])
        rows = (await page(gateway))["rows"]
        named = {(row["event"]["kind"], row["event"]["data"].get("participant", "")): row["person"] for row in rows}
        assert named["stream_published", "p1"] == named["participant_left", "p1"] == "Anna", "of an earlier instance"
        assert named["stream_published", "k@"] == "Kim"
        assert named["participant_left", "p2"] == ""
        assert named["person_blocked", ""] == "Anna"
        assert {row["person"] for row in rows if row["event"]["room"] is None} <= {""}


async def test_only_what_the_token_may_see(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await filled(gateway)
        gateway.http.headers["Authorization"] = bearer(["audit:read"], [f"{SOURCE}/room-2"])
        rows = (await page(gateway))["rows"]
        assert {row["event"]["room"] for row in rows} == {"room-2", None}
        export = (await gateway.http.get("/v1/audit/export")).text
        assert '"room":"room-2"' in export
        assert '"room":"room-1"' not in export
        gateway.http.headers["Authorization"] = bearer(["rooms:read"])
        for path in ("/v1/audit", "/v1/audit/export", "/v1/audit/verify"):
            assert (await gateway.http.get(path)).status_code == 403


async def test_who_looked_is_written_down_once_a_minute(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await page(gateway, person="u1")
        await gateway.clock.settle()
        for _ in range(3):
            await page(gateway, person="u2")
            await page(gateway, after=3)
        await gateway.advance(60_000)
        views = await gateway.logged(AuditViewed)
        assert [event.actor.id for event in views] == ["maya", "maya"]
        assert [event.data for event in views] == [
            AuditViewed(query="person=u1", count=1),
            AuditViewed(query="person=u2", count=6),
        ]


async def test_a_copy_for_programs_and_one_for_spreadsheets(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await filled(gateway)
        rows = (await page(gateway))["rows"]
        await gateway.clock.settle()
        answer = await gateway.http.get("/v1/audit/export", params={"kind": "participant_joined"})
        assert answer.headers["content-disposition"] == 'attachment; filename="audit.jsonl"'
        assert len(answer.text.splitlines()) == 3
        table = await gateway.http.get("/v1/audit/export", params={"format": "csv", "to": DAY * 2})
        assert table.headers["content-type"].startswith("text/csv")
        found = list(csv.DictReader(io.StringIO(table.text)))
        assert [row["kind"] for row in found][: len(rows)] == [row["event"]["kind"] for row in rows]
        first, second = await gateway.logged(AuditExported)
        ids = [entry.events[0].id async for batch in gateway.log.read(0) for entry in batch]
        before = [ids.index(copy.id) for copy in (first, second)]
        assert first.data == AuditExported(format="jsonl", query="kind=participant_joined", looked_at=before[0])
        assert second.data == AuditExported(format="csv", query=f"to={DAY * 2}", looked_at=before[1])
        for query in ({"format": "pdf"}, {"limit": "3"}, {"who": "x"}):
            assert (await gateway.http.get("/v1/audit/export", params=query)).status_code == 422


async def test_what_cannot_be_recorded_is_not_handed_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        gateway.log.fails = True
        answer = await gateway.http.get("/v1/audit/export")
        gateway.log.fails = False
        assert answer.status_code == 503
        assert "stored" in caplog.records[0].getMessage()
        caplog.clear()


async def test_checking_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await filled(gateway)
        await gateway.advance(5_000)
        well = (await gateway.http.get("/v1/audit/verify")).json()
        assert (well["problem"], well["unvouched"]) == ("", 0)
        with closing(sqlite3.connect(gateway.config.log_path)) as store:
            store.execute("UPDATE entries SET body = replace(body, 'p1', 'p9') WHERE seq = 2")
            store.commit()
        found = (await gateway.http.get("/v1/audit/verify")).json()
        assert found["seq"] == 2
        assert "altered" in found["problem"]
        with closing(sqlite3.connect(gateway.config.log_path)) as store:
            store.execute("UPDATE meta SET value = '1' WHERE name = 'format'")
            store.commit()
        assert (await gateway.http.get("/v1/audit/verify")).status_code == 503
        assert len(caplog.records) == 1
        caplog.clear()
