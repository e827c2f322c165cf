"""Tricks with paths: an id means one room, whatever the way it is written, or it means none."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.feed.paths import quote_id
from tests.fakes.builders import joined
from tests.fakes.gateway import GatewayServed, bearer, joined_in
from tests.hostile.raw import a_head, answer_to, status_of

AUTHORIZED = [("Authorization", bearer())]
ODD_ROOMS = ["a/b", "../room-1", "a%2Fb", "x\x00y", "Räume", "~", "room 1", "?a=b", "#x", "\u202egnp.exe"]


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayServed]:
    async with GatewayServed(Path(tmp_path_factory.mktemp("gateway"))) as gateway:
        now = gateway.clock.now_ms()
        await gateway.tell(joined("c1", now), *(joined_in(room, f"c{n}", now) for n, room in enumerate(ODD_ROOMS)))
        await gateway.until_read()
        yield gateway


@pytest.mark.parametrize("room", ODD_ROOMS)
async def test_odd_ids_are_reached_in_their_written_form(gateway: GatewayServed, room: str) -> None:
    answer = await gateway.http.get(f"/v1/rooms/clinic/{quote_id(room)}")
    assert (answer.status_code, answer.json()["room"]) == (200, room)


@pytest.mark.parametrize(
    "path",
    [
        b"/v1/rooms/clinic/%72oom-1",
        b"/v1/rooms/clinic/a%2Fb",
        b"/v1/rooms/clinic/a%252Fb",
        b"/v1/rooms/clinic/..%2froom-1",
        b"/v1/rooms/clinic/%2e%2e",
        b"/v1/rooms/clinic/%2e",
        b"/v1/rooms/clinic/..",
        b"/v1/rooms/clinic/.",
        b"/v1/rooms/../rooms/clinic/room-1",
        b"/v1/./rooms/clinic/room-1",
        b"//v1/rooms/clinic/room-1",
        b"/v1/rooms//clinic/room-1",
        b"/v1/rooms/clinic/room-1/",
        b"/V1/rooms/clinic/room-1",
        b"/v1/rooms/clinic/room-1%00",
        b"/v1/rooms/clinic/x%00y",
        b"/v1/rooms/clinic/room-1;a=b",
        b"/v1/rooms/clinic\\room-1",
        b"/v1/rooms/clinic/~",
        b"/v1/rooms/clinic/~!!!",
        b"/v1/rooms/clinic/~cm9vbS0x=",
        b"/v1/rooms/clinic/~cm9vbS0x==",
        b"/v1/rooms/clinic/~cm9vbS0y",
        b"/v1/rooms/clinic/~_w",
        b"/v1/rooms/clinic/~7aCA",
        b"/v1/rooms/clinic/" + b"a" * 9_000,
        b"/v1/rooms/clinic/~" + base64.urlsafe_b64encode(b"a" * 6_000).rstrip(b"="),
        b"/v1/rooms/clinic/room-1'--",
        b"/v1/rooms/%63linic/room-1",
        b"/etc/passwd",
        b"/../../etc/passwd",
    ],
)
async def test_other_ways_to_write_an_id_mean_no_room(gateway: GatewayServed, path: bytes) -> None:
    answer = await answer_to(gateway, a_head("GET", path, AUTHORIZED))
    assert status_of(answer) == 404, answer
    assert b'"room-1"' not in answer


async def test_the_written_form_of_a_plain_id_is_the_same_room(gateway: GatewayServed) -> None:
    answer = await answer_to(gateway, a_head("GET", b"/v1/rooms/clinic/~cm9vbS0x", AUTHORIZED))
    assert (status_of(answer), b'"room":"room-1"' in answer) == (200, True)


@pytest.mark.parametrize(
    "path", [b"/v1/rooms/clinic/r\xc3\xa4ume", b"/v1/rooms/\xff", b"*", b"", b"/a\x00b", b"http://[/", b"/a b"]
)
async def test_what_is_no_address_at_all(gateway: GatewayServed, path: bytes) -> None:
    assert status_of(await answer_to(gateway, a_head("GET", path, AUTHORIZED))) in {400, 404}


@pytest.mark.parametrize("path", [b"http://evil.example/v1/rooms/clinic/room-1", b"/v1/rooms/clinic/room-1#x"])
async def test_other_forms_of_address_ask_the_same(gateway: GatewayServed, path: bytes) -> None:
    assert status_of(await answer_to(gateway, a_head("GET", path))) == 401
    assert status_of(await answer_to(gateway, a_head("GET", path, AUTHORIZED))) == 200


@pytest.mark.parametrize("host", ["[", "a b", "evil.example\\@x", "x" * 5_000, "", "::1", "[::1]:99999999"])
@pytest.mark.parametrize(("method", "path"), [("GET", b"/v1/signin"), ("POST", b"/v1/rooms/clinic/never/end")])
async def test_a_host_that_is_none(gateway: GatewayServed, host: str, method: str, path: bytes) -> None:
    head = b"\r\n".join(
        [
            b"%s %s HTTP/1.1" % (method.encode(), path),
            f"Host: {host}\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: {bearer()}\r\n\r\n".encode(),
        ]
    )
    assert status_of(await answer_to(gateway, head)) in {200, 400, 404}


@pytest.mark.parametrize("room", ["clinic/room-1", "room-1/../room-1", "*"])
async def test_a_pattern_is_not_widened_by_an_id(gateway: GatewayServed, room: str) -> None:
    header = [("Authorization", bearer(rooms=["clinic/other*"]))]
    path = f"/v1/rooms/clinic/{quote_id(room)}".encode()
    answer = await answer_to(gateway, a_head("GET", path, header))
    assert (status_of(answer), b"unknown_room" in answer) == (404, True)


@pytest.mark.parametrize("rooms", [["clinic/room-*"], ["school/*"], ["clinic/?"], []])
async def test_who_sees_some_rooms_erases_nobody_from_all(gateway: GatewayServed, rooms: list[str]) -> None:
    header = {"Authorization": bearer(rooms=rooms or ["*/room-1"])}
    answer = await gateway.http.post("/v1/audit/erase", json={"source": "clinic", "user": "u1"}, headers=header)
    assert (answer.status_code, answer.json()["code"]) == (403, "beyond_own_access")
