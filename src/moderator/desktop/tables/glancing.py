"""A room as it is seen in its row at this moment. No Qt."""

from typing import NamedTuple, Protocol

from moderator.client.me import Me
from moderator.desktop.orders.availability import why_not
from moderator.desktop.orders.extending import step_s
from moderator.desktop.orders.intents import Intent
from moderator.desktop.room_status import room_status
from moderator.desktop.tables.columns import Glance
from moderator.desktop.viewing_words import others_looking
from moderator.domain.rooms import Room


class Moment(Protocol):
    """What depends on when it is, and who looks."""

    me: Me | None

    def now_ms(self) -> int: ...
    def staleness(self, room: Room) -> str: ...


class Reading(NamedTuple):
    """All that what stands in a row depends on."""

    room: Room
    left_s: int | None
    stale: str
    mark: str
    me: str
    scopes: tuple[str, ...]
    others: bool
    """Somebody else looks at it; they are believed for a while only."""
    over: bool
    """The room ended or is gone, and its row is only held."""


def reading(room: Room, mark: str, moment: Moment, *, over: bool) -> Reading:
    """As long as this is the same, the row is; it costs less than a glance."""
    me, stale, left = moment.me, moment.staleness(room), left_s(room, moment)
    id_, scopes = (me.id, me.scopes) if me else ("", ())
    others = bool(room.viewers) and bool(others_looking(room, moment.now_ms(), id_))
    return Reading(room, left, stale, mark, id_, scopes, others, over)


def left_s(room: Room, moment: Moment) -> int | None:
    """The whole seconds that are left, below zero when time is up; None without an end."""
    return (room.deadline.ends_at - moment.now_ms()) // 1000 if room.deadline else None


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
