"""That somebody else moved the end of a room just before: a second extension is then a question. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.client.texts import safe
from moderator.desktop.durations import amount
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.domain.rooms import Room
from moderator.language import ntr, tr

JUST_NOW_MS: Final = 10_000
"""So long after somebody else moved the end, one key more does not move it again."""


class Change(Struct, frozen=True, kw_only=True):
    """Who moved the end of a room last, by how much, and how long ago."""

    who: str
    moved_ms: int
    version: int
    ago_ms: int = 0


def recent_change(room: Room, me_id: str, now_ms: int) -> Change | None:
    """What somebody else did to the end within the last ten seconds; None where nobody else did anything."""
    deadline = room.deadline
    if deadline is None or not deadline.moved_ms or deadline.changed_by in ("", me_id):
        return None
    ago_ms = max(0, now_ms - deadline.changed_at)
    who = safe(deadline.changed_by_name or deadline.changed_by)
    if ago_ms >= JUST_NOW_MS:
        return None
    return Change(who=who, moved_ms=deadline.moved_ms, version=deadline.version, ago_ms=ago_ms)


def told_change(members: Mapping[str, Any], now_ms: int) -> Change:
    """The same out of the gateway's refusal of an order that came too late."""
    deadline = members.get("deadline")
    told: Mapping[str, Any] = deadline if isinstance(deadline, dict) else {}
    who = safe(str(members.get("changed_by_name") or members.get("changed_by") or "")) or tr("Somebody else")
    changed_at = _number(told, "changed_at")
    ago_ms = max(0, now_ms - changed_at) if changed_at else 0
    return Change(who=who, moved_ms=_number(told, "moved_ms"), version=_number(told, "version"), ago_ms=ago_ms)


def question(room: str, intent: Intent, seconds: int, change: Change) -> Notice:
    """`Ana added 5 min 2 s ago. Add 5 min more?` Whoever says yes means the end as it is now, and no later one."""
    asked = tr("Add {amount} more?") if seconds > 0 else tr("Take {amount} off all the same?")
    yes = tr("Add {amount} more") if seconds > 0 else tr("Take off anyway")
    wanted = amount(abs(seconds))
    meant = (replace(intent, version=change.version),)
    return Notice(
        tone="info",
        text=f"{_what_happened(room, change)} {asked.format(amount=wanted)}",
        action=yes.format(amount=wanted),
        intents=meant,
        again=meant,
        asks=True,
        key=f"extend {intent.room}",
    )


def _what_happened(room: str, change: Change) -> str:
    """A whole sentence."""
    ago_s = change.ago_ms // 1000
    if change.moved_ms > 0:
        just_now = tr("{room}: {who} added {amount} just now.")
        before = ntr(
            "{room}: {who} added {amount} {count} s ago.", "{room}: {who} added {amount} {count} s ago.", ago_s
        )
    elif change.moved_ms < 0:
        just_now = tr("{room}: {who} took {amount} off just now.")
        before = ntr(
            "{room}: {who} took {amount} off {count} s ago.", "{room}: {who} took {amount} off {count} s ago.", ago_s
        )
    else:
        just_now = tr("{room}: {who} changed the end just now.")
        before = ntr(
            "{room}: {who} changed the end {count} s ago.", "{room}: {who} changed the end {count} s ago.", ago_s
        )
    words = before if 0 < ago_s < JUST_NOW_MS * 6 // 1000 else just_now
    return words.format(room=room, who=change.who, amount=amount(abs(change.moved_ms) // 1000), count=ago_s)


def _number(members: Mapping[str, Any], name: str) -> int:
    found = members.get(name)
    return found if isinstance(found, int) else 0
