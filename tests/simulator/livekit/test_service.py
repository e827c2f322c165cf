"""The official client acts in the simulated cloud; what it hides is looked at directly."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from livekit import api
from livekit.protocol import models, room

from tests.simulator.livekit.running import RunningCloud, running

ROOM = "lesson-1"
ADMIN: dict[str, Any] = {"roomAdmin": True, "room": ROOM}
ALLOWED = models.ParticipantPermission(
    can_subscribe=True, can_publish=True, can_publish_data=True, can_publish_sources=[models.CAMERA, models.MICROPHONE]
)


@pytest.fixture
async def cloud() -> AsyncIterator[RunningCloud]:
    async with running() as cloud:
        yield cloud


def identity(user: str) -> room.RoomParticipantIdentity:
    return room.RoomParticipantIdentity(room=ROOM, identity=user)


async def truth(cloud: RunningCloud) -> dict[str, Any]:
    """The one room."""
    (found,) = (await cloud.truth("rooms"))["rooms"]
    described: dict[str, Any] = found
    return described


async def streams(cloud: RunningCloud) -> list[tuple[str, bool]]:
    """What is published in the one room, and whether it is muted."""
    return [(one["kind"], one["muted"]) for who in (await truth(cloud))["connections"] for one in who["streams"]]


async def test_rooms_and_people_are_listed(cloud: RunningCloud) -> None:
    joined = await cloud.join("u-1", name="Ana", role="tutor", streams=["microphone", "screen"])
    await cloud.join("u-2", room="lesson-2")
    listed = (await cloud.sdk.room.list_rooms(room.ListRoomsRequest())).rooms
    assert [(one.name, one.num_participants) for one in listed] == [(ROOM, 1), ("lesson-2", 1)]
    asked = room.ListRoomsRequest(names=[ROOM, "another"])
    assert [one.name for one in (await cloud.sdk.room.list_rooms(asked)).rooms] == [ROOM]
    (ana,) = (await cloud.sdk.room.list_participants(room.ListParticipantsRequest(room=ROOM))).participants
    assert (ana.identity, ana.name, ana.attributes["role"]) == ("u-1", "Ana", "tutor")
    assert (ana.state, ana.joined_at_ms) == (models.ParticipantInfo.ACTIVE, joined["joined_at"])
    assert [(track.type, track.source) for track in ana.tracks] == [
        (models.AUDIO, models.MICROPHONE),
        (models.VIDEO, models.SCREEN_SHARE),
    ]
    assert (await cloud.sdk.room.get_participant(identity("u-1"))) == ana


async def test_who_are_no_people_are_listed_too() -> None:
    async with running(company=1) as cloud:
        await cloud.join("u-1")
        listed = (await cloud.sdk.room.list_participants(room.ListParticipantsRequest(room=ROOM))).participants
        kinds = [models.ParticipantInfo.STANDARD, models.ParticipantInfo.AGENT, models.ParticipantInfo.EGRESS]
        assert [one.kind for one in listed] == kinds
        agent = listed[1].identity
        assert (await cloud.sdk.room.get_participant(identity(agent))).kind == models.ParticipantInfo.AGENT
        changed = room.UpdateParticipantRequest(room=ROOM, identity=agent, permission=ALLOWED)
        assert (await cloud.sdk.room.update_participant(changed)).permission == ALLOWED
        await cloud.sdk.room.remove_participant(identity(agent))
        assert (await cloud.sees("participant_left"))["participant"]["kind"] == "AGENT"


async def test_who_was_removed_may_come_back(cloud: RunningCloud) -> None:
    await cloud.join("u-1")
    await cloud.join("u-2")
    await cloud.sdk.room.remove_participant(identity("u-1"))
    assert [one["person"]["user"] for one in (await truth(cloud))["connections"]] == ["u-2"]
    left = await cloud.sees("participant_left")
    assert left["participant"]["disconnectReason"] == "PARTICIPANT_REMOVED"
    with pytest.raises(api.TwirpError, match="participant does not exist"):
        await cloud.sdk.room.remove_participant(identity("u-1"))
    await cloud.join("u-1")
    assert len((await truth(cloud))["connections"]) == 2


async def test_muting_is_shown_in_lists_only(cloud: RunningCloud) -> None:
    await cloud.join("u-1", streams=["microphone", "camera"])
    microphone, camera = (await cloud.sdk.room.get_participant(identity("u-1"))).tracks
    asked = room.MuteRoomTrackRequest(room=ROOM, identity="u-1", track_sid=microphone.sid, muted=True)
    assert (await cloud.sdk.room.mute_published_track(asked)).track.muted
    assert await streams(cloud) == [("microphone", True), ("camera", False)]
    assert [track.muted for track in (await cloud.sdk.room.get_participant(identity("u-1"))).tracks] == [True, False]
    asked.muted = False
    with pytest.raises(api.TwirpError, match="remote unmute not enabled") as caught:
        await cloud.sdk.room.mute_published_track(asked)
    assert caught.value.code == "failed_precondition"
    assert camera.sid
    assert "muted" not in str(cloud.told())


async def test_what_is_not_allowed_any_more_ends_and_stays_away(cloud: RunningCloud) -> None:
    joined = await cloud.join("u-1", streams=["camera", "screen"])
    asked = room.UpdateParticipantRequest(room=ROOM, identity="u-1", permission=ALLOWED)
    updated = await cloud.sdk.room.update_participant(asked)
    assert (updated.permission, [track.source for track in updated.tracks]) == (ALLOWED, [models.CAMERA])
    assert (await cloud.sees("track_unpublished"))["track"]["source"] == "SCREEN_SHARE"
    refused = {"connection": joined["connection"], "kind": "screen"}
    assert (await cloud.client.post("/_simulator/publish", json=refused)).status_code == 403
    await cloud.order("publish", connection=joined["connection"], kind="microphone")
    asked.permission.ClearField("can_publish_sources")
    await cloud.sdk.room.update_participant(asked)
    await cloud.order("publish", **refused)
    asked.permission.can_publish = False
    assert not (await cloud.sdk.room.update_participant(asked)).tracks
    await cloud.join("u-1", streams=["screen"])  # a new connection, with the rights of its token
    assert await streams(cloud) == [("screen", False)]


async def test_a_participant_is_renamed(cloud: RunningCloud) -> None:
    await cloud.join("u-1", name="Ana", role="tutor")
    asked = room.UpdateParticipantRequest(room=ROOM, identity="u-1", name="A", metadata="m", attributes={"seat": "4"})
    updated = await cloud.sdk.room.update_participant(asked)
    assert (updated.name, updated.metadata, dict(updated.attributes)) == ("A", "m", {"role": "tutor", "seat": "4"})
    gone = room.UpdateParticipantRequest(room=ROOM, identity="u-1", attributes={"seat": ""})
    updated = await cloud.sdk.room.update_participant(gone)
    assert (updated.name, dict(updated.attributes)) == ("A", {"role": "tutor"})


async def test_data_reaches_the_room_or_those_who_are_named(cloud: RunningCloud) -> None:
    joined = await cloud.join("u-1")
    await cloud.join("u-2")
    asked = room.SendDataRequest(room=ROOM, data=b"five minutes", kind=models.DataPacket.RELIABLE, topic="note")
    await cloud.sdk.room.send_data(asked)
    asked.destination_identities.append("u-1")
    await cloud.sdk.room.send_data(asked)
    said = [(one["type"], one["data"], one["connection"]) for one in (await truth(cloud))["signals"]]
    assert said == [("note", "five minutes", None), ("note", "five minutes", joined["connection"])]
    body = {"room": ROOM, "data": base64.b64encode(b"hi").decode(), "topic": "note"}
    assert (await cloud.call("SendData", body, **ADMIN)).json() == {}
    assert (await truth(cloud))["signals"][-1]["data"] == "hi"


async def test_a_deleted_room_may_begin_again() -> None:
    async with running(company=1) as cloud:
        await cloud.join("u-1", streams=["camera"])
        await cloud.sdk.room.delete_room(room.DeleteRoomRequest(room=ROOM))
        await cloud.sees("room_finished")
        assert cloud.told()[-5:] == ["track_unpublished", *["participant_left"] * 3, "room_finished"]
        left = [event for event in cloud.received() if event.event == "participant_left"]
        assert {event.participant.disconnect_reason for event in left} == {models.ROOM_DELETED}
        assert not (await cloud.sdk.room.list_rooms(room.ListRoomsRequest())).rooms
        await cloud.join("u-1")
        await cloud.sees("room_started", 2)
        assert len({event.room.sid for event in cloud.received()}) == 2


async def test_a_room_is_made_before_anybody_comes(cloud: RunningCloud) -> None:
    asked = room.CreateRoomRequest(name=ROOM, metadata="m")
    made = await cloud.sdk.room.create_room(asked)
    assert (made.name, made.metadata, made.empty_timeout, made.departure_timeout) == (ROOM, "m", 300, 20)
    assert (await cloud.sdk.room.create_room(asked)).sid == made.sid
    changed = room.UpdateRoomMetadataRequest(room=ROOM, metadata="n")
    assert (await cloud.sdk.room.update_room_metadata(changed)).metadata == "n"
    await cloud.join("u-1", streams=[])
    await cloud.sees("participant_joined")
    assert cloud.told() == ["room_started", "participant_joined"]
    (listed,) = (await cloud.sdk.room.list_rooms(room.ListRoomsRequest())).rooms
    assert (listed.sid, listed.num_participants) == (made.sid, 1)


async def test_a_room_to_which_nobody_came_is_deleted(cloud: RunningCloud) -> None:
    await cloud.sdk.room.create_room(room.CreateRoomRequest(name=ROOM))
    await cloud.sdk.room.delete_room(room.DeleteRoomRequest(room=ROOM))
    await cloud.sees("room_finished")
    assert cloud.told() == ["room_started", "room_finished"]


async def test_where_nobody_is(cloud: RunningCloud) -> None:
    nobody = {404: "twirp error unknown: participant does not exist"}
    no_room = {404: "twirp error unknown: requested room does not exist"}
    no_answer = {503: "twirp error unknown: no response from servers"}
    expected = {
        **{"GetParticipant": nobody, "RemoveParticipant": nobody, "UpdateParticipant": nobody},
        **{"MutePublishedTrack": no_answer, "SendData": no_answer},
        **{"UpdateRoomMetadata": no_room, "DeleteRoom": no_room},
    }
    found = {}
    for method in expected:
        body = {"room": ROOM, "identity": "nobody", "muted": True}
        reply = await cloud.call(method, body, roomCreate=True, **ADMIN)
        found[method] = {reply.status_code: reply.json()["msg"]}
    assert found == expected


async def test_a_room_that_is_not_there_has_nobody_in_it(cloud: RunningCloud) -> None:
    assert (await cloud.call("ListParticipants", {"room": ROOM}, **ADMIN)).json() == {"participants": []}


async def test_a_track_that_is_not_there_is_no_failure(cloud: RunningCloud) -> None:
    await cloud.join("u-1")
    body = {"room": ROOM, "identity": "u-1", "track_sid": "TR_1", "muted": True}
    assert (await cloud.call("MutePublishedTrack", body, **ADMIN)).json() == {"track": None}


async def test_each_call_needs_its_right(cloud: RunningCloud) -> None:
    await cloud.join("u-1")
    elsewhere = ADMIN | {"room": "another"}
    rights = {
        "roomList": {"roomList": True},
        "roomCreate": {"roomCreate": True},
        "admin": ADMIN,
        "elsewhere": elsewhere,
    }
    expected = {
        **{"ListRooms": ["roomList"], "CreateRoom": ["roomCreate"], "ListParticipants": ["admin"]},
        **{"RemoveParticipant": ["admin"], "DeleteRoom": ["roomCreate"]},
    }
    found = {}
    for method in expected:
        body = {"room": ROOM, "name": ROOM, "identity": "u-1"}
        answers = {name: (await cloud.call(method, body, **right)).status_code for name, right in rights.items()}
        assert set(answers.values()) == {200, 401}
        found[method] = [name for name, status in answers.items() if status == 200]
    assert found == expected
