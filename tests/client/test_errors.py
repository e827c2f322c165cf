import pytest

from moderator.client.errors import (
    Busy,
    Conflict,
    Forbidden,
    GatewayError,
    GatewayFailed,
    Invalid,
    NotFound,
    SignedOut,
    refusal,
)


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, Invalid, "invalid"),
        (401, SignedOut, "signed_out"),
        (403, Forbidden, "forbidden"),
        (404, NotFound, "not_found"),
        (409, Conflict, "conflict"),
        (422, Invalid, "invalid"),
        (429, Busy, "busy"),
        (503, Busy, "busy"),
        (500, GatewayFailed, "gateway_failed"),
        (302, GatewayFailed, "gateway_failed"),
        (418, GatewayFailed, "gateway_failed"),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b"[]", b"\xff", b'{"detail":1,"code":null}'])
def test_a_status_is_enough(status: int, kind: type[GatewayError], code: str, body: bytes) -> None:
    error = refusal(status, body)
    assert (type(error), error.code, error.status) == (kind, code, status)
    assert len(str(error)) > 10


def test_problem_details_say_it_better() -> None:
    body = b'{"type":"about:blank","status":422,"code":"over_allowance","detail":" Too much. ","allowance_ms":5}'
    error = refusal(422, body)
    assert (type(error), error.code, str(error), error.members) == (
        Invalid,
        "over_allowance",
        "Too much.",
        {"allowance_ms": 5},
    )


def test_a_page_is_no_sentence() -> None:
    assert len(str(refusal(409, b'{"detail":"%b"}' % (b"x" * 9999)))) <= 500
