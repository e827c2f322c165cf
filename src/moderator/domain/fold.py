"""State out of the log, one entry at a time: the only place where an event changes anything.

The same entries give the same state in the gateway, the desktop, a replay and a test. No clock is read: times come
with the entries.
"""

from msgspec.structs import replace

from moderator.domain.accounting import DutyEnded, DutyStarted, TokenRevoked
from moderator.domain.announcements import AnnouncementWithdrawn, RoomAnnounced, RoomOpened
from moderator.domain.decided import Decided, Refused
from moderator.domain.decisions import judge
from moderator.domain.events import (
    CapabilitiesReported,
    ConfigLoaded,
    DecisionRefused,
    DisconnectRequested,
    EnforcementHeld,
    EnforcementResumed,
    Entry,
    Event,
    ExtensionFailed,
    ParticipantJoined,
    PersonBlocked,
    PersonReadmitted,
    RoomEnded,
    RoomEndRequested,
    RoomStarted,
    SourceRestarted,
    ViewingEnded,
    ViewingStarted,
)
from moderator.domain.ids import InstanceId, RoomKey
from moderator.domain.instances import ends_of, instance_at, named_by_platform
from moderator.domain.kinds import Decision, Fact
from moderator.domain.presence import Presence, add_report
from moderator.domain.retention import is_believable, prune
from moderator.domain.room_states import UNNAMED, Named, RoomState, Unavailable
from moderator.domain.rooms import Block, Person
from moderator.domain.settings import MINUTE_MS
from moderator.domain.state import Hold, State, Verdict
from moderator.domain.viewing import fold_viewing


def fold(state: State, entry: Entry) -> list[Event]:
    """Apply an entry; returns its events as they are to be read: placed, marked when late, refused ones as such.

    A repeated event is left out: it changes nothing and nobody needs to hear of it again.
    """
    prune(state, entry.recorded_at)  # before: what is forgotten must not depend on when something else happened
    read: list[Event] = []
    for event in entry.events:
        if event.id in state.verdicts:
            continue
        placed = replace(event, seq=entry.seq, recorded_at=entry.recorded_at)
        read.append(_fold_event(state, placed))
    state.seq = max(state.seq, entry.seq)
    return read


def _fold_event(state: State, event: Event) -> Event:
    code = why = ""
    try:
        if isinstance(event.data, Fact):
            event = _fold_fact(state, event, event.data)
        elif isinstance(event.data, Decision):
            event = _fold_decision(state, event, event.data)
    except Refused as refused:
        code, why = refused.code, refused.why
    state.verdicts[event.id] = Verdict(event.seq, event.recorded_at, code, why)
    if event.key is not None:
        state.announced.use(event.key, event.recorded_at)
    if code:
        return replace(event, data=DecisionRefused(kind=event.kind, code=code, why=why))
    return event


# --- facts ---------------------------------------------------------------------------------------------------------


def _fold_fact(state: State, event: Event, data: Fact) -> Event:
    if event.actor.kind == "provider" and not is_believable(event.at, event.recorded_at):
        return replace(event, late=True)
    if isinstance(data, SourceRestarted):
        return _fold_restart(state, event)
    key = event.key
    if key is None:
        return event
    room = state.rooms.get(key) or RoomState(source=key.source, room=key.room)
    track = event.instance if event.instance and named_by_platform(event.instance) else UNNAMED
    presence = room.presences.get(track) or _never_heard_of(state, track)
    instance, late = _place(presence, state.restarts.get(key.source, ()), event)
    state.rooms[key] = replace(
        room,
        presences={**room.presences, track: add_report(presence, event)},
        named=_newest_name(room.named, event),
        unavailable=_newest_unavailable(room.unavailable, event),
        heard_at=max(room.heard_at, event.recorded_at),
        told_at=max(room.told_at, event.recorded_at),
        version=max(room.version, event.seq),
    )
    state.forget_views(key)
    return replace(event, instance=instance, late=late)


def _never_heard_of(state: State, track: str) -> Presence:
    """Or not for so long that it was forgotten. Its first instance is named as that of a room that ended then."""
    ends = (state.forgotten_end,) if track == UNNAMED and state.forgotten_end else ()
    return Presence(ends=ends)


def _fold_restart(state: State, event: Event) -> Event:
    source = event.source or ""
    known = state.restarts.get(source, ())
    state.restarts[source] = tuple(sorted({*known, event.at}))
    state.forget_views(None)
    return event


def _place(presence: Presence, restarts: tuple[int, ...], event: Event) -> tuple[InstanceId, bool]:
    """The instance a fact belongs to, and whether that had already ended when the fact was read."""
    if event.instance and named_by_platform(event.instance):
        return event.instance, bool(presence.ends)
    id_, ended_at = instance_at(ends_of(presence, restarts), event.at)
    return InstanceId(id_), ended_at is not None and not isinstance(event.data, RoomEnded)


def _newest_name(named: Named | None, event: Event) -> Named | None:
    match event.data:
        case RoomStarted(name=name) | ParticipantJoined(room_name=name) if name:
            reported = Named(event.at, event.id, name)
        case _:
            return named
    return reported if named is None else max(named, reported)


def _newest_unavailable(known: Unavailable | None, event: Event) -> Unavailable | None:
    if not isinstance(event.data, CapabilitiesReported):
        return known
    reported = Unavailable(event.at, event.id, event.data.unavailable)
    return max(known or reported, reported, key=lambda one: (one.at, one.id))


# --- decisions -----------------------------------------------------------------------------------------------------


def _fold_decision(state: State, event: Event, data: Decision) -> Event:
    key = event.key
    if key is None:
        _fold_global(state, event, data)
        return event
    if isinstance(data, ViewingStarted | ViewingEnded):
        fold_viewing(state, key, event)
        return event
    room = state.rooms.get(key) or RoomState(source=key.source, room=key.room)
    if isinstance(data, PersonBlocked | PersonReadmitted):
        room = _fold_block(room, event, data)
    else:
        instance = event.instance or ""
        decided = room.decided.get(instance, Decided())
        room = replace(room, decided={**room.decided, instance: judge(decided, event)})
        if isinstance(data, ExtensionFailed):
            _remember_failure(state, data)
        if isinstance(data, DisconnectRequested | RoomEndRequested) and event.actor.kind == "policy":
            _count_automatic_removal(state, event.recorded_at)
    told_at = max(room.told_at, event.recorded_at)
    state.rooms[key] = replace(room, told_at=told_at, version=max(room.version, event.seq))
    state.forget_views(key)
    return event


def _remember_failure(state: State, data: ExtensionFailed) -> None:
    """Who asked waits for the outcome, and gets the same answer when asking again."""
    verdict = state.verdicts.get(data.command)
    if verdict is not None:
        state.verdicts[data.command] = replace(verdict, code=data.code or "failed", why=data.why)


def _fold_global(state: State, event: Event, data: Decision) -> None:
    match data:
        case ConfigLoaded(settings=settings):
            state.settings = settings
            state.forget_views(None)
        case EnforcementHeld(reason=reason):
            state.hold = Hold(event.actor.id or event.actor.kind, event.recorded_at, reason)
        case EnforcementResumed():
            state.hold, state.resumed_at = None, event.recorded_at
            state.automatic_removals.clear()
        case TokenRevoked(jti=jti, expires_at=expires_at):
            state.revoked[jti] = expires_at
        case DutyStarted(moderator=moderator, name=name):
            state.on_duty[moderator] = Person(moderator, name)
        case DutyEnded(moderator=moderator):
            state.on_duty.pop(moderator, None)
        case RoomAnnounced() | AnnouncementWithdrawn() | RoomOpened():
            _fold_announcement(state, event, data)


def _fold_announcement(state: State, event: Event, data: RoomAnnounced | AnnouncementWithdrawn | RoomOpened) -> None:
    source, announced = event.source or "", state.announced
    before = state.rooms_of(source, data.name, data.room)
    match data:
        case RoomAnnounced():
            announced.announce(source, data, event.recorded_at)
        case AnnouncementWithdrawn(name=name):
            if not announced.withdraw(source, name):
                raise Refused("unknown_appointment", f"there is no appointment {name}")
        case RoomOpened(name=name):
            if not announced.open(source, data, event.recorded_at):
                raise Refused("already_opened", f"{name} has a room: {announced.room_for(source, name)}")
    for key in {*before, *state.rooms_of(source, data.name, data.room)}:
        state.forget_views(key)


def _count_automatic_removal(state: State, at: int) -> None:
    """Once it was too many, it does not matter how many more."""
    most, counted = state.settings.hold_above, state.automatic_removals
    if most is None or at < state.resumed_at + MINUTE_MS:
        return
    counted.append(at)
    while len(counted) > most + 1 or counted[0] <= at - MINUTE_MS:
        counted.popleft()


def _fold_block(room: RoomState, event: Event, data: PersonBlocked | PersonReadmitted) -> RoomState:
    others = tuple(block for block in room.blocks if block.user != data.user)
    if isinstance(data, PersonReadmitted):
        if len(others) == len(room.blocks):
            raise Refused("not_blocked", f"{data.user} is not blocked here")
        return replace(room, blocks=others)
    block = Block(user=data.user, until=data.until, by=event.actor.id or event.actor.kind, reason=data.reason)
    return replace(room, blocks=(*others, block))


def concerned(state: State, event: Event) -> list[RoomKey]:
    """The rooms whose picture, or whose rules, this event may have changed."""
    if isinstance(event.data, ViewingStarted | ViewingEnded):
        return []  # only who looks at it changed: no rule asks
    if event.key is not None:
        return [event.key]
    match event.data:
        case SourceRestarted():
            return [key for key in state.rooms if key.source == event.source]
        case ConfigLoaded() | EnforcementHeld() | EnforcementResumed():
            return list(state.rooms)
        case (
            RoomAnnounced(name=name, room=room)
            | AnnouncementWithdrawn(name=name, room=room)
            | RoomOpened(name=name, room=room)
        ):
            return state.rooms_of(event.source or "", name, room)
        case _:
            return []
