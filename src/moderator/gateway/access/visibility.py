"""What the bearer of a token may see: which events, and which names of rooms.

Whether a single room is within a token's patterns is said by `tokens.Access`, what to answer otherwise by `requests`.
"""

from collections.abc import Callable
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.accounting import (
    AuditExported,
    AuditViewed,
    Checkpoint,
    CredentialsRefused,
    LogTrimmed,
    PersonErased,
    SignInApproved,
    SignInDenied,
    TokenIssued,
    TokenRevoked,
)
from moderator.domain.announcements import AnnouncementWithdrawn, RoomAnnounced, RoomOpened
from moderator.domain.events import AccessDenied, Event
from moderator.domain.ids import RoomKey
from moderator.gateway.access.tokens import Access

AUDIT_KINDS: Final = (
    *(AccessDenied, SignInApproved, SignInDenied, TokenIssued, TokenRevoked),
    *(AuditViewed, AuditExported, PersonErased, LogTrimmed, Checkpoint),
)
"""Shown to those who may read the audit."""
AUDIT_SCOPE: Final = "audit:read"
EVERY_ROOM: Final = "*"
"""The pattern of those who see all rooms of all sources."""
NameOf = Callable[[RoomKey], str]
"""What a room is called now."""


class View(Struct, frozen=True):
    """What a group of bearers may see: the same for all of them."""

    patterns: tuple[str, ...]
    audit: bool

    @classmethod
    def of(cls, access: Access) -> "View":
        return cls(tuple(sorted(set(access.patterns))), AUDIT_SCOPE in access.scopes)


class Named(Protocol):
    """Something about a room by its name, which may be before there is a room."""

    @property
    def name(self) -> str: ...
    @property
    def room(self) -> str: ...


def sees_event(access: Access, event: Event, name_of: NameOf) -> bool:
    """Whether a token may see an event."""
    data = event.data
    if isinstance(data, AUDIT_KINDS):
        return AUDIT_SCOPE in access.scopes
    if event.source is None:
        return True
    if isinstance(data, RoomAnnounced | AnnouncementWithdrawn | RoomOpened):
        return sees_named(access, event.source, data)
    if event.room is None and isinstance(data, CredentialsRefused):
        return access.sees_room(event.source, data.room_name, data.room_name)
    if event.key is None:
        return access.sees_source(event.source)
    return access.sees_room(*event.key, name_of(event.key))


def as_seen(access: Access, event: Event) -> Event:
    """An event that a token may see, as it may see it: what was looked for or refused names people of any room, so it
    is for those who see all rooms.
    """
    data = event.data
    if EVERY_ROOM in access.patterns:
        return event
    if isinstance(data, AccessDenied):
        return replace(event, data=replace(data, reason=""))
    if isinstance(data, AuditViewed | AuditExported):
        return replace(event, data=replace(data, query=""))
    return event


def sees_named(access: Access, source: str, one: Named) -> bool:
    """Whether a token may see an appointment, or the room that was opened for a name."""
    return access.sees_room(source, one.room or one.name, one.name)
