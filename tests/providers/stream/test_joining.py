"""Calls that are made for a name, and the tokens that let people into them."""

from collections.abc import AsyncIterator

import jwt
import pytest

from moderator.http import HttpClient
from moderator.providers.conformance import Recorder, json_answer
from moderator.providers.errors import Forbidden, Rejected
from moderator.providers.provider import Admission
from moderator.providers.stream import StreamProvider
from moderator.providers.stream.options import StreamOptions
from tests.fakes.builders import DAY
from tests.fakes.clock import FakeClock
from tests.providers.stream.made import API_KEY, API_SECRET

ANA = Admission(room="visit:appt-17", user="u-17", name="Ana", role="admin", expires_at=DAY + 600_999)


@pytest.fixture
async def recorder() -> AsyncIterator[Recorder]:
    async with Recorder(lambda request: json_answer({"created": True}, 201)) as recorder:
        yield recorder


def provider_at(url: str, http: HttpClient) -> StreamProvider:
    options = StreamOptions(api_key=API_KEY, api_secret=API_SECRET, base_url=url, call_type="visit")
    return StreamProvider("school", options, http, FakeClock())


@pytest.mark.parametrize(
    ("name", "begins"),
    [("appt-17", "appt-17"), ("__proto__", "__proto__"), ("Ana & Bob / 2", "name-"), ("x" * 65, "name-")],
)
async def test_a_name_is_always_the_same_call(recorder: Recorder, http: HttpClient, name: str, begins: str) -> None:
    provider = provider_at(recorder.url, http)
    opened = {await provider.open_room(name) for _ in range(2)}
    (cid,) = opened
    assert cid.startswith(f"visit:{begins}")
    first, second = recorder.requests
    assert (first.method, first.path) == ("POST", f"/api/v2/video/call/{cid.replace(':', '/')}")
    assert first.json() == second.json() == {"data": {"created_by_id": "moderator", "custom": {"name": name}}}


async def test_two_names_are_two_calls(recorder: Recorder, http: HttpClient) -> None:
    provider = provider_at(recorder.url, http)
    assert len({await provider.open_room(name) for name in ("a b", "a_b", "a/b", "A b")}) == 4


async def test_who_may_make_no_calls_is_told(recorder: Recorder, http: HttpClient) -> None:
    recorder.respond = lambda request: json_answer({"code": 17, "StatusCode": 403}, 403)
    with pytest.raises(Forbidden, match="create-call"):
        await provider_at(recorder.url, http).open_room("appt-17")


async def test_a_token_is_for_one_user_in_one_call(http: HttpClient) -> None:
    """Whatever the application calls people, they are users for Stream."""
    given = await provider_at("http://127.0.0.1:9", http).credentials(ANA)
    token = given.pop("token")
    assert given == {"apiKey": API_KEY, "room": "visit:appt-17", "user": "u-17"}
    assert jwt.decode(token, API_SECRET, ["HS256"], options={"verify_exp": False}) == {
        **{"user_id": "u-17", "call_cids": ["visit:appt-17"], "role": "user"},
        **{"iat": DAY // 1000 - 5, "exp": DAY // 1000 + 600},
    }


@pytest.mark.parametrize(
    "admission", [Admission(room="x", user="u", expires_at=1), Admission(room="a:b", expires_at=1)]
)
async def test_what_cannot_be_joined_is_refused(http: HttpClient, admission: Admission) -> None:
    with pytest.raises(Rejected):
        await provider_at("http://127.0.0.1:9", http).credentials(admission)
