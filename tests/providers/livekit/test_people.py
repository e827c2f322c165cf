from typing import Any

import msgspec
import pytest

from moderator.domain.events import ParticipantJoined
from moderator.providers.identity import Identity
from moderator.providers.livekit.people import (
    is_active,
    is_named,
    join_of,
    listed,
    machine_in_words,
    stream_kind,
    stream_name,
)
from moderator.providers.livekit.wire import Participant, Track, respelled
from moderator.providers.provider import ListedStream
from tests.providers.livekit.made import fixture


def who(**members: Any) -> Participant:
    return msgspec.convert({"sid": "PA_1", "identity": "ana", **members}, Participant)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, ""),
        ({"kind": "STANDARD"}, ""),
        ({"kind": "SIP"}, ""),
        ({"kind": "CONNECTOR"}, ""),
        ({"kind": 99}, ""),
        ({"kind": "AGENT"}, "an agent"),
        ({"kind": 4}, "an agent"),
        ({"kind": "EGRESS"}, "a recorder"),
        ({"kind": 2}, "a recorder"),
        ({"kind": "INGRESS"}, "a stream from outside"),
        ({"kind": "BRIDGE"}, "a bridged camera"),
        ({"permission": {"agent": True}}, "an agent"),
        ({"permission": {"recorder": True, "hidden": True}}, "a recorder"),
        ({"permission": {"hidden": True}}, "somebody hidden"),
        ({"permission": {"hidden": False, "can_publish": True}}, ""),
    ],
)
def test_who_is_a_person(members: dict[str, Any], words: str) -> None:
    assert machine_in_words(who(**members)) == words


@pytest.mark.parametrize(
    ("state", "active"),
    [("ACTIVE", True), (2, True), ("JOINED", False), (1, False), ("DISCONNECTED", False), (0, False)],
)
def test_who_is_connected(state: object, active: bool) -> None:
    assert is_active(who(state=state)) is active


@pytest.mark.parametrize(
    ("sid", "named"), [("PA_1", True), ("", False), ("*", False), ("PA_1@", False), ("PA_1@7", False)]
)
def test_ids_that_mean_something_else_name_nobody(sid: str, named: bool) -> None:
    assert is_named(who(sid=sid)) is named


METADATA = '{"person":{"id":"u-1","name":"Dr Lee"},"as":"doctor","appointment":"a-9","role":"unasked"}'
CONFIGURED = Identity(format="json", user="$.person.id", name="$.person.name", role="$.as", room="$.appointment")


@pytest.mark.parametrize(
    ("members", "identity", "user", "name", "role", "room"),
    [
        ({}, None, "ana", "", "", ""),
        ({"name": "Ana", "attributes": {"role": "patient"}}, None, "ana", "Ana", "patient", ""),
        ({"metadata": METADATA}, None, "ana", "", "", ""),
        ({"metadata": METADATA}, CONFIGURED, "u-1", "Dr Lee", "doctor", "a-9"),
        (
            {"metadata": METADATA, "name": "Lee", "attributes": {"role": "host"}},
            CONFIGURED,
            *("u-1", "Lee", "host", "a-9"),
        ),
        ({"metadata": "{}"}, CONFIGURED, "ana", "", "", ""),
    ],
)
def test_by_which_names(
    members: dict[str, Any], identity: Identity | None, user: str, name: str, role: str, room: str
) -> None:
    assert join_of(who(**members), identity) == ParticipantJoined(
        participant="PA_1",
        user=user,
        name=name,
        role=role,
        room_name=room,
        data=members.get("metadata", ""),
        platform={"identity": "ana"},
    )


def test_what_is_too_long_is_cut_but_not_who_it_is() -> None:
    join = join_of(who(identity="i" * 300, name="n" * 300, metadata="m" * 9_000), None)
    assert [len(text) for text in (join.user, join.name, join.data)] == [300, 200, 4096]


def test_a_participant_of_a_list() -> None:
    first = fixture("twirp_json/ListParticipants.response.json")["participants"][0]
    found = listed(msgspec.convert(respelled(first), Participant), None)
    assert (found.participant, found.user, found.name, found.role) == (
        "PA_fixture41",
        "guest-41",
        "Guest 41",
        "patient",
    )
    assert (found.joined_at, found.platform) == (1_789_990_011_207, {"identity": "guest-41"})
    assert found.streams == (
        ListedStream("TR_AMfixture41", "microphone", "microphone", False),
        ListedStream("TR_VSfixture41", "screen", "screen", False),
    )


@pytest.mark.parametrize(
    ("members", "kind", "name"),
    [
        ({"source": "CAMERA", "name": "webcam"}, "camera", "webcam"),
        ({"source": 1}, "camera", ""),
        ({"source": "MICROPHONE"}, "microphone", ""),
        ({"source": "SCREEN_SHARE", "type": "VIDEO"}, "screen", ""),
        ({"source": "SCREEN_SHARE_AUDIO", "type": "AUDIO"}, "custom", "sound of the screen"),
        ({"source": 4, "name": "tab"}, "custom", "tab"),
        ({"type": "AUDIO"}, "microphone", ""),
        ({}, "microphone", ""),
        ({"type": "VIDEO"}, "custom", ""),
        ({"type": 1, "source": 99}, "custom", ""),
        ({"type": "DATA"}, "custom", ""),
    ],
)
def test_what_a_track_is(members: dict[str, Any], kind: str, name: str) -> None:
    track = msgspec.convert({"sid": "TR_1", **members}, Track)
    assert (stream_kind(track), stream_name(track)) == (kind, name)
