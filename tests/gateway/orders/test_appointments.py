"""Announcing rooms: what is taken, what is refused, how it goes, and what a change does to a room that is on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from moderator.domain.announcements import AnnouncementWithdrawn, RoomAnnounced
from moderator.domain.events import DeadlineExtended
from moderator.domain.settings import MINUTE_MS, RoomType
from tests.fakes.builders import DAY, ROOM, joined
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, bearer, joined_in, room_path

HOUR_MS = 60 * MINUTE_MS
VISIT = RoomType(name="visit", match_room="appt-*", duration_ms=HOUR_MS, mode="enforce")
LONG = RoomType(name="long", match_room="never", duration_ms=2 * HOUR_MS, starts="scheduled", mode="enforce")
APPT = "/v1/appointments/clinic/appt-1"
BODY = {
    "type": "visit",
    "starts_at": DAY,
    "duration_ms": HOUR_MS,
    "allow": [{"user": "u1", "role": "doctor"}, {"user": "u2", "role": ""}],
    "room": ROOM,
}


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path, VISIT, LONG) as gateway:
        yield gateway


async def put(gateway: GatewayInProcess, path: str = APPT, *, key: str = "", **changes: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await gateway.order("PUT", path, BODY | changes, **headers)


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_it_is_announced_before_the_room_exists_and_names_it_then(gateway: GatewayInProcess) -> None:
    answer = await put(gateway)
    assert answer.status_code == 200, answer.text
    assert answer.json()["appointment"]["state"] == "announced"
    assert answer.json()["seq"] == gateway.gateway.ledger.state.seq
    await gateway.tell(joined("c1", DAY, user="u1"))
    assert (gateway.room.name, gateway.room.type) == ("appt-1", "visit")
    assert [one.role for one in gateway.room.participants] == ["doctor"]
    found = (await gateway.http.get(APPT)).json()
    assert (found["state"], found["here"], found["awaited"], found["ends_at"]) == (
        "live",
        ["u1"],
        ["u2"],
        DAY + HOUR_MS,
    )
    await gateway.advance(5 * MINUTE_MS)
    assert (await gateway.http.get(APPT)).json()["missing"] == ["u2"]


async def test_the_same_again_is_no_second_event(gateway: GatewayInProcess) -> None:
    first = await put(gateway, key="k")
    for _ in range(2):
        again = await put(gateway, key="k")
        assert again.json()["seq"] == first.json()["seq"]
    assert (await put(gateway)).status_code == 200
    assert len(await gateway.logged(RoomAnnounced)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "unheard-of"}, "unknown_type"),
        ({"starts_at": DAY // 1000}, "invalid_starts_at"),
        ({"starts_at": DAY - 25 * HOUR_MS}, "invalid_starts_at"),
        ({"starts_at": 2 * DAY}, "invalid_starts_at"),
        ({"starts_at": "tomorrow"}, "invalid_body"),
        ({"starts_at": None}, "invalid_body"),
        ({"duration_ms": 0}, "invalid_duration"),
        ({"duration_ms": 8 * 24 * HOUR_MS}, "invalid_duration"),
        ({"room": "x" * 1_001}, "invalid_room"),
        ({"allow": [{"user": ""}]}, "invalid_allow"),
        ({"allow": [{"user": "x" * 201}]}, "invalid_allow"),
        ({"allow": [{"user": "x", "role": "x" * 201}]}, "invalid_allow"),
        ({"allow": [{"user": "x"}, {"user": "x", "role": "y"}]}, "invalid_allow"),
        ({"allow": [{"user": str(number)} for number in range(1_001)]}, "invalid_allow"),
        ({"allowed": []}, "invalid_body"),
    ],
)
async def test_what_makes_no_sense_is_refused(gateway: GatewayInProcess, changes: dict[str, Any], code: str) -> None:
    assert refused(await put(gateway, **changes)) == (422, code)
    assert await gateway.logged(RoomAnnounced) == []


@pytest.mark.parametrize("name", ["x" * 201, "~YQpi", "~G1s"])
async def test_a_name_is_printable_and_not_too_long(gateway: GatewayInProcess, name: str) -> None:
    assert refused(await put(gateway, f"/v1/appointments/clinic/{name}")) == (422, "invalid_name")


async def test_a_source_that_is_not_there(gateway: GatewayInProcess) -> None:
    for method in ("PUT", "GET", "DELETE"):
        answer = await gateway.order(method, "/v1/appointments/nowhere/appt-1", BODY if method == "PUT" else None)
        assert refused(answer) == (404, "unknown_source")


# --- who may -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "scope"), [("GET", "rooms:read"), ("PUT", "rooms:write"), ("DELETE", "rooms:write")]
)
async def test_each_takes_its_scope(gateway: GatewayInProcess, method: str, scope: str) -> None:
    await put(gateway)
    body = BODY if method == "PUT" else None
    other = {"rooms:read", "rooms:write", "rooms:extend"} - {scope}
    assert refused(await gateway.order(method, APPT, body, Authorization=bearer(other))) == (403, "missing_scope")
    assert (await gateway.order(method, APPT, body, Authorization=bearer([scope]))).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_patterns_are_of_source_and_name(gateway: GatewayInProcess, method: str) -> None:
    await put(gateway, room="")
    body = BODY | {"room": ""} if method == "PUT" else None
    outside, inside = bearer(rooms=["clinic/other-*"]), bearer(rooms=["clinic/appt-*"])
    assert refused(await gateway.order(method, APPT, body, Authorization=outside)) == (404, "unknown_room")
    assert (await gateway.order(method, APPT, body, Authorization=inside)).status_code == 200


async def test_a_name_within_the_patterns_does_not_open_a_room_outside(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY, user="u1"))
    answer = await gateway.order("PUT", APPT, BODY, Authorization=bearer(rooms=["clinic/appt-*"]))
    assert refused(answer) == (404, "unknown_room")
    seen = await gateway.http.get(room_path(), headers={"Authorization": bearer(rooms=["clinic/appt-*"])})
    assert seen.status_code == 404


# --- overlaps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"starts_at": DAY + HOUR_MS - 1}, True),
        ({"starts_at": DAY + HOUR_MS}, False),
        ({"starts_at": DAY - HOUR_MS + 1}, True),
        ({"starts_at": DAY - HOUR_MS}, False),
        ({"starts_at": DAY - HOUR_MS, "duration_ms": None, "type": "long"}, True),
        ({"room": "another"}, False),
        ({"room": ""}, False),
    ],
)
async def test_a_room_is_booked_once_at_a_time(gateway: GatewayInProcess, changes: dict[str, Any], taken: bool) -> None:
    await put(gateway)
    answer = await put(gateway, "/v1/appointments/clinic/appt-2", **changes)
    assert answer.status_code == (409 if taken else 200), answer.text
    if taken:
        problem = answer.json()
        assert (problem["code"], problem["name"], problem["starts_at"]) == ("overlap", "appt-1", DAY)
        assert "appt-1" in problem["detail"]


async def test_a_name_that_a_room_has_already_is_that_room(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined_in("appt-1", "c1", DAY))
    await put(gateway, room="")
    assert refused(await put(gateway, "/v1/appointments/clinic/second", room="appt-1")) == (409, "overlap")


async def test_of_two_at_once_one_gets_the_time(gateway: GatewayInProcess) -> None:
    answers = await asyncio.gather(*(put(gateway, f"/v1/appointments/clinic/appt-{n}") for n in range(5)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409, 409]


# --- lists, withdrawing --------------------------------------------------------------------------------------------


async def test_the_list_is_by_start_and_can_be_narrowed(gateway: GatewayInProcess) -> None:
    for number, start in ((1, 0), (2, 3), (3, 1)):
        path = f"/v1/appointments/clinic/appt-{number}"
        await put(gateway, path, room=f"r{number}", starts_at=DAY + start * HOUR_MS)

    async def listed(**query: Any) -> list[str]:
        answer = await gateway.http.get("/v1/appointments", params=query)
        return [one["name"] for one in answer.json()["appointments"]]

    assert await listed() == ["appt-1", "appt-3", "appt-2"]
    assert await listed(**{"from": DAY + 1, "to": DAY + 3 * HOUR_MS}) == ["appt-3"]
    assert await listed(source="clinic") == ["appt-1", "appt-3", "appt-2"]
    assert await listed(source="other") == []
    narrow = {"Authorization": bearer(rooms=["clinic/appt-2"])}
    answer = await gateway.http.get("/v1/appointments", headers=narrow)
    assert [one["name"] for one in answer.json()["appointments"]] == ["appt-2"]
    for bad in ("x", "-1", "1" * 20):
        assert refused(await gateway.http.get("/v1/appointments", params={"from": bad})) == (422, "invalid_time")


async def test_what_is_withdrawn_is_gone(gateway: GatewayInProcess) -> None:
    await put(gateway)
    key = {"Idempotency-Key": "k"}
    assert (await gateway.order("DELETE", APPT, None, **key)).status_code == 200
    assert (await gateway.order("DELETE", APPT, None, **key)).status_code == 200, "the same answer again"
    assert refused(await gateway.order("DELETE", APPT)) == (404, "unknown_appointment")
    assert refused(await gateway.order("GET", APPT)) == (404, "unknown_appointment")
    assert len(await gateway.logged(AnnouncementWithdrawn)) == 1


async def test_a_restart_forgets_none(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, VISIT, clock=clock) as gateway:
        await put(gateway)
    async with GatewayInProcess(tmp_path, VISIT, clock=clock) as gateway:
        assert (await gateway.http.get(APPT)).json()["allow"] == BODY["allow"]


# --- a change after the start --------------------------------------------------------------------------------------


@pytest.fixture
async def live(gateway: GatewayInProcess) -> GatewayInProcess:
    await put(gateway)
    await gateway.tell(joined("c1", DAY, user="u1"))
    assert gateway.room.deadline is not None
    return gateway


def deadline(gateway: GatewayInProcess) -> tuple[int, int]:
    found = gateway.room.deadline
    assert found is not None
    return found.version, found.ends_at - DAY


async def test_a_longer_one_moves_the_end_of_the_version_that_was_seen(live: GatewayInProcess) -> None:
    answer = await put(live, duration_ms=2 * HOUR_MS, expected_version=1)
    assert answer.status_code == 200, answer.text
    assert deadline(live) == (2, 2 * HOUR_MS)
    assert answer.json()["appointment"]["duration_ms"] == 2 * HOUR_MS


@pytest.mark.parametrize(("expected", "code"), [(None, "version_needed"), (7, "conflict")])
async def test_without_the_version_nothing_is_changed(live: GatewayInProcess, expected: int | None, code: str) -> None:
    answer = await put(live, duration_ms=2 * HOUR_MS, expected_version=expected)
    assert refused(answer) == (409, code)
    assert answer.json()["deadline"]["version"] == 1
    assert deadline(live) == (1, HOUR_MS)
    assert (await live.http.get(APPT)).json()["duration_ms"] == HOUR_MS


async def test_who_was_a_moment_too_late_is_told_what_the_end_is(live: GatewayInProcess) -> None:
    by_zoe = {"Authorization": bearer(name="zoe")}
    extended, changed = await asyncio.gather(
        live.order("POST", f"{room_path()}/extend", {"seconds": 300, "expected_version": 1}, **by_zoe),
        put(live, duration_ms=2 * HOUR_MS, expected_version=1),
    )
    assert extended.status_code == 200
    assert refused(changed) == (409, "conflict")
    assert changed.json()["deadline"] == extended.json()["deadline"]
    assert (changed.json()["changed_by"], changed.json()["changed_by_name"]) == ("zoe", "zoe")


async def test_what_was_added_stays_added(live: GatewayInProcess) -> None:
    await live.order("POST", f"{room_path()}/extend", {"seconds": 300, "expected_version": 1})
    assert (await put(live, duration_ms=HOUR_MS // 2, expected_version=2)).status_code == 200
    assert deadline(live) == (3, HOUR_MS // 2 + 5 * MINUTE_MS)


async def test_a_change_that_moves_no_end_needs_no_version(live: GatewayInProcess) -> None:
    assert (await put(live, allow=[{"user": "u9"}])).status_code == 200
    assert (await put(live, starts_at=DAY + MINUTE_MS)).status_code == 200, "it began when somebody came"
    assert deadline(live) == (1, HOUR_MS)
    assert refused(await put(live, allow=[], expected_version=9)) == (409, "conflict")


async def test_a_change_repeated_moves_the_end_once(live: GatewayInProcess) -> None:
    for _ in range(3):
        answer = await put(live, key="k", duration_ms=2 * HOUR_MS, expected_version=1)
        assert answer.status_code == 200
    assert deadline(live) == (2, 2 * HOUR_MS)
    assert len(await live.logged(DeadlineExtended)) == 1


async def test_another_duration_by_type_moves_the_end_too(gateway: GatewayInProcess) -> None:
    await put(gateway, duration_ms=None)
    await gateway.tell(joined("c1", DAY, user="u1"))
    assert deadline(gateway) == (1, HOUR_MS)
    assert (await put(gateway, duration_ms=None, type="long", expected_version=1)).status_code == 200
    assert deadline(gateway) == (2, 2 * HOUR_MS)


async def test_it_takes_the_scope_that_moves_ends(live: GatewayInProcess) -> None:
    writes = {"Authorization": bearer(["rooms:write", "rooms:read"])}
    for duration_ms in (2 * HOUR_MS, 1_000):
        body = BODY | {"duration_ms": duration_ms, "expected_version": 1}
        assert refused(await live.order("PUT", APPT, body, **writes)) == (403, "missing_scope")
    assert deadline(live) == (1, HOUR_MS)
    assert (await live.order("PUT", APPT, BODY | {"allow": []}, **writes)).status_code == 200, "its end stays"


async def test_an_end_for_a_room_that_has_none_takes_it_too(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, RoomType(name="open", mode="enforce")) as gateway:
        body: dict[str, Any] = {"starts_at": DAY, "room": ROOM}
        await gateway.order("PUT", APPT, body)
        await gateway.tell(joined("c1", DAY, user="u1"))
        assert gateway.room.deadline is None
        for path in (APPT, "/v1/appointments/clinic/appt-2"):
            writes = {"Authorization": bearer(["rooms:write", "rooms:read"])}
            answer = await gateway.order("PUT", path, body | {"duration_ms": 60_000}, **writes)
            assert refused(answer)[0] in (403, 409), answer.text
        assert gateway.room.deadline is None
        assert (await gateway.order("PUT", APPT, body | {"duration_ms": HOUR_MS})).status_code == 200
        await gateway.advance(100)
        assert deadline(gateway) == (1, HOUR_MS)


async def test_the_room_types_cap_holds_for_it(tmp_path: Path) -> None:
    capped = replace(VISIT, max_extension_ms=5 * MINUTE_MS)
    async with GatewayInProcess(tmp_path, capped) as gateway:
        await put(gateway)
        await gateway.tell(joined("c1", DAY, user="u1"))
        answer = await put(gateway, duration_ms=7 * 24 * HOUR_MS, expected_version=1)
        assert (*refused(answer), answer.json()["allowance_ms"]) == (422, "over_allowance", 5 * MINUTE_MS)
        for version in (1, 2):  # a little at a time adds up
            changed = HOUR_MS + 3 * MINUTE_MS * version
            answer = await put(gateway, duration_ms=changed, expected_version=version)
            assert answer.status_code == (200, 422)[version - 1], answer.text
        assert deadline(gateway) == (2, HOUR_MS + 3 * MINUTE_MS)
        assert (await put(gateway, duration_ms=HOUR_MS // 2, expected_version=2)).status_code == 200


async def test_an_appointment_of_another_room_is_no_business_of_this_one(live: GatewayInProcess) -> None:
    other = "/v1/appointments/clinic/appt-2"
    await put(live, other, room="r2")
    assert (await put(live, other, room="r2", duration_ms=2 * HOUR_MS)).status_code == 200
    assert deadline(live) == (1, HOUR_MS)


async def test_one_that_is_scheduled_ends_by_its_start_and_moves_with_it(gateway: GatewayInProcess) -> None:
    scheduled: dict[str, Any] = {"type": "long", "duration_ms": None, "starts_at": DAY + MINUTE_MS}
    await put(gateway, **scheduled)
    await gateway.tell(joined("c1", DAY, user="u1"))
    assert deadline(gateway) == (1, 2 * HOUR_MS + MINUTE_MS)
    later = scheduled | {"starts_at": DAY + 10 * MINUTE_MS}
    assert refused(await put(gateway, **later)) == (409, "version_needed")
    assert (await put(gateway, **later, expected_version=1)).status_code == 200
    assert deadline(gateway) == (2, 2 * HOUR_MS + 10 * MINUTE_MS)
