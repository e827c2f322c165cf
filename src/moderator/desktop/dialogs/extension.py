"""What an extension does to each of the rooms it is meant for. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from moderator.client.texts import clock_time, safe
from moderator.desktop.durations import amount
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room


class ExtendOrder(Struct, frozen=True):
    """So many seconds more for each of these rooms."""

    rooms: tuple[RoomKey, ...]
    seconds: int


class Preview(Struct, frozen=True):
    """One room: its new end, or why it gets none."""

    room: RoomKey
    name: str
    text: str
    possible: bool


def previews(rooms: Iterable[Room], seconds: int) -> tuple[Preview, ...]:
    """Each room with its end after the extension."""
    return tuple(_preview(room, seconds) for room in rooms)


def _preview(room: Room, seconds: int) -> Preview:
    why = _refusal(room, seconds)
    text = why or _new_end(room, seconds)
    return Preview(room.key, safe(room.name or room.room), text, not why)


def _new_end(room: Room, seconds: int) -> str:
    ends_at = room.deadline.ends_at if room.deadline else 0
    old, new = (clock_time(at, with_seconds=seconds % 60 != 0) for at in (ends_at, ends_at + seconds * 1000))
    return f"{old} → {new}"


def _refusal(room: Room, seconds: int) -> str:
    if room.state == "ended":
        return "has ended"
    extend = room.capabilities.get("extend")
    if extend is not None and extend.by is None:
        return extend.why or "cannot be extended"
    if room.deadline is None:
        return "has no deadline"
    allowance_ms = room.deadline.allowance_ms
    if allowance_ms is None or seconds * 1000 <= allowance_ms:
        return ""
    return f"at most {amount(allowance_ms // 1000)} may be added" if allowance_ms >= 1000 else "nothing may be added"


def presets(rooms: Sequence[Room]) -> tuple[int, ...]:
    """Seconds to offer: the first room's own step, its double and its triple."""
    limits = next((room.limits for room in rooms if room.limits), None)
    step_s = limits.extension_step_ms // 1000 if limits and limits.extension_step_ms >= 1000 else 300
    return (step_s, 2 * step_s, 3 * step_s)
