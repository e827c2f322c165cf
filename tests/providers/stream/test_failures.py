import pytest

from moderator.http import Reply
from moderator.providers.errors import Forbidden, Gone, NotSupported, ProviderError, Rejected, Unavailable
from moderator.providers.stream.endpoints import GET_APP, UPDATE_CALL
from moderator.providers.stream.failures import asks_for_a_pause, error_of
from tests.providers.stream.made import DATA


def reply(status: int, body: bytes = b"") -> Reply:
    return Reply(status, {}, body)


def coded(code: int, status: int = 400) -> Reply:
    return reply(status, b'{"code":%d,"message":"hidden-words"}' % code)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (coded(2, 401), Forbidden, "does not know our api_key"),
        (coded(3, 401), Forbidden, "refused our credentials"),
        (coded(4), Rejected, "the request itself is wrong"),
        (coded(5, 401), Forbidden, "refused our credentials"),
        (coded(16, 404), Gone, "not there any more"),
        (coded(16, 400), Gone, "not there any more"),
        (coded(17, 403), Forbidden, "it needs change-max-duration"),
        (coded(40, 401), Forbidden, "clock by NTP"),
        (coded(41, 401), Forbidden, "clock by NTP"),
        (coded(42, 401), Forbidden, "clock by NTP"),
        (coded(43, 401), Forbidden, "Compare api_secret"),
        (coded(99, 403), Forbidden, "suspended this app"),
        (coded(-1, 500), Unavailable, "HTTP 500"),
        (coded(-1, 404), Gone, "not there any more"),
        (coded(-1, 400), Rejected, "the request itself is wrong"),
        (reply(401), Forbidden, "refused our credentials"),
        (reply(403, b"<html>"), Forbidden, "it needs change-max-duration"),
        (reply(404, b"<html>"), NotSupported, "Is base_url right"),
        (reply(404, b"[]"), NotSupported, "Is base_url right"),
        (reply(405), NotSupported, "Is base_url right"),
        (reply(413), Rejected, "longer than"),
        (reply(302), Rejected, "HTTP 302"),
        (reply(503, b"\xff"), Unavailable, "HTTP 503"),
    ],
)
def test_what_a_refusal_means(answer: Reply, error: type[ProviderError], words: str) -> None:
    found = error_of(answer, UPDATE_CALL)
    assert type(found) is error
    assert words in str(found)
    assert "hidden-words" not in str(found)
    assert not asks_for_a_pause(answer)


def test_a_refusal_of_what_needs_nothing_special() -> None:
    assert "more rights" in str(error_of(coded(17, 403), GET_APP))


def test_a_recorded_refusal() -> None:
    body = (DATA / "rest/error_not_allowed_403.json").read_bytes()
    assert "it needs change-max-duration" in str(error_of(reply(403, body), UPDATE_CALL))


@pytest.mark.parametrize("answer", [reply(429), coded(9, 429), coded(9, 400), reply(429, b"<html>")])
def test_a_pause(answer: Reply) -> None:
    assert asks_for_a_pause(answer)
