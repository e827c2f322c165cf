"""Every command of moderators: done, refused, and what is answered."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.events import DisconnectRequested, PersonAllowed, PersonBlocked
from moderator.domain.kinds import Data
from moderator.domain.settings import RoomType
from moderator.providers.errors import RateLimited, Unavailable
from tests.fakes.builders import DAY, ROOM, joined, left, published, room_ended
from tests.fakes.gateway import GatewayInProcess, bearer, forgotten, joined_in, participant_path, room_path
from tests.gateway.orders.visit import EXTEND, warned_visit

C1 = participant_path("c1")

COMMANDS: list[tuple[str, str, str, Any, int]] = [
    # method, path, scope, body, status
    ("POST", EXTEND, "rooms:extend", {"seconds": 300}, 200),
    ("POST", f"{room_path()}/end", "rooms:end", {"reason": "technical"}, 202),
    ("POST", f"{room_path()}/message", "rooms:message", {"text": "Five minutes left."}, 202),
    ("PUT", f"{room_path()}/owner", "rooms:watch", {}, 200),
    ("DELETE", f"{room_path()}/owner", "rooms:watch", None, 200),
    ("POST", f"{room_path()}/warnings/1-300000/acknowledge", "rooms:watch", {}, 200),
    ("POST", f"{C1}/disconnect", "participants:disconnect", {"reason": "conduct", "block": True}, 202),
    ("POST", f"{C1}/allow", "participants:disconnect", {}, 200),
    ("POST", f"{C1}/mute", "participants:mute", {}, 202),
    ("POST", f"{room_path()}/streams/mic/stop", "participants:mute", {}, 202),
    ("DELETE", f"{room_path()}/blocks/u2", "participants:disconnect", None, 200),
]
WITH_BODY = [one for one in COMMANDS if one[0] != "DELETE"]
NEEDS_A_LIVE_ROOM = [one for one in COMMANDS if not one[1].endswith(("/disconnect", "/blocks/u2"))]
every = pytest.mark.parametrize(
    ("method", "path", "scope", "body", "status"), COMMANDS, ids=[one[1] for one in COMMANDS]
)


def name(command: tuple[str, str, str, Any, int]) -> str:
    return f"{command[0]} {command[1].removeprefix(room_path())}"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with warned_visit(tmp_path) as gateway:
        yield gateway


# --- what holds for every command ----------------------------------------------------------------------------------


@every
async def test_it_is_done(
    gateway: GatewayInProcess, method: str, path: str, scope: str, body: Any, status: int
) -> None:
    before = gateway.gateway.ledger.state.seq
    answer = await gateway.order(method, path, body, Authorization=bearer([scope]))
    assert answer.status_code == status, answer.text
    assert answer.json()["seq"] > before


@every
async def test_another_scope_is_not_enough(
    gateway: GatewayInProcess, method: str, path: str, scope: str, body: Any, status: int
) -> None:
    scopes = {"rooms:read", "policy:hold", "audit:read", "rooms:watch", "rooms:extend", "participants:mute"} - {scope}
    answer = await gateway.order(method, path, body, Authorization=bearer(scopes))
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


@every
async def test_a_room_outside_the_patterns_is_not_there(
    gateway: GatewayInProcess, method: str, path: str, scope: str, body: Any, status: int
) -> None:
    answer = await gateway.order(method, path, body, Authorization=bearer(rooms=["clinic/other"]))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_room")


@every
async def test_a_room_that_nobody_knows_is_not_there(
    gateway: GatewayInProcess, method: str, path: str, scope: str, body: Any, status: int
) -> None:
    answer = await gateway.order(method, path.replace(ROOM, "never"), body)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_room")


@pytest.mark.parametrize("command", NEEDS_A_LIVE_ROOM, ids=name)
async def test_a_room_that_has_ended_takes_no_command(
    gateway: GatewayInProcess, command: tuple[str, str, str, Any, int]
) -> None:
    await gateway.tell(room_ended(gateway.clock.now_ms()))
    answer = await gateway.order(command[0], command[1], command[3])
    assert (answer.status_code, answer.json()["code"]) == (409, "room_ended")


@pytest.mark.parametrize("command", WITH_BODY, ids=name)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "invalid_json"),
        (b"\xff", "invalid_json"),
        (b"[]", "invalid_body"),
        (b"5", "invalid_body"),
        (b'{"sceonds": 300}', "invalid_body"),
    ],
)
async def test_a_body_that_is_not_what_it_should_be(
    gateway: GatewayInProcess, command: tuple[str, str, str, Any, int], body: bytes, code: str
) -> None:
    answer = await gateway.http.request(command[0], command[1], content=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("command", WITH_BODY, ids=name)
async def test_a_body_that_is_too_large(gateway: GatewayInProcess, command: tuple[str, str, str, Any, int]) -> None:
    answer = await gateway.http.request(command[0], command[1], content=b" " * 70_000)
    assert answer.status_code == 413


# --- disconnect, readmit -------------------------------------------------------------------------------------------


async def disconnect(gateway: GatewayInProcess, participant: str, **body: object) -> Any:
    answer = await gateway.order("POST", f"{participant_path(participant)}/disconnect", body)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_a_disconnect_says_whether_they_may_come_back(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c3", gateway.clock.now_ms(), user="u3"))
    assert (await disconnect(gateway, "c3"))["rejoin"] == "possible"
    assert (await disconnect(gateway, "c1", block=True))["rejoin"] == "blocked_by_gateway"
    anonymous = await disconnect(gateway, "anon", block=True)
    assert (anonymous["outcome"], anonymous["rejoin"]) == ("requested", "possible"), "nobody knows who they are"
    assert [block.user for block in gateway.room.blocks] == ["u2", "u1"]
    assert gateway.provider.called("disconnect") == ["c3", "c1", "anon"]


async def test_who_has_left_is_gone_already_and_can_still_be_blocked(gateway: GatewayInProcess) -> None:
    await gateway.tell(left("c1", gateway.clock.now_ms()))
    assert (await disconnect(gateway, "c1"))["outcome"] == "already_gone"
    assert (await disconnect(gateway, "c1", block=True, reason="conduct"))["outcome"] == "already_gone"
    assert [block.user for block in gateway.room.blocks] == ["u2", "u1"]
    assert gateway.provider.calls == []


async def test_a_block_may_be_for_a_time(gateway: GatewayInProcess) -> None:
    answer = await disconnect(gateway, "c1", block=600)
    assert answer["rejoin"] == "blocked_by_gateway"
    assert [call.argument for call in gateway.provider.calls] == [False], "no platform would let go in time"
    assert gateway.room.blocks[-1].until == gateway.clock.now_ms() + 600_000


@pytest.mark.parametrize(
    "body", [{"block": 0}, {"block": -5}, {"block": 10**12}, {"block": "x"}, {"reason": "because"}]
)
async def test_a_disconnect_that_makes_no_sense(gateway: GatewayInProcess, body: object) -> None:
    answer = await gateway.order("POST", f"{C1}/disconnect", body)
    assert answer.status_code == 422
    assert gateway.provider.calls == []


async def test_nobody_by_that_id(gateway: GatewayInProcess) -> None:
    answer = await gateway.order("POST", f"{participant_path('c9')}/disconnect", {})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_participant")


async def test_a_disconnect_repeated_is_one(gateway: GatewayInProcess) -> None:
    gateway.provider.errors = [Unavailable("not now")]
    key = {"Idempotency-Key": "k1"}
    first = await gateway.order("POST", f"{C1}/disconnect", {"block": True}, **key)
    await gateway.advance(5_000)
    again = await gateway.order("POST", f"{C1}/disconnect", {"block": True}, **key)
    assert again.json() == first.json()
    assert len(await gateway.logged(DisconnectRequested, PersonBlocked)) == 4, "two of them are of the other one"


async def test_two_moderators_who_want_the_same_are_both_answered(gateway: GatewayInProcess) -> None:
    gateway.provider.hangs = True
    await disconnect(gateway, "c1")
    answer = await disconnect(gateway, "c1")
    assert answer["outcome"] == "requested"
    assert gateway.provider.called("disconnect") == ["c1"]


async def test_who_is_readmitted_may_come_back(gateway: GatewayInProcess) -> None:
    answer = await gateway.order("DELETE", f"{room_path()}/blocks/u2")
    assert (answer.status_code, answer.json()["rejoin"]) == (200, "possible")
    await gateway.tell(joined("c2b", gateway.clock.now_ms(), user="u2"))
    assert gateway.provider.called("disconnect") == []


async def test_a_block_of_the_platforms_is_lifted_also_for_who_was_here_long_ago(gateway: GatewayInProcess) -> None:
    gateway.provider.rejoins = "blocked_by_provider"
    answer = await gateway.order("DELETE", f"{room_path()}/blocks/somebody")
    assert (answer.status_code, answer.json()["rejoin"]) == (200, "possible")
    assert [call.target.user for call in gateway.provider.calls if call.name == "readmit"] == ["somebody"]


async def test_a_pause_that_is_asked_for_holds_back_what_follows(gateway: GatewayInProcess) -> None:
    gateway.provider.rejoins, gateway.provider.errors = "blocked_by_provider", [RateLimited("slowly", 3)]
    answer = await gateway.order("DELETE", f"{room_path()}/blocks/somebody")
    assert (answer.json()["rejoin"], answer.json()["detail"]) == ("blocked_by_provider", "slowly")
    assert gateway.gateway.sources["clinic"].limiter.paused_s() == 3


async def test_who_was_blocked_long_ago_can_be_readmitted(gateway: GatewayInProcess) -> None:
    """Nothing else is known of the room any more."""
    path = f"{room_path()}/blocks/u2"
    await forgotten(gateway, ROOM)
    assert gateway.known(ROOM) is None
    answer = await gateway.order("DELETE", path, Authorization=bearer(rooms=["clinic/other"]))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_room")
    for _ in range(2):
        answer = await gateway.order("DELETE", path, **{"Idempotency-Key": "once"})
        assert (answer.status_code, answer.json()["rejoin"]) == (200, "possible")
    (readmitted,) = gateway.read("person_readmitted")
    assert (readmitted.room, readmitted.instance) == (ROOM, None)
    answer = await gateway.order("DELETE", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_blocked")
    answer = await gateway.order("DELETE", f"{room_path('never')}/blocks/u2")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_room")


async def test_who_is_not_blocked_cannot_be_readmitted(gateway: GatewayInProcess) -> None:
    answer = await gateway.order("DELETE", f"{room_path()}/blocks/u1")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_blocked")


# --- the rest ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("capability", "path", "body"),
    [
        ("disconnect", f"{C1}/disconnect", {}),
        ("mute", f"{C1}/mute", {}),
        ("revoke", f"{C1}/mute", {"mode": "revoke"}),
        ("revoke", f"{C1}/mute", {"mode": "restore"}),
        ("stop_stream", f"{room_path()}/streams/mic/stop", {}),
        ("end", f"{room_path()}/end", {}),
        ("extend", f"{room_path()}/extend", {"ends_at": DAY + 60_000}),
        ("message", f"{room_path()}/message", {"text": "x"}),
    ],
)
async def test_what_a_platform_cannot_do_is_said_at_once(
    tmp_path: Path, capability: str, path: str, body: object
) -> None:
    async with GatewayInProcess(tmp_path, missing=[capability]) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), published("c1", "mic", DAY, kind="microphone"))
        answer = await gateway.order("POST", path, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_supported")
        assert answer.json()["detail"] == f"there is no {capability} here"


async def test_ending_a_room_ends_it(gateway: GatewayInProcess) -> None:
    await gateway.order("POST", f"{room_path()}/end", {"reason": "other"})
    assert [call.name for call in gateway.provider.calls] == ["end_room"]
    assert gateway.room.people == 0
    assert gateway.room.pending == ()


@pytest.mark.parametrize("text", ["", "x" * 1_001])
async def test_a_message_has_a_length(gateway: GatewayInProcess, text: str) -> None:
    answer = await gateway.order("POST", f"{room_path()}/message", {"text": text})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_text")


async def test_a_message_is_sent(gateway: GatewayInProcess) -> None:
    await gateway.order("POST", f"{room_path()}/message", {"text": "Fünf Minuten."})
    assert [call.argument for call in gateway.provider.calls] == ["Fünf Minuten."]


async def test_a_room_is_claimed_handed_over_and_released(gateway: GatewayInProcess) -> None:
    def owner() -> str | None:
        return gateway.room.owner.id if gateway.room.owner else None

    await gateway.order("PUT", f"{room_path()}/owner")
    assert owner() == "maya"
    await gateway.order("PUT", f"{room_path()}/owner", {"moderator": "zoe", "name": "Zoe"})
    assert owner() == "zoe"
    await gateway.order("DELETE", f"{room_path()}/owner")
    assert owner() is None


async def test_a_warning_is_acknowledged_once_and_the_second_agrees(gateway: GatewayInProcess) -> None:
    path = f"{room_path()}/warnings/1-300000/acknowledge"
    for who in ("zoe", "maya"):
        answer = await gateway.order("POST", path, Authorization=bearer(name=who))
        assert answer.status_code == 200
    assert gateway.room.warnings[0].acknowledged_by == "zoe"
    unknown = await gateway.order("POST", path.replace("1-300000", "7-1"))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_warning")


async def test_who_has_no_microphone_cannot_be_muted(gateway: GatewayInProcess) -> None:
    answer = await gateway.order("POST", f"{participant_path('anon')}/mute")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_microphone")


async def test_who_is_muted_as_a_person_needs_no_known_microphone(gateway: GatewayInProcess) -> None:
    gateway.provider.mutes_people = True
    answer = await gateway.order("POST", f"{participant_path('anon')}/mute")
    assert answer.status_code == 202
    assert gateway.provider.called("mute") == ["anon"]


async def test_a_stream_that_nobody_publishes_cannot_be_stopped(gateway: GatewayInProcess) -> None:
    answer = await gateway.order("POST", f"{room_path()}/streams/s9/stop")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_stream")


async def test_who_is_allowed_may_stay_although_the_room_is_full(tmp_path: Path) -> None:
    full = RoomType(name="visit", max_people=1, mode="observe")
    async with GatewayInProcess(tmp_path, full) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY + 1, user="u2"))
        assert [one.participant for one in gateway.room.violations] == ["c2"]
        for _ in range(2):
            assert (await gateway.order("POST", f"{participant_path('c2')}/allow")).status_code == 200
        assert gateway.room.violations == ()
        assert gateway.room.participants[1].allowed
        assert len(await gateway.logged(PersonAllowed)) == 2


async def test_who_was_refused_at_the_door_is_let_in(tmp_path: Path) -> None:
    full = RoomType(name="visit", max_people=1, mode="enforce")
    async with GatewayInProcess(tmp_path, full) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        assert (await gateway.order("PUT", f"{room_path()}/allowed/u2")).status_code == 200
        await gateway.tell(joined("c2", DAY + 1, user="u2"))
        assert gateway.room.violations == ()
        assert [one.state for one in gateway.room.participants] == ["here", "here"]
        assert gateway.provider.called("disconnect") == []


async def test_who_is_blocked_is_not_let_in_by_the_way(gateway: GatewayInProcess) -> None:
    await gateway.order("POST", f"{C1}/disconnect", {"reason": "conduct", "block": True})
    answer = await gateway.order("PUT", f"{room_path()}/allowed/u1")
    assert (answer.status_code, answer.json()["code"]) == (409, "blocked")


async def test_enforcement_is_held_and_resumed(gateway: GatewayInProcess) -> None:
    assert (await gateway.order("PUT", "/v1/enforcement/hold", {"reason": "a drill"})).status_code == 200
    hold = gateway.gateway.ledger.state.hold
    assert hold is not None
    assert (hold.by, hold.reason) == ("maya", "a drill")
    assert (await gateway.order("DELETE", "/v1/enforcement/hold")).status_code == 200
    assert gateway.gateway.ledger.state.hold is None
    for body in (b"{", b'{"why": "x"}'):
        assert (await gateway.http.put("/v1/enforcement/hold", content=body)).status_code == 422


async def test_ids_are_quoted_and_never_other_routes(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        strange = "a/end"
        await gateway.tell(joined_in(strange, "c/1", DAY, user="u/1"))
        answer = await gateway.order("POST", f"{participant_path('c/1', strange)}/disconnect", {"block": True})
        assert answer.status_code == 202
        assert [call.target.participant for call in gateway.provider.calls] == ["c/1"]
        events: tuple[type[Data], ...] = (PersonBlocked,)
        assert [event.room for event in await gateway.logged(*events)] == [strange]


async def test_a_percent_sign_in_a_path_means_no_other_room(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY))
        answer = await gateway.order("POST", f"{room_path()}%2Fend", {})
        assert (answer.status_code, answer.json()["code"]) == (404, "bad_id")
        assert gateway.room.pending == ()
