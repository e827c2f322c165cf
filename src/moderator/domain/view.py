"""A room as people see it: what was reported and decided, laid over what was announced and configured. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from moderator.domain.announced import Announced
from moderator.domain.announcements import Appointment, appointment_at, following
from moderator.domain.decided import Decided
from moderator.domain.instances import Instance, named_by_platform
from moderator.domain.room_states import RoomState, Unavailable
from moderator.domain.rooms import Deadline, Limits, Participant, ParticipantStatus, Room
from moderator.domain.settings import Capability, RoomType, Settings, SourceInfo
from moderator.domain.stays import Stay


def view(room: RoomState, instances: Sequence[Instance], announced: Announced, settings: Settings) -> Room | None:
    """The newest of its instances, which come oldest first; None where there is none."""
    if not instances:
        return None
    current = instances[-1]
    decided = room.decided.get(current.id, Decided())
    appointments = announced.of_room(room.source, room.room, room.platform_name)
    appointment = appointment_at(appointments, current.started_at)
    name = appointment.name if appointment else announced.called(room.source, room.room, room.platform_name)
    type_ = settings.type_named(appointment.type) if appointment else None
    type_ = type_ or settings.type_of(room.source, name)
    shown = _with_decisions(_shown(room, current, name, settings.source(room.source)), decided, current)
    return replace(
        shown,
        type=type_.name if type_ else None,
        deadline=_deadline(decided.deadline, type_),
        limits=_limits(type_, appointment) if type_ else None,
        participants=tuple(_participant(stay, decided, appointment) for stay in current.stays),
        appointment=appointment,
        next_appointment=following(appointments, appointment, current.started_at),
    )


def _shown(room: RoomState, current: Instance, name: str, source: SourceInfo | None) -> Room:
    """What platforms report of the room and its newest instance."""
    return Room(
        source=room.source,
        provider=source.provider if source else "",
        room=room.room,
        instance=current.id,
        name=name,
        type=None,
        state="live" if current.ended_at is None else "ended",
        started_at=current.started_at,
        ended_at=current.ended_at,
        version=room.version,
        heard_at=room.heard_at,
        owner=None,
        people=len({stay.person for stay in current.stays if stay.here}),
        deadline=None,
        limits=None,
        warnings=(),
        capabilities=_capabilities(source, room.unavailable),
        participants=(),
        blocks=room.blocks,
        violations=(),
        pending=(),
        instance_kept_by="provider" if named_by_platform(current.id) else "gateway",
        reported_end=current.reported_end,
        end_is_inferred=current.end_is_inferred,
        reported_start=current.reported_start,
        # As the source can, whatever the account may do in this room: an end that it may not move is no gateway's.
        deadline_is_platforms=current.reported_end is not None or _extends(source),
        viewers=room.viewers,
    )


def _with_decisions(shown: Room, decided: Decided, current: Instance) -> Room:
    """What stands in this instance; of violations, those of people who are there."""
    here = {stay.id for stay in current.stays if stay.here}
    return replace(
        shown,
        owner=decided.owner,
        warnings=decided.warnings,
        violations=tuple(found for found in decided.violations if found.participant in here),
        pending=decided.pending,
        failures=decided.failures,
        allowed=decided.allowed,
        violations_cleared=decided.violations_cleared,
        disconnects=decided.disconnects,
        told=decided.told,
        deadline_version=decided.deadline_version,
        locked=decided.locked,
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
