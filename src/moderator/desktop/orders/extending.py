"""More time for rooms: how much is usual, what it runs into, and what is told while a platform that keeps the end is
asked. Pure."""

from collections.abc import Callable, Sequence
from typing import Final

from moderator.client.texts import clock_time, platform_name, safe
from moderator.desktop.durations import amount
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.orders.together import KEY
from moderator.domain.announcements import Appointment
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import ntr, tr

USUAL_S: Final = 300
"""Of a room without a type."""


def step_s(room: Room) -> int:
    """Seconds that one key adds."""
    return room.limits.extension_step_ms // 1000 if room.limits else USUAL_S


def runs_into(room: Room, ends_at: int) -> Appointment | None:
    """The next appointment of the room, where this new end would take time from it that it still has."""
    booked = room.next_appointment
    if booked is None or ends_at <= booked.starts_at:
        return None
    return None if is_in_next(room) else booked


def is_in_next(room: Room) -> bool:
    """Whether its time goes beyond the beginning of its next appointment already: somebody decided that."""
    booked, deadline = room.next_appointment, room.deadline
    return booked is not None and deadline is not None and deadline.ends_at > booked.starts_at


def booking(appointment: Appointment) -> str:
    """`appt-18 begins at 11:00 in this room.`"""
    words = tr("{appointment} begins at {time} in this room.")
    return words.format(appointment=safe(appointment.name), time=clock_time(appointment.starts_at, with_seconds=False))


def wanted_end(intent: Intent, room: Room) -> int | None:
    """The end that a wish for more time leads to; None where there is nothing to add to."""
    if intent.ends_at or room.deadline is None:
        return intent.ends_at or None
    return room.deadline.ends_at + 1000 * (intent.seconds or step_s(room))


def asking(intents: Sequence[Intent], find: Callable[[RoomKey], Room | None]) -> Notice | None:
    """`Asking Stream for 5 min more…`, for the seconds until the platform answers; None where none is asked.

    The outcome of the same wish takes its place.
    """
    asked = [(one, room) for one in intents if one.action == "extend" and (room := _asked_about(one, find))]
    if not asked:
        return None
    if len(intents) > 1:
        words = ntr(
            "Asking {platform} about {asked} of {count} room\u2026",
            "Asking {platform} about {asked} of {count} rooms\u2026",
            len(intents),
        )
        text = words.format(platform=platform_name(asked[0][1].provider), asked=len(asked), count=len(intents))
        return Notice(tone="info", text=text, key=KEY)
    ((intent, room),) = asked
    return Notice(tone="info", text=_asking_words(intent, room), key=f"extend {intent.room}")


def _asked_about(intent: Intent, find: Callable[[RoomKey], Room | None]) -> Room | None:
    """The room, where its platform has to be asked."""
    room = find(intent.room) if intent.room else None
    return room if room and room.deadline_is_platforms else None


def _asking_words(intent: Intent, room: Room) -> str:
    seconds = intent.seconds or step_s(room)
    words = tr("{room}: asking {platform} for {amount} more\u2026")
    if intent.ends_at:
        words = tr("{room}: asking {platform} to end at {time}\u2026")
    elif seconds < 0:
        words = tr("{room}: asking {platform} for {amount} less\u2026")
    return words.format(
        room=safe(room.name),
        platform=platform_name(room.provider),
        amount=amount(abs(seconds)),
        time=clock_time(intent.ends_at, with_seconds=False),
    )
