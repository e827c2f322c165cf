"""What happened in a room, as rows: time, icon, sentence. Pure: no Qt."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from moderator.client.sentences import headline
from moderator.client.texts import clock_time
from moderator.desktop.room.people_list import MEDIA
from moderator.desktop.room_status import Level
from moderator.domain.events import Event, ParticipantJoined, StreamPublished, StreamUpdated
from moderator.domain.rooms import Room
from moderator.language import tr


class Sign(Struct, frozen=True, gc=False):
    """An icon of `resources/icons`, and how much such news matters."""

    icon: str
    level: Level = "normal"


_OTHER: Final = Sign("info")
_SIGNS: Final[dict[str, Sign]] = {
    "room_started": Sign("door-open"),
    "room_ended": Sign("circle-check"),
    "participant_joined": Sign("log-in"),
    "participant_updated": Sign("user"),
    "participant_left": Sign("log-out"),
    "stream_published": Sign("radio"),
    "stream_updated": Sign("mic"),
    "stream_unpublished": Sign("radio"),
    "source_restarted": Sign("refresh-cw"),
    "deadline_set": Sign("clock"),
    "deadline_extended": Sign("timer"),
    "deadline_cleared": Sign("clock"),
    "warning_raised": Sign("bell", "warn"),
    "warning_acknowledged": Sign("circle-check"),
    "time_expired": Sign("alarm-clock", "critical"),
    "violation_found": Sign("user-x", "critical"),
    "violation_cleared": Sign("user-check"),
    "person_allowed": Sign("user-check"),
    "person_blocked": Sign("ban"),
    "person_readmitted": Sign("user-check"),
    "room_claimed": Sign("hand"),
    "room_released": Sign("hand"),
    "room_locked": Sign("lock"),
    "room_unlocked": Sign("lock-open"),
    "room_announced": Sign("calendar-clock"),
    "announcement_withdrawn": Sign("calendar-x"),
    "room_opened": Sign("door-open"),
    "credentials_issued": Sign("ticket"),
    "credentials_refused": Sign("ban", "warn"),
    "escalation_sent": Sign("megaphone", "warn"),
    "disconnect_requested": Sign("user-minus"),
    "disconnect_confirmed": Sign("user-minus"),
    "mute_requested": Sign("mic-off"),
    "mute_confirmed": Sign("mic-off"),
    "stream_stop_requested": Sign("screen-share"),
    "stream_stop_confirmed": Sign("screen-share"),
    "room_end_requested": Sign("circle-x"),
    "room_end_confirmed": Sign("circle-x"),
    "message_requested": Sign("message-square"),
    "message_confirmed": Sign("message-square"),
    "room_reconciled": Sign("refresh-cw"),
    "source_silent": Sign("wifi-off", "warn"),
    "source_recovered": Sign("circle-check"),
}
_FAILED: Final = Sign("circle-alert", "critical")


def sign_of(event: Event) -> Sign:
    """The sign of an event, also of a kind that this version does not know."""
    match event.data:
        case StreamPublished(kind=medium):
            return Sign(MEDIA[medium].icon)
        case StreamUpdated(muted=True):
            return Sign("mic-off")
    return _FAILED if event.kind.endswith("_failed") else _SIGNS.get(event.kind, _OTHER)


class TimelineRow(Struct, frozen=True, gc=False):
    """One event."""

    id: str
    at: int
    """What is shown: the platform's own time of what it reported, else the gateway's."""
    moment: int
    """When it happened, as exactly as that is known."""
    seq: int
    place: int
    """Where it stands among the events that came with it."""
    sign: Sign
    text: str
    late: bool

    @property
    def order(self) -> tuple[int, int, int]:
        """Newest is greatest: by the time, for a time out of order reads as a fault; then as the log has it."""
        return (self.moment, self.seq, self.place)

    @property
    def time(self) -> str:
        """The local time of day."""
        return clock_time(self.at)

    @property
    def spoken(self) -> str:
        """The row for a screen reader."""
        words = tr("{time}, {sentence}, reported late") if self.late else tr("{time}, {sentence}")
        return words.format(time=self.time, sentence=self.text)


def timeline_row(event: Event, room: Room | None, place: int = 0) -> TimelineRow:
    """The row of an event; `room` as it is now, for names."""
    at, text = event.at or event.recorded_at, headline(event, room)
    return TimelineRow(event.id, at, _moment(event, room), event.seq, place, sign_of(event), text, event.late)


def _moment(event: Event, room: Room | None) -> int:
    """Some platforms date in whole seconds: within that second it was just before it was recorded, as near as can be
    told, so that a command stands before its effect; and nobody does anything before they have joined.
    """
    at = event.at or event.recorded_at
    if at % 1000 or isinstance(event.data, ParticipantJoined):
        return at
    stay = room.participant(getattr(event.data, "participant", "")) if room else None
    earliest = max(at, stay.joined_at + 1) if stay else at
    return min(max(earliest, event.recorded_at), at + 999)


def newest_first(rows: Iterable[TimelineRow]) -> list[TimelineRow]:
    """Each event once; what was reported late stands where it happened."""
    once = {row.id: row for row in rows}
    return sorted(once.values(), key=lambda row: row.order, reverse=True)
