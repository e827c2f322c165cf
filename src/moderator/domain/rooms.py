"""A room as everybody sees it: the shape of `Room` on the wire, computed from facts and decisions, never stored."""

from collections.abc import Iterable
from typing import Literal, Protocol, TypeVar

from msgspec import Struct

from moderator.domain.announcements import Appointment
from moderator.domain.ids import RoomKey, is_time, room_key, seat_key
from moderator.domain.kinds import StreamKind
from moderator.domain.settings import Allow, Capability, Mode, OnExpiry, Telling, WrongShare

RoomStatus = Literal["announced", "live", "ended"]
ParticipantStatus = Literal["here", "left", "disconnected"]


class ReportedEnd(Struct, frozen=True, gc=False):
    """The end that the platform itself keeps for an instance, as it told last. Times by the platform's clock."""

    at: int
    id: str
    """The event's: it makes the order total."""
    ends_at: int | None = None
    """None: it has no limit."""


class Stream(Struct, frozen=True, gc=False):
    """One published medium."""

    id: str
    kind: StreamKind
    name: str
    published_at: int
    muted: bool | None = None
    """By a moderator, where the platform tells; None where it does not."""


class Participant(Struct, frozen=True, gc=False, kw_only=True):
    """One connection of one client, from its join to its leave."""

    id: str
    user: str
    name: str
    role: str
    state: ParticipantStatus
    joined_at: int
    left_at: int | None
    allowed: bool
    data: str
    streams: tuple[Stream, ...]

    @property
    def person(self) -> str:
        """Who this is: two connections of one user are one person; without a user every connection is one."""
        return self.user or self.id

    @property
    def here(self) -> bool:
        return self.state == "here"


class Person(Struct, frozen=True, gc=False):
    """A moderator."""

    id: str
    name: str = ""


class Viewer(Struct, frozen=True, gc=False):
    """A moderator who looks at a room."""

    id: str
    name: str
    at: int
    """When they said so last: a desktop that was killed says nothing any more."""


class Deadline(Struct, frozen=True, gc=False, kw_only=True):
    """When the room must end. Absolute, versioned."""

    ends_at: int
    version: int
    kept_by: Literal["gateway", "provider"]
    extended_ms: int = 0
    allowance_ms: int | None = None
    """How much may still be added; None without a cap."""
    changed_by: str = ""
    changed_by_name: str = ""
    expired: bool = False
    warn_ms: tuple[int, ...] = ()
    """Thresholds of the room's type when the deadline was decided."""
    armed_ms: tuple[int, ...] = ()
    """Thresholds still to be raised on this version, greatest first."""
    last_call_at: int | None = None
    """When the tightest threshold was raised for the time that is running out now."""
    basis: str = ""
    reported_ends_at: int | None = None
    """The same end by the platform's clock, where the platform keeps it."""
    changed_at: int = 0
    """When this version was decided."""
    moved_ms: int = 0
    """By how much this version is later than the one before; below zero where it is sooner."""


class Limits(Struct, frozen=True, gc=False, kw_only=True):
    """The rules of the room's type."""

    max_people: int | None
    duration_ms: int | None
    starts: str
    resume_within_ms: int
    warn_ms: tuple[int, ...]
    extension_step_ms: int
    on_expiry: OnExpiry
    mode: Mode
    allow: Allow = "anyone"
    screen_share: tuple[str, ...] | None = None
    """The roles that may share a screen; None: anyone."""
    wrong_share: WrongShare = "stop"
    tell: tuple[Telling, ...] = ()


class Lock(Struct, frozen=True, gc=False, kw_only=True):
    """Nobody comes in any more but these people, and who is let in."""

    by: str
    at: int
    people: tuple[str, ...]


class Warning(Struct, frozen=True, gc=False, kw_only=True):
    """A threshold before the deadline that has been crossed."""

    id: str
    threshold_ms: int
    deadline_version: int
    raised_at: int
    acknowledged_by: str | None = None
    acknowledged_by_name: str = ""
    acknowledged_at: int = 0


class Block(Struct, frozen=True, gc=False, kw_only=True):
    """A person who may not come back, until a moment or for good (None)."""

    user: str
    until: int | None
    by: str
    reason: str

    def holds(self, now: int) -> bool:
        return self.until is None or now < self.until


class Violation(Struct, frozen=True, gc=False, kw_only=True):
    """A participant that a policy does not allow."""

    policy: str
    participant: str
    user: str
    reason: str
    found_at: int
    enforced: bool
    stream: str = ""
    attempts: int = 0
    """How often a policy ordered that something be done about the stream."""


class Pending(Struct, frozen=True, gc=False, kw_only=True):
    """A command that is neither confirmed nor failed yet."""

    command: str
    target: str
    by: str
    at: int
    id: str
    reason: str = ""


class Failure(Struct, frozen=True, gc=False):
    """A command that could not be carried out, and how often in a row."""

    command: str
    target: str
    at: int
    count: int
    why: str


class Room(Struct, frozen=True, gc=False, kw_only=True):
    """The newest instance of a room. Times in milliseconds since the epoch, UTC."""

    source: str
    provider: str
    room: str
    instance: str
    name: str
    type: str | None
    state: RoomStatus
    started_at: int | None
    ended_at: int | None
    version: int
    """The `seq` of the last entry that concerned this room."""
    heard_at: int
    owner: Person | None
    people: int
    deadline: Deadline | None
    limits: Limits | None
    warnings: tuple[Warning, ...]
    capabilities: dict[str, Capability]
    participants: tuple[Participant, ...]
    blocks: tuple[Block, ...]
    violations: tuple[Violation, ...]
    pending: tuple[Pending, ...]
    failures: tuple[Failure, ...] = ()
    allowed: tuple[str, ...] = ()
    """Persons who may stay although a policy objects."""
    violations_cleared: int = 0
    """How many violations were cleared in this instance; tells one finding of the same violation from the next."""
    disconnects: dict[str, int] = {}
    """How often each participant was ordered out, and under "" the whole room; tells one attempt from the next."""
    told: tuple[str, ...] = ()
    """What the people in the room were told of by themselves, each once: a warning, a version of the deadline."""
    deadline_version: int = 0
    """Of the deadline, also after it was cleared."""
    instance_kept_by: Literal["gateway", "provider"] = "gateway"
    """Who says when the instance ends: the platform, or the gateway when the room stays empty."""
    reported_end: ReportedEnd | None = None
    """Where the platform keeps the deadline: what it told; None as long as it told nothing."""
    end_is_inferred: bool = False
    """It ended, or would have, by lists alone: it is on again when anything shows it."""
    appointment: Appointment | None = None
    """What this instance was announced as."""
    next_appointment: Appointment | None = None
    """The one after it in the same room."""
    locked: Lock | None = None
    reported_start: int | None = None
    """When the platform says that the instance began, by its clock."""
    deadline_is_platforms: bool = False
    """Whether the platform keeps the end of this room, so that the gateway decides none."""
    viewers: tuple[Viewer, ...] = ()
    """Who said that they look at it, oldest first; see `moderator.domain.viewing`."""

    @property
    def key(self) -> RoomKey:
        """The room's address."""
        return room_key(self.source, self.room)

    def here(self) -> tuple[Participant, ...]:
        """Who is in the room now."""
        return tuple([found for found in self.participants if found.state == "here"])

    def participant(self, participant: str) -> Participant | None:
        """The participant with this id, also when it left; see `find_stay`."""
        return find_stay(self.participants, participant)


class Source(Struct, frozen=True, gc=False, kw_only=True):
    """How a configured account of a provider is doing."""

    source: str
    provider: str
    state: Literal["live", "polling", "silent", "failing"]
    heard_at: int | None
    listed_at: int | None
    clock_offset_ms: int
    detail: str | None


class AStay(Protocol):
    """Somebody's time in a room, whole or as people see it."""

    @property
    def id(self) -> str: ...
    @property
    def joined_at(self) -> int: ...
    @property
    def left_at(self) -> int | None: ...


T = TypeVar("T", bound=AStay)


def find_stay(stays: Iterable[T], participant: str) -> T | None:
    """The stay with this id.

    Where the join time is part of the id, a late report of an earlier join changes it: then it is the stay that the
    old time falls into, so that an order given meanwhile finds its person.
    """
    known = list(stays)
    key, joined_at = seat_key(participant), participant.removeprefix(seat_key(participant))
    for stay in known:
        if stay.id == participant:
            return stay
    if key == participant or not is_time(joined_at):
        return None
    at = int(joined_at)
    covering = (one for one in known if seat_key(one.id) == key and one.joined_at <= at)
    return next((one for one in covering if one.left_at is None or one.left_at >= at), None)
