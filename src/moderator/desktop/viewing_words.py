"""Which other moderators look at a room, and who has acknowledged its warning, in words. Pure."""

from moderator.client.texts import safe
from moderator.domain.rooms import Room
from moderator.domain.viewing import viewers
from moderator.language import ntr, tr


def others_looking(room: Room, now_ms: int, me_id: str) -> tuple[str, ...]:
    """The names of the other moderators who look at the room now, who came first before; safe to show."""
    return tuple(safe(one.name or one.id) for one in viewers(room, now_ms, but=me_id))


def looking_words(room: Room, now_ms: int, me_id: str) -> str:
    """`Ana is looking at this room too.`; empty where nobody else is."""
    names = others_looking(room, now_ms, me_id)
    if not names:
        return ""
    if len(names) == 1:
        return tr("{name} is looking at this room too.").format(name=names[0])
    if len(names) == 2:
        return tr("{first} and {second} are looking at this room too.").format(first=names[0], second=names[1])
    more = len(names) - 1
    words = ntr(
        "{first} and {count} other are looking at this room too.",
        "{first} and {count} others are looking at this room too.",
        more,
    )
    return words.format(first=names[0], count=more)


def acknowledged_words(room: Room, me_id: str) -> str:
    """`Ana has acknowledged the warning.`: of the last one that is still true; empty where nobody has."""
    version = room.deadline.version if room.deadline and room.state == "live" else None
    current = [one for one in room.warnings if one.deadline_version == version]
    tightest = min(current, key=lambda one: one.threshold_ms, default=None)
    if tightest is None or tightest.acknowledged_by is None:
        return ""
    if tightest.acknowledged_by == me_id:
        return tr("You have acknowledged the warning.")
    who = safe(tightest.acknowledged_by_name or tightest.acknowledged_by)
    return tr("{name} has acknowledged the warning.").format(name=who)
