"""Problems as they go over the wire."""

import msgspec
import pytest

from moderator.gateway.problems import Problem, too_many


def test_a_problem() -> None:
    answer = Problem(409, "room_ended", "the room has ended", seq=5).response()
    assert answer.headers["content-type"] == "application/problem+json"
    assert msgspec.json.decode(bytes(answer.body)) == {
        "type": "about:blank",
        "title": "Room ended",
        "status": 409,
        "code": "room_ended",
        "detail": "the room has ended",
        "seq": 5,
    }


@pytest.mark.parametrize(
    ("status", "name", "value"),
    [(401, "www-authenticate", "Bearer"), (408, "connection", "close"), (413, "connection", "close")],
)
def test_what_goes_with_a_status(status: int, name: str, value: str) -> None:
    assert Problem(status, "x", "y").response().headers[name] == value
    assert name not in Problem(404, "x", "y").response().headers


@pytest.mark.parametrize(("wait_s", "header"), [(0.02, "1"), (1, "1"), (1.2, "2"), (60, "60")])
def test_too_many(wait_s: float, header: str) -> None:
    problem = too_many(wait_s, "too many questions")
    assert (problem.status, problem.headers) == (429, {"Retry-After": header})
    assert str(problem) == f"too many questions: try again in {header} s"
