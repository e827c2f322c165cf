"""Compared with the payloads of the platform's documentation, member by member."""

import json
from pathlib import Path
from typing import Any

import pytest

from moderator.simulator.vonage.webhooks import Identity, payload
from moderator.simulator.world import Ending, StreamKind
from tests.fakes.builders import DAY
from tests.simulator.vonage.running import APPLICATION
from tests.simulator.worlds import ANA, Watched

DATA = Path(__file__).parents[2] / "data/vonage/webhooks"


def told(ending: Ending = "left", kind: StreamKind = "camera", identity: Identity = "json") -> dict[str, Any]:
    """Everything that is posted about one visit, by event."""
    watched = Watched()
    room = watched.world.create("lesson-7", DAY)
    ana = watched.world.join(room.id, ANA, DAY)
    stream = watched.world.publish(ana.id, kind, DAY + 10)
    if ending == "stopped":
        watched.world.unpublish(stream.id, DAY + 20, ending)
    else:
        watched.world.leave(ana.id, DAY + 20, ending)
    watched.pass_time(3_600_000)
    bodies = [payload(change, APPLICATION, identity) for change in watched.changes]
    return {body["event"]: json.loads(json.dumps(body)) for body in bodies}


def documented(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def shape(value: Any) -> Any:
    """Names and types; numbers by their size, since a time in seconds is another thing than one in milliseconds."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return len(str(value)) if isinstance(value, int) else type(value)


@pytest.mark.parametrize(
    ("event", "name", "options"),
    [
        ("sessionCreated", "legacy/session_created.json", {}),
        ("connectionCreated", "unified/connection_created_json_data.json", {}),
        ("connectionDestroyed", "unified/connection_destroyed_clientDisconnected.json", {}),
        ("connectionDestroyed", "legacy/connection_destroyed_forceDisconnected.json", {"ending": "removed"}),
        ("connectionDestroyed", "legacy/connection_destroyed_networkDisconnected.json", {"ending": "lost"}),
        ("streamCreated", "legacy/stream_created_camera.json", {}),
        ("streamCreated", "unified/stream_created_screen.json", {"kind": "screen"}),
        ("streamCreated", "legacy/stream_created_custom.json", {"kind": "custom"}),
        ("streamDestroyed", "legacy/stream_destroyed_clientDisconnected.json", {}),
        ("streamDestroyed", "legacy/stream_destroyed_forceDisconnected.json", {"ending": "removed"}),
        ("streamDestroyed", "legacy/stream_destroyed_networkDisconnected.json", {"ending": "lost"}),
        ("streamDestroyed", "legacy/stream_destroyed_mediaStopped.json", {"ending": "stopped", "kind": "screen"}),
    ],
)
def test_payloads_are_as_documented(event: str, name: str, options: dict[str, Any]) -> None:
    ours, theirs = told(**options)[event], documented(name)
    assert shape(ours) == shape(theirs)
    assert (ours["event"], ours.get("reason")) == (theirs["event"], theirs.get("reason"))
    if "stream" in ours:
        assert ours["stream"]["videoType"] == theirs["stream"]["videoType"]


def test_a_stream_without_a_picture_has_no_video_type() -> None:
    assert "videoType" not in told(kind="microphone")["streamCreated"]["stream"]


def test_a_session_that_ended_by_itself_has_no_reason() -> None:
    assert told()["sessionDestroyed"].keys() == {"sessionId", "projectId", "event", "timestamp"}


def test_created_at_is_when_it_happened_and_not_when_it_was_noticed() -> None:
    created = told()["connectionCreated"]
    assert created["connection"]["createdAt"] == DAY < created["timestamp"]


@pytest.mark.parametrize(
    ("identity", "data"),
    [
        ("json", '{"userId":"u-17","name":"Ana","role":"student","room":"lesson-7"}'),
        ("query", "userId=u-17&name=Ana&role=student&room=lesson-7"),
        ("text", "Ana"),
    ],
)
def test_identity_is_in_the_connection_data(identity: Identity, data: str) -> None:
    assert told(identity=identity)["connectionCreated"]["connection"]["data"] == data
