"""What an extension, or an end, does to each of the rooms it is meant for. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from moderator.client.texts import clock_time, safe
from moderator.desktop.durations import amount
from moderator.desktop.orders.availability import objection
from moderator.desktop.orders.extending import USUAL_S, booking, runs_into, step_s
from moderator.desktop.orders.intents import Intent
from moderator.desktop.viewing_words import looking_words
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import tr


class ExtendOrder(Struct, frozen=True):
    """So many seconds more, or less, for each of these rooms; or an end, for one that has none."""

    rooms: tuple[RoomKey, ...]
    seconds: int = 0
    ends_at: int = 0
    """Milliseconds since the epoch, UTC; 0 where seconds are added."""
    into_next: bool = False
    """It was said that it runs into the next appointment of one of them."""


class Preview(Struct, frozen=True):
    """One room: its new end, or why it gets none."""

    room: RoomKey
    name: str
    text: str
    possible: bool
    into: str = ""
    """The next appointment of the room, where the new end is later than its beginning."""


def previews(rooms: Iterable[Room], order: ExtendOrder, now_ms: int) -> tuple[Preview, ...]:
    """Each room with its end after that."""
    return tuple(_preview(room, order, now_ms) for room in rooms)


def _preview(room: Room, order: ExtendOrder, now_ms: int) -> Preview:
    wish = Intent(action="extend", room=room.key, seconds=order.seconds, ends_at=order.ends_at)
    refused = objection(wish, room)
    why = refused.brief if refused else _too_short(room, order.seconds, now_ms)
    into = "" if why else _into(room, order)
    text = why or _new_end(room, order)
    if into:
        text = tr("{end}, into {appointment}").format(end=text, appointment=into)
    return Preview(room.key, safe(room.name or room.room), text, not why, into)


def _into(room: Room, order: ExtendOrder) -> str:
    if order.seconds < 0:
        return ""
    ends_at = order.ends_at if room.deadline is None else room.deadline.ends_at + order.seconds * 1000
    booked = runs_into(room, ends_at)
    return safe(booked.name) if booked else ""


def _new_end(room: Room, order: ExtendOrder) -> str:
    if room.deadline is None:
        return tr("no end → {time}").format(time=clock_time(order.ends_at, with_seconds=False))
    ends_at, seconds = room.deadline.ends_at, order.seconds
    old, new = (clock_time(at, with_seconds=seconds % 60 != 0) for at in (ends_at, ends_at + seconds * 1000))
    return tr("{old} → {new}").format(old=old, new=new)


def _too_short(room: Room, seconds: int, now_ms: int) -> str:
    """Why so much cannot be taken away: nothing would be left."""
    left_s = (room.deadline.ends_at - now_ms) // 1000 if room.deadline else 0
    if room.deadline is None or seconds >= 0 or left_s + seconds > 0:
        return ""
    return tr("only {amount} left").format(amount=amount(left_s)) if left_s > 0 else tr("its time is up")


def presets(rooms: Sequence[Room]) -> tuple[int, ...]:
    """Seconds to offer: the first room's own step, its double and its triple."""
    step = next((step_s(room) for room in rooms if room.limits), 0) or USUAL_S
    return (step, 2 * step, 3 * step)


def facts(room: Room, now_ms: int, me_id: str) -> tuple[str, ...]:
    """What is good to know before a room gets more time, a sentence each: who moved its end last, what comes next in
    it, and who else looks at it.
    """
    booked = room.next_appointment
    found = (_last_change(room, me_id), booking(booked) if booked else "", looking_words(room, now_ms, me_id))
    return tuple(one for one in found if one)


def _last_change(room: Room, me_id: str) -> str:
    deadline = room.deadline
    if deadline is None or not deadline.changed_by or not deadline.moved_ms:
        return ""
    if deadline.changed_by == me_id:
        words = tr("You added {amount} at {time}.") if deadline.moved_ms > 0 else tr("You took {amount} off at {time}.")
    elif deadline.moved_ms > 0:
        words = tr("{who} added {amount} at {time}.")
    else:
        words = tr("{who} took {amount} off at {time}.")
    return words.format(
        who=safe(deadline.changed_by_name or deadline.changed_by),
        amount=amount(abs(deadline.moved_ms) // 1000),
        time=clock_time(deadline.changed_at, with_seconds=False),
    )
