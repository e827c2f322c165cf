"""What an event of the VideoRoom plugin says, as facts. Pure, and knows nothing of deliveries or HTTP.

Facts about a person name only room and id; ids may be taken again by somebody else, so keys end with `REUSED`.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Final

from msgspec import Meta, Struct

from moderator.domain.events import (
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    RoomEnded,
    StreamPublished,
    StreamUnpublished,
    StreamUpdated,
)
from moderator.domain.ids import REUSED
from moderator.domain.kinds import Data, StreamKind
from moderator.domain.presence import ALL_STREAMS

Id = Annotated[str, Meta(min_length=1)] | int
"""Integers or strings: a setting of the plugin, the same for rooms and people."""


MAX_NAME: Final = 200


class StreamData(Struct, frozen=True):
    """One of the streams of a publisher."""

    type: str = ""
    mid: str | None = None
    mindex: int = 0
    description: str | None = None
    disabled: bool = False

    @property
    def id(self) -> str:
        return str(self.mindex) if self.mid is None else self.mid

    @property
    def kind(self) -> StreamKind | None:
        """None for what nobody sees or hears."""
        if self.type != "video":
            return "microphone" if self.type == "audio" else None
        label = (self.description or "").lower()
        return "screen" if "screen" in label or "desktop" in label else "camera"


class RoomData(Struct, frozen=True):
    """The union of what VideoRoom sends in `data`; which members are there depends on the event."""

    room: Id
    event: str = ""
    videoroom: str = ""
    """Where `moderated` has its name."""
    id: Id | None = None
    display: str | None = None
    token: str | None = None
    streams: tuple[StreamData, ...] = ()
    mid: str | None = None
    moderation: str = ""

    @property
    def name(self) -> str:
        return self.event or self.videoroom

    @property
    def participant(self) -> str:
        return f"{self.id}{REUSED}"

    def stream(self, mid: str) -> str:
        """An id that is unique in the room, which Janus' own are not: every publisher has a stream 0."""
        return f"{self.id}:{mid}"


def mid_of(stream: str, participant: str) -> str:
    """What Janus calls the stream that has this id here."""
    return stream.removeprefix(f"{participant}:")


Platform = Mapping[str, str]
Reader = Callable[[RoomData, Platform], list[Data]]


def _short(text: str | None) -> str:
    """Clients choose names, and everybody who watches would have to carry them."""
    return (text or "")[:MAX_NAME]


def _joined(data: RoomData, platform: Platform) -> list[Data]:
    return [
        ParticipantJoined(
            participant=data.participant, user=str(data.id), name=_short(data.display), platform=dict(platform)
        )
    ]


def _left(data: RoomData, _: Platform) -> list[Data]:
    return [ParticipantLeft(participant=data.participant)]


def _kicked(data: RoomData, _: Platform) -> list[Data]:
    return [ParticipantLeft(participant=data.participant, forced=True)]


def _publishes(data: RoomData, _: Platform) -> list[Data]:
    """The full list of a publisher's streams; also the only news of a changed name, or of a lost join."""
    person = ParticipantUpdated(participant=data.participant, user=str(data.id), name=_short(data.display))
    return [person, *(_stream(data, stream, stream.kind) for stream in data.streams if stream.kind)]


def _stream(data: RoomData, stream: StreamData, kind: StreamKind) -> Data:
    id_ = data.stream(stream.id)
    if stream.disabled:
        return StreamUnpublished(participant=data.participant, stream=id_)
    return StreamPublished(participant=data.participant, stream=id_, kind=kind, name=_short(stream.description))


def _unpublished(data: RoomData, _: Platform) -> list[Data]:
    """Comes twice, and for people who never published: it may say nothing new, and never that somebody is gone."""
    return [StreamUnpublished(participant=data.participant, stream=ALL_STREAMS)]


def _ended(_data: RoomData, _: Platform) -> list[Data]:
    return [RoomEnded(reason="destroyed")]


def _moderated(data: RoomData, _: Platform) -> list[Data]:
    if data.mid is None or data.moderation not in _MUTED:
        raise ValueError("no stream, or neither muted nor unmuted")
    return [StreamUpdated(participant=data.participant, stream=data.stream(data.mid), muted=_MUTED[data.moderation])]


_MUTED: Final = {"muted": True, "unmuted": False}

READERS: Final[dict[str, Reader]] = {
    "joined": _joined,
    "leaving": _left,
    "kicked": _kicked,
    "published": _publishes,
    "updated": _publishes,
    "unpublished": _unpublished,
    "destroyed": _ended,
    "moderated": _moderated,
}
WITHOUT_PERSON: Final = frozenset({"destroyed"})
NOISE: Final = frozenset(
    # A room without people is nothing to moderate.
    {"created", "edited", "configured", "rtp_forward", "stop_rtp_forward"}
    # Who watches or hears whom, and how well.
    | {"subscribing", "subscribed", "unsubscribed", "switched", "talking", "stopped-talking"}
)


def is_noise(data: Mapping[str, object]) -> bool:
    """Whether there is nothing in this event for us. Looked at before its members are, which differ a lot."""
    return str(data.get("event") or data.get("videoroom")) in NOISE


def facts_of(data: RoomData, platform: Platform) -> list[Data] | None:
    """The facts in one event; None when this version does not know it. ValueError when it makes no sense.

    `platform` is kept with a join, for commands about that participant.
    """
    reader = READERS.get(data.name)
    if reader is None:
        return None
    if data.id is None and data.name not in WITHOUT_PERSON:
        if data.name == "updated":  # of a subscription: only with an id is it about a publisher
            return []
        raise ValueError("nobody is named")
    return reader(data, platform)
