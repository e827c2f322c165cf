"""The tables agree with the official ones."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from livekit.protocol import models, room, webhook

from moderator.simulator.livekit import messages
from moderator.simulator.livekit.messages import Enum, Field, Fields

TABLES: dict[str, tuple[Fields, Any]] = {
    "event": (messages.WEBHOOK_EVENT, webhook.WebhookEvent.DESCRIPTOR),
    "room": (messages.ROOM, models.Room.DESCRIPTOR),
    "participant": (messages.PARTICIPANT, models.ParticipantInfo.DESCRIPTOR),
    "rooms": (messages.ROOMS, room.ListRoomsResponse.DESCRIPTOR),
    "participants": (messages.PARTICIPANTS, room.ListParticipantsResponse.DESCRIPTOR),
    "muted": (messages.MUTED, room.MuteRoomTrackResponse.DESCRIPTOR),
    "list rooms": (messages.LIST_ROOMS, room.ListRoomsRequest.DESCRIPTOR),
    "create room": (messages.CREATE_ROOM, room.CreateRoomRequest.DESCRIPTOR),
    "delete room": (messages.IN_ROOM, room.DeleteRoomRequest.DESCRIPTOR),
    "list participants": (messages.IN_ROOM, room.ListParticipantsRequest.DESCRIPTOR),
    "identity": (messages.IDENTITY, room.RoomParticipantIdentity.DESCRIPTOR),
    "remove": (messages.REMOVE, room.RoomParticipantIdentity.DESCRIPTOR),
    "mute": (messages.MUTE, room.MuteRoomTrackRequest.DESCRIPTOR),
    "update": (messages.UPDATE, room.UpdateParticipantRequest.DESCRIPTOR),
    "send data": (messages.SEND_DATA, room.SendDataRequest.DESCRIPTOR),
    "room metadata": (messages.ROOM_METADATA, room.UpdateRoomMetadataRequest.DESCRIPTOR),
}
SCALARS = {
    FieldDescriptor.TYPE_STRING: "string",
    FieldDescriptor.TYPE_BYTES: "bytes",
    FieldDescriptor.TYPE_BOOL: "bool",
    FieldDescriptor.TYPE_INT32: "int32",
    FieldDescriptor.TYPE_UINT32: "uint32",
    FieldDescriptor.TYPE_INT64: "int64",
}


def differences(fields: Fields, official: Any) -> Iterator[str]:
    for name, field in fields.items():
        theirs = official.fields_by_name.get(name)
        if theirs is None:
            yield f"{official.full_name} has no {name}"
        elif theirs.number != field.number:
            yield f"{official.full_name}.{name} is number {theirs.number}"
        else:
            yield from kind_differences(field, theirs)


def kind_differences(field: Field, theirs: Any) -> Iterator[str]:
    within, names = theirs.message_type, theirs.enum_type
    is_map = bool(within and within.GetOptions().map_entry)
    if theirs.is_repeated != (field.many or is_map) or is_map != (field.kind == "text_map"):
        yield f"{theirs.full_name} is another kind of list"
    if isinstance(field.kind, Enum):
        known = {one.number: one.name for one in names.values} if names else {}
        wrong = {number: name for number, name in field.kind.names.items() if name and known.get(number) != name}
        if wrong or not known:
            yield f"{theirs.full_name} is not {wrong}"
    elif not isinstance(field.kind, str):
        yield from differences(field.kind, within) if within else [f"{theirs.full_name} is no message"]
    elif not is_map and SCALARS.get(theirs.type) != field.kind:
        yield f"{theirs.full_name} is no {field.kind}"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_official_message(name: str) -> None:
    assert list(differences(*TABLES[name])) == []


@pytest.mark.parametrize("name", ["room", "participant"])
def test_answers_have_every_member(name: str) -> None:
    fields, official = TABLES[name]
    assert set(fields) == {one.name for one in official.fields}
