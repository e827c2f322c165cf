"""Forms as OAuth clients send them, and what is no form."""

import pytest
from starlette.requests import Request
from starlette.types import Message

from moderator.gateway.problems import Problem
from moderator.gateway.sign_in.forms import OAuthError, field, read_form


def a_request(body: bytes, content_type: str = "application/x-www-form-urlencoded") -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode())]}, receive)


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", {}),
        (b"a=1&b=", {"a": "1", "b": ""}),
        (b"a=x+y%20z", {"a": "x y z"}),
        (b"a=%C3%A4", {"a": "ä"}),
        (b"a=b=c", {"a": "b=c"}),
        (b"a&&&", {"a": ""}),
    ],
)
async def test_forms(body: bytes, form: dict[str, str]) -> None:
    assert await read_form(a_request(body)) == form
    assert await read_form(a_request(body, "Application/x-WWW-form-urlencoded; charset=utf-8")) == form


@pytest.mark.parametrize(
    "body", [b"a=1&a=2", b"a=%FF%FE", b"\xff=1", "ä=1".encode(), b"&".join(b"a%d=1" % n for n in range(21))]
)
async def test_what_is_no_form(body: bytes) -> None:
    with pytest.raises(OAuthError) as raised:
        await read_form(a_request(body))
    assert (raised.value.status, raised.value.code) == (400, "invalid_request")


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data; boundary=x", "text/plain"])
async def test_another_kind_of_body(content_type: str) -> None:
    with pytest.raises(OAuthError, match="send a form"):
        await read_form(a_request(b"a=1", content_type))


async def test_a_form_that_is_too_large() -> None:
    with pytest.raises(Problem) as raised:
        await read_form(a_request(b"a" * 70_000))
    assert raised.value.status == 413


def test_a_field_that_has_to_be_there() -> None:
    assert field({"a": "1"}, "a") == "1"
    for form in ({}, {"a": ""}):
        with pytest.raises(OAuthError, match="the field a is missing"):
            field(form, "a")


def test_an_error_is_what_the_specification_says() -> None:
    answer = OAuthError("invalid_grant", "it was used before").response()
    assert bytes(answer.body) == b'{"error":"invalid_grant","error_description":"it was used before"}'
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
