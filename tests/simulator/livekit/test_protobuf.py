"""Judged by the official library: it reads what we write, and we read what it writes."""

import json

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import models, room

from moderator.simulator.livekit import messages
from moderator.simulator.livekit.message_json import reply_json
from moderator.simulator.livekit.messages import Malformed, Values
from moderator.simulator.livekit.protobuf import from_protobuf, to_protobuf
from tests.simulator.livekit.message_values import messages as any_message
from tests.simulator.livekit.message_values import said


@given(any_message(messages.PARTICIPANT))
def test_what_is_written_is_what_the_official_library_writes(values: Values) -> None:
    official = json_format.Parse(json.dumps(reply_json(values, messages.PARTICIPANT)), models.ParticipantInfo())
    assert models.ParticipantInfo.FromString(to_protobuf(values, messages.PARTICIPANT)) == official
    found = from_protobuf(official.SerializeToString(), messages.PARTICIPANT)
    assert said(found, messages.PARTICIPANT) == said(values, messages.PARTICIPANT)


def test_what_is_not_known_is_passed_over() -> None:
    egress = room.RoomEgress()
    asked = room.CreateRoomRequest(name="r", max_participants=4, metadata="m", egress=egress, sync_streams=True)
    assert from_protobuf(asked.SerializeToString(), messages.CREATE_ROOM) == {"name": "r", "metadata": "m"}
    fixed = b"\x79" + 8 * b"\x01" + b"\x7d" + 4 * b"\x01"
    assert from_protobuf(fixed + asked.SerializeToString(), messages.CREATE_ROOM)["name"] == "r"


@pytest.mark.parametrize(
    "body",
    [
        b"\x0a\x05abc",  # cut off
        b"\x0a",  # no length
        b"\x80" * 11,  # a number without an end
        b"\x0a\x01\xff",  # no text
        b"\x08\x01",  # a number for a text
        b"\x22\x01a",  # a text for a number
        b"\x0b",  # groups are not used
    ],
)
def test_what_is_no_message_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        from_protobuf(body, messages.MUTE)


@given(st.binary(max_size=40))
def test_anything_is_a_message_or_malformed(body: bytes) -> None:
    try:
        found = from_protobuf(body, messages.UPDATE)
    except Malformed:
        return
    assert set(found) <= set(messages.UPDATE)
