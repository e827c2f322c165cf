"""Ids as types, and how ids of our own are derived. Nothing here knows what an id stands for on any platform."""

import base64
import hashlib
from functools import lru_cache
from typing import Final, NamedTuple, NewType

SourceName = NewType("SourceName", str)
RoomId = NewType("RoomId", str)
InstanceId = NewType("InstanceId", str)
ParticipantId = NewType("ParticipantId", str)
UserId = NewType("UserId", str)
EventId = NewType("EventId", str)

REUSED: Final = "@"
"""Ends a participant key whose platform lets the same id be taken again (Janus): the join time completes the
identity.
"""


_MAX_TIME_DIGITS: Final = 18
"""Of a time in 64 bits; what is longer was not made here."""


class RoomKey(NamedTuple):
    """A room's address: ids of rooms are unique within their source only."""

    source: SourceName
    room: RoomId


@lru_cache(maxsize=65_536)
def room_key(source: str, room: str) -> RoomKey:
    """The address of a room. Mostly the same object for the same room: it is asked for with every event, and kept in
    many tables."""
    return RoomKey(SourceName(source), RoomId(room))


def is_time(text: str) -> bool:
    """Whether this part of an id is a time that we put there; foreign ids may be of any length, in any digits."""
    return text.isascii() and text.isdigit() and len(text) <= _MAX_TIME_DIGITS


def derive_event_id(*parts: object) -> EventId:
    """The same parts give the same id, so a repeated delivery or proposal is known as a repeat.

    128 bits of BLAKE2b over the length-prefixed parts, as unpadded base64url.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return EventId(base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode())


def stay_id(key: str, joined_at: int) -> ParticipantId:
    """The id of one stay in a room: the platform's own where it is unique, else completed by the join time."""
    return ParticipantId(f"{key}{joined_at}" if key.endswith(REUSED) else key)


def seat_key(participant: str) -> str:
    """The key under which facts name the participant that has this id."""
    key, reused, _ = participant.rpartition(REUSED)
    return key + reused if reused else participant


def platform_participant(participant: str) -> str:
    """The participant id that the platform's own API understands."""
    key, reused, _ = participant.rpartition(REUSED)
    return key if reused else participant
