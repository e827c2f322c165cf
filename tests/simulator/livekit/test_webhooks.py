"""What is posted about what happens, taken in by the official receiver."""

from livekit.protocol import models

from tests.simulator.livekit.running import RunningCloud, running

FAST = 200
"""An empty room is closed after a tenth of a second."""
Kind = models.ParticipantInfo.Kind


async def test_a_visit_is_told_in_order() -> None:
    async with running(speed=FAST) as cloud:
        joined = await cloud.join("u-1", name="Ana", role="tutor", data='{"seat": 4}', streams=["camera", "screen"])
        await cloud.order("leave", connection=joined["connection"])
        await cloud.sees("room_finished")
        visit = ["participant_joined", *["track_published"] * 2, *["track_unpublished"] * 2, "participant_left"]
        assert cloud.told() == ["room_started", *visit, "room_finished"]
        events = cloud.received()
        assert len({event.id for event in events}) == 8
        assert {event.room.name for event in events} == {"lesson-1"}
        assert len({event.room.sid for event in events}) == 1
        who = events[1].participant
        assert (who.identity, who.name, who.metadata) == ("u-1", "Ana", '{"seat": 4}')
        assert dict(who.attributes) == {"role": "tutor"}
        assert who.joined_at_ms == joined["joined_at"]
        assert who.joined_at == events[1].created_at == joined["joined_at"] // 1000
        assert [event.track.source for event in events[2:4]] == [models.CAMERA, models.SCREEN_SHARE]
        assert (events[6].participant.sid, events[6].participant.state) == (
            who.sid,
            models.ParticipantInfo.DISCONNECTED,
        )
        assert events[6].participant.disconnect_reason == models.CLIENT_INITIATED


async def test_track_events_say_little_and_defaults_are_left_out() -> None:
    async with running() as cloud:
        await cloud.join("u-1", streams=["microphone"])
        track = await cloud.sees("track_published")
        assert set(track) == {"event", "id", "createdAt", "room", "participant", "track"}
        assert (set(track["room"]), set(track["participant"])) == ({"sid", "name"}, {"sid", "identity"})
        assert not {"type", "muted", "width"} & set(track["track"])
        joined = await cloud.sees("participant_joined")
        assert not {"kind", "isPublisher", "metadata", "disconnectReason"} & set(joined["participant"])
        assert joined["participant"]["permission"] == {"canSubscribe": True, "canPublish": True, "canPublishData": True}
        assert "turnPassword" in joined["room"]


async def test_a_room_that_is_used_again_is_another() -> None:
    async with running(speed=FAST) as cloud:
        for _ in range(2):
            joined = await cloud.join("u-1", streams=[])
            await cloud.order("leave", connection=joined["connection"])
            await cloud.sees("room_finished", cloud.told().count("room_finished") + 1)
        assert len({event.room.sid for event in cloud.received()}) == 2


async def reasons(cloud: RunningCloud, count: int) -> list[int]:
    await cloud.sees("participant_left", count)
    return [event.participant.disconnect_reason for event in cloud.received() if event.event == "participant_left"]


async def test_why_somebody_left_is_told() -> None:
    async with running() as cloud:
        for number, ending in enumerate(("left", "lost", "removed")):
            joined = await cloud.join(f"u-{number}", streams=[])
            await cloud.order("leave", connection=joined["connection"], ending=ending)
        expected = [models.CLIENT_INITIATED, models.CONNECTION_TIMEOUT, models.PARTICIPANT_REMOVED]
        assert await reasons(cloud, 3) == expected


async def test_a_second_connection_replaces_the_first() -> None:
    async with running() as cloud:
        first = await cloud.join("u-1", streams=["camera"])
        second = await cloud.join("u-1", streams=[])
        assert await reasons(cloud, 1) == [models.DUPLICATE_IDENTITY]
        await cloud.sees("participant_joined", 2)
        assert cloud.told()[3:] == ["track_unpublished", "participant_left", "participant_joined"]
        (room,) = (await cloud.truth("rooms"))["rooms"]
        assert [one["id"] for one in room["connections"]] == [second["connection"]]
        assert first["connection"] != second["connection"]


async def test_an_agent_and_a_recorder_stay_to_the_end_and_are_not_counted() -> None:
    async with running(company=1, speed=FAST) as cloud:
        joined = await cloud.join("u-1", streams=[])
        await cloud.sees("participant_joined", 3)
        *_, agent, recorder = cloud.received()
        assert (agent.participant.kind, recorder.participant.kind) == (Kind.AGENT, Kind.EGRESS)
        assert (recorder.participant.permission.hidden, recorder.room.active_recording) == (True, True)
        assert recorder.room.num_participants == 1
        await cloud.order("leave", connection=joined["connection"])
        await cloud.sees("room_finished")
        assert cloud.told()[-4:] == [*["participant_left"] * 3, "room_finished"]
        expected = [models.CLIENT_INITIATED, models.ROOM_CLOSED, models.ROOM_CLOSED]
        assert await reasons(cloud, 3) == expected
