"""What the client asks of appointments and of duty, and how it reads the answers."""

import msgspec
import pytest

from moderator.client.appointments import Announcement, AppointmentsClient
from moderator.client.errors import Conflict, NotFound
from moderator.domain.announcements import Listed
from moderator.http import HttpClient
from tests.client.scripted_gateway import Act, ScriptedGateway, answer, problem, scripted
from tests.fakes.builders import DAY

FOUND = {
    "source": "clinic",
    "name": "a",
    "type": "visit",
    "starts_at": DAY,
    "duration_ms": None,
    "ends_at": DAY + 1,
    "allow": [{"user": "u1", "role": "doctor"}],
    "state": "live",
    "here": ["u1"],
    "unheard_of": "a newer gateway says more",
}


class OneToken:
    async def token(self) -> str:
        return "a-token"

    async def rejected(self, token: str) -> bool:
        return False


async def asked(gateway: ScriptedGateway, http: HttpClient) -> AppointmentsClient:
    return AppointmentsClient(gateway.url, OneToken(), http)


@pytest.mark.parametrize(
    ("act", "path"),
    [
        (lambda client: client.appointments(), "/v1/appointments"),
        (
            lambda client: client.appointments("clinic", from_ms=0, to_ms=9),
            "/v1/appointments?source=clinic&from=0&to=9",
        ),
        (lambda client: client.appointments("a b"), "/v1/appointments?source=a+b"),
    ],
)
async def test_the_list_is_asked_for_as_narrow_as_wanted(act: object, path: str) -> None:
    listed = answer(200, {"now": DAY, "appointments": [FOUND]})
    async with scripted(listed) as gateway, HttpClient() as http:
        found = await act(await asked(gateway, http))  # type: ignore[operator]
        assert gateway.requests[0].path == path
        assert (found.appointments[0].here, found.appointments[0].allow) == (("u1",), (Listed("u1", "doctor"),))
        assert not found.more


async def test_one_is_announced_with_the_version_that_is_known() -> None:
    wanted = Announcement(name="x/y", starts_at=DAY, room="r1")
    announced = answer(200, {"seq": 5, "appointment": FOUND})
    async with scripted(announced) as gateway, HttpClient() as http:
        client = await asked(gateway, http)
        assert (await client.announce("clinic", wanted, 3)).seq == 5
        (request,) = gateway.requests
        assert f"{request.method} {request.path}" == "PUT /v1/appointments/clinic/~eC95"
        assert msgspec.json.decode(request.body) == {"starts_at": DAY, "room": "r1", "expected_version": 3}
        assert request.headers["idempotency-key"]


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (problem(409, "overlap", "booked", name="b", starts_at=DAY), Conflict),
        (problem(404, "unknown_source", "no such source"), NotFound),
    ],
)
async def test_refusals_are_errors(act: Act, kind: type[Exception]) -> None:
    async with scripted(act) as gateway, HttpClient() as http:
        client = await asked(gateway, http)
        with pytest.raises(kind):
            await client.announce("clinic", Announcement(name="a", starts_at=DAY))
        with pytest.raises(kind):
            await client.withdraw("clinic", "a")
        with pytest.raises(kind):
            await client.appointment("clinic", "a")
