"""More time, and less: what is answered, and what is refused."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.events import CapabilitiesReported, DeadlineExtended, DeadlineReported, DeadlineSet
from moderator.domain.settings import MINUTE_MS
from moderator.providers.errors import Forbidden, Gone, ProviderError, RateLimited, Rejected
from tests.fakes.builders import DAY, ROOM, a_fact, joined, room_ended
from tests.fakes.gateway import GatewayInProcess, bearer, room_path
from tests.gateway.orders.visit import EXTEND, HOUR_MS, VISIT, warned_visit

TEN_MIN = 10 * MINUTE_MS


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with warned_visit(tmp_path) as gateway:
        yield gateway


async def extend(gateway: GatewayInProcess, body: object, key: str = "", name: str = "maya") -> tuple[int, Any]:
    headers = {"Authorization": bearer(name=name)} | ({"Idempotency-Key": key} if key else {})
    answer = await gateway.order("POST", EXTEND, body, **headers)
    return answer.status_code, answer.json()


def ends_at(gateway: GatewayInProcess) -> int:
    assert gateway.room.deadline is not None
    return gateway.room.deadline.ends_at


async def test_an_extension_is_answered_with_the_new_deadline(gateway: GatewayInProcess) -> None:
    status, answer = await extend(gateway, {"seconds": 300, "expected_version": 1})
    assert status == 200
    deadline = answer["deadline"]
    assert (deadline["ends_at"], deadline["version"]) == (DAY + HOUR_MS + 300_000, 2)
    assert (deadline["extended_ms"], deadline["allowance_ms"]) == (300_000, 25 * MINUTE_MS)


async def test_time_can_be_taken_away(gateway: GatewayInProcess) -> None:
    assert (await extend(gateway, {"seconds": -60}))[0] == 200
    assert ends_at(gateway) == DAY + HOUR_MS - 60_000


async def test_a_version_that_is_not_the_current_one_is_a_conflict(gateway: GatewayInProcess) -> None:
    await extend(gateway, {"seconds": 300, "expected_version": 1}, name="zoe")
    status, answer = await extend(gateway, {"seconds": 300, "expected_version": 1})
    assert (status, answer["code"]) == (409, "conflict")
    assert (answer["changed_by"], answer["changed_by_name"]) == ("zoe", "zoe")
    assert (answer["deadline"]["version"], answer["deadline"]["ends_at"]) == (2, DAY + HOUR_MS + 300_000)
    assert ends_at(gateway) == DAY + HOUR_MS + 300_000


async def test_of_two_at_a_time_with_the_same_version_one_is_a_conflict(gateway: GatewayInProcess) -> None:
    body = {"seconds": 300, "expected_version": 1}
    answers = await asyncio.gather(extend(gateway, body, name="zoe"), extend(gateway, body, name="maya"))
    assert sorted(status for status, _ in answers) == [200, 409]
    assert ends_at(gateway) == DAY + HOUR_MS + 300_000


async def test_two_at_a_time_without_a_version_both_count(gateway: GatewayInProcess) -> None:
    body = {"seconds": 300}
    answers = await asyncio.gather(extend(gateway, body, name="zoe"), extend(gateway, body, name="maya"))
    assert [status for status, _ in answers] == [200, 200]
    assert ends_at(gateway) == DAY + HOUR_MS + 600_000


async def test_more_than_is_allowed_is_refused_with_what_is(gateway: GatewayInProcess) -> None:
    await extend(gateway, {"seconds": 1500})
    status, answer = await extend(gateway, {"seconds": 301})
    assert (status, answer["code"], answer["allowance_ms"]) == (422, "over_allowance", 300_000)
    assert (await extend(gateway, {"seconds": 300}))[0] == 200


async def test_nobody_gets_more_than_is_allowed_by_being_quick(gateway: GatewayInProcess) -> None:
    answers = await asyncio.gather(*(extend(gateway, {"seconds": 1000}) for _ in range(3)))
    assert sorted(status for status, _ in answers) == [200, 422, 422]


@pytest.mark.parametrize("seconds", [0, 86_401, -86_401, 10**30, 1.5, "300", None])
async def test_seconds_that_are_none(gateway: GatewayInProcess, seconds: object) -> None:
    status, _ = await extend(gateway, {"seconds": seconds})
    assert status == 422
    assert ends_at(gateway) == DAY + HOUR_MS


async def test_the_same_request_again_counts_once(gateway: GatewayInProcess) -> None:
    first = await extend(gateway, {"seconds": 300}, key="k1")
    assert await extend(gateway, {"seconds": 300}, key="k1") == first
    assert len(await gateway.logged(DeadlineExtended)) == 1
    await extend(gateway, {"seconds": 300}, key="k2")
    await extend(gateway, {"seconds": 300}, key="k1", name="zoe")
    assert ends_at(gateway) == DAY + HOUR_MS + 900_000, "another key or another person is another request"


async def test_the_same_request_twice_at_a_time_counts_once(gateway: GatewayInProcess) -> None:
    answers = await asyncio.gather(*(extend(gateway, {"seconds": 300}, key="k1") for _ in range(5)))
    assert [status for status, _ in answers] == [200] * 5
    assert ends_at(gateway) == DAY + HOUR_MS + 300_000


async def test_a_key_that_is_too_long(gateway: GatewayInProcess) -> None:
    status, answer = await extend(gateway, {"seconds": 300}, key="k" * 201)
    assert (status, answer["code"]) == (422, "invalid_key")


async def test_a_room_without_a_deadline_gets_one_by_its_time(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY))
        status, answer = await extend(gateway, {"seconds": 300})
        assert (status, answer["code"]) == (409, "no_deadline")
        status, answer = await extend(gateway, {"ends_at": DAY + HOUR_MS})
        assert (status, answer["deadline"]["ends_at"]) == (200, DAY + HOUR_MS)
        status, answer = await extend(gateway, {"ends_at": DAY + HOUR_MS})
        assert (status, answer["code"]) == (422, "has_deadline")


@pytest.mark.parametrize("at", [0, DAY - 1, DAY, DAY + 25 * HOUR_MS])
async def test_a_time_that_cannot_be_a_deadline(tmp_path: Path, at: int) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY))
        status, answer = await extend(gateway, {"ends_at": at})
        assert (status, answer["code"]) == (422, "invalid_ends_at")


async def test_who_ordered_it_is_in_the_log(gateway: GatewayInProcess) -> None:
    await extend(gateway, {"seconds": 60, "reason": "they are nearly done"}, name="zoe")
    (event,) = await gateway.logged(DeadlineExtended)
    assert (event.actor.kind, event.actor.id) == ("moderator", "zoe")
    assert isinstance(event.data, DeadlineExtended)
    assert event.data.reason == "they are nearly done"


# --- where the platform keeps the end ------------------------------------------------------------------------------


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    """A call that its platform will end in ten minutes."""
    async with GatewayInProcess(tmp_path, VISIT, keeps_ends=True) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), a_fact(DeadlineReported(ends_at=DAY + TEN_MIN), DAY))
        yield gateway


async def test_the_platform_is_asked_and_its_answer_is_the_deadline(timed: GatewayInProcess) -> None:
    timed.provider.answers = DAY + TEN_MIN + 240_000
    status, answer = await extend(timed, {"seconds": 300, "expected_version": 1}, name="zoe")
    assert status == 200
    deadline = answer["deadline"]
    assert (deadline["ends_at"], deadline["version"], deadline["kept_by"]) == (DAY + TEN_MIN + 240_000, 2, "provider")
    assert (deadline["extended_ms"], deadline["changed_by"]) == (240_000, "zoe")
    (call,) = [call for call in timed.provider.calls if call.name == "extend"]
    assert call.argument == DAY + TEN_MIN + 300_000
    (done,) = await timed.logged(DeadlineExtended)
    assert (done.actor.kind, done.actor.id) == ("moderator", "zoe")
    await timed.advance(1_000)
    assert len(await timed.logged(DeadlineSet)) == 1, "the answer is no news to the policy"


async def test_a_room_without_a_limit_is_given_an_end(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, VISIT, keeps_ends=True) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), a_fact(DeadlineReported(ends_at=None), DAY))
        assert gateway.room.deadline is None, "the type's duration is not for platforms that keep the end"
        status, answer = await extend(gateway, {"seconds": 300})
        assert (status, answer["code"]) == (409, "no_deadline")
        status, answer = await extend(gateway, {"ends_at": DAY + HOUR_MS}, name="zoe")
        assert (status, answer["deadline"]["ends_at"], answer["deadline"]["kept_by"]) == (
            200,
            DAY + HOUR_MS,
            "provider",
        )
        assert answer["deadline"]["changed_by"] == "zoe"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Rejected("That is too soon."), 422, "provider_rejected"),
        (Forbidden("The account may not."), 502, "provider_forbidden"),
        (Gone("The call is over."), 409, "gone"),
    ],
)
async def test_why_the_platform_would_not(
    timed: GatewayInProcess, error: ProviderError, status: int, code: str
) -> None:
    timed.provider.errors = [error]
    answered, answer = await extend(timed, {"seconds": 300})
    assert (answered, answer["code"], answer["detail"]) == (status, code, str(error))
    assert (ends_at(timed), timed.room.pending) == (DAY + TEN_MIN, ())


async def test_an_end_that_did_not_move_is_no_extension(timed: GatewayInProcess) -> None:
    timed.provider.answers = DAY + TEN_MIN
    status, answer = await extend(timed, {"seconds": 300})
    assert (status, answer["code"]) == (422, "provider_rejected")


async def test_nobody_waits_for_ever_for_a_platform(timed: GatewayInProcess) -> None:
    timed.provider.hangs = True
    asking, _ = await asyncio.gather(extend(timed, {"seconds": 300}, key="k1"), timed.advance(15_000))
    assert (asking[0], asking[1]["code"]) == (504, "not_confirmed")
    timed.provider.hangs = False
    await timed.advance(20_000)
    status, _ = await extend(timed, {"seconds": 300}, key="k1")
    assert (status, ends_at(timed)) == (200, DAY + TEN_MIN + 300_000), "asked for once, done once"


async def test_two_at_a_time_on_the_platform(timed: GatewayInProcess) -> None:
    body = {"seconds": 300, "expected_version": 1}
    answers = await asyncio.gather(extend(timed, body, name="zoe"), extend(timed, body, name="maya"))
    assert sorted(status for status, _ in answers) == [200, 409]
    more = await asyncio.gather(*(extend(timed, {"seconds": 60}, name=name) for name in ("zoe", "maya", "ann")))
    assert [status for status, _ in more] == [200] * 3
    assert ends_at(timed) == DAY + TEN_MIN + 480_000


async def test_what_this_account_may_not_do_in_this_room(timed: GatewayInProcess) -> None:
    denied = a_fact(CapabilitiesReported(unavailable={"extend": "it lacks change-max-duration"}), DAY)
    await timed.tell(denied)
    status, answer = await extend(timed, {"seconds": 300})
    assert (status, answer["code"], answer["detail"]) == (409, "not_supported", "it lacks change-max-duration")


async def test_an_end_that_somebody_else_moved_meanwhile_is_not_moved_back(timed: GatewayInProcess) -> None:
    """Adding five minutes to what was known would take twenty away from what is."""
    later = DAY + 3 * TEN_MIN

    async def the_host() -> None:
        await timed.clock.settle()
        await timed.tell(a_fact(DeadlineReported(ends_at=later), DAY + 5))
        await timed.advance(5_000)

    timed.provider.errors = [RateLimited("slowly", 3)]
    (status, answer), _ = await asyncio.gather(extend(timed, {"seconds": 300, "expected_version": 1}), the_host())
    assert (status, answer["code"]) == (409, "conflict")
    assert (ends_at(timed), answer["deadline"]["ends_at"]) == (later, later)
    status, answer = await extend(timed, {"seconds": 300})
    assert (status, answer["deadline"]["ends_at"]) == (200, later + 300_000)


async def test_who_names_no_version_gets_the_time_added_to_the_new_end(timed: GatewayInProcess) -> None:
    timed.provider.ends_at = later = DAY + 3 * TEN_MIN  # and no webhook told of it
    status, answer = await extend(timed, {"seconds": 300})
    assert (status, answer["deadline"]["ends_at"]) == (200, later + 300_000)
    assert [call.argument for call in timed.provider.calls if call.name == "extend"] == [
        DAY + TEN_MIN + 300_000,
        later + 300_000,
    ]


async def test_a_refusal_stays_one_for_who_asks_again(timed: GatewayInProcess) -> None:
    timed.provider.errors = [Rejected("That is too soon.")]
    assert (await extend(timed, {"seconds": 300}, key="k1"))[0] == 422
    assert (await extend(timed, {"seconds": 300}, key="k2", name="zoe"))[0] == 200
    status, answer = await extend(timed, {"seconds": 300}, key="k1")
    assert (status, answer["code"], answer["detail"]) == (422, "provider_rejected", "That is too soon.")


async def test_a_call_without_a_limit_is_cut_off_by_nobody_also_where_the_account_may_not_extend(
    tmp_path: Path,
) -> None:
    async with GatewayInProcess(tmp_path, VISIT, keeps_ends=True) as gateway:
        denied = CapabilitiesReported(unavailable={"extend": "it lacks change-max-duration"})
        await gateway.tell(joined("c1", DAY, user="u1", instance="call-1"), a_fact(denied, DAY, instance="call-1"))
        await gateway.tell(room_ended(DAY + 9, instance="call-1"))
        await gateway.tell(joined("c2", DAY + 10, user="u1", instance="call-2"))
        await gateway.tell(a_fact(DeadlineReported(ends_at=None), DAY + 11, instance="call-2"))
        await gateway.advance(2 * HOUR_MS)
        assert (gateway.room.deadline, gateway.room.people) == (None, 1)
        assert not gateway.provider.calls


# --- the next booking ----------------------------------------------------------------------------------------------


async def booked_next(gateway: GatewayInProcess, starts_at: int) -> None:
    for name, begin in (("first", DAY), ("next", starts_at)):
        body = {"room": ROOM, "starts_at": begin, "duration_ms": HOUR_MS}
        answer = await gateway.order("PUT", f"/v1/appointments/clinic/{name}", body | {"expected_version": 1})
        assert answer.status_code == 200, answer.text


async def test_into_the_next_booking_only_on_purpose(gateway: GatewayInProcess) -> None:
    await booked_next(gateway, DAY + HOUR_MS + TEN_MIN)
    status, _ = await extend(gateway, {"seconds": 600, "expected_version": 1})
    assert status == 200, "up to its start"
    status, problem = await extend(gateway, {"seconds": 1, "expected_version": 2})
    assert (status, problem["code"], problem["name"]) == (409, "next_booking", "next")
    assert problem["starts_at"] == DAY + HOUR_MS + TEN_MIN
    assert (await gateway.http.get(room_path())).json()["next_appointment"]["name"] == "next"
    status, _ = await extend(gateway, {"seconds": 60, "expected_version": 2, "into_next": True})
    assert (status, ends_at(gateway)) == (200, DAY + HOUR_MS + TEN_MIN + MINUTE_MS)
    status, _ = await extend(gateway, {"seconds": -1, "expected_version": 3})
    assert status == 200, "less time is no trouble to anybody"


async def test_an_end_that_is_set_does_not_run_into_the_next_booking_either(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        body = {"room": ROOM, "starts_at": DAY + HOUR_MS, "duration_ms": HOUR_MS}
        await gateway.order("PUT", "/v1/appointments/clinic/now", body | {"starts_at": DAY})
        await gateway.order("PUT", "/v1/appointments/clinic/next", body)
        assert (await extend(gateway, {"ends_at": DAY + HOUR_MS + 1}))[1]["code"] == "next_booking"
        assert (await extend(gateway, {"ends_at": DAY + HOUR_MS}))[0] == 200
