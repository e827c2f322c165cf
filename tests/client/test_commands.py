import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest

from moderator.client import requests
from moderator.client.commands import Accepted, Disconnecting, GatewayClient, Readmitted
from moderator.client.errors import Conflict, GatewayFailed, GatewayUnreachable, Invalid, SignedOut
from moderator.client.me import Me
from moderator.client.tokens import FixedToken
from moderator.domain.ids import RoomKey
from moderator.feed.codec import encode_event
from moderator.http import HttpClient
from tests.client.scripted_gateway import (
    Act,
    Request,
    ScriptedGateway,
    answer,
    broken,
    late,
    problem,
    scripted,
    silence,
)
from tests.fakes.asked_token import AskedToken
from tests.fakes.builders import DAY, an_entry, folded, joined, the_room

ROOM = the_room(folded(an_entry(joined("p", DAY, name="Bill"))))
Call = Callable[[GatewayClient], Awaitable[Any]]


@contextlib.asynccontextmanager
async def client(*acts: Act) -> AsyncIterator[tuple[GatewayClient, ScriptedGateway]]:
    async with scripted(*acts) as gateway, HttpClient() as http:
        yield GatewayClient(gateway.url + "/", FixedToken("the-token"), http), gateway


async def asked(call: Call, reply: object = None) -> tuple[Any, Request]:
    async with client(answer(200, {"seq": 5} if reply is None else reply)) as (gateway, server):
        return await call(gateway), server.requests[-1]


QUESTIONS: list[tuple[Call, str, object, object]] = [
    (
        lambda c: c.me(),
        "/v1/me",
        {"name": "Maya", "scopes": ["rooms:read"], "rooms": ["*"], "mood": 1},
        Me("Maya", ("rooms:read",), rooms=("*",)),
    ),
    (lambda c: c.time(), "/v1/time", {"now": 5}, 5),
    (lambda c: c.room("clinic", "a/b"), "/v1/rooms/clinic/~YS9i", msgspec.to_builtins(ROOM), ROOM),
]


@pytest.mark.parametrize(("call", "path", "reply", "wanted"), QUESTIONS)
async def test_questions(call: Call, path: str, reply: object, wanted: object) -> None:
    found, request = await asked(call, reply)
    assert found == wanted
    assert (request.method, request.path, request.body) == ("GET", path, b"")
    assert request.headers["authorization"] == "Bearer the-token"
    assert "idempotency-key" not in request.headers


async def test_the_list_of_rooms() -> None:
    reply = {"seq": 3, "now": DAY, "rooms": [msgspec.to_builtins(ROOM)], "sources": []}
    found, _ = await asked(lambda c: c.rooms(), reply)
    assert (found.seq, found.now, found.rooms, found.sources) == (3, DAY, (ROOM,), ())


async def test_the_timeline() -> None:
    event = joined("p", DAY)
    reply = {"events": [msgspec.json.decode(encode_event(event))], "more": True}
    found, request = await asked(lambda c: c.timeline("clinic", "r", after=7, instance="a&b"), reply)
    assert (found.events, found.more) == ((event,), True)
    assert request.path == "/v1/rooms/clinic/r/events?after=7&instance=a%26b"


R = "/v1/rooms/clinic/~YS9i"
ORDERS: list[tuple[Call, str, str, object]] = [
    (lambda c: c.end("clinic", "a/b", "technical"), "POST", f"{R}/end", {"reason": "technical"}),
    (lambda c: c.message("clinic", "a/b", "Hé"), "POST", f"{R}/message", {"text": "Hé"}),
    (lambda c: c.claim("clinic", "a/b"), "PUT", f"{R}/owner", {}),
    (lambda c: c.claim("clinic", "a/b", "m2", "Max"), "PUT", f"{R}/owner", {"moderator": "m2", "name": "Max"}),
    (lambda c: c.release("clinic", "a/b"), "DELETE", f"{R}/owner", None),
    (lambda c: c.look_at("clinic", "a/b"), "PUT", f"{R}/viewing", None),
    (lambda c: c.look_away("clinic", "a/b"), "DELETE", f"{R}/viewing", None),
    (lambda c: c.acknowledge("clinic", "a/b", "2-300000"), "POST", f"{R}/warnings/2-300000/acknowledge", {}),
    (lambda c: c.allow("clinic", "a/b", "p"), "POST", f"{R}/participants/p/allow", {}),
    (lambda c: c.let_in("clinic", "a/b", "u1"), "PUT", f"{R}/allowed/u1", {}),
    (lambda c: c.mute("clinic", "a/b", ".."), "POST", f"{R}/participants/~Li4/mute", {}),
    (lambda c: c.mute("clinic", "a/b", "p", "revoke"), "POST", f"{R}/participants/p/mute", {"mode": "revoke"}),
    (lambda c: c.mute("clinic", "a/b", "p", "restore"), "POST", f"{R}/participants/p/mute", {"mode": "restore"}),
    (lambda c: c.stop_stream("clinic", "a/b", "s"), "POST", f"{R}/streams/s/stop", {}),
    (lambda c: c.hold("flood"), "PUT", "/v1/enforcement/hold", {"reason": "flood"}),
    (lambda c: c.resume(), "DELETE", "/v1/enforcement/hold", None),
]


@pytest.mark.parametrize(("call", "method", "path", "body"), ORDERS)
async def test_orders(call: Call, method: str, path: str, body: object) -> None:
    found, request = await asked(call)
    assert found == Accepted(5)
    assert (request.method, request.path) == (method, path)
    assert (msgspec.json.decode(request.body) if request.body else None) == body
    assert len(request.headers["idempotency-key"]) == 36


async def test_an_empty_answer_is_one_too() -> None:
    async with client(answer(202)) as (gateway, _):
        assert await gateway.end("clinic", "r", "other") == Accepted(None)


async def test_extend() -> None:
    reply = {"deadline": {"ends_at": 9, "version": 4, "kept_by": "gateway"}, "seq": 8}
    found, request = await asked(lambda c: c.extend("clinic", "r", 300, 3), reply)
    assert (found.deadline.ends_at, found.deadline.version, found.seq) == (9, 4, 8)
    assert msgspec.json.decode(request.body) == {"seconds": 300, "expected_version": 3}


async def test_an_end_is_set_where_there_is_none() -> None:
    reply = {"deadline": {"ends_at": DAY, "version": 1, "kept_by": "provider"}, "seq": 8}
    found, request = await asked(lambda c: c.set_end("clinic", "r", DAY), reply)
    assert (found.deadline.ends_at, found.deadline.kept_by) == (DAY, "provider")
    assert (request.path, msgspec.json.decode(request.body)) == ("/v1/rooms/clinic/r/extend", {"ends_at": DAY})


async def test_more_time_is_waited_for_as_long_as_a_platform_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "TIMEOUT_S", 0.05)
    reply = answer(200, {"deadline": {"ends_at": DAY, "version": 1, "kept_by": "provider"}, "seq": 8})
    async with client(late(0.3, reply)) as (gateway, server):
        assert (await gateway.extend("clinic", "r", 300, 0)).seq == 8
        assert len(server.requests) == 1


@pytest.mark.parametrize("block", [False, True, 600])
async def test_disconnect(block: bool | int) -> None:
    reply = {"outcome": "requested", "rejoin": "possible", "seq": 8}
    found, request = await asked(lambda c: c.disconnect("clinic", "r", "j@5", "conduct", block), reply)
    assert found == Disconnecting("requested", "possible", 8)
    assert request.path == "/v1/rooms/clinic/r/participants/j@5/disconnect"
    assert msgspec.json.decode(request.body) == {"reason": "conduct", "block": block}


async def test_readmit() -> None:
    found, request = await asked(
        lambda c: c.readmit("clinic", "r", "ü"), {"seq": 1, "rejoin": "possible", "detail": ""}
    )
    assert found == Readmitted(1, "possible", "")
    assert (request.method, request.path) == ("DELETE", "/v1/rooms/clinic/r/blocks/~w7w")


@pytest.mark.parametrize("first", [broken(), silence, broken(b"HTTP/1.1 202 X\r\nContent-Length: 9\r\n\r\n{")])
async def test_an_order_without_answer_is_repeated_once_with_its_key(
    first: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "TIMEOUT_S", 0.2)
    async with client(first, answer(202, {"seq": 5})) as (gateway, server):
        assert await gateway.mute("clinic", "r", "p") == Accepted(5)
    one, two = server.requests
    assert one.headers["idempotency-key"] == two.headers["idempotency-key"]
    assert (one.path, one.body) == (two.path, two.body)


async def test_two_orders_have_two_keys() -> None:
    async with client(answer(202)) as (gateway, server):
        await gateway.end("clinic", "r", "other")
        await gateway.end("clinic", "r", "other")
    assert len({request.headers["idempotency-key"] for request in server.requests}) == 2


async def test_a_gateway_that_is_away_is_asked_twice_and_not_more() -> None:
    async with client(broken()) as (gateway, server):
        with pytest.raises(GatewayUnreachable) as caught:
            await gateway.end("clinic", "r", "other")
    assert len(server.requests) == 2
    assert caught.value.code == "unreachable"


async def test_a_question_is_not_repeated() -> None:
    async with client(broken()) as (gateway, server):
        with pytest.raises(GatewayUnreachable):
            await gateway.time()
    assert len(server.requests) == 1


async def test_a_refusal_is_not_repeated() -> None:
    act = problem(409, "conflict", "Max was quicker", deadline={"version": 4}, changed_by="max")
    async with client(act) as (gateway, server):
        with pytest.raises(Conflict, match="Max was quicker") as caught:
            await gateway.extend("clinic", "r", 300, 3)
    assert len(server.requests) == 1
    assert caught.value.members == {"deadline": {"version": 4}, "changed_by": "max"}


async def test_refusals_have_their_kind() -> None:
    async with client(problem(401, "token_expired", "get a new one"), problem(422, "over_allowance", "no")) as (
        gateway,
        _,
    ):
        with pytest.raises(SignedOut):
            await gateway.me()
        with pytest.raises(Invalid):
            await gateway.message("clinic", "r", "")


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b'{"now":"soon"}', b"\xff\xfe", b'{"a":' + b"[" * 100_000])
async def test_an_answer_that_makes_no_sense(raw: bytes) -> None:
    async with client(answer(200, raw=raw)) as (gateway, _):
        with pytest.raises(GatewayFailed) as caught:
            await gateway.time()
    assert caught.value.code == "garbled"


async def test_a_version_of_any_length_is_cut() -> None:
    async with client(answer(200, {"name": "Maya", "scopes": [], "version": "9" * 1_000_000})) as (gateway, _):
        me = await gateway.me()
    assert (me.name, me.version) == ("Maya", "9" * 64)


async def test_a_redirect_does_not_get_the_token() -> None:
    async with client(answer(302)) as (gateway, server):
        with pytest.raises(GatewayFailed):
            await gateway.rooms()
    assert len(server.requests) == 1


async def test_the_token_is_asked_for_every_time() -> None:
    tokens = iter(["one", "two"])
    async with scripted(answer(200, {"now": 1})) as server, HttpClient() as http:
        gateway = GatewayClient(server.url, AskedToken(lambda: next(tokens)), http)
        await gateway.time()
        await gateway.time()
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer one", "Bearer two"]


def test_the_room_that_these_tests_know() -> None:
    assert RoomKey(ROOM.source, ROOM.room) == ("clinic", "room-1")  # type: ignore[arg-type]
