"""The spine, for real: Janus with WebRTC participants, a gateway process, and the real client at its feed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.domain.events import MuteConfirmed, StreamStopConfirmed
from moderator.domain.rooms import Deadline, Stream, Warning
from tests.end_to_end.conftest import StartJanus, StartParticipant
from tests.end_to_end.gateway_process import SOURCE, GatewayProcess, Moderator
from tests.end_to_end.janus_server import JanusServer

pytestmark = [pytest.mark.janus, pytest.mark.media, pytest.mark.timeout(180), pytest.mark.usefixtures("media_network")]

ROOM_TYPES = """
[[room_types]]
name = "short"
match = { room = "short*" }
duration = "14s"
warn = ["8s", "3s"]
extension_step = "5s"
mode = "enforce"

[[room_types]]
name = "pair"
match = { room = "pair*" }
max_people = 2
mode = "enforce"

[[room_types]]
name = "lesson"
duration = "1h"
mode = "enforce"
"""


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayProcess]:
    process = GatewayProcess(tmp_path)
    yield process
    await process.kill()


@pytest.fixture
async def school(gateway: GatewayProcess, start_janus: StartJanus) -> JanusServer:
    """A Janus whose events go to a running gateway."""
    janus = await start_janus(webhooks=gateway.webhooks)
    gateway.configure(janus, ROOM_TYPES)
    await gateway.start()
    return janus


@pytest.fixture
async def maya(school: JanusServer, gateway: GatewayProcess) -> AsyncIterator[Moderator]:
    async with Moderator(gateway) as moderator:
        yield moderator


def streams(moderator: Moderator, room: str, user: str) -> dict[str, Stream]:
    participant = moderator.here(room).get(user)
    return {stream.kind: stream for stream in participant.streams} if participant else {}


async def test_people_and_their_streams_come_and_go(
    school: JanusServer, maya: Moderator, enter: StartParticipant
) -> None:
    await school.create_room("lesson")
    alice = await enter(school, "lesson", "alice", display="Alice")
    bob = await enter(school, "lesson", "bob")
    await maya.sees_people("lesson", "alice", "bob")
    await maya.sees(
        "the camera and microphone of alice",
        lambda: {"camera", "microphone"} <= streams(maya, "lesson", "alice").keys(),
    )
    assert maya.here("lesson")["alice"].name == "Alice"

    await alice.publish_screen()
    await maya.sees("the screen", lambda: "screen" in streams(maya, "lesson", "alice"))
    await alice.stop_screen()
    await maya.sees("the screen gone", lambda: "screen" not in streams(maya, "lesson", "alice"))

    await alice.leave()
    await maya.sees_people("lesson", "bob")
    await bob.kill()
    await maya.sees_people("lesson")
    room = maya.room("lesson")
    assert room is not None
    assert (room.state, room.people, room.type) == ("live", 0, "lesson")


async def test_a_frozen_participant_is_seen_to_go(
    school: JanusServer, maya: Moderator, enter: StartParticipant
) -> None:
    await school.create_room("lesson")
    carol = await enter(school, "lesson", "carol")
    await maya.sees_people("lesson", "carol")
    carol.freeze()
    await maya.sees_people("lesson", seconds=25)


async def test_a_deadline_warns_is_extended_and_expires(
    school: JanusServer, maya: Moderator, enter: StartParticipant
) -> None:
    await school.create_room("short")
    alice = await enter(school, "short", "alice")
    bob = await enter(school, "short", "bob")
    await maya.sees_people("short", "alice", "bob")
    await maya.sees("the first warning", lambda: maya.count("warning_raised") == 1, 20)

    room = maya.room("short")
    assert room is not None
    assert room.deadline is not None
    first = room.deadline
    extended = await maya.orders.extend(SOURCE, "short", 5, first.version)
    assert extended.deadline.ends_at == first.ends_at + 5_000
    await maya.sees("the extension", lambda: maya.count("deadline_extended") == 1)

    await maya.sees("the last call", lambda: any(w.threshold_ms == 3_000 for w in warnings(maya, "short")), 20)
    await maya.sees("the end", lambda: maya.count("time_expired") == 1, 20)
    await maya.sees("both disconnected", lambda: maya.count("disconnect_confirmed") == 2)
    await maya.sees_people("short")
    await alice.wait_for("kicked")
    await bob.wait_for("kicked")

    room = maya.room("short")
    assert room is not None
    assert {one.state for one in room.participants} == {"disconnected"}
    assert maya.count("disconnect_failed") == 0
    seen = [(one.deadline_version, one.threshold_ms) for one in room.warnings]
    assert len(seen) == len(set(seen))


def warnings(moderator: Moderator, room: str) -> tuple[Warning, ...]:
    found = moderator.room(room)
    return found.warnings if found else ()


async def test_a_disconnected_participant_receives_no_more_media_and_is_kept_out(
    school: JanusServer, maya: Moderator, enter: StartParticipant
) -> None:
    await school.create_room("lesson", require_pvtid=False)
    alice = await enter(school, "lesson", "alice")
    eve = await enter(school, "lesson", "eve", stubborn=True)
    await eve.sees(alice)
    await eve.rtp_beyond(20)
    await maya.sees_people("lesson", "alice", "eve")

    target = maya.here("lesson")["eve"]
    answer = await maya.orders.disconnect(SOURCE, "lesson", target.id, "not_listed", True)
    assert (answer.outcome, answer.rejoin) == ("requested", "blocked_by_gateway")
    await maya.sees("the confirmation", lambda: maya.count("disconnect_confirmed") == 1)
    assert await eve.rtp_during(3) == 0

    await eve.rejoin()
    await maya.sees("disconnected again", lambda: maya.count("disconnect_confirmed") == 2)
    await maya.sees_people("lesson", "alice")

    await maya.orders.readmit(SOURCE, "lesson", "eve")
    await eve.rejoin()
    await maya.sees_people("lesson", "alice", "eve")


async def test_a_token_that_was_taken_away_opens_no_door(
    school: JanusServer, maya: Moderator, enter: StartParticipant
) -> None:
    await school.create_room("listed", allowed=["token-of-alice", "token-of-eve"])
    await enter(school, "listed", "alice", token="token-of-alice")
    eve = await enter(school, "listed", "eve", token="token-of-eve")
    await maya.sees_people("listed", "alice", "eve")

    answer = await maya.orders.disconnect(SOURCE, "listed", maya.here("listed")["eve"].id, "not_listed", True)
    assert answer.rejoin == "blocked_by_provider"
    await maya.sees_people("listed", "alice")
    await eve.rejoin(token="token-of-eve")
    await eve.wait_for("error")
    assert not any("token-of-" in repr(event) for event in maya.events)


async def test_the_third_person_of_a_pair_is_disconnected(
    school: JanusServer, maya: Moderator, enter: StartParticipant
) -> None:
    await school.create_room("pair")
    await enter(school, "pair", "alice")
    await enter(school, "pair", "bob")
    await maya.sees_people("pair", "alice", "bob")
    eve = await enter(school, "pair", "eve")
    await eve.wait_for("kicked")
    await maya.sees("the violation", lambda: maya.count("violation_found") == 1)
    await maya.sees("the confirmation", lambda: maya.count("disconnect_confirmed") == 1)
    await maya.sees_people("pair", "alice", "bob")


async def test_a_moderator_mutes_stops_a_screen_and_ends_the_room(
    school: JanusServer, maya: Moderator, enter: StartParticipant
) -> None:
    await school.create_room("lesson")
    alice = await enter(school, "lesson", "alice")
    bob = await enter(school, "lesson", "bob")
    await maya.sees_people("lesson", "alice", "bob")
    await bob.sees(alice)
    await alice.publish_screen()
    await maya.sees("the screen", lambda: "screen" in streams(maya, "lesson", "alice"))

    await maya.orders.mute(SOURCE, "lesson", maya.here("lesson")["alice"].id)
    await maya.sees("her microphone muted", lambda: streams(maya, "lesson", "alice")["microphone"].muted)
    await maya.orders.stop_stream(SOURCE, "lesson", streams(maya, "lesson", "alice")["screen"].id)
    await maya.sees("her screen stopped", lambda: streams(maya, "lesson", "alice")["screen"].muted)
    assert not streams(maya, "lesson", "alice")["camera"].muted
    await alice.wait_for("moderated")

    await maya.orders.end(SOURCE, "lesson", "other")
    await maya.sees("the end", lambda: maya.count("room_end_confirmed") == 1)
    room = maya.room("lesson")
    assert room is not None
    assert (room.state, room.people) == ("ended", 0)
    confirmed = [event.data for event in maya.events if isinstance(event.data, MuteConfirmed | StreamStopConfirmed)]
    assert [one.why for one in confirmed] == ["", ""], "Janus itself has shown it"
    await bob.wait_for("destroyed")


async def test_janus_dies_and_comes_back(school: JanusServer, maya: Moderator, enter: StartParticipant) -> None:
    await school.create_room("lesson")
    await enter(school, "lesson", "alice")
    await maya.sees_people("lesson", "alice")
    deadline = await room_deadline(maya)
    await school.kill()
    await school.start()
    await maya.sees_people("lesson")
    await school.create_room("lesson")
    await enter(school, "lesson", "alice")
    await enter(school, "lesson", "bob")
    await maya.sees_people("lesson", "alice", "bob")
    assert await room_deadline(maya) == deadline


async def test_the_picture_is_right_after_the_gateway_was_away(
    school: JanusServer, gateway: GatewayProcess, maya: Moderator, enter: StartParticipant
) -> None:
    await school.create_room("lesson")
    alice = await enter(school, "lesson", "alice")
    bob = await enter(school, "lesson", "bob")
    await maya.sees_people("lesson", "alice", "bob")
    deadline = await room_deadline(maya)

    assert await gateway.stop() < 2
    await alice.leave()
    await bob.kill()
    await enter(school, "lesson", "carol")
    await (await enter(school, "lesson", "dave")).wait_for("joined")
    await asyncio.sleep(20)
    await gateway.start()
    await maya.sees_people("lesson", "carol", "dave", seconds=30)
    assert await room_deadline(maya) == deadline
    assert maya.links[-1].state == "live"


async def room_deadline(moderator: Moderator) -> Deadline:
    def deadline() -> Deadline | None:
        room = moderator.room("lesson")
        return room.deadline if room else None

    await moderator.sees("a deadline", deadline)
    found = deadline()
    assert found is not None
    return found
