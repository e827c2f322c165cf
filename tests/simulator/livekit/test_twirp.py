"""Calls on the wire: what is refused, in the words of the real server."""

from typing import Any

from tests.simulator.livekit.running import SERVICE, RunningCloud, running, token


async def send(cloud: RunningCloud, method: str = "ListRooms", body: bytes = b"{}", **headers: str) -> tuple[int, Any]:
    sent = {"Content-Type": "application/json", "Authorization": f"Bearer {token({'roomList': True})}"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    reply = await cloud.client.post(SERVICE + method, content=body, headers=sent)
    is_json = reply.headers["content-type"] == "application/json"
    return reply.status_code, reply.json() if is_json else reply.text


async def test_answers_have_every_default() -> None:
    async with running() as cloud:
        assert await send(cloud) == (200, {"rooms": []})
        await cloud.join("u-1", streams=[])
        (room,) = (await send(cloud))[1]["rooms"]
        assert (room["num_publishers"], room["metadata"], room["version"]) == (0, "", None)
        assert isinstance(room["creation_time_ms"], str)


DENIED = {"code": "unauthenticated", "msg": "permissions denied"}
BAD_JSON = {"code": "malformed", "msg": "the json request could not be decoded"}
IN_LONG_S = 4_000_000_000
"""Tokens are made when tests are collected, which may be long before they run."""
BAD_PROTOBUF = {"code": "malformed", "msg": "the protobuf request could not be decoded"}


def bad_route(why: str, method: str = "ListRooms") -> dict[str, Any]:
    return {"code": "bad_route", "msg": why, "meta": {"twirp_invalid_route": f"POST {SERVICE}{method}"}}


ANSWERS: dict[str, tuple[dict[str, Any], int, object]] = {
    "no token": ({"Authorization": ""}, 401, DENIED),
    "no right": ({"Authorization": f"Bearer {token(exp=IN_LONG_S)}"}, 401, DENIED),
    "no real token": ({"Authorization": "Bearer x"}, 401, "invalid authorization token"),
    "another key": ({"Authorization": f"Bearer {token(iss='other')}"}, 401, "invalid API key: other"),
    "broken": ({"body": b"{bad"}, 400, BAD_JSON),
    "a list": ({"body": b"[]"}, 400, BAD_JSON),
    "nothing": ({"body": b""}, 400, BAD_JSON),
    "a member that is not known": ({"body": b'{"nope": 1}'}, 200, {"rooms": []}),
    "broken protobuf": ({"body": b"\x0a", "Content_Type": "application/protobuf"}, 400, BAD_PROTOBUF),
    "a text": ({"Content_Type": "text/plain"}, 404, bad_route('unexpected Content-Type: "text/plain"')),
    "no method": ({"method": "Nope"}, 404, bad_route(f'no handler for path "{SERVICE}Nope"', "Nope")),
}
"""What the real server was seen to answer."""


async def test_what_the_real_server_answers() -> None:
    async with running() as cloud:
        found = {name: await send(cloud, **sent) for name, (sent, _, _) in ANSWERS.items()}
    assert found == {name: (status, answer) for name, (_, status, answer) in ANSWERS.items()}


async def test_only_posts_are_calls() -> None:
    async with running() as cloud:
        reply = await cloud.client.get(SERVICE + "ListRooms")
        assert (reply.status_code, reply.json()["msg"]) == (404, 'unsupported method "GET" (only POST is allowed)')
        assert (await cloud.client.get("/")).text == "OK"
