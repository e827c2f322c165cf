"""What an extension, or an end, does to each of the rooms it is meant for. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from moderator.client.texts import clock_time, safe
from moderator.desktop.durations import amount
from moderator.desktop.extending import USUAL_S, runs_into, step_s
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room


class ExtendOrder(Struct, frozen=True):
    """So many seconds more for each of these rooms; or an end, for one that has none."""

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


def previews(rooms: Iterable[Room], order: ExtendOrder) -> tuple[Preview, ...]:
    """Each room with its end after that."""
    return tuple(_preview(room, order) for room in rooms)


def _preview(room: Room, order: ExtendOrder) -> Preview:
    why = _refusal(room, order)
    into = "" if why else _into(room, order)
    text = why or _new_end(room, order) + (f", into {into}" if into else "")
    return Preview(room.key, safe(room.name or room.room), text, not why, into)


def _into(room: Room, order: ExtendOrder) -> str:
    ends_at = order.ends_at if room.deadline is None else room.deadline.ends_at + order.seconds * 1000
    booked = runs_into(room, ends_at)
    return safe(booked.name) if booked else ""


def _new_end(room: Room, order: ExtendOrder) -> str:
    if room.deadline is None:
        return f"no end → {clock_time(order.ends_at, with_seconds=False)}"
    ends_at, seconds = room.deadline.ends_at, order.seconds
    old, new = (clock_time(at, with_seconds=seconds % 60 != 0) for at in (ends_at, ends_at + seconds * 1000))
    return f"{old} → {new}"


def _refusal(room: Room, order: ExtendOrder) -> str:
    if room.state == "ended":
        return "has ended"
    extend = room.capabilities.get("extend")
    if extend is not None and extend.by is None:
        return extend.why or "cannot be extended"
    if room.deadline is None:
        return "" if order.ends_at else "has no deadline"
    if order.ends_at:
        return "has a deadline by now"
    allowance_ms = room.deadline.allowance_ms
    if allowance_ms is None or order.seconds * 1000 <= allowance_ms:
        return ""
    return f"at most {amount(allowance_ms // 1000)} may be added" if allowance_ms >= 1000 else "nothing may be added"


def presets(rooms: Sequence[Room]) -> tuple[int, ...]:
    """Seconds to offer: the first room's own step, its double and its triple."""
    step = next((step_s(room) for room in rooms if room.limits), 0) or USUAL_S
    return (step, 2 * step, 3 * step)
