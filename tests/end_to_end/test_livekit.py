"""LiveKit, for real: its own server with its own clients as participants, a gateway process, and the real client at its
feed. All of it on loopback. The server takes some 20 s to notice that somebody died, and the gateway is away for 40 s:
what else can be shown meanwhile, is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.events import ParticipantJoined, ParticipantLeft
from moderator.domain.rooms import Stream
from tests.end_to_end.gateway_process import SOURCE, GatewayProcess, Moderator
from tests.end_to_end.livekit_people import LiveKitParticipant
from tests.end_to_end.livekit_server import API_KEY, LiveKitServer, running_livekit, why_no_livekit

pytestmark = [pytest.mark.livekit, pytest.mark.timeout(180)]

Enter = Callable[..., Awaitable[LiveKitParticipant]]

RECONCILE_S = 10
AWAY_S = 40
DEATH_NOTICED_S = 60

ROOM_TYPES = """
[[room_types]]
name = "short"
match = { room = "short*" }
duration = "10s"
warn = ["6s", "3s"]
mode = "enforce"
on_expiry = "end"

[[room_types]]
name = "lesson"
duration = "1h"
mode = "enforce"
"""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> GatewayProcess:
    """One for the module, not running yet, since the server must be told where it will be."""
    return GatewayProcess(tmp_path_factory.mktemp("gateway"))


@pytest.fixture(scope="module")
def livekit(gateway: GatewayProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKitServer]:
    if reason := why_no_livekit():
        pytest.skip(reason)
    with running_livekit(tmp_path_factory.mktemp("livekit"), gateway.webhooks.url) as server:
        yield server


@pytest.fixture
async def maya(gateway: GatewayProcess, livekit: LiveKitServer) -> AsyncIterator[Moderator]:
    """Watches a running gateway, on the log of the tests before."""
    gateway.configure_source(
        f"""
provider = "livekit"
base_url = "{livekit.websocket_url}"
api_key = "{API_KEY}"
api_secret = "{livekit.api_secret}"
reconcile = "{RECONCILE_S}s"
""",
        ROOM_TYPES,
    )
    try:
        await gateway.start()
        async with Moderator(gateway) as moderator:
            await moderator.sees("the rooms", lambda: moderator.links and moderator.links[-1].state == "live")
            yield moderator
    finally:
        await gateway.kill()


@pytest.fixture
async def enter(livekit: LiveKitServer, tmp_path: Path) -> AsyncIterator[Enter]:
    """`await enter("room", "alice")` is a participant (same options) who has joined, and is gone after the test."""
    async with AsyncExitStack() as stack:

        async def start(room: str, identity: str, **options: Any) -> LiveKitParticipant:
            participant = LiveKitParticipant(livekit, room, identity, log=tmp_path / f"{identity}.log", **options)
            await stack.enter_async_context(participant)
            await participant.wait_for("joined", 20)
            return participant

        yield start


def streams(moderator: Moderator, room: str, user: str) -> dict[str, Stream]:
    participant = moderator.here(room).get(user)
    return {stream.kind: stream for stream in participant.streams} if participant else {}


def joins(moderator: Moderator, user: str) -> list[ParticipantJoined]:
    facts = [event.data for event in moderator.events]
    return [fact for fact in facts if isinstance(fact, ParticipantJoined) and fact.user == user]


def leaves(moderator: Moderator, participant: str) -> list[ParticipantLeft]:
    facts = [event.data for event in moderator.events]
    return [fact for fact in facts if isinstance(fact, ParticipantLeft) and fact.participant == participant]


async def test_people_and_their_tracks_come_and_go(maya: Moderator, enter: Enter) -> None:
    alice = await enter("lesson", "alice", name="Alice")
    bob = await enter("lesson", "bob", publish="")
    await maya.sees_people("lesson", "alice", "bob")
    assert (maya.here("lesson")["alice"].name, maya.here("lesson")["bob"].streams) == ("Alice", ())
    await maya.sees("her tracks", lambda: streams(maya, "lesson", "alice").keys() == {"camera", "microphone"})
    await bob.sees(alice, "camera")
    await bob.sees(alice, "microphone")

    await alice.publish("screen")
    await maya.sees("the screen", lambda: "screen" in streams(maya, "lesson", "alice"))
    await bob.sees(alice, "screen")
    await alice.unpublish("screen")
    await maya.sees("the screen gone", lambda: "screen" not in streams(maya, "lesson", "alice"))

    await alice.leave()
    await maya.sees_people("lesson", "bob")
    await bob.leave()
    await maya.sees_people("lesson")
    room = maya.room("lesson")
    assert room is not None
    assert (room.state, room.people, room.type) == ("live", 0, "lesson")


async def test_agents_and_hidden_participants_are_not_people(
    gateway: GatewayProcess, maya: Moderator, enter: Enter
) -> None:
    agent = await enter("staff", "helper", kind="agent", publish="microphone")
    await agent.wait_for("published")
    observer = await enter("staff", "observer", hidden=True, publish="microphone")
    await observer.wait_for("published")
    alice = await enter("staff", "alice", publish="microphone")
    await maya.sees("her microphone", lambda: streams(maya, "staff", "alice"))
    await maya.sees_people("staff", "alice")

    await gateway.stop()
    await gateway.start()
    # A track's webhook names its participant, but not what kind of participant that is.
    await agent.publish("camera")
    await observer.leave()
    await alice.publish("camera")
    await maya.sees("her camera", lambda: "camera" in streams(maya, "staff", "alice"))
    await maya.sees_people("staff", "alice")
    assert not joins(maya, "helper") + joins(maya, "observer")
    room = maya.room("staff")
    assert room is not None
    assert {one.user for one in room.participants} == {"alice"}


async def test_a_second_connection_takes_the_place_of_the_first(maya: Moderator, enter: Enter) -> None:
    first = await enter("twice", "alice")
    await maya.sees_people("twice", "alice")
    earlier = maya.here("twice")["alice"].id
    await enter("twice", "alice")
    await first.wait_for("disconnected", reason="DUPLICATE_IDENTITY")
    await maya.sees("the earlier one gone", lambda: leaves(maya, earlier))
    await maya.sees_people("twice", "alice")
    room = maya.room("twice")
    assert room is not None
    assert [one.id == earlier for one in room.here()] == [False]
    assert [leave.forced for leave in leaves(maya, earlier)] == [False], "nobody removed her"


async def test_a_moderator_silences_somebody_stops_a_screen_and_writes_to_everybody(
    maya: Moderator, enter: Enter
) -> None:
    alice = await enter("exam", "alice", publish="camera,microphone,screen")
    bob = await enter("exam", "bob", publish="")
    await maya.sees("her tracks", lambda: len(streams(maya, "exam", "alice")) == 3)

    await maya.orders.stop_stream(SOURCE, "exam", streams(maya, "exam", "alice")["screen"].id)
    await maya.sees("her screen stopped", lambda: "screen" not in streams(maya, "exam", "alice"))
    await maya.sees("the confirmation", lambda: maya.count("stream_stop_confirmed") == 1)
    await alice.do("publish", source="screen")  # LiveKit never answers that; its client gives up after 10 s

    await maya.orders.mute(SOURCE, "exam", maya.here("exam")["alice"].id)
    await alice.wait_for("muted", source="microphone")
    await maya.sees("her microphone muted", lambda: streams(maya, "exam", "alice")["microphone"].muted)
    assert not streams(maya, "exam", "alice")["camera"].muted

    await maya.orders.message(SOURCE, "exam", "Ten minutes left")
    for person in alice, bob:
        message = await person.wait_for("data", topic="moderator")
        assert "Ten minutes left" in message["text"]

    await maya.orders.mute(SOURCE, "exam", maya.here("exam")["alice"].id, "revoke")
    await maya.sees("her microphone taken away", lambda: "microphone" not in streams(maya, "exam", "alice"))
    await alice.wait_for("error", 20, doing="publish")
    assert streams(maya, "exam", "alice").keys() == {"camera"}
    await maya.orders.mute(SOURCE, "exam", maya.here("exam")["alice"].id, "restore")
    await maya.sees("the third confirmation", lambda: maya.count("mute_confirmed") == 3)
    await alice.publish("microphone")
    await maya.sees("her microphone again", lambda: "microphone" in streams(maya, "exam", "alice"))


async def test_a_removed_participant_may_come_back_and_a_blocked_one_is_removed_again(
    maya: Moderator, enter: Enter
) -> None:
    eve = await enter("guarded", "eve", publish="")
    await enter("guarded", "alice", publish="")
    await maya.sees_people("guarded", "alice", "eve")
    answer = await maya.orders.disconnect(SOURCE, "guarded", maya.here("guarded")["eve"].id, "not_listed")
    assert (answer.outcome, answer.rejoin) == ("requested", "possible")
    await eve.wait_for("disconnected", reason="PARTICIPANT_REMOVED")
    await maya.sees("the confirmation", lambda: maya.count("disconnect_confirmed") == 1)
    await maya.sees_people("guarded", "alice")
    await eve.rejoin()
    await maya.sees_people("guarded", "alice", "eve")

    answer = await maya.orders.disconnect(SOURCE, "guarded", maya.here("guarded")["eve"].id, "not_listed", True)
    assert (answer.outcome, answer.rejoin) == ("requested", "blocked_by_gateway")
    await eve.wait_for("disconnected", reason="PARTICIPANT_REMOVED")
    await maya.sees("the second confirmation", lambda: maya.count("disconnect_confirmed") == 2)
    await eve.rejoin()
    await eve.wait_for("disconnected", reason="PARTICIPANT_REMOVED")
    await maya.sees("the third confirmation", lambda: maya.count("disconnect_confirmed") == 3)
    await maya.sees_people("guarded", "alice")

    await maya.orders.readmit(SOURCE, "guarded", "eve")
    await eve.rejoin()
    await maya.sees_people("guarded", "alice", "eve")


async def test_a_room_ends_at_its_deadline_and_a_death_elsewhere_is_noticed(maya: Moderator, enter: Enter) -> None:
    mallory = await enter("ward", "mallory")
    await maya.sees_people("ward", "mallory")
    died = maya.here("ward")["mallory"].id
    await mallory.kill()

    alice = await enter("short", "alice", publish="")
    await maya.sees("the last call", lambda: maya.count("warning_raised") >= 1, 30)
    await maya.sees("the end", lambda: maya.count("time_expired") == 1, 30)
    await alice.wait_for("disconnected", reason="ROOM_DELETED")
    await maya.sees("the confirmation", lambda: maya.count("room_end_confirmed") == 1)
    await maya.sees_people("short")
    await alice.rejoin()  # her token still opens the door, and a new room
    await alice.wait_for("disconnected", reason="ROOM_DELETED")
    await maya.sees("the second confirmation", lambda: maya.count("room_end_confirmed") == 2)
    assert maya.count("room_end_failed") == 0

    await maya.sees("the death", lambda: leaves(maya, died), DEATH_NOTICED_S)
    await maya.sees_people("ward")
    assert [(leave.forced, leave.inferred) for leave in leaves(maya, died)] == [(False, False)]


async def test_the_picture_is_right_after_webhooks_were_lost(
    livekit: LiveKitServer, gateway: GatewayProcess, maya: Moderator, enter: Enter
) -> None:
    alice = await enter("away", "alice", publish="")
    await enter("away", "bob")
    mallory = await enter("away", "mallory", publish="")
    await maya.sees_people("away", "alice", "bob", "mallory")
    await maya.sees("his tracks", lambda: len(streams(maya, "away", "bob")) == 2)

    await gateway.kill()
    await mallory.kill()
    ghost = await enter("away", "ghost", publish="")
    await ghost.leave()
    await alice.leave()
    await enter("away", "carol", publish="camera")
    await asyncio.sleep(AWAY_S)
    await gateway.start()
    await maya.sees_people("away", "bob", "carol", seconds=3 * RECONCILE_S)
    recorded = {event.kind: event.recorded_at for event in maya.events}
    right_at = max(recorded["participant_joined"], recorded["participant_left"])
    assert right_at - recorded["config_loaded"] < RECONCILE_S * 1000, "by the gateway's clock, within one interval"
    assert "participant_joined carol" not in livekit.webhooks("sent webhook", "away"), "the list told of her"
    await maya.sees("her camera", lambda: streams(maya, "away", "carol").keys() == {"camera"})
    assert streams(maya, "away", "bob").keys() == {"camera", "microphone"}

    lost = livekit.webhooks("failed to send webhook", "away") + livekit.webhooks("dropped webhook", "away")
    assert {"participant_joined ghost", "participant_left ghost"} <= set(lost)
    assert not joins(maya, "ghost"), "who came and went meanwhile, nobody knows"
