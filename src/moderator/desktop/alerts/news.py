"""Alerts about no room in particular: what other moderators did just now, that automatic disconnects are paused, and
that a platform's events do not come. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from moderator.client.me import Me
from moderator.client.texts import safe
from moderator.desktop.alerts.alert import Alert, AlertAction, as_sentence
from moderator.desktop.durations import amount
from moderator.desktop.orders.intents import Intent
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Source
from moderator.domain.state import Hold
from moderator.language import marked, ntr, tr

KEPT_MS: Final = 5 * 60_000
MOST: Final = 5
LET_GO_ON: Final = marked("Let them go on")
"""What a moderator says who has looked at why policies were held."""
_DONE: Final[dict[str, Callable[[int], str]]] = {
    "deadline_extended": lambda n: ntr("{by} extended 1 room", "{by} extended {count} rooms", n),
    "deadline_set": lambda n: ntr("{by} set the end of 1 room", "{by} set the end of {count} rooms", n),
    "room_end_requested": lambda n: ntr("{by} ends 1 room", "{by} ends {count} rooms", n),
    "disconnect_requested": lambda n: ntr(
        "{by} disconnects people in 1 room", "{by} disconnects people in {count} rooms", n
    ),
    "person_allowed": lambda n: ntr("{by} let people in to 1 room", "{by} let people in to {count} rooms", n),
    "room_locked": lambda n: ntr("{by} locked 1 room", "{by} locked {count} rooms", n),
    "room_unlocked": lambda n: ntr("{by} unlocked 1 room", "{by} unlocked {count} rooms", n),
}
"""By the kind of the event; the count is of rooms."""


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
        title=tr("Automatic disconnects are held") if by_policy else tr("Disconnects are paused"),
        text=held_words(hold),
        moment=hold.since,
        reckoning="at",
        actions=(AlertAction(tr(LET_GO_ON) if by_policy else tr("Resume"), (Intent(action="resume"),)),),
    )
    return (alert,)


def is_by_policy(hold: Hold) -> bool:
    """Whether nobody paused them, but there were too many at once: then somebody has to look."""
    return hold.by == "policy"


def held_words(hold: Hold) -> str:
    """Who paused automatic disconnects and why, and what that means."""
    if is_by_policy(hold):
        held = as_sentence(hold.reason) or tr("Too many at once.")
    elif reason := safe(hold.reason.strip().rstrip(".")):
        held = tr("By {who}: {reason}.").format(who=safe(hold.by), reason=reason)
    else:
        held = tr("By {who}.").format(who=safe(hold.by))
    return tr("{held} Nobody is disconnected automatically.").format(held=held)


def silence_alerts(sources: Iterable[Source], now_ms: int) -> Iterator[Alert]:
    """That a source's webhooks do not come, as long as it is so; dismissed, it stays away until they came again."""
    for source in sources:
        if source.state == "silent":
            yield _silent(source, now_ms)


def _silent(source: Source, now_ms: int) -> Alert:
    minutes = (now_ms - source.heard_at) // 60_000 if source.heard_at else 0
    title = tr("No events from {source} for {time}") if minutes > 0 else tr("No events from {source}")
    return Alert(
        id=f"silence {source.source} {source.heard_at}",
        kind="silence",
        level="warn",
        icon="wifi-off",
        title=title.format(source=safe(source.source), time=amount(minutes * 60)),
        text=as_sentence(source.detail or "") or tr("Webhooks may be switched off."),
        moment=source.heard_at or 0,
        reckoning="at",
    )


def _told(same: Sequence[Item]) -> Alert:
    newest = same[0]
    rooms = list(dict.fromkeys(safe(one.title) for one in same))
    title = _DONE[newest.kind](len(rooms)).format(by=safe(newest.by), count=len(rooms))
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
