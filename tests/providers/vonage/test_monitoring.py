"""Events as facts: each in the shape that the documentation gives, and in those that are seen besides."""

from typing import Any

import pytest

from moderator.domain.events import (
    Event,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    ProviderEventUnknown,
    StreamPublished,
    StreamUnpublished,
)
from moderator.providers.identity import Identity
from tests.providers.vonage.made import (
    API_KEY,
    BEGIN,
    connection,
    created,
    destroyed,
    event,
    fixture,
    folded,
    parse,
    room_of,
    stream,
)

ANA = '{"userId":"u-17","role":"student"}'
ANA_ID, BOB_ID = "7b3c0f52-8a51-4f0e-9d1b-6f1e2a3b4c5d", "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
JOINED = ParticipantJoined(participant=ANA_ID, user="u-17", role="student", data=ANA)
CAMERA, SCREEN = "e2f1d0c9-b8a7-4655-8433-221100ffeedd", "0f9e8d7c-6b5a-4433-a211-00ffeeddccbb"
PHONE_ID = "3d2c1b0a-9f8e-4d7c-8b6a-5f4e3d2c1b0a"
EVERYBODY_LEFT = ParticipantLeft(participant="*", reason="serverRotation")


def told(events: list[Event]) -> list[tuple[int, Any]]:
    return [(one.at - BEGIN, one.data) for one in events]


def left(reason: str, *, forced: bool = False) -> ParticipantLeft:
    return ParticipantLeft(participant=ANA_ID, reason=reason, forced=forced)


def stopped(reason: str, stream: str = CAMERA) -> StreamUnpublished:
    return StreamUnpublished(participant=ANA_ID, stream=stream, reason=reason)


LEFT_AT, STOPPED_AT = 1_208_953, 1_208_960
BOB = ParticipantJoined(participant=BOB_ID, user="u-2", role="teacher", data="userId=u-2&role=teacher")
PHONE = ParticipantUpdated(participant=PHONE_ID, name="Phone call")
FIXTURES = {
    "connection_created_json_data": [(143, JOINED)],
    "connection_created_empty_data": [(143, ParticipantJoined(participant=ANA_ID))],
    "connection_created_querystring_data": [(61_000, BOB)],
    "connection_destroyed_clientDisconnected": [(143, JOINED), (LEFT_AT, left("clientDisconnected"))],
    "connection_destroyed_networkDisconnected": [(143, JOINED), (LEFT_AT, left("networkDisconnected"))],
    "connection_destroyed_forceDisconnected": [(143, JOINED), (LEFT_AT, left("forceDisconnected", forced=True))],
    "stream_created_camera": [
        (143, JOINED),
        (2_416, StreamPublished(participant=ANA_ID, stream=CAMERA, kind="camera", name="Ana")),
    ],
    "stream_created_screen": [
        (143, JOINED),
        (92_416, StreamPublished(participant=ANA_ID, stream=SCREEN, kind="screen", name="Ana's screen")),
    ],
    "stream_created_custom": [
        (61_000, BOB),
        (93_416, StreamPublished(participant=BOB_ID, stream="bb22cc33-dd44-4e55-9f66-001122334455", kind="custom")),
    ],
    "stream_destroyed_clientDisconnected": [(143, JOINED), (STOPPED_AT, stopped("clientDisconnected"))],
    "stream_destroyed_forceDisconnected": [(143, JOINED), (STOPPED_AT, stopped("forceDisconnected"))],
    "stream_destroyed_forceUnpublished": [(143, JOINED), (STOPPED_AT, stopped("forceUnpublished"))],
    "stream_destroyed_mediaStopped": [(143, JOINED), (STOPPED_AT, stopped("mediaStopped", SCREEN))],
    "stream_destroyed_networkDisconnected": [(143, JOINED), (STOPPED_AT, stopped("networkDisconnected"))],
    "session_created": [],
    "session_destroyed_serverRotation": [(28_800_000, EVERYBODY_LEFT)],
    "sip_callCreated": [(300_143, PHONE)],
    "sip_callDestroyed": [
        (300_143, PHONE),
        (400_309, ParticipantLeft(participant=PHONE_ID, reason="700 Normal Clearing")),
    ],
}


@pytest.mark.parametrize(("name", "expected"), FIXTURES.items(), ids=list(FIXTURES))
def test_documented_events(name: str, expected: list[tuple[int, Any]]) -> None:
    assert told(parse(fixture(f"webhooks/legacy/{name}.json"), project=API_KEY)) == expected


def test_documented_events_of_the_unified_environment() -> None:
    for name in ("connection_created_json_data", "connection_destroyed_clientDisconnected", "stream_created_screen"):
        assert told(parse(fixture(f"webhooks/unified/{name}.json"))) == FIXTURES[name]


def test_without_video_there_is_a_microphone() -> None:
    (_, published) = parse(stream("streamCreated", "s1", "c1", video=None))
    assert isinstance(published.data, StreamPublished)
    assert published.data.kind == "microphone"
    (_, published) = parse(stream("streamCreated", "s1", "c1", video="hologram"))
    assert isinstance(published.data, StreamPublished)
    assert published.data.kind == "custom"


@pytest.mark.parametrize(
    ("data", "user", "kept"),
    [
        (None, "", ""),
        ("", "", ""),
        ("hello", "", "hello"),
        ("ü" * 1000, "", "ü" * 1000),
        ({"userId": "u"}, "u", '{"userId":"u"}'),
        (["u"], "", '["u"]'),
        (0, "", ""),
    ],
)
def test_whatever_stands_in_the_data(data: object, user: str, kept: str) -> None:
    (joined,) = parse(event("connectionCreated", connection=connection("c1", data=data)))
    assert isinstance(joined.data, ParticipantJoined)
    assert (joined.data.user, joined.data.data) == (user, kept)


def test_the_configured_part_is_the_user() -> None:
    body = event("connectionCreated", connection=connection("c1", data='{"me":{"id":5},"as":"nurse"}'))
    identity = Identity(format="json", user="$.me.id", role="$.as")
    (joined,) = parse(body, identity)
    assert isinstance(joined.data, ParticipantJoined)
    assert (joined.data.user, joined.data.role) == ("5", "nurse")


@pytest.mark.parametrize(
    "at", [BEGIN, str(BEGIN), BEGIN // 1000, str(BEGIN // 1000), float(BEGIN), BEGIN / 1000], ids=repr
)
def test_times_in_seconds_or_as_text(at: object) -> None:
    (joined,) = parse(event("connectionCreated", 5, connection={"id": "c", "createdAt": at}))
    assert joined.at == BEGIN


def test_the_time_of_the_join_is_that_of_the_connection() -> None:
    (joined,) = parse(event("connectionCreated", BEGIN + 15_000, connection=connection("c1")))
    assert joined.at == BEGIN
    (joined,) = parse(event("connectionCreated", BEGIN + 15_000, connection={"id": "c1"}))
    assert joined.at == BEGIN + 15_000, "where it is missing, that of the event"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (event("connectionCreated"), "no connection is named"),
        (event("streamDestroyed"), "no stream is named"),
        (event("callCreated"), "no call is named"),
        (event("connectionCreated", connection={"id": ""}), "nobody is named"),
        (event("connectionCreated", connection={"id": "*"}), "nobody is named"),
        (event("connectionDestroyed", connection={"id": "*"}), "nobody is named"),
        (event("connectionCreated", connection={"id": "c"}, timestamp=None), "no time"),
        (event("connectionDestroyed", connection={"id": "c"}, timestamp="soon"), "a time that is none"),
        (event("connectionDestroyed", connection={"id": "c"}, timestamp=-5), "no time, or one that cannot be"),
        (event("connectionDestroyed", connection={"id": "c"}, timestamp=1e300), "no time, or one that cannot be"),
        (event("connectionDestroyed", connection={"id": 5}), "Expected `str`"),
        (event("connectionDestroyed", connection={"id": "c"}, sessionId=""), "no session is named"),
        (event("connectionDestroyed", connection={"id": "c"}, sessionId=None), "Expected `str`"),
    ],
)
def test_what_makes_no_sense_is_a_notice(body: dict[str, Any], problem: str) -> None:
    (notice,) = parse(body)
    assert isinstance(notice.data, ProviderEventUnknown)
    assert problem in notice.data.problem
    assert (notice.room, notice.data.type) == (None, body["event"])


# --- what they come to -----------------------------------------------------------------------------------------------


def test_destroyed_before_created_leaves_no_ghost() -> None:
    room = room_of(folded(destroyed("c1", BEGIN + 60_000), created("c1", data="ana")))
    assert [(one.user, one.state, one.left_at) for one in room.participants] == [("ana", "left", BEGIN + 60_000)]


def test_created_twenty_hours_late_after_destroyed() -> None:
    hours = 3_600_000
    room = room_of(folded(destroyed("c1", BEGIN + 60_000), created("c1", data="ana"), now=BEGIN + 20 * hours))
    assert room.people == 0


def test_a_stream_before_its_connection_proves_that_somebody_is_there() -> None:
    room = room_of(folded(stream("streamCreated", "s1", "c1", BEGIN + 5_000)))
    (person,) = room.here()
    assert (person.joined_at, [one.id for one in person.streams]) == (BEGIN, ["s1"])


def test_empty_data_never_overwrites() -> None:
    room = room_of(folded(created("c1", data="ana"), stream("streamCreated", "s1", "c1"), destroyed("c1", BEGIN + 9)))
    assert [one.user for one in room.participants] == ["ana"]


def test_what_is_told_again_with_the_same_data_is_no_news() -> None:
    data = '{"userId":"ana"}'
    (first,) = parse(event("connectionCreated", BEGIN + 1, connection=connection("c1", data=data)))
    (again, _) = parse(event("connectionDestroyed", BEGIN + 9, connection=connection("c1", data=data)))
    assert first.id == again.id


def test_a_phone_is_shown_as_one() -> None:
    room = room_of(folded(event("callCreated", call={"id": "x", "connectionId": "c9", "createdAt": BEGIN})))
    assert [(one.name, one.user) for one in room.here()] == [("Phone call", "")]


def test_a_session_that_was_destroyed_is_used_again() -> None:
    rejoined = created("c2", BEGIN + 120_000, "ana")
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        bodies = [created("c1", data="ana"), event("sessionDestroyed", BEGIN + 60_000), rejoined]
        room = room_of(folded(*(bodies[number] for number in order)))
        assert [one.id for one in room.here()] == ["c2"], "what began before is over"
        assert (room.state, room.started_at) == ("live", BEGIN), "the same appointment goes on"
