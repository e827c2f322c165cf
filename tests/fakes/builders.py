"""Events and entries in a line each. Times are milliseconds; `DAY` is one to start from."""

from collections.abc import Collection, Mapping
from typing import Final

from msgspec.structs import replace

from moderator.domain.announcements import Listed, RoomAnnounced
from moderator.domain.events import (
    Actor,
    ConfigLoaded,
    DeadlineExtended,
    DeadlineSet,
    DisconnectConfirmed,
    DisconnectFailed,
    DisconnectRequested,
    Entry,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    PersonAllowed,
    RoomEnded,
    RoomLocked,
    RoomStarted,
    StreamPublished,
    StreamUnpublished,
    WarningRaised,
)
from moderator.domain.fold import fold
from moderator.domain.ids import EventId, InstanceId, RoomId, RoomKey, SourceName, derive_event_id
from moderator.domain.kinds import Data, StreamKind
from moderator.domain.rooms import Room
from moderator.domain.settings import (
    MINUTE_MS,
    Allow,
    Capability,
    Mode,
    OnExpiry,
    RoomType,
    Settings,
    SourceInfo,
    StartRule,
    Telling,
    WrongShare,
)
from moderator.domain.state import State

SOURCE: Final = SourceName("clinic")
ROOM: Final = RoomId("room-1")
KEY: Final = RoomKey(SOURCE, ROOM)
FIRST: Final = "0"
"""The first instance of a room whose platform has no ids for instances."""

DAY: Final = 1_700_000_000_000 // 86_400_000 * 86_400_000
PLATFORM: Final = Actor("provider", SOURCE)
ANNA: Final = Actor("moderator", "anna", "Anna")


def a_fact(data: Data, at: int, *, room: str | None = ROOM, instance: str | None = None) -> Event:
    """What a platform reported. Its id derives from its content, as that of a delivery does."""
    id_ = derive_event_id("fact", SOURCE, room, instance, at, data)
    return Event(
        id=id_,
        source=SOURCE,
        room=RoomId(room) if room is not None else None,
        instance=InstanceId(instance) if instance is not None else None,
        at=at,
        actor=PLATFORM,
        data=data,
    )


def a_decision(
    data: Data, at: int = 0, *, by: Actor = ANNA, key: object = "", instance: str = FIRST, room: str | None = ROOM
) -> Event:
    """What somebody ordered; `key` tells one order from the next of the same content."""
    return Event(
        id=derive_event_id("decision", room, instance, by, key, data),
        source=SOURCE if room is not None else None,
        room=RoomId(room) if room is not None else None,
        instance=InstanceId(instance) if room is not None else None,
        at=at,
        actor=by,
        data=data,
    )


def an_entry(*events: Event, seq: int = 0, recorded_at: int | None = None, key: object = "") -> Entry:
    """Events that are stored together; recorded when the last of them happened, unless it is said when."""
    known_at = max((event.at for event in events), default=0) if recorded_at is None else recorded_at
    entry_id = derive_event_id("entry", key, *(event.id for event in events))
    return Entry(id=entry_id, recorded_at=known_at, events=events, seq=seq)


def folded(*entries: Entry, settings: Settings | None = None) -> State:
    """The state after these entries. Those without a `seq` are numbered as they come."""
    state = State()
    state.settings = settings or Settings()
    for entry in entries:
        fold(state, entry)
    return state


def the_room(state: State, key: RoomKey = KEY) -> Room:
    """The room, which must be there."""
    room = state.room(key)
    assert room is not None
    return room


# --- facts ---------------------------------------------------------------------------------------------------------


def joined(participant: str, at: int, *, user: str = "", name: str = "", instance: str | None = None) -> Event:
    return a_fact(ParticipantJoined(participant=participant, user=user, name=name), at, instance=instance)


def seen(participant: str, at: int, *, user: str = "") -> Event:
    """In a list, without a join being reported."""
    return a_fact(ParticipantJoined(participant=participant, user=user, inferred=True), at)


def updated(participant: str, at: int, *, user: str = "", name: str = "") -> Event:
    return a_fact(ParticipantUpdated(participant=participant, user=user, name=name), at)


def left(participant: str, at: int, *, instance: str | None = None, forced: bool = False) -> Event:
    return a_fact(ParticipantLeft(participant=participant, forced=forced), at, instance=instance)


def published(participant: str, stream: str, at: int, *, kind: StreamKind = "camera") -> Event:
    return a_fact(StreamPublished(participant=participant, stream=stream, kind=kind), at)


def unpublished(participant: str, stream: str, at: int) -> Event:
    return a_fact(StreamUnpublished(participant=participant, stream=stream), at)


def room_started(at: int, *, name: str = "", instance: str | None = None) -> Event:
    return a_fact(RoomStarted(name=name), at, instance=instance)


def room_ended(at: int, *, instance: str | None = None) -> Event:
    return a_fact(RoomEnded(), at, instance=instance)


def emptied(since: int, at: int) -> Event:
    """The timer's end of a room that was empty since then."""
    return replace(a_fact(RoomEnded(reason="empty", empty_since=since), at), actor=Actor("timer"))


# --- decisions -----------------------------------------------------------------------------------------------------


def deadline_set(ends_at: int, *, version: int = 1, warn_ms: tuple[int, ...] = (), key: object = "") -> Event:
    return a_decision(DeadlineSet(version=version, ends_at=ends_at, warn_ms=warn_ms), key=key)


def extended(seconds: int, *, version: int, by: Actor = ANNA, key: object = "") -> Event:
    """`version` is the one that the extension makes."""
    return a_decision(DeadlineExtended(version=version, seconds=seconds), by=by, key=key)


def warned(threshold_ms: int, *, version: int = 1, key: object = "") -> Event:
    return a_decision(WarningRaised(deadline_version=version, threshold_ms=threshold_ms), key=key)


def kicked(participant: str, *, key: object = "") -> Event:
    return a_decision(DisconnectRequested(participant=participant), key=key)


def confirmed(command: str, participant: str = "") -> Event:
    return a_decision(DisconnectConfirmed(command=EventId(command), participant=participant))


def failed(command: str, participant: str = "") -> Event:
    return a_decision(
        DisconnectFailed(command=EventId(command), participant=participant, why="the platform does not answer")
    )


# --- settings ------------------------------------------------------------------------------------------------------


def rules(
    *,
    duration_ms: int | None = None,
    max_people: int | None = None,
    mode: Mode = "enforce",
    starts: StartRule = "first_join",
    warn_ms: tuple[int, ...] = (5 * MINUTE_MS, MINUTE_MS, 20_000),
    on_expiry: OnExpiry = "disconnect",
    allow: Allow = "anyone",
    screen_share: tuple[str, ...] | None = None,
    wrong_share: WrongShare = "stop",
    tell: tuple[Telling, ...] = (),
    max_extension_ms: int | None = None,
    can: Collection[str] | None = None,
    hold_above: int | None = None,
) -> Settings:
    """One type of room, for every room. `can`: what the platform of the builders' source does, where that matters."""
    type_ = RoomType(
        name="visit",
        duration_ms=duration_ms,
        max_people=max_people,
        mode=mode,
        starts=starts,
        warn_ms=warn_ms,
        on_expiry=on_expiry,
        allow=allow,
        screen_share=screen_share,
        wrong_share=wrong_share,
        tell=tell,
        max_extension_ms=max_extension_ms,
    )
    sources = () if can is None else (SourceInfo(SOURCE, "vonage", dict.fromkeys(can, Capability("provider"))),)
    return Settings((type_,), sources, hold_above)


def announced(
    name: str = "visit-1",
    *,
    starts_at: int = DAY,
    users: Collection[str] = (),
    roles: Mapping[str, str] | None = None,
    duration_ms: int | None = None,
    room: str = ROOM,
) -> Event:
    """An appointment of the builders' room: for these users, or for those whose roles are given."""
    allow = tuple(Listed(user, role) for user, role in (roles or dict.fromkeys(users, "")).items())
    data = RoomAnnounced(name=name, room=room, starts_at=starts_at, duration_ms=duration_ms, allow=allow)
    event = a_decision(data, room=None)
    return replace(event, source=SOURCE)


def locked(*people: str, key: object = "") -> Event:
    """A moderator locks the room with these people in it."""
    return a_decision(RoomLocked(people=people), key=key)


def allowed(person: str, *, key: object = "") -> Event:
    """A moderator lets somebody stay, or in."""
    return a_decision(PersonAllowed(person=person), key=key)


def configured(settings: Settings, *, key: object = "") -> Event:
    """Other rules from now on."""
    return a_decision(ConfigLoaded(settings=settings), room=None, key=key)
