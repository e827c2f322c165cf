"""A room as people see it: what was reported and decided, laid over what was announced and configured. Pure."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from moderator.domain.announcements import Appointment
from moderator.domain.decided import Decided
from moderator.domain.instances import Instance, named_by_platform
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Deadline, Participant, ParticipantStatus, Room, Violation
from moderator.domain.settings import RoomType
from moderator.domain.stays import Stay
from moderator.domain.terms import Terms

NOTHING: Final = Decided()


class Participants:
    """As they were worked out of a room last: who is as before, under the same decisions, is not worked out again."""

    def __init__(self) -> None:
        self._stays: Sequence[Stay] = ()
        self._participants: tuple[Participant, ...] = ()
        """One for each of them."""
        self._bearing: tuple[object, ...] = ()
        """What bears on all of them."""

    def of(self, stays: Sequence[Stay], decided: Decided, appointment: Appointment | None) -> tuple[Participant, ...]:
        """The people of these stays, in their order."""
        bearing = (decided.removals, decided.violations, decided.allowed, appointment)
        # By identity: a stay that is as before is the same object, and is kept here, so that no other has its id.
        known = dict(zip(map(id, self._stays), self._participants, strict=True)) if bearing == self._bearing else {}
        self._bearing, self._stays = bearing, stays
        self._participants = tuple([known.get(id(stay)) or _participant(stay, decided, appointment) for stay in stays])
        return self._participants


def view(room: RoomState, current: Instance, terms: Terms, participants: Participants) -> Room:
    """A room as its newest instance, `current`, is."""
    decided = room.decided.get(current.id, NOTHING)
    people = participants.of(current.stays, decided, terms.appointment)
    return Room(
        source=room.source,
        provider=terms.provider,
        room=room.room,
        instance=current.id,
        name=terms.name,
        type=terms.type.name if terms.type else None,
        state="live" if current.ended_at is None else "ended",
        started_at=current.started_at,
        ended_at=current.ended_at,
        version=room.version,
        heard_at=room.heard_at,
        owner=decided.owner,
        people=len({one.person for one in people if one.left_at is None}),
        deadline=_deadline(decided.deadline, terms.type),
        limits=terms.limits,
        warnings=decided.warnings,
        capabilities=terms.capabilities,
        participants=people,
        blocks=room.blocks,
        violations=_violations(decided, current),
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
        appointment=terms.appointment,
        next_appointment=terms.next_appointment,
        locked=decided.locked,
        reported_start=current.reported_start,
        deadline_is_platforms=current.reported_end is not None or terms.extended_by_platform,
        viewers=room.viewers,
    )


def _violations(decided: Decided, current: Instance) -> tuple[Violation, ...]:
    """Those of people who are there."""
    here = {stay.id for stay in current.stays if stay.here} if decided.violations else set()
    return tuple([found for found in decided.violations if found.participant in here])


def _participant(stay: Stay, decided: Decided, appointment: Appointment | None) -> Participant:
    id_ = stay.id
    listed = appointment.listed(stay.user) if appointment else None
    removed = stay.forced or any(one.participant == id_ for one in decided.removals)
    status: ParticipantStatus = "here" if stay.here else "disconnected" if removed else "left"
    objected = any(found.participant == id_ for found in decided.violations)
    return Participant(
        id=id_,
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


def _deadline(deadline: Deadline | None, type_: RoomType | None) -> Deadline | None:
    if deadline is None or type_ is None or type_.max_extension_ms is None:
        return deadline
    return replace(deadline, allowance_ms=max(0, type_.max_extension_ms - deadline.extended_ms))
