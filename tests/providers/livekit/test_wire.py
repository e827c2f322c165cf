"""Both spellings of the protocol come out alike; the official library says what they hold."""

import json
from typing import Any

import msgspec
import pytest
from google.protobuf import json_format
from livekit.protocol import models
from livekit.protocol.agent import Job
from livekit.protocol.webhook import WebhookEvent as OfficialEvent

from moderator.providers.livekit import wire
from moderator.providers.livekit.wire import Participant, name_of, read_event, respelled, time_ms
from tests.providers.livekit.made import DATA, fixture, recorded

ENUMS = [
    (wire.STATES, models.ParticipantInfo.State),
    (wire.KINDS, models.ParticipantInfo.Kind),
    (wire.SOURCES, models.TrackSource),
    (wire.TYPES, models.TrackType),
    (wire.DISCONNECT_REASONS, models.DisconnectReason),
]


@pytest.mark.parametrize(("names", "official"), ENUMS)
def test_enums_are_the_protocols(names: tuple[str, ...], official: Any) -> None:
    assert {name: number for number, name in enumerate(names) if name} == dict(official.items())


@pytest.mark.parametrize(
    ("value", "name"), [("ACTIVE", "ACTIVE"), (2, "ACTIVE"), (0, "JOINING"), ("NEW", "NEW"), (99, "99"), (-1, "-1")]
)
def test_enums_come_as_names_or_numbers(value: Any, name: str) -> None:
    assert name_of(value, wire.STATES) == name


def test_a_number_that_the_protocol_left_out_is_shown_as_it_is() -> None:
    assert name_of(5, wire.KINDS) == "5"


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        ("1789990000", 1_789_990_000_000),
        (1789990000, 1_789_990_000_000),
        (1789990000.0, 1_789_990_000_000),
        (0, None),
        ("0", None),
        (-5, None),
        ("soon", None),
        ("9" * 30, None),
        (10**30, None),
        (1e300, None),
        ("9" * 5_000, None),
    ],
)
def test_times(value: Any, milliseconds: int | None) -> None:
    assert time_ms(value, 1000) == milliseconds


def test_names_are_respelled_but_for_those_of_the_application() -> None:
    webhook = {
        "joinedAtMs": "5",
        "attributes": {"seatRow": "B", "x": None},
        "tracks": [{"mimeType": "a"}],
        "gone": None,
    }
    expected = {"joined_at_ms": "5", "attributes": {"seatRow": "B", "x": None}, "tracks": [{"mime_type": "a"}]}
    assert respelled(webhook) == expected
    assert respelled(expected) == expected


def spellings(message: Any) -> list[Any]:
    """All that a server may make of a message."""
    return [
        json_format.MessageToDict(
            message,
            preserving_proto_field_name=snake,
            always_print_fields_with_no_presence=defaults,
            use_integers_for_enums=numbers,
        )
        for snake in (True, False)
        for defaults in (True, False)
        for numbers in (True, False)
    ]


def test_a_participant_is_the_same_in_every_spelling() -> None:
    message = models.ParticipantInfo(
        sid="PA_1",
        identity="ana",
        state=models.ParticipantInfo.ACTIVE,
        joined_at_ms=1_789_990_011_207,
        kind=models.ParticipantInfo.AGENT,
        permission=models.ParticipantPermission(hidden=True, can_publish_sources=[models.TrackSource.MICROPHONE]),
        attributes={"role": "patient"},
        disconnect_reason=models.DisconnectReason.ROOM_DELETED,
        tracks=[models.TrackInfo(sid="TR_1", source=models.TrackSource.SCREEN_SHARE, muted=True)],
    )
    seen = {
        (
            one.joined_ms,
            name_of(one.kind, wire.KINDS),
            name_of(one.state, wire.STATES),
            one.permission.hidden,
            one.attributes["role"],
            name_of(one.disconnect_reason, wire.DISCONNECT_REASONS),
            name_of(one.tracks[0].source, wire.SOURCES),
            one.tracks[0].muted,
        )
        for one in (msgspec.convert(respelled(spelling), Participant) for spelling in spellings(message))
    }
    assert seen == {
        (1_789_990_011_207, "AGENT", "ACTIVE", True, "patient", "ROOM_DELETED", "SCREEN_SHARE", True),
    }


def test_an_empty_event_is_one_in_every_spelling() -> None:
    events = [read_event(spelling) for spelling in spellings(OfficialEvent(event="room_started"))]
    assert {(one.event, one.room_name, one.created_ms, one.participant, one.track) for one in events} == {
        ("room_started", "", None, None, None)
    }


BODIES = [
    *recorded(),
    *(path.read_bytes() for path in sorted(DATA.glob("webhooks/*[a-z].json")) if "headers" not in path.name),
]


@pytest.mark.parametrize("body", BODIES)
def test_real_webhooks_say_what_the_official_library_reads(body: bytes) -> None:
    ours, official = read_event(json.loads(body)), json_format.Parse(body, OfficialEvent())
    assert (ours.event, ours.room_name, ours.created_ms) == (
        official.event,
        official.room.name,
        official.created_at * 1000,
    )
    if ours.participant:
        assert ours.participant.identity == official.participant.identity
        assert (ours.participant.joined_ms or 0) == official.participant.joined_at_ms
    if ours.track:
        assert int(ours.track.version.unix_micro) == official.track.version.unix_micro


def test_where_the_rooms_name_stands() -> None:
    job = json_format.MessageToDict(OfficialEvent(job=Job(room=models.Room(name="r"))))
    for members in (
        {"egressInfo": {"roomName": "r"}},
        {"ingressInfo": {"roomName": "r"}},
        job,
        {"room": {"name": "r"}},
    ):
        assert read_event({"event": "x", **members}).room_name == "r"


def test_seconds_will_do_where_there_are_no_milliseconds() -> None:
    (listed, _) = fixture("twirp_json/ListParticipants.response.json")["participants"]
    del listed["joined_at_ms"]
    assert msgspec.convert(respelled(listed), Participant).joined_ms == 1_789_990_011_000
