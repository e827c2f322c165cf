"""Which moderators look at which room: each at one, the one they named last. Only people are told of it; no rule asks,
and a room's version does not move."""

from typing import Final

from msgspec.structs import replace

from moderator.domain.events import Event, ViewingStarted
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room, Viewer
from moderator.domain.settings import MINUTE_MS
from moderator.domain.state import State

SAID_AGAIN_MS: Final = 5 * MINUTE_MS
"""Who goes on looking says so every so often."""
BELIEVED_MS: Final = 2 * SAID_AGAIN_MS
"""Who has not said so for longer is not shown any more: the desktop was killed, or has lost its gateway."""


def viewed_by(state: State, moderator: str) -> list[RoomKey]:
    """The rooms that a moderator said to look at: one, or none."""
    return sorted(state.rooms.viewed_by(moderator))


def fold_viewing(state: State, key: RoomKey, event: Event) -> None:
    """Somebody looks at this room and no other, or at this one no more. Of an unknown room nothing is kept."""
    moderator = event.actor
    starts = isinstance(event.data, ViewingStarted)
    for left in viewed_by(state, moderator.id) if starts else [key] if key in state.rooms else []:
        _set(state, left, tuple(one for one in state.rooms[left].viewers if one.id != moderator.id))
    if starts and key in state.rooms:
        forget_viewers(state, key, event.recorded_at)
        viewer = Viewer(moderator.id, moderator.name, event.recorded_at)
        _set(state, key, (*state.rooms[key].viewers, viewer))


def forget_viewers(state: State, key: RoomKey, now_ms: int) -> None:
    """Who is not shown any more need not be known either."""
    found = state.rooms[key].viewers
    young = tuple(one for one in found if now_ms - one.at < BELIEVED_MS)
    if young != found:
        _set(state, key, young)


def viewers(room: Room, now_ms: int, *, but: str = "") -> tuple[Viewer, ...]:
    """Who looks at the room now, oldest first, without the moderator of the id `but`."""
    return tuple(one for one in room.viewers if one.id != but and now_ms - one.at < BELIEVED_MS)


def _set(state: State, key: RoomKey, found: tuple[Viewer, ...]) -> None:
    state.rooms[key] = replace(state.rooms[key], viewers=found)
    state.forget_views(key)
