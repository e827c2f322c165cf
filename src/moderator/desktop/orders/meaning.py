"""What a wish means on the picture as it is: one key claims and releases, locks and unlocks, adds time or sets an end.
Pure; nothing is refused here (`moderator.desktop.orders.availability` does)."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from moderator.desktop.orders.extending import runs_into, wanted_end
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room

Find = Callable[[RoomKey], Room | None]
Intents = tuple[Intent, ...]
_IS_DONE: Final[dict[ActionName, tuple[Callable[[Room, str], bool], ActionName]]] = {
    "claim": (lambda room, me_id: bool(me_id) and room.owner is not None and room.owner.id == me_id, "release"),
    "lock": (lambda room, _: room.locked is not None, "unlock"),
}
"""Where it is done already, and what the same key does where it is done everywhere."""


def meant(intents: Intents, find: Find, me_id: str) -> Intents:
    """The wishes that are meant: for the rooms of which it is not true yet, or the way back.

    Where there is no end to move, one has to be chosen; where it takes time from the next appointment of the room, that
    has to be seen first.
    """
    if (intents and all(_needs_an_end(one, find) for one in intents)) or any(
        _needs_a_look(one, find) for one in intents
    ):
        return tuple(replace(one, action="extend_custom") for one in intents)
    actions = {one.action for one in intents}
    if len(actions) == 1 and (toggle := _IS_DONE.get(next(iter(actions)))):
        is_done, back = toggle
        others = tuple(one for one in intents if not ((room := _room(one, find)) and is_done(room, me_id)))
        return others or tuple(replace(one, action=back) for one in intents)
    return intents


def _needs_an_end(intent: Intent, find: Find) -> bool:
    room = _room(intent, find)
    is_open = intent.action == "extend" and not intent.seconds and not intent.ends_at
    return is_open and room is not None and room.deadline is None


def _needs_a_look(intent: Intent, find: Find) -> bool:
    room = _room(intent, find) if intent.action == "extend" else None
    ends_at = wanted_end(intent, room) if room and not intent.into_next else None
    return room is not None and ends_at is not None and runs_into(room, ends_at) is not None


def _room(intent: Intent, find: Find) -> Room | None:
    return find(intent.room) if intent.room else None
