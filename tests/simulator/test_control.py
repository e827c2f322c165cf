import asyncio
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.simulator.vonage.running import running


async def test_people_are_sent_in_and_out() -> None:
    async with running() as cloud:
        joined = await cloud.order("join", user="u-1", name="Ana", role="student", room_name="lesson-7", streams=[])
        created = await cloud.sees("connectionCreated")
        assert created["sessionId"] == joined["room"]
        assert created["connection"]["id"] == joined["connection"]
        assert created["connection"]["data"] == '{"userId":"u-1","name":"Ana","role":"student","room":"lesson-7"}'
        stream = await cloud.order("publish", connection=joined["connection"], kind="screen")
        assert (await cloud.sees("streamCreated"))["stream"]["videoType"] == "screen"
        await cloud.order("unpublish", stream=stream["stream"], ending="stopped")
        assert (await cloud.sees("streamDestroyed"))["reason"] == "mediaStopped"
        await cloud.order("leave", connection=joined["connection"], ending="lost")
        assert (await cloud.sees("connectionDestroyed"))["reason"] == "networkDisconnected"


async def test_any_connection_data_can_be_sent() -> None:
    async with running() as cloud:
        await cloud.order("join", user="u-1", data="", streams=[])
        assert (await cloud.sees("connectionCreated"))["connection"]["data"] == ""


async def test_the_truth_is_who_is_connected_now() -> None:
    async with running() as cloud:
        joined = await cloud.order("join", user="u-1", room_name="lesson-7")
        second = await cloud.order("join", user="u-1", room=joined["room"])
        await cloud.order("leave", connection=second["connection"])
        (room,) = (await cloud.truth("rooms"))["rooms"]
        assert (room["room"], room["name"]) == (joined["room"], "lesson-7")
        (connection,) = room["connections"]
        assert (connection["id"], connection["person"]["user"]) == (joined["connection"], "u-1")
        assert [stream["id"] for stream in connection["streams"]] == joined["streams"]


async def test_who_goes_in_the_middle_of_asking_changes_nothing() -> None:
    async with running() as cloud:
        address = urlsplit(cloud.url)
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(b'POST /_simulator/join HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{"user": ')
        await writer.drain()
        assert (await cloud.truth("rooms"))["rooms"] == []
        writer.close()
        await writer.wait_closed()
        assert (await cloud.truth("rooms"))["rooms"] == []


async def test_a_guest_comes_when_asked_for() -> None:
    async with running(is_quiet=False, rooms=3) as cloud:
        guest = await cloud.order("guest")
        again = await cloud.order("guest", room=guest["room"])
        assert again["room"] == guest["room"]
        assert again["user"] != guest["user"]
        rooms = (await cloud.truth("rooms"))["rooms"]
        (room,) = [room for room in rooms if room["room"] == guest["room"]]
        assert guest["connection"] in [one["id"] for one in room["connections"]]


@pytest.mark.parametrize(
    ("path", "order", "status"),
    [
        ("mode", {"mode": "odd"}, 400),
        ("mode", {}, 400),
        ("join", {"user": "u-1", "rom": "x"}, 400),
        ("join", {"user": "u-1", "room": "none"}, 404),
        ("leave", {"connection": "none"}, 404),
        ("publish", {"connection": "none", "kind": "screen"}, 404),
        ("unpublish", {"stream": "none"}, 404),
        ("guest", {}, 404),
        ("guest", {"room": "none"}, 404),
    ],
)
async def test_orders_that_make_no_sense_say_so(path: str, order: dict[str, Any], status: int) -> None:
    async with running() as cloud:
        reply = await cloud.client.post(f"/_simulator/{path}", json=order)
        assert reply.status_code == status
        assert reply.json()["error"]
