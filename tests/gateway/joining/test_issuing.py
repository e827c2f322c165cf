"""What one person gets, who gets nothing, and what is recorded of both."""

from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest
from msgspec.structs import replace

from moderator.domain.accounting import CredentialsIssued, CredentialsRefused
from moderator.domain.announcements import Listed
from moderator.domain.events import Actor, PersonAllowed, PersonBlocked, RoomLocked
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.settings import MINUTE_MS
from moderator.gateway.access.visibility import sees_event
from tests.fakes.builders import DAY, SOURCE
from tests.fakes.gateway import GatewayInProcess, bearer, forgotten, joined_in, room_path
from tests.gateway.joining.backend import (
    ANA,
    HOUR_MS,
    JOIN,
    MADE,
    RTCSTATS,
    VISIT,
    announce,
    asked,
    decide,
)


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        yield gateway


# --- what is handed out --------------------------------------------------------------------------------------------


async def test_credentials_are_no_answer_to_be_kept(gateway: GatewayInProcess) -> None:
    answer = await gateway.order("POST", JOIN, ANA)
    assert answer.headers["cache-control"] == "no-store"


async def test_credentials_end_with_the_room_at_the_latest(gateway: GatewayInProcess) -> None:
    await asked(gateway)
    assert gateway.provider.admitted[-1].expires_at == DAY + 15 * MINUTE_MS
    await gateway.tell(joined_in(MADE, "c1", DAY, user="u-1"))
    await gateway.advance(50 * MINUTE_MS)
    await asked(gateway)
    assert gateway.provider.admitted[-1].expires_at == DAY + HOUR_MS


async def test_an_end_that_nobody_is_held_to_bounds_nothing(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, replace(VISIT, mode="observe")) as gateway:
        await asked(gateway)
        await gateway.tell(joined_in(MADE, "c1", DAY, user="u-1"))
        await gateway.advance(2 * HOUR_MS)
        assert (await asked(gateway))[0] == 200
        assert gateway.provider.admitted[-1].expires_at == DAY + 2 * HOUR_MS + 15 * MINUTE_MS


async def test_the_listed_role_is_the_one_that_counts(gateway: GatewayInProcess) -> None:
    await announce(gateway, allow=(Listed("u-1", "advisor"),))
    await asked(gateway)
    await asked(gateway, {"user": "u-2", "role": "patient"})
    roles = [(one.user, one.role, one.may_share_screen) for one in gateway.provider.admitted]
    assert roles == [("u-1", "advisor", True), ("u-2", "patient", False)]


async def test_it_stands_in_the_room_s_timeline_without_the_token(gateway: GatewayInProcess) -> None:
    await asked(gateway)
    await gateway.tell(joined_in(MADE, "c1", DAY, user="u-1"))
    await asked(gateway, {"user": "u-2"})
    answer = await gateway.http.get(f"{room_path(MADE)}/events")
    told = [one for one in answer.json()["events"] if one["kind"] == "credentials_issued"]
    assert [(one["data"]["user"], one["actor"]) for one in told] == [
        ("u-1", {"kind": "application", "id": "maya", "name": "maya"}),
        ("u-2", {"kind": "application", "id": "maya", "name": "maya"}),
    ]
    (first, second) = await gateway.logged(CredentialsIssued)
    expected = CredentialsIssued(
        user="u-1", name="Ana", role="patient", room_name="appt-17", expires_at=DAY + 15 * MINUTE_MS
    )
    assert (first.data, first.room, first.instance, second.instance) == (expected, MADE, None, "0")
    assert "token-of" not in gateway.config.log_path.read_bytes().decode("latin-1")


async def test_nothing_is_handed_out_that_is_not_recorded(
    gateway: GatewayInProcess, caplog: pytest.LogCaptureFixture
) -> None:
    await asked(gateway)
    gateway.log.fails = True
    assert [(status, body["code"]) for status, body in [await asked(gateway)]] == [(503, "not_stored")]
    assert "The disk is full." in caplog.text
    gateway.log.fails = False


# --- who gets nothing ----------------------------------------------------------------------------------------------


async def test_a_full_room_is_full_before_anybody_has_to_be_removed(gateway: GatewayInProcess) -> None:
    await asked(gateway)
    await gateway.tell(joined_in(MADE, "c1", DAY, user="u-1"), joined_in(MADE, "c2", DAY, user="u-2"))
    status, problem = await asked(gateway, {"user": "u-3"})
    assert (status, problem["code"]) == (403, "room_full")
    assert (await asked(gateway))[0] == 200, "who is there may always come back"
    (refused,) = await gateway.logged(CredentialsRefused)
    assert refused.data == CredentialsRefused(user="u-3", room_name="appt-17", code="room_full")
    assert (refused.room, refused.actor) == (MADE, Actor("application", "maya", "maya"))


async def test_nothing_is_made_for_somebody_who_is_not_listed(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, replace(VISIT, allow="listed")) as gateway:
        await announce(gateway, allow=(Listed("u-1"),))
        status, problem = await asked(gateway, {"user": "u-3"})
        assert (status, problem["code"], gateway.provider.opened) == (403, "not_listed", [])
        (refused,) = await gateway.logged(CredentialsRefused)
        assert refused.room is None
        assert (await asked(gateway))[0] == 200


async def test_who_was_refused_where_is_shown_to_those_who_may_see_the_room(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, replace(VISIT, allow="listed")) as gateway:
        await asked(gateway, {"user": "u-3"})
        (refused,) = gateway.read("credentials_refused")
        verify = gateway.gateway.authorization.allow
        for pattern, seen in (("clinic/appt-*", True), ("clinic/other", False)):
            access = await verify(bearer(rooms=[pattern]), "rooms:read", "")
            assert sees_event(access, refused, gateway.gateway.ledger.state.name_of) is seen


async def test_who_was_removed_and_blocked_stays_out(gateway: GatewayInProcess) -> None:
    await asked(gateway)
    await gateway.tell(joined_in(MADE, "c1", DAY, user="u-1"))
    await gateway.order("POST", f"{room_path(MADE)}/participants/c1/disconnect", {"reason": "conduct", "block": 600})
    assert (await asked(gateway))[1]["code"] == "blocked"
    await gateway.advance(600_000)
    assert (await asked(gateway))[0] == 200


async def test_who_is_kept_out_for_good_stays_out_when_all_else_is_forgotten(gateway: GatewayInProcess) -> None:
    await asked(gateway)
    await gateway.tell(joined_in(MADE, "c1", DAY, user="u-1"))
    await decide(gateway, PersonBlocked(user="u-1", reason="conduct"))
    await forgotten(gateway, MADE)
    assert gateway.known(MADE) is None
    status, answer = await asked(gateway)
    assert (status, answer["code"]) == (403, "blocked")
    assert (await asked(gateway, {"user": "u-2"}))[0] == 200


async def test_a_locked_room_opens_for_whom_a_moderator_lets_in(gateway: GatewayInProcess) -> None:
    await asked(gateway)
    await gateway.tell(joined_in(MADE, "c1", DAY, user="u-1"))
    await decide(gateway, RoomLocked(people=("u-1",)))
    assert (await asked(gateway, {"user": "u-2"}))[1]["code"] == "locked"
    await decide(gateway, PersonAllowed(person="u-2"))
    assert (await asked(gateway, {"user": "u-2"}))[0] == 200


async def test_when_time_is_over_it_is_over_for_all(gateway: GatewayInProcess) -> None:
    await asked(gateway)
    await gateway.tell(joined_in(MADE, "c1", DAY, user="u-1"))
    gateway.provider.effect = "none"
    await gateway.advance(HOUR_MS + MINUTE_MS)
    assert (await asked(gateway))[1]["code"] == "time_over"


# --- rtcStats ------------------------------------------------------------------------------------------------------


async def test_room_and_rtcstats_know_people_by_the_same_opaque_ids(tmp_path: Path) -> None:
    gateway = GatewayInProcess(tmp_path, VISIT)
    gateway.config = replace(gateway.config, rtcstats=RTCSTATS)
    async with gateway:
        answers = [await asked(gateway) for _ in range(2)]
        tokens = [jwt.decode(body["rtcstatsToken"], options={"verify_signature": False}) for _, body in answers]
        ids = [token["rtcStats"] for token in tokens]
        assert ids[0]["user"] == ids[1]["user"]
        assert ids[0]["session"] != ids[1]["session"]
        assert not {"u-1", MADE, "Ana"} & set(ids[0].values())
        assert [one.extra for one in gateway.provider.admitted] == [
            {"rtcstats.user": one["user"], "rtcstats.session": one["session"]} for one in ids
        ]
        logged = [event.data for event in await gateway.logged(CredentialsIssued)]
        assert [
            (one.rtcstats_user, one.rtcstats_session, one.conference)
            for one in logged
            if isinstance(one, CredentialsIssued)
        ] == [(one["user"], one["session"], one["conference"]) for one in ids]
        assert gateway.gateway.ledger.room(RoomKey(SOURCE, RoomId(MADE))) is None
