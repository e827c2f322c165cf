"""The comparison itself: it must see every difference that would matter."""

import json
from typing import Any, Final

import jwt
import pytest
from msgspec.structs import replace

from moderator.providers.conformance import Request
from tests.official_sdks.comparing import ABSENT, Difference, Wire, lifetime_s, unexplained

KEY: Final = "a key that is long enough for the algorithm"
WIRE: Final = Wire(KEY)


def headers(key: str = KEY, **claims: object) -> dict[str, str]:
    token = jwt.encode({"iss": "me", "iat": 5, "exp": 65, "video": {"room": "r"}, **claims}, key, algorithm="HS256")
    return {"authorization": f"Bearer {token}", "host": "127.0.0.1:5"}


def request(**changes: Any) -> Request:
    body = json.dumps({"user_id": "u", "limits": {"most": 5}}).encode()
    return replace(Request("POST", "/a/b?api_key=k", headers(), body), **changes)


@pytest.mark.parametrize(
    ("changes", "aspects"),
    [
        ({}, []),
        ({"headers": headers(iat=99, exp=999) | {"host": "127.0.0.1:6", "user-agent": "x"}}, []),
        ({"method": "PUT"}, ["method"]),
        ({"target": "/a/b/?api_key=k"}, ["path"]),
        ({"target": "/a/b?api_key=&x"}, ["query api_key", "query x"]),
        ({"headers": headers() | {"x-mode": "1"}}, ["header x-mode"]),
        ({"headers": {"authorization": headers()["authorization"].removeprefix("Bearer ")}}, ["header authorization"]),
        ({"headers": {"x-auth": headers()["authorization"]}}, ["header authorization", "header x-auth"]),
        ({"headers": headers(video={"room": "s", "roomAdmin": True})}, ["claim video.room", "claim video.roomAdmin"]),
        ({"headers": headers(nbf=4)}, ["claim nbf"]),
        ({"body": b""}, ["body user_id", "body limits.most"]),
        ({"body": b'{"user_id":"u","limits":{}}'}, ["body limits.most", "body limits"]),
        ({"body": b'{"user_id":null,"limits":{"most":5}}'}, ["body user_id"]),
    ],
)
def test_every_difference_is_seen(changes: dict[str, Any], aspects: list[str]) -> None:
    found = unexplained(WIRE, [request()], [request(**changes)], [])
    assert [one.partition(":")[0] for one in found] == aspects


def test_a_difference_may_be_named_as_long_as_it_is_there() -> None:
    named = Difference("query api_key", "k", ABSENT, "it is a test")
    assert unexplained(WIRE, [request()], [request(target="/a/b")], [named]) == []
    (vanished,) = unexplained(WIRE, [request()], [request()], [named])
    assert "named, but not so" in vanished
    assert len(unexplained(WIRE, [request()], [request(target="/a/b?api_key=l")], [named])) == 1


def test_actions_of_several_requests() -> None:
    ours = [request(target="/a/b"), request(target="/a/b", method="GET")]
    query, method = Difference("query api_key", "k", ABSENT, "a"), Difference("2. method", "POST", "GET", "b")
    assert unexplained(WIRE, [request(), request()], ours, [query, method]) == []
    assert len(unexplained(WIRE, [request(), request()], ours, [query])) == 1
    assert len(unexplained(WIRE, [request()], ours, [query])) == 1
    assert len(unexplained(WIRE, [], [], [])) == 1


def test_a_token_of_another_key_is_none() -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        unexplained(WIRE, [request()], [request(headers=headers("another key, long enough as well"))], [])
    assert lifetime_s(WIRE, request()) == 60
