"""Everything known, as far as the log was read. What people see is computed from facts and decisions."""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.announced import Announced, Opened
from moderator.domain.announcements import Appointment, appointment_at, following
from moderator.domain.decided import Decided
from moderator.domain.ids import RoomKey
from moderator.domain.instances import Instance, instances_by_ends, named_by_platform, named_instance
from moderator.domain.presence import Presence
from moderator.domain.rooms import (
    Block,
    Deadline,
    Limits,
    Participant,
    ParticipantStatus,
    Person,
    Room,
    find_stay,
)
from moderator.domain.settings import Capability, RoomType, Settings, SourceInfo
from moderator.domain.stays import Stay

UNNAMED: Final = ""
"""The key of the presence of rooms whose platform has no ids for instances."""


class Named(Struct, frozen=True, gc=False, order=True):
    """The newest name that was reported, by the platform's time."""

    at: int
    id: str
    name: str


class Unavailable(Struct, frozen=True, gc=False, order=True):
    """The newest report of what the platform does not let this account do in a room, by the platform's time."""

    at: int
    id: str
    actions: dict[str, str]
    """Each with the reason."""


class RoomState(Struct, frozen=True, gc=False, kw_only=True):
    """What the log says about one room, over all its instances."""

    source: str
    room: str
    named: Named | None = None
    unavailable: Unavailable | None = None
    presences: dict[str, Presence] = {}
    """By the platform's instance id, or under `UNNAMED`."""
    decided: dict[str, Decided] = {}
    """By instance id."""
    blocks: tuple[Block, ...] = ()
    heard_at: int = 0
    told_at: int = 0
    """When the last entry about this room was recorded, a decision too; `heard_at` is of the platform only."""
    version: int = 0

    @property
    def key(self) -> RoomKey:
        return RoomKey(self.source, self.room)  # type: ignore[arg-type]


class Hold(Struct, frozen=True, gc=False):
    """Automatic disconnects are paused."""

    by: str
    since: int
    reason: str = ""


class Verdict(Struct, frozen=True, gc=False):
    """What became of an event, remembered for 24 h: a repeat changes nothing, and its sender gets the same answer."""

    seq: int
    recorded_at: int
    code: str = ""
    """Empty when it stands, else why it was refused."""
    why: str = ""


class Snapshot(Struct, frozen=True, gc=False, kw_only=True):
    """The state as one value, to be stored or sent; a state made from it folds on exactly like the original."""

    seq: int
    rooms: tuple[RoomState, ...]
    restarts: dict[str, tuple[int, ...]]
    settings: Settings
    hold: Hold | None
    verdicts: dict[str, Verdict]
    pruned_at: int
    appointments: tuple[Appointment, ...] = ()
    opened: tuple[Opened, ...] = ()
    on_duty: dict[str, Person] = {}
    revoked: dict[str, int | None] = {}
    automatic_removals: tuple[int, ...] = ()
    resumed_at: int = 0


class State:
    """The fold's accumulator: tables of frozen values. Only `moderator.domain.fold` writes to it."""

    def __init__(self) -> None:
        self.seq = 0
        self.rooms: dict[RoomKey, RoomState] = {}
        self.restarts: dict[str, tuple[int, ...]] = {}
        """Per source, when its media server started anew."""
        self.settings = Settings()
        self.hold: Hold | None = None
        self.verdicts: dict[str, Verdict] = {}
        """By event id, oldest first."""
        self.announced = Announced()
        self.on_duty: dict[str, Person] = {}
        """Moderators who watch the rooms now, by id."""
        self.revoked: dict[str, int | None] = {}
        """Ids of tokens that are refused although they may not have expired; until when, where that is known."""
        self.automatic_removals: tuple[int, ...] = ()
        """When policies ordered somebody out, within the last minute before the newest."""
        self.resumed_at = 0
        """When a moderator last let policies go on; what they order in the minute after that is not counted."""
        self.pruned_at = 0
        self._views: dict[RoomKey, Room | None] = {}
        """Computed rooms; dropped when something they depend on changes."""

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> "State":
        """A state that folds on like the one the snapshot was taken of."""
        state = cls()
        state.seq, state.hold, state.settings = snapshot.seq, snapshot.hold, snapshot.settings
        state.rooms = {room.key: room for room in snapshot.rooms}
        state.restarts, state.pruned_at = dict(snapshot.restarts), snapshot.pruned_at
        state.announced = Announced(snapshot.appointments, snapshot.opened)
        state.on_duty, state.revoked = dict(snapshot.on_duty), dict(snapshot.revoked)
        state.automatic_removals, state.resumed_at = snapshot.automatic_removals, snapshot.resumed_at
        state.verdicts = dict(sorted(snapshot.verdicts.items(), key=lambda item: (item[1].recorded_at, item[0])))
        return state

    def snapshot(self) -> Snapshot:
        """The whole state, in an order that depends on nothing but its content."""
        return Snapshot(
            seq=self.seq,
            rooms=tuple(self.rooms[key] for key in sorted(self.rooms)),
            restarts=dict(sorted(self.restarts.items())),
            settings=self.settings,
            hold=self.hold,
            verdicts=dict(sorted(self.verdicts.items())),
            pruned_at=self.pruned_at,
            appointments=self.announced.appointments(),
            opened=self.announced.opened(),
            on_duty=dict(sorted(self.on_duty.items())),
            revoked=dict(sorted(self.revoked.items())),
            automatic_removals=self.automatic_removals,
            resumed_at=self.resumed_at,
        )

    def room(self, key: RoomKey) -> Room | None:
        """The room as people see it, or None when there is nothing to show of it."""
        if key not in self._views:
            found = self.rooms.get(key)
            self._views[key] = None if found is None else self._view(found)
        return self._views[key]

    def name_of(self, key: RoomKey) -> str:
        """What a room is called: as announced, else as it was opened, else as the platform says, else its id."""
        if (room := self.room(key)) is not None:
            return room.name
        found = self.rooms.get(key)
        platform_name = found.named.name if found and found.named else ""
        return self.announced.opened_for(key.source, key.room) or platform_name or key.room

    def all_rooms(self) -> list[Room]:
        """Every room there is something to show of, in the order of keys."""
        return [room for key in sorted(self.rooms) if (room := self.room(key)) is not None]

    def forget_views(self, key: RoomKey | None) -> None:
        """What was computed of this room, or of all, is out of date."""
        if key is None:
            self._views.clear()
        else:
            self._views.pop(key, None)

    def instances(self, room: RoomState) -> list[Instance]:
        """The instances of a room, oldest first."""
        restarts = self.restarts.get(room.source, ())
        found: list[Instance] = []
        for id_, presence in room.presences.items():
            if id_ == UNNAMED:
                found += instances_by_ends(presence, restarts)
            elif (named := named_instance(id_, presence, restarts)) is not None:
                found.append(named)
        return sorted(found, key=lambda one: (one.started_at, one.id))

    def stay(self, key: RoomKey, participant: str) -> Stay | None:
        """The stay with this participant id, in any instance, with what the provider needs to act on it."""
        room = self.rooms.get(key)
        return find_stay(self._stays(room), participant) if room else None

    def last_stay_of(self, key: RoomKey, user: str) -> Stay | None:
        """The latest stay of a person, in any instance."""
        room = self.rooms.get(key)
        stays = [stay for stay in self._stays(room) if stay.user == user] if room else []
        return max(stays, key=lambda stay: stay.joined_at, default=None)

    def _stays(self, room: RoomState) -> list[Stay]:
        return [stay for instance in self.instances(room) for stay in instance.stays]

    def _view(self, room: RoomState) -> Room | None:
        instances = self.instances(room)
        if not instances:
            return None
        current = instances[-1]
        decided = room.decided.get(current.id, Decided())
        platform_name = room.named.name if room.named else ""
        announced = self.announced.of_room(room.source, room.room, platform_name)
        appointment = appointment_at(announced, current.started_at)
        name = appointment.name if appointment else self.announced.opened_for(room.source, room.room)
        name = name or platform_name or room.room
        named_type = self.settings.type_named(appointment.type) if appointment else None
        type_ = named_type or self.settings.type_of(room.source, name)
        source = self.settings.source(room.source)
        participants = tuple(_participant(stay, decided, appointment) for stay in current.stays)
        here = {stay.id for stay in current.stays if stay.here}
        return Room(
            source=room.source,
            provider=source.provider if source else "",
            room=room.room,
            instance=current.id,
            name=name,
            type=type_.name if type_ else None,
            state="live" if current.ended_at is None else "ended",
            started_at=current.started_at,
            ended_at=current.ended_at,
            version=room.version,
            heard_at=room.heard_at,
            owner=decided.owner,
            people=len({stay.person for stay in current.stays if stay.here}),
            deadline=_deadline(decided.deadline, type_),
            limits=_limits(type_, appointment) if type_ else None,
            warnings=decided.warnings,
            capabilities=_capabilities(source, room.unavailable),
            participants=participants,
            blocks=room.blocks,
            violations=tuple(found for found in decided.violations if found.participant in here),
            pending=decided.pending,
            failures=decided.failures,
            allowed=decided.allowed,
            violations_cleared=decided.violations_cleared,
            disconnects=decided.disconnects,
            told=decided.told,
            deadline_version=decided.deadline_version,
            instance_kept_by="provider" if named_by_platform(current.id) else "gateway",
            reported_end=current.reported_end,
            end_is_inferred=current.end_is_inferred,
            appointment=appointment,
            next_appointment=following(announced, appointment, current.started_at),
            locked=decided.locked,
            reported_start=current.reported_start,
            # As the source can, whatever the account may do in this room: an end that it may not move is no gateway's.
            deadline_is_platforms=current.reported_end is not None or _extends(source),
        )


def _participant(stay: Stay, decided: Decided, appointment: Appointment | None) -> Participant:
    listed = appointment.listed(stay.user) if appointment else None
    removed = stay.forced or any(one.participant == stay.id for one in decided.removals)
    status: ParticipantStatus = "here" if stay.here else "disconnected" if removed else "left"
    objected = any(found.participant == stay.id for found in decided.violations)
    return Participant(
        id=stay.id,
        user=stay.user,
        name=stay.name,
        role=listed.role if listed and listed.role else stay.role,
        state=status,
        joined_at=stay.joined_at,
        left_at=stay.left_at,
        allowed=stay.person in decided.allowed or not objected,
        data=stay.data,
        streams=stay.streams,
    )


def _extends(source: SourceInfo | None) -> bool:
    """Whether ends are kept, and moved, by the platform."""
    extend = source.capabilities.get("extend") if source else None
    return extend is not None and extend.by == "provider"


def _capabilities(source: SourceInfo | None, unavailable: Unavailable | None) -> dict[str, Capability]:
    """What the source can do, less what it may not do in this room."""
    if source is None or unavailable is None:
        return source.capabilities if source else {}
    denied = {action: Capability(None, why) for action, why in unavailable.actions.items()}
    return {action: denied.get(action, found) if found.by else found for action, found in source.capabilities.items()}


def _deadline(deadline: Deadline | None, type_: RoomType | None) -> Deadline | None:
    if deadline is None or type_ is None or type_.max_extension_ms is None:
        return deadline
    return replace(deadline, allowance_ms=max(0, type_.max_extension_ms - deadline.extended_ms))


def _limits(type_: RoomType, appointment: Appointment | None) -> Limits:
    announced_ms = appointment.duration_ms if appointment else None
    return Limits(
        max_people=type_.max_people,
        duration_ms=type_.duration_ms if announced_ms is None else announced_ms,
        starts=type_.starts,
        resume_within_ms=type_.resume_within_ms,
        warn_ms=type_.warn_ms,
        extension_step_ms=type_.extension_step_ms,
        on_expiry=type_.on_expiry,
        mode=type_.mode,
        allow=type_.allow,
        screen_share=type_.screen_share,
        wrong_share=type_.wrong_share,
        tell=type_.tell,
    )
