"""What was announced and configured for an instance of a room: no report about people, and no decision, changes it.
Pure.
"""

from msgspec import Struct

from moderator.domain.announced import Announced
from moderator.domain.announcements import Appointment, appointment_at, following
from moderator.domain.room_states import RoomState, Unavailable
from moderator.domain.rooms import Limits
from moderator.domain.settings import Capability, RoomType, Settings, SourceInfo


class Terms(Struct, frozen=True, gc=False, kw_only=True):
    """Of one instance."""

    provider: str
    name: str
    type: RoomType | None
    limits: Limits | None
    capabilities: dict[str, Capability]
    appointment: Appointment | None
    next_appointment: Appointment | None
    extended_by_platform: bool
    """Whether ends are kept, and moved, by the platform: as the source can, whatever the account may do in this room.
    An end that it may not move is no gateway's.
    """


class KnownTerms:
    """Those of a room's newest instance, as they were worked out last."""

    def __init__(self) -> None:
        self._terms: Terms | None = None
        self._bearing: tuple[object, ...] = ()
        """What they were made of."""

    def of(self, room: RoomState, began_at: int, announced: Announced, settings: Settings) -> Terms:
        """The terms of the instance that began then."""
        bearing = (settings, announced.changes, room.platform_name, room.unavailable, began_at)
        if self._terms is None or bearing != self._bearing:
            self._terms, self._bearing = _terms(room, began_at, announced, settings), bearing
        return self._terms


def _terms(room: RoomState, began_at: int, announced: Announced, settings: Settings) -> Terms:
    appointments = announced.of_room(room.source, room.room, room.platform_name)
    appointment = appointment_at(appointments, began_at)
    name = appointment.name if appointment else announced.called(room.source, room.room, room.platform_name)
    type_ = settings.type_named(appointment.type) if appointment else None
    type_ = type_ or settings.type_of(room.source, name)
    source = settings.source(room.source)
    extend = source.capabilities.get("extend") if source else None
    return Terms(
        provider=source.provider if source else "",
        name=name,
        type=type_,
        limits=_limits(type_, appointment) if type_ else None,
        capabilities=_capabilities(source, room.unavailable),
        appointment=appointment,
        next_appointment=following(appointments, appointment, began_at),
        extended_by_platform=extend is not None and extend.by == "provider",
    )


def _capabilities(source: SourceInfo | None, unavailable: Unavailable | None) -> dict[str, Capability]:
    """What the source can do, less what it may not do in this room."""
    if source is None or unavailable is None:
        return source.capabilities if source else {}
    denied = {action: Capability(None, why) for action, why in unavailable.actions.items()}
    return {action: denied.get(action, found) if found.by else found for action, found in source.capabilities.items()}


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
