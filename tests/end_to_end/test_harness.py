"""Proves the harness against a real Janus: what it shows of people and webhooks, the gateway's tests may rely on."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartJanus, StartParticipant
from tests.end_to_end.janus_server import JanusRefusedError, JanusServer
from tests.end_to_end.network import media_namespace
from tests.end_to_end.participants import Participant
from tests.end_to_end.webhook_receiver import WebhookReceiver

pytestmark = [pytest.mark.janus, pytest.mark.media, pytest.mark.usefixtures("media_network")]


async def two_people(janus: JanusServer, enter: StartParticipant) -> tuple[Participant, Participant]:
    """Alice and Bob in room "r", each seeing the other."""
    await janus.create_room("r")
    alice, bob = await enter(janus, "r", "alice"), await enter(janus, "r", "bob")
    await alice.sees(bob, kind="video")
    await bob.sees(alice, kind="video")
    return alice, bob


async def test_two_people_see_and_hear_each_other(
    janus: JanusServer, webhooks: WebhookReceiver, enter: StartParticipant
) -> None:
    alice, bob = await two_people(janus, enter)
    await alice.sees(bob, kind="audio")
    await bob.sees(alice, kind="audio")
    for person in alice, bob:
        await person.rtp_beyond(person.rtp_packets())
    assert {each["id"] for each in await janus.list_participants("r")} == {"alice", "bob"}
    assert webhooks.refused == 0

    await alice.leave()
    await webhooks.videoroom("leaving", id="alice")
    await alice.rejoin()
    await bob.sees(alice, kind="video")


async def test_a_screen_share_is_announced_seen_and_withdrawn(
    janus: JanusServer, webhooks: WebhookReceiver, enter: StartParticipant
) -> None:
    alice, bob = await two_people(janus, enter)
    for _ in "once", "again":
        webhooks.events.clear()
        await alice.publish_screen()
        updated = await webhooks.videoroom("updated", id="alice")
        assert [stream["description"] for stream in updated["streams"]] == ["microphone", "camera", "screen"]
        await bob.sees(alice, description="screen")

        webhooks.events.clear()
        await alice.stop_screen()
        updated = await webhooks.videoroom("updated", id="alice")
        assert [stream.get("disabled", False) for stream in updated["streams"]] == [False, False, True]


async def test_a_killed_participant_leaves_at_once(
    janus: JanusServer, webhooks: WebhookReceiver, enter: StartParticipant
) -> None:
    alice, _ = await two_people(janus, enter)
    await alice.kill()
    await webhooks.videoroom("leaving", seconds=2, id="alice")


async def test_a_frozen_participant_leaves_when_janus_gets_no_answer(
    janus: JanusServer, webhooks: WebhookReceiver, enter: StartParticipant
) -> None:
    alice, _ = await two_people(janus, enter)
    frozen_at = time.monotonic()
    alice.freeze()
    await webhooks.videoroom("leaving", seconds=17, id="alice")
    assert time.monotonic() - frozen_at > 4


async def test_a_killed_janus_says_only_that_it_started(
    janus: JanusServer, webhooks: WebhookReceiver, enter: StartParticipant
) -> None:
    await janus.create_room("r")
    alice = await enter(janus, "r", "alice")
    await webhooks.videoroom("published", id="alice")
    await janus.kill()
    await alice.wait_for("disconnected")
    killed_at = time.time_ns() // 1000
    await janus.start()
    # What the old Janus posted just before its death may still be on its way when it is gone.
    first = await webhooks.wait_for(lambda event: event["timestamp"] > killed_at)
    assert (first["type"], first["subtype"], first["event"]["status"]) == (256, 1, "started")
    assert not [event for event in webhooks.events if '"leaving"' in json.dumps(event)]
    assert await janus.list_rooms() == []


async def test_a_bare_kick_does_not_disconnect_who_stays_stubborn(
    janus: JanusServer, webhooks: WebhookReceiver, enter: StartParticipant
) -> None:
    """What the gateway's disconnect has to beat."""
    await janus.create_room("r", require_pvtid=False)
    mallory, bob = await enter(janus, "r", "mallory", stubborn=True), await enter(janus, "r", "bob")
    await mallory.sees(bob, kind="video")
    joined = await mallory.wait_for("joined")
    await janus.kick("r", "mallory")
    await mallory.wait_for("kicked")
    await webhooks.videoroom("kicked", id="mallory")
    await mallory.wait_for("closed", connection="publisher")
    assert await mallory.rtp_during(3) > 30
    assert [each["id"] for each in await janus.list_participants("r")] == ["bob"]

    await janus.admin({"janus": "destroy_session"}, f"/{joined['session']}")
    await mallory.wait_for("closed", connection="subscription to bob")
    assert await mallory.rtp_during(3) == 0


async def test_where_private_ids_are_required_a_kick_ends_the_stream(
    janus: JanusServer, enter: StartParticipant
) -> None:
    await janus.create_room("r", require_pvtid=True)
    mallory, bob = await enter(janus, "r", "mallory", stubborn=True), await enter(janus, "r", "bob")
    await mallory.sees(bob, kind="video")
    await janus.kick("r", "mallory")
    await mallory.wait_for("kicked")
    await mallory.wait_for("closed", connection="publisher")
    assert await mallory.rtp_during(3) == 0


async def test_who_is_not_on_the_list_is_refused(janus: JanusServer, enter: StartParticipant) -> None:
    await janus.create_room("r", allowed=["for-alice"])
    alice, mallory = await enter(janus, "r", "alice", token="for-alice"), await enter(janus, "r", "mallory")
    await alice.wait_for("joined")
    await mallory.wait_for("error", doing="join", code=433)
    await mallory.rejoin(id="mallory-2", token="for-alice")
    await mallory.wait_for("joined", id="mallory-2")


async def test_administration(janus: JanusServer, webhooks: WebhookReceiver) -> None:
    await janus.create_room("lobby")
    await janus.custom_event("org.example.moderator", {"beat": 1})
    await webhooks.wait_for(lambda event: event["type"] == 4 and event["event"]["data"] == {"beat": 1})
    await janus.destroy_room("lobby")
    await webhooks.videoroom("destroyed", room="lobby")
    with pytest.raises(JanusRefusedError, match="426"):
        await janus.list_participants("lobby")


async def test_rooms_with_numbers_and_rooms_that_outlive_a_crash(
    webhooks: WebhookReceiver, start_janus: StartJanus, enter: StartParticipant
) -> None:
    janus = await start_janus(webhooks=webhooks.webhooks, string_ids=False)
    await janus.create_room(1, permanent=True)
    await janus.create_room(2)
    await janus.kill()
    await janus.start()
    assert [each["room"] for each in await janus.list_rooms()] == [1]

    speaker, viewer = await enter(janus, 1, 11), await enter(janus, 1, 12, watch_only=True)
    await viewer.sees(speaker, kind="video")
    assert {each["id"]: each["publisher"] for each in await janus.list_participants(1)} == {11: True, 12: False}
    await janus.stop()
    await webhooks.wait_for(lambda event: event["type"] == 256 and event["subtype"] == 2)


async def test_a_thread_comes_home_from_a_network_of_its_own() -> None:
    def visit() -> list[Path]:
        places = [_network()]
        with media_namespace():
            places.append(_network())
        return [*places, _network()]

    before, inside, after = await asyncio.to_thread(visit)
    assert before == after == _network()
    assert inside != before


def _network() -> Path:
    return Path("/proc/thread-self/ns/net").readlink()
