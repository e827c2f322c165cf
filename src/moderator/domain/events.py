"""Everything that can stand in the log: facts that platforms report, and decisions of moderators, policies and timers.

Facts are unordered and only add knowledge. Decisions are ordered proposals, judged by the fold
(`moderator.domain.fold`). The members of each class are the members of `data` on the wire; its kind is the class name
in snake case.
"""

import re
from typing import Final, Literal

from msgspec import Struct, field

from moderator.domain import accounting, announcements
from moderator.domain.ids import EventId, InstanceId, RoomId, RoomKey, SourceName, room_key
from moderator.domain.kinds import (
    ActorKind,
    Command,
    Data,
    Decision,
    Fact,
    MuteMode,
    Notice,
    Outcome,
    Reason,
    StreamKind,
)
from moderator.domain.settings import Settings

# --- facts ---------------------------------------------------------------------------------------------------------


class RoomStarted(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    name: str = ""


class RoomEnded(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Ends what began before `at`. From the platform, or from the timer when a room stayed empty."""

    reason: str = ""
    inferred: bool = False
    """Missing in the platform's lists, without an end being reported: void when something later shows that it is on."""
    empty_since: int | None = None
    """The timer's reason: nobody was there since then. It is void when a later report shows that somebody was."""


class ParticipantJoined(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    participant: str
    user: str = ""
    name: str = ""
    role: str = ""
    data: str = ""
    inferred: bool = False
    """Seen in a list, without a join being reported: `at` is when it was first seen."""
    room_name: str = ""
    """What the application calls the room, where the platform has no names for rooms and participants bring it."""
    platform: dict[str, str] = field(default_factory=dict)
    """What the provider's client needs to act on this connection; never sent to desktops."""


class ParticipantUpdated(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    participant: str
    user: str = ""
    name: str = ""
    role: str = ""
    data: str = ""


class ParticipantLeft(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    participant: str
    """`*`: everybody who had come until then."""
    reason: str = ""
    forced: bool = False
    """The platform says that somebody removed this participant."""
    inferred: bool = False
    """Missing in the platform's lists, without a leave being reported."""
    machine: bool = False
    """No person, dated before it came, so that nothing it does makes it somebody."""


class StreamPublished(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    participant: str
    stream: str
    kind: StreamKind = "custom"
    name: str = ""


class StreamUpdated(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    participant: str
    stream: str
    name: str = ""
    muted: bool | None = None


class StreamUnpublished(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    participant: str
    stream: str
    reason: str = ""


class DeadlineReported(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The end that the platform itself keeps for the instance, by its own clock."""

    ends_at: int | None = None
    """None: it has no limit now."""


class CapabilitiesReported(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What the platform lets this account do in this room."""

    unavailable: dict[str, str] = field(default_factory=dict)
    """Actions that it may not do, each with the reason. What is not named is as the source's capabilities say."""


class SourceRestarted(Fact, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The media server started anew at `at`: nobody who had joined before is connected any more."""


# --- decisions -----------------------------------------------------------------------------------------------------


class DeadlineSet(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Slot: the next deadline version."""

    version: int
    ends_at: int
    kept_by: Literal["gateway", "provider"] = "gateway"
    warn_ms: tuple[int, ...] = ()
    """The thresholds of the room's type, greatest first."""
    reported_ends_at: int | None = None
    """The same end as the platform told it, by its own clock, where the platform keeps it."""
    basis: str = ""
    """Why this moment: the start rule and the time it started from."""
    reason: str = ""


class DeadlineExtended(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Adds `seconds` to the deadline of version `version` - 1. Slot: the next deadline version."""

    version: int
    seconds: int
    reported_ends_at: int | None = None
    """What the platform then said, by its own clock, where it keeps the deadline."""
    reason: str = ""


class DeadlineCleared(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    version: int
    reason: str = ""


class WarningRaised(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Slot: (deadline version, threshold). Greater thresholds of that version count as raised with it."""

    deadline_version: int
    threshold_ms: int


class WarningAcknowledged(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    warning: str


class TimeExpired(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Slot: the deadline version."""

    deadline_version: int
    people: int = 0
    """How many were in the room."""
    enforced: bool = False
    """Whether they have to go now; False in a type that only observes, or only alerts."""


class ViolationFound(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Slot: (policy, participant)."""

    policy: str
    participant: str
    user: str = ""
    reason: Reason = "other"
    stream: str = ""
    """The one that is not allowed, where it is about a stream."""
    enforced: bool = False
    """False: what policy would have done, had its mode been `enforce`."""


class ViolationCleared(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    policy: str
    participant: str


class PersonAllowed(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    person: str
    participant: str = ""


class PersonBlocked(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    user: str
    until: int | None = None
    reason: Reason = "other"


class PersonReadmitted(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    user: str


class RoomClaimed(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    moderator: str
    name: str = ""


class RoomReleased(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class ViewingStarted(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The actor looks at this room now, and at no other; or still does. No slot: the newest counts."""


class ViewingEnded(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The actor looks at this room no more."""


class RoomLocked(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Nobody comes in any more but who is there, or was let in."""

    people: tuple[str, ...] = ()
    """Who was in the room: they may come back."""


class RoomUnlocked(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class ConfigLoaded(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    settings: Settings


class EnforcementHeld(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    reason: str = ""


class EnforcementResumed(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class DisconnectRequested(Command, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    participant: str
    reason: Reason = "other"
    block: bool = False
    """Whether the platform should keep this person out too, where it can: for good, since no platform lets go by
    itself. A block for a time is the gateway's.
    """


class DisconnectConfirmed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    told: bool | None = None
    """Whether the person could be told why; None where that was not tried."""


class DisconnectFailed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class ExtensionRequested(Command, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Moves the deadline that the platform keeps. Slot: the next deadline version, which the confirmation brings."""

    version: int
    ends_at: int
    """The new end by the platform's clock: absolute, so that doing it twice adds nothing."""
    seconds: int = 0
    """What was asked for; 0 where an end was set for a room without one."""
    reason: str = ""


class ExtensionConfirmed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class ExtensionFailed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class MuteRequested(Command, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    participant: str
    mode: MuteMode = "mute"


class MuteConfirmed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class MuteFailed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class StreamStopRequested(Command, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    participant: str
    stream: str
    reason: Reason = "other"


class StreamStopConfirmed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class StreamStopFailed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class RoomEndRequested(Command, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    reason: Reason = "other"


class RoomEndConfirmed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class RoomEndFailed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class MessageRequested(Command, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """To everybody in the room."""

    text: str
    about: str = ""
    """What a policy tells of: a warning, or a version of the deadline. Slot: each is told once."""


class MessageConfirmed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


class MessageFailed(Outcome, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    pass


# --- notices -------------------------------------------------------------------------------------------------------


class DecisionRefused(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """How a decision that lost its slot is read back. It never stands in the log itself."""

    kind: str
    code: str
    why: str


class RoomReconciled(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The platform's list differed from what was known."""

    added: int = 0
    removed: int = 0


class ProviderEventUnknown(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A delivery without a fact, kept as it came (shortened to 4,096 characters).

    Where it is `understood`, `problem` is a sentence that says what it tells; else why nothing can be made of it.
    """

    type: str = ""
    problem: str = ""
    body: str = ""
    understood: bool = False


class SourceSilent(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    detail: str = ""


class SourceRecovered(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    detail: str = ""


class AccessDenied(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Refused attempts of one origin for one reason, counted per minute."""

    origin: str
    reason: str
    count: int = 1


class Unknown(Notice, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """An event of a kind that a newer version wrote; kept whole, so that nothing is lost on the way through."""

    unknown_kind: str
    members: dict[str, object] = field(default_factory=dict)


# --- the envelope --------------------------------------------------------------------------------------------------


class Actor(Struct, frozen=True, gc=False):
    """Who caused an event."""

    kind: ActorKind
    id: str = ""
    name: str = ""


class Event(Struct, frozen=True, gc=False, kw_only=True):
    """One thing that happened. Times are milliseconds since the epoch, UTC.

    `at` is the platform's own time for a fact and orders only that platform's facts; `recorded_at` is the gateway's.
    `instance` is the platform's own id in a fact, the target in a decision; the fold fills it in where it is empty.
    """

    id: EventId
    source: SourceName | None = None
    room: RoomId | None = None
    instance: InstanceId | None = None
    at: int
    recorded_at: int = 0
    actor: Actor
    data: Data
    seq: int = 0
    late: bool = False

    @property
    def kind(self) -> str:
        """The name of the kind on the wire, such as `participant_joined`."""
        return self.data.unknown_kind if isinstance(self.data, Unknown) else kind_of(type(self.data))

    @property
    def key(self) -> RoomKey | None:
        """The room this is about, or None for what concerns a source or the gateway."""
        return room_key(self.source, self.room) if self.source is not None and self.room is not None else None


class Entry(Struct, frozen=True, gc=False, kw_only=True):
    """What one append adds to the log, whole or not at all: one or more events that share a `seq`."""

    id: EventId
    recorded_at: int
    events: tuple[Event, ...]
    seq: int = 0
    """Given by the log; 0 before it was appended."""


def kind_of(data_type: type[Data]) -> str:
    """`ParticipantJoined` -> `participant_joined`."""
    return _KIND_OF[data_type]


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


_MODULES: Final = (accounting.__name__, announcements.__name__, __name__)
"""Where kinds of event are declared, in the order in which they are listed, whichever was imported first."""
_ABSTRACT: Final = frozenset({Data, Fact, Decision, Command, Outcome, Notice, Unknown})


def _concrete(base: type[Data]) -> list[type[Data]]:
    return [found for sub in base.__subclasses__() for found in [sub, *_concrete(sub)] if found not in _ABSTRACT]


KINDS: Final[dict[str, type[Data]]] = {
    _snake_case(found.__name__): found
    for found in sorted(_concrete(Data), key=lambda found: _MODULES.index(found.__module__))
}
_KIND_OF: Final[dict[type[Data], str]] = {data_type: kind for kind, data_type in KINDS.items()}
