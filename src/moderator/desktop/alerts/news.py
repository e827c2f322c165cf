"""Alerts about no room in particular: what other moderators did just now, that automatic disconnects are paused, and
that a platform's events do not come. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from moderator.client.me import Me
from moderator.client.texts import safe
from moderator.desktop.alerts.alert import Alert, AlertAction
from moderator.desktop.durations import amount
from moderator.desktop.intents import Intent
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Source
from moderator.domain.state import Hold

KEPT_MS: Final = 5 * 60_000
MOST: Final = 5
LET_GO_ON: Final = "Let them go on"
"""What a moderator says who has looked at why policies were held."""
_DONE: Final = {
    "deadline_extended": "{by} extended {rooms}",
    "deadline_set": "{by} set the end of {rooms}",
    "room_end_requested": "{by} ends {rooms}",
    "disconnect_requested": "{by} disconnects people in {rooms}",
    "person_allowed": "{by} let people in to {rooms}",
    "room_locked": "{by} locked {rooms}",
    "room_unlocked": "{by} unlocked {rooms}",
}


class Item(Struct, frozen=True):
    """What somebody did to one room."""

    id: str
    kind: str
    by: str
    room: RoomKey
    title: str
    at: int


def heard(
    events: Iterable[Event], me: Me | None, names: dict[RoomKey, str], before: Sequence[Item], now_ms: int
) -> tuple[Item, ...]:
    """The items so far with those of these events, newest first, without old ones. Our own doings are no news."""
    told = [
        Item(event.id, event.kind, event.actor.name or event.actor.id, key, names.get(key, key.room), event.recorded_at)
        for event in events
        if event.kind in _DONE and event.actor.kind == "moderator" and (key := event.key) is not None
        if me is None or event.actor.id != me.id
    ]
    known = {one.id for one in before}
    items = [*(one for one in reversed(told) if one.id not in known), *before]
    return tuple(one for one in items if now_ms - one.at < KEPT_MS)


def news_alerts(items: Sequence[Item]) -> tuple[Alert, ...]:
    """What one person did to several rooms is one alert; the newest few."""
    together: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        together.setdefault((item.by, item.kind), []).append(item)
    return tuple(_told(same) for same in list(together.values())[:MOST])


def hold_alerts(hold: Hold | None) -> tuple[Alert, ...]:
    """That automatic disconnects are paused, as long as they are."""
    if hold is None:
        return ()
    by_policy = is_by_policy(hold)
    alert = Alert(
        id=f"hold {hold.since}",
        kind="hold",
        level="critical" if by_policy else "warn",
        icon="hand",
        title="Automatic disconnects are held" if by_policy else "Disconnects are paused",
        text=held_words(hold),
        moment=hold.since,
        reckoning="at",
        actions=(AlertAction(LET_GO_ON if by_policy else "Resume", (Intent(action="resume"),)),),
    )
    return (alert,)


def is_by_policy(hold: Hold) -> bool:
    """Whether nobody paused them, but there were too many at once: then somebody has to look."""
    return hold.by == "policy"


def held_words(hold: Hold) -> str:
    """Who paused automatic disconnects and why, and what that means."""
    reason = safe(hold.reason.strip().rstrip("."))
    if is_by_policy(hold):
        return f"{reason[:1].upper()}{reason[1:] or 'Too many at once'}. Nobody is disconnected automatically."
    return f"By {safe(hold.by)}{f': {reason}' if reason else ''}. Nobody is disconnected automatically."


def silence_alerts(sources: Iterable[Source], now_ms: int) -> Iterator[Alert]:
    """That a source's webhooks do not come, as long as it is so; dismissed, it stays away until they came again."""
    for source in sources:
        if source.state == "silent":
            yield _silent(source, now_ms)


def _silent(source: Source, now_ms: int) -> Alert:
    minutes = (now_ms - source.heard_at) // 60_000 if source.heard_at else 0
    detail = source.detail or "webhooks may be switched off"
    return Alert(
        id=f"silence {source.source} {source.heard_at}",
        kind="silence",
        level="warn",
        icon="wifi-off",
        title=f"No events from {safe(source.source)}{f' for {amount(minutes * 60)}' if minutes > 0 else ''}",
        text=safe(detail[:1].upper() + detail[1:]) + ".",
        moment=source.heard_at or 0,
        reckoning="at",
    )


def _told(same: Sequence[Item]) -> Alert:
    newest = same[0]
    rooms = list(dict.fromkeys(safe(one.title) for one in same))
    title = _DONE[newest.kind].format(by=safe(newest.by), rooms="1 room" if len(rooms) == 1 else f"{len(rooms)} rooms")
    return Alert(
        id=f"news {newest.id}",
        kind="news",
        level="info",
        icon="info",
        title=title,
        text=", ".join(rooms),
        moment=newest.at,
        reckoning="at",
        room=newest.room if len(rooms) == 1 else None,
    )
