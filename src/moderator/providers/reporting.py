"""What a delivery tells, as events of its source. Their ids derive from what is told, so that a repeat is none more.

How a platform writes its deliveries is not known here.
"""

from typing import Final

import msgspec

from moderator.domain.events import Actor, Event, ProviderEventUnknown
from moderator.domain.ids import InstanceId, RoomId, SourceName, derive_event_id
from moderator.domain.kinds import Data


class NotUnderstoodError(Exception):
    """Why something in a delivery becomes a notice, in a few words of our own."""


UNREADABLE: Final = (msgspec.MsgspecError, NotUnderstoodError, ValueError, OverflowError, RecursionError)
"""All that reading a delivery may raise."""
MAX_PROBLEM: Final = 200


def problem_of(error: Exception) -> str:
    """What is wrong with a delivery. msgspec's messages name types and places, ours are our own: neither quotes it."""
    return str(error)[:MAX_PROBLEM]


class Reporter:
    """Makes the events of one source."""

    def __init__(self, source: str, provider: str) -> None:
        self._source = SourceName(source)
        self._actor = Actor("provider", provider)

    def fact(self, room: str, at: int, data: Data, instance: str | None = None) -> Event:
        """The same fact is the same event, whichever delivery told it. `at` is in the platform's milliseconds."""
        content = msgspec.json.encode(data)
        return Event(
            id=derive_event_id(self._source, room, instance, type(data).__name__, at, content),
            source=self._source,
            room=RoomId(room),
            instance=None if instance is None else InstanceId(instance),
            at=at,
            actor=self._actor,
            data=data,
        )

    def notice(
        self, notice: ProviderEventUnknown, received_at: int, delivered: bytes | str, room: str | None = None
    ) -> Event:
        """What is kept for people, in the timeline of its room.

        `delivered` tells one delivery from the next: its content, or the id that its retries have too.
        """
        return Event(
            id=derive_event_id(self._source, "notice", delivered),
            source=self._source,
            room=None if room is None else RoomId(room),
            at=received_at,
            actor=self._actor,
            data=notice,
        )
