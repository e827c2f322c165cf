"""What a webhook says, as facts. Pure, and knows nothing of deliveries or HTTP.

A participant's `sid` is never taken again, so a late leave of an old connection cannot touch a new one. Webhooks are
dated in whole seconds (`createdAt`); joins and tracks say more exactly when they began.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from msgspec import Struct

from moderator.domain.events import ParticipantLeft, StreamPublished, StreamUnpublished
from moderator.domain.kinds import Data
from moderator.domain.presence import ALL_STREAMS, EVERYBODY
from moderator.providers.identity import MAX_NAME, Identity
from moderator.providers.livekit.people import is_named, join_of, machine_in_words, stream_kind, stream_name
from moderator.providers.livekit.wire import DISCONNECT_REASONS, Participant, Track, WebhookEvent, name_of, time_ms
from moderator.providers.reporting import NotUnderstoodError

REMOVED: Final = frozenset({"PARTICIPANT_REMOVED", "ROOM_DELETED"})
"""Reasons that are somebody's doing."""
MOVED: Final = "MIGRATION"
_REASONS: Final = {
    "UNKNOWN_REASON": "",
    "CLIENT_INITIATED": "left",
    "DUPLICATE_IDENTITY": "the same identity joined again",
    "SERVER_SHUTDOWN": "the server shut down",
    "PARTICIPANT_REMOVED": "was removed",
    "ROOM_DELETED": "the room was ended",
    "STATE_MISMATCH": "the server had lost the session",
    "JOIN_FAILURE": "could not join",
    MOVED: "moved to another server",
    "SIGNAL_CLOSE": "the connection was closed",
    "ROOM_CLOSED": "the room closed",
    "USER_UNAVAILABLE": "did not answer the call",
    "USER_REJECTED": "refused the call",
    "SIP_TRUNK_FAILURE": "the telephone line failed",
    "CONNECTION_TIMEOUT": "the connection was lost",
    "MEDIA_FAILURE": "the media connection failed",
    "AGENT_ERROR": "the agent failed",
}
T = TypeVar("T")


class Told(Struct, frozen=True):
    """A fact and its time, by the platform's clock."""

    at: int
    data: Data


class Reading(Struct, frozen=True):
    """One event, being read."""

    event: WebhookEvent
    at: int
    """The beginning of the second in which the event was made."""
    identity: Identity | None

    def participant(self) -> Participant:
        """Raises NotUnderstoodError when nobody is named, or in a way that stands for something else here."""
        found = _there(self.event.participant, "participant")
        if not is_named(found):
            raise NotUnderstoodError("nobody is named")
        return found

    def track(self) -> Track:
        found = _there(self.event.track, "track")
        if not found.sid or found.sid == ALL_STREAMS:
            raise NotUnderstoodError("no track is named")
        return found


def facts_of(event: WebhookEvent, identity: Identity | None) -> list[Told] | None:
    """The facts in one event; None when there is none for it. Raises NotUnderstoodError when it makes no sense."""
    reader = _READERS.get(event.event)
    if reader is None:
        return None
    if not event.room.name:
        raise NotUnderstoodError("no room is named")
    return reader(Reading(event, _there(event.created_ms, "time"), identity))


# --- readers -------------------------------------------------------------------------------------------------------


def _joined(reading: Reading) -> list[Told]:
    participant = reading.participant()
    at = participant.joined_ms or reading.at
    return _never_there(participant, at) or [Told(at, join_of(participant, reading.identity))]


def _left(reading: Reading) -> list[Told]:
    participant = reading.participant()
    reason = name_of(participant.disconnect_reason, DISCONNECT_REASONS)
    left = ParticipantLeft(
        participant=participant.sid,
        reason=_words(reason),
        forced=reason in REMOVED,
        # Who moved goes on under the same sid: should lists show that, they are right.
        inferred=reason == MOVED,
    )
    joined = participant.joined_ms or 0
    return _never_there(participant, joined or reading.at) or [Told(max(reading.at, joined), left)]


def _aborted(reading: Reading) -> list[Told]:
    """Somebody's connection was never complete; or it was, and this server forgot. Lists know better."""
    participant = reading.participant()
    joined = participant.joined_ms or 0
    reason = _words(name_of(participant.disconnect_reason, DISCONNECT_REASONS)) or "the connection was not completed"
    left = ParticipantLeft(participant=participant.sid, reason=reason, inferred=True)
    return _never_there(participant, joined or reading.at) or [Told(max(reading.at, joined), left)]


def _published(reading: Reading) -> list[Told]:
    participant, track = reading.participant(), reading.track()
    data = StreamPublished(
        participant=participant.sid, stream=track.sid, kind=stream_kind(track), name=stream_name(track)
    )
    return [Told(_changed_ms(track, reading.at) or reading.at, data)]


def _unpublished(reading: Reading) -> list[Told]:
    participant, track = reading.participant(), reading.track()
    data = StreamUnpublished(participant=participant.sid, stream=track.sid)
    return [Told(max(_changed_ms(track, reading.at) or 0, reading.at), data)]


def _room_started(reading: Reading) -> list[Told]:
    """The first join says the same, and a room that was only created is nothing to moderate."""
    return []


def _room_finished(reading: Reading) -> list[Told]:
    """Nobody is in it any more. That happens 20 s after the last one left, and who comes back finds it open: no end."""
    return [Told(reading.at, ParticipantLeft(participant=EVERYBODY))]


_READERS: Final[dict[str, Callable[[Reading], list[Told]]]] = {
    "participant_joined": _joined,
    "participant_left": _left,
    "participant_connection_aborted": _aborted,
    "track_published": _published,
    "track_unpublished": _unpublished,
    "room_started": _room_started,
    "room_finished": _room_finished,
}


def _never_there(participant: Participant, since: int) -> list[Told]:
    """Of a machine: it left before it came. Empty for a person.

    Events of its tracks have only its sid, and would make a person of it. A sid that has left is never there again, so
    this takes their effect away, whichever comes first; nothing has to be remembered.
    """
    if not machine_in_words(participant):
        return []
    begin_of_second = since - since % 1000
    return [Told(begin_of_second - 1, ParticipantLeft(participant=participant.sid, machine=True))]


def _changed_ms(track: Track, at: int) -> int | None:
    """When the track was published, as far as it says so credibly: in the second of the event, or before it."""
    changed = time_ms(track.version.unix_micro, 0.001)
    return changed if changed is not None and changed < at + 1000 else None


def _words(reason: str) -> str:
    return _REASONS.get(reason, reason.replace("_", " ").lower())[:MAX_NAME]


def _there(value: T | None, what: str) -> T:
    if value is None:
        raise NotUnderstoodError(f"no {what} is named")
    return value
