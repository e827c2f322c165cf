"""A room as it is seen in its row at this moment. No Qt."""

from typing import Protocol

from moderator.client.me import Me
from moderator.desktop.orders.availability import why_not
from moderator.desktop.orders.extending import step_s
from moderator.desktop.orders.intents import Intent
from moderator.desktop.room_status import room_status
from moderator.desktop.tables.columns import Glance
from moderator.domain.rooms import Room


class Moment(Protocol):
    """What depends on when it is, and who looks."""

    me: Me | None

    def now_ms(self) -> int: ...
    def staleness(self, room: Room) -> str: ...


def glance(room: Room, mark: str, moment: Moment) -> Glance:
    """The room as it is, or was last; `mark` tells it from another of the same name."""
    stale, now_ms, me = moment.staleness(room), moment.now_ms(), moment.me
    wish = Intent(action="extend", room=room.key, seconds=step_s(room))
    return Glance(
        room=room,
        status=room_status(room, now_ms, stale=stale),
        now_ms=now_ms,
        me=me.id if me else "",
        mark=mark,
        why_not_extend=why_not(wish, room, me, stale=bool(stale)),
    )
