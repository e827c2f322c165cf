"""Requests are compared by what they ask, not by how it is written."""

from moderator.providers.conformance import Request
from moderator.providers.conformance.shapes import changing, climbs, differences, leaves, renamed


def asked(target: str, body: bytes = b"", method: str = "POST") -> Request:
    return Request(method, target, {"content-length": str(len(body))}, body)


def test_quotes_do_not_matter() -> None:
    one = leaves(asked("/a/x%2Fy?k=%20", b'{"id": "\\u0041"}'))
    other = leaves(asked("/a/x%2fy?k=+", b'{ "id":"A" }'))
    assert one == other


def test_whatever_is_asked_is_a_leaf() -> None:
    found = leaves(asked("/a/b?k=v", b'{"m": [1, {"n": "x"}], "j": "{\\"o\\": 2}"}'))
    assert found["path", 1] == "a"
    assert found["query", 0] == ("k", "v")
    assert found["body", "m", 1, "n"] == "x"
    assert found["body", "j", "JSON", "o"] == 2


def test_bodies_that_are_no_json_are_compared_as_text() -> None:
    assert leaves(asked("/", b"room=a%2Fb"))["body",] == "room=a/b"


def test_an_id_that_looks_like_json_is_an_id() -> None:
    assert leaves(asked("/", b'{"id": "{}"}'), ["{}"])["body", "id"] == "{}"


def test_other_ids_are_put_in_the_place_of_the_usual_ones() -> None:
    expected = renamed(leaves(asked("/r/room-1/p/user-1")), {"room-1": "user-1/..", "user-1": "?"})
    assert not differences(expected, leaves(asked("/r/user-1%2F../p/%3F")), set())
    (wrong, *_) = differences(expected, leaves(asked("/r/user-1/../p/%3F")), set())
    assert "instead of 'user-1/..'" in wrong


def test_what_changes_each_time_is_left_out() -> None:
    one, other = leaves(asked("/", b'{"nonce": 1, "id": "a"}')), leaves(asked("/", b'{"nonce": 2, "id": "a"}'))
    assert differences(one, other, set())
    assert not differences(one, other, {("body", "nonce")})
    assert changing([asked("/", b'{"nonce": 1, "id": "a"}')], [asked("/", b'{"nonce": 2, "id": "a"}')]) == [
        {("body", "nonce")}
    ]


def test_dots_climb_unless_they_are_part_of_something() -> None:
    assert climbs(asked("/a/../b"))
    assert climbs(asked("/a/."))
    assert not climbs(asked("/a/%2E%2E/b..c?x=.."))
