"""The official client judges the API; what it hides is looked at directly."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from getstream.exceptions import StreamApiException, StreamRateLimitException

from tests.simulator.stream.running import RunningCloud, path, running

LIMITED = {"settings_override": {"limits": {"max_duration_seconds": 3600}}}
ONGOING = {"filter_conditions": {"ongoing": True}}


@pytest.fixture
async def cloud() -> AsyncIterator[RunningCloud]:
    async with running() as made:
        yield made


async def a_call(cloud: RunningCloud, user: str = "u-1", **order: Any) -> dict[str, Any]:
    """Somebody with a camera in `lesson:7`."""
    return await cloud.order(
        "join", **{"user": user, "name": "Ana", "role": "student", "room_name": "lesson-7"} | order
    )


async def users(cloud: RunningCloud, cid: str = "lesson:7") -> list[str]:
    """Who the platform says is there."""
    return [one["user"]["id"] for one in (await cloud.session(cid))["participants"]]


async def streams(cloud: RunningCloud) -> list[dict[str, Any]]:
    """What there really is in the first room."""
    (room, *_) = (await cloud.truth("rooms"))["rooms"]
    return [stream for connection in room["connections"] for stream in connection["streams"]]


# --- the official client ----------------------------------------------------------------------------------------------


async def test_getstream_finds_the_call_and_moves_its_end(cloud: RunningCloud) -> None:
    await a_call(cloud)
    sdk = cloud.sdk()
    call = sdk.video.call("lesson", "7")
    (found,) = (await asyncio.to_thread(sdk.video.query_calls, filter_conditions={"ongoing": True})).data.calls
    assert (found.call.cid, found.call.session.timer_ends_at) == ("lesson:7", None)
    assert [one.user.name for one in found.call.session.participants] == ["Ana"]
    assert "change-max-duration" in found.own_capabilities
    answer = await asyncio.to_thread(call.update, settings_override={"limits": {"max_duration_seconds": 3600}})
    ends_at = answer.data.call.session.timer_ends_at
    assert (ends_at - answer.data.call.session.started_at).total_seconds() == 3600
    shown = (await asyncio.to_thread(call.get)).data.call
    assert (shown.settings.limits.max_duration_seconds, shown.session.timer_ends_at) == (3600, ends_at)
    assert (await cloud.seen("call.updated"))["call"]["settings"]["limits"]["max_duration_seconds"] == 3600
    removed = await asyncio.to_thread(call.update, settings_override={"limits": {"max_duration_seconds": 0}})
    assert (removed.data.call.settings.limits.max_duration_seconds, removed.data.call.session.timer_ends_at) == (
        0,
        None,
    )


async def test_getstream_makes_a_call_once(cloud: RunningCloud) -> None:
    call = cloud.sdk().video.call("visit", "appt-17")
    made = await asyncio.to_thread(call.get_or_create, data={"created_by_id": "moderator", "custom": {"name": "Visit"}})
    found = await asyncio.to_thread(call.get_or_create, data={"created_by_id": "x", "custom": {"name": "Another"}})
    assert [(one.data.created, one.data.call.custom) for one in (made, found)] == [
        (True, {"name": "Visit"}),
        (False, {"name": "Visit"}),
    ]
    await cloud.order("join", user="u-1", room="visit:appt-17", name="Ana", role="user")
    assert await users(cloud, "visit:appt-17") == ["u-1"]
    nobodys = await cloud.rest("POST", path("visit:appt-18"), {"data": {}})
    assert (nobodys.status_code, nobodys.json()["code"]) == (400, 4)


async def test_getstream_kicks_all_devices_and_who_was_kicked_may_return(cloud: RunningCloud) -> None:
    await a_call(cloud)
    await a_call(cloud, room="lesson:7")
    call = cloud.sdk().video.call("lesson", "7")
    await asyncio.to_thread(call.kick_user, "u-1", kicked_by_id="mod-1")
    assert (await cloud.seen("call.kicked_user"))["kicked_by_user"]["id"] == "mod-1"
    await cloud.seen("call.session_participant_left", 2)
    await a_call(cloud, room="lesson:7")
    assert await users(cloud) == ["u-1"]


@pytest.mark.parametrize("how", ["block", "kick"])
async def test_getstream_blocks_and_who_was_blocked_does_not_return(cloud: RunningCloud, how: str) -> None:
    await a_call(cloud)
    call = cloud.sdk().video.call("lesson", "7")
    if how == "kick":
        await asyncio.to_thread(call.kick_user, "u-1", block=True)
    else:
        await asyncio.to_thread(call.block_user, "u-1")
    assert (await cloud.seen("call.blocked_user"))["blocked_by_user"] is None
    await cloud.seen("call.session_participant_left")
    refused = await cloud.client.post("/_simulator/join", json={"user": "u-1", "room": "lesson:7"})
    assert refused.status_code == 403
    assert (await asyncio.to_thread(call.get)).data.call.blocked_user_ids == ["u-1"]
    await asyncio.to_thread(call.unblock_user, "u-1")
    await cloud.seen("call.unblocked_user")
    await a_call(cloud, room="lesson:7")
    assert "call.kicked_user" not in [event["type"] for event in cloud.events]


async def test_getstream_mutes_and_who_was_muted_may_speak_again(cloud: RunningCloud) -> None:
    await a_call(cloud, streams=["camera", "screen"])
    call = cloud.sdk().video.call("lesson", "7")
    await asyncio.to_thread(call.mute_users, user_ids=["u-1"], audio=True, muted_by_id="mod-1")
    muted = await cloud.seen("call.user_muted")
    assert (muted["from_user_id"], muted["muted_user_ids"]) == ("mod-1", ["u-1"])
    assert [(one["kind"], one["muted"]) for one in await streams(cloud)] == [("camera", True), ("screen", False)]
    await asyncio.to_thread(call.mute_users, mute_all_users=True, screenshare=True, video=True)
    assert [one["kind"] for one in await streams(cloud)] == ["camera"]
    (there,) = (await cloud.truth("rooms"))["rooms"][0]["connections"]
    await cloud.order("publish", connection=there["id"], kind="screen")
    assert [one["kind"] for one in await streams(cloud)] == ["camera", "screen"]


async def test_getstream_revokes_and_what_was_revoked_does_not_come_back(cloud: RunningCloud) -> None:
    joined = await a_call(cloud, streams=["camera", "screen"])
    call = cloud.sdk().video.call("lesson", "7")
    await asyncio.to_thread(call.update_user_permissions, "u-1", revoke_permissions=["screenshare"])
    updated = await cloud.seen("call.permissions_updated")
    assert "screenshare" not in updated["own_capabilities"]
    screen = {"connection": joined["connection"], "kind": "screen"}
    assert (await cloud.client.post("/_simulator/publish", json=screen)).status_code == 403
    assert [one["kind"] for one in await streams(cloud)] == ["camera"]
    await asyncio.to_thread(call.update_user_permissions, "u-1", grant_permissions=["screenshare"])
    await cloud.order("publish", connection=joined["connection"], kind="screen")
    assert [one["kind"] for one in await streams(cloud)] == ["camera", "screen"]


async def test_getstream_asks_who_is_there_and_what_they_publish(cloud: RunningCloud) -> None:
    await a_call(cloud, "u-1", streams=["camera"])
    await a_call(cloud, "u-2", streams=["microphone", "screen"], room="lesson:7")
    sdk = cloud.sdk()
    call = sdk.video.call("lesson", "7")

    async def publish(track: str) -> list[str]:
        conditions = {"published_tracks": {"$eq": track}}
        found = (await asyncio.to_thread(call.query_call_participants, filter_conditions=conditions)).data
        assert found.total_participants == len(found.participants)
        return [one.user.id for one in found.participants]

    assert [await publish(track) for track in ("audio", "video", "screenshare")] == [["u-1", "u-2"], ["u-1"], ["u-2"]]
    await asyncio.to_thread(call.mute_users, user_ids=["u-1"], audio=True, video=True)
    assert [await publish(track) for track in ("audio", "video")] == [["u-2"], []]
    members = (await asyncio.to_thread(sdk.video.query_call_members, type="lesson", id="7")).data.members
    assert [one.user_id for one in members] == ["u-1", "u-2"]


async def test_getstream_sends_a_message_to_the_call(cloud: RunningCloud) -> None:
    await a_call(cloud)
    call = cloud.sdk().video.call("lesson", "7")
    await asyncio.to_thread(call.send_call_event, user_id="mod-1", custom={"text": "five minutes"})
    (signal,) = (await cloud.truth("rooms"))["rooms"][0]["signals"]
    assert (signal["type"], signal["data"]) == ("custom", '{"text":"five minutes"}')


async def test_getstream_ends_the_call_for_good(cloud: RunningCloud) -> None:
    await a_call(cloud)
    call = cloud.sdk().video.call("lesson", "7")
    await asyncio.to_thread(call.end)
    ended = await cloud.seen("call.ended")
    assert (ended["user"], ended["call"]["session"]["participants"]) == (None, [])
    assert [event["type"] for event in cloud.events[-2:]] == ["call.session_ended", "call.ended"]
    assert (await cloud.client.post("/_simulator/join", json={"user": "u-1", "room": "lesson:7"})).status_code == 403
    await asyncio.to_thread(call.end)
    assert (await cloud.rest("POST", "/video/calls", ONGOING)).json()["calls"] == []


async def test_getstream_recognizes_the_errors(cloud: RunningCloud) -> None:
    await a_call(cloud)
    with pytest.raises(StreamApiException) as gone:
        await asyncio.to_thread(cloud.sdk().video.call("lesson", "8").get)
    with pytest.raises(StreamApiException) as signature:
        await asyncio.to_thread(cloud.sdk(secret="x" * 40).video.call("lesson", "7").get)
    with pytest.raises(StreamApiException) as key:
        await asyncio.to_thread(cloud.sdk(key="another").video.call("lesson", "7").get)
    with pytest.raises(StreamApiException) as absent:
        await asyncio.to_thread(cloud.sdk().video.call("lesson", "7").kick_user, "nobody")
    found = [(one.value.status_code, one.value.code) for one in (gone, signature, key, absent)]
    assert found == [(404, 16), (401, 43), (401, 2), (400, 4)]


async def test_getstream_is_told_of_the_limit_and_when_it_ends(cloud: RunningCloud) -> None:
    await a_call(cloud)
    told = (await asyncio.to_thread(cloud.sdk().video.call("lesson", "7").get)).rate_limit()
    assert (told.limit, told.remaining) == (1000, 999)
    assert -1 <= (told.reset - datetime.now(UTC)).total_seconds() <= 60


async def test_getstream_is_refused_above_the_limit() -> None:
    async with running(limit=0) as cloud:
        await a_call(cloud)
        with pytest.raises(StreamRateLimitException) as refused:
            await asyncio.to_thread(cloud.sdk().video.call("lesson", "7").get)
        assert 0 < refused.value.retry_after.total_seconds() <= 60
        assert refused.value.code == 9


# --- what it hides ----------------------------------------------------------------------------------------------------


async def test_the_registered_webhook_is_told(cloud: RunningCloud) -> None:
    """Of the application's many settings only this: the official client warns of each that is missing."""
    (hook,) = (await cloud.rest("GET", "/app")).json()["app"]["event_hooks"]
    assert hook["webhook_url"].startswith("http://127.0.0.1:")
    assert (hook["hook_type"], hook["enabled"]) == ("webhook", True)


async def test_replies_have_dates_in_nanoseconds_and_the_limit(cloud: RunningCloud) -> None:
    joined = await a_call(cloud)
    reply = await cloud.rest("PATCH", path("lesson:7"), LIMITED)
    session = reply.json()["call"]["session"]
    assert session["started_at"] // 1_000_000 == joined["joined_at"]
    assert session["timer_ends_at"] - session["started_at"] == 3600 * 1_000_000_000
    assert reply.headers.keys() >= {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}


async def test_pages_follow_one_another_to_the_end(cloud: RunningCloud) -> None:
    for number in range(5):
        await a_call(cloud, room_name=f"lesson-{number}")
    query = ONGOING | {"limit": 2, "sort": [{"field": "cid", "direction": 1}]}
    found: list[str] = []
    sizes = []
    following: dict[str, Any] = {}
    while True:
        page = (await cloud.rest("POST", "/video/calls", query | following)).json()
        found += [one["call"]["id"] for one in page["calls"]]
        sizes.append(len(page["calls"]))
        if "next" not in page:
            break
        following = {"next": page["next"]}
    assert (found, sizes) == (["0", "1", "2", "3", "4"], [2, 2, 1])


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, 2),
        ({"ongoing": {"$eq": False}}, 1),
        ({"cid": {"$in": ["lesson:1", "lesson:9"]}}, 1),
        ({"type": "exam"}, 0),
        ({"id": "2", "ongoing": False}, 1),
    ],
)
async def test_calls_are_filtered(cloud: RunningCloud, conditions: dict[str, Any], found: int) -> None:
    await a_call(cloud, room_name="lesson-1")
    await a_call(cloud, room_name="lesson-2")
    await cloud.rest("POST", path("lesson:2", "/mark_ended"))
    listed = (await cloud.rest("POST", "/video/calls", {"filter_conditions": conditions})).json()["calls"]
    assert len(listed) == found


@pytest.mark.parametrize(
    ("method", "action", "body"),
    [
        ("PATCH", "", {"settings_override": {"limits": {"max_duration_seconds": -1}}}),
        ("PATCH", "", {"settings_override": {"limits": {"max_duration_seconds": "long"}}}),
        ("POST", "/kick", {}),
        ("POST", "/block", {"user_id": "nobody"}),
        ("POST", "/event", {"custom": {}}),
        ("POST", "/user_permissions", {"user_id": "u-1", "revoke_permissions": ["join-call"]}),
        ("POST", "/participants", {"filter_conditions": {"role": "student"}}),
        ("POST", "/participants", {"filter_conditions": {"user_id": {"$gt": "u"}}}),
        ("POST", "/participants?limit=101", {}),
        ("POST", "s", {"filter_conditions": {"color": "red"}}),
        ("POST", "s", {"sort": [{"field": "color"}]}),
        ("POST", "s", {"limit": 101}),
        ("POST", "s", {"next": "page 2"}),
    ],
)
async def test_bad_input_is_refused(cloud: RunningCloud, method: str, action: str, body: Any) -> None:
    await a_call(cloud)
    reply = await cloud.rest(method, f"/video/call{action}" if action == "s" else path("lesson:7", action), body)
    assert (reply.status_code, reply.json()["code"], reply.json()["StatusCode"]) == (400, 4, 400)


@pytest.mark.parametrize(
    ("capability", "method", "action", "body"),
    [
        ("change-max-duration", "PATCH", "", LIMITED),
        ("end-call", "POST", "/mark_ended", None),
        ("block-users", "POST", "/block", {"user_id": "u-1"}),
        ("kick-user", "POST", "/kick", {"user_id": "u-1"}),
        ("mute-users", "POST", "/mute_users", {"user_ids": ["u-1"], "audio": True}),
        ("update-call-permissions", "POST", "/user_permissions", {"user_id": "u-1"}),
    ],
)
async def test_what_was_taken_away_is_not_allowed(capability: str, method: str, action: str, body: Any) -> None:
    async with running(without=[capability]) as cloud:
        await a_call(cloud)
        reply = await cloud.rest(method, path("lesson:7", action), body, user_id="mod-1")
        assert (reply.status_code, reply.json()["code"]) == (403, 17)
        assert "User 'mod-1' with role 'user' is not allowed to perform action" in reply.json()["message"]
        shown = (await cloud.rest("GET", path("lesson:7"))).json()
        assert capability not in shown["own_capabilities"]
        assert await users(cloud) == ["u-1"]


async def test_a_user_who_ends_the_call_is_named(cloud: RunningCloud) -> None:
    await a_call(cloud)
    await cloud.rest("POST", path("lesson:7", "/mark_ended"), user_id="mod-1")
    assert (await cloud.seen("call.ended"))["user"]["id"] == "mod-1"
