"""What the gateway relies on of every platform, and what a platform's package has to offer.

A provider turns webhooks into facts and commands into requests. It keeps no state that matters: what it needs to act
on a participant it puts into the facts (`ParticipantJoined.platform`) and gets back with the command.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, Literal, Protocol

from msgspec import UNSET, Struct, UnsetType

from moderator.clock import Clock
from moderator.domain.events import Event
from moderator.domain.kinds import StreamKind
from moderator.domain.settings import Capability
from moderator.http import HttpClient
from moderator.providers.errors import Rejected

ACTIONS = (
    "extend",
    "disconnect",
    "block",
    "readmit",
    "mute",
    "revoke",
    "stop_stream",
    "end",
    "message",
    "tell",
    "join",
    "list",
)
"""Every capability that a provider states, with who does it and why not."""
Rejoin = Literal["blocked_by_provider", "blocked_by_gateway", "possible"]
"""What keeps somebody out who was disconnected."""


class Delivery(Struct, frozen=True):
    """One webhook request as it came in. Header names are in lower case."""

    headers: Mapping[str, str]
    body: bytes
    peer: str
    """The sender's address."""
    received_at: int


class ListedStream(Struct, frozen=True):
    """A stream in a platform's list."""

    stream: str
    kind: StreamKind
    name: str = ""
    muted: bool | None = None
    """None where the list does not tell."""


class ListedParticipant(Struct, frozen=True, kw_only=True):
    """A participant in a platform's list. `participant` is the same key that the platform's webhooks give."""

    participant: str
    user: str = ""
    name: str = ""
    role: str = ""
    data: str = ""
    joined_at: int | None = None
    platform: dict[str, str] = {}
    streams: tuple[ListedStream, ...] | None = None
    """None where the list does not tell."""


class ListedRoom(Struct, frozen=True, kw_only=True):
    """A room in a platform's list, with everybody in it."""

    room: str
    name: str = ""
    instance: str | None = None
    participants: tuple[ListedParticipant, ...] = ()
    complete: bool = True
    """False when not everybody who is there is listed; then absence from this room means nothing."""
    ends_at: int | UnsetType | None = UNSET
    """The end that the platform keeps for this room, by its clock; None when it has no limit now. Left out by a
    platform that keeps no ends."""
    unavailable: dict[str, str] | None = None
    """Actions of `ACTIONS` that this account may not do in this room, each with the reason as a sentence; None where
    the list does not tell."""


class Listing(Struct, frozen=True, kw_only=True):
    """Everything a platform says is going on. A room with nobody in it may be left out; an instance that the platform
    names itself is taken for over then.
    """

    taken_at: int
    """When the first request was sent, by our clock: what is reported later is newer."""
    rooms: tuple[ListedRoom, ...]
    complete: bool = True
    """False when a part could not be read; then absence means nothing."""
    lag_ms: int = 0
    """How long the platform may take until it lists somebody: absence says nothing of who came later than that."""


class Target(Struct, frozen=True, kw_only=True):
    """Whom a command is about."""

    room: str
    instance: str | None = None
    participant: str = ""
    """The platform's own id."""
    user: str = ""
    platform: dict[str, str] = {}
    """What the provider put into the join, and needs now."""
    streams: tuple[str, ...] = ()
    """For muting: the participant's streams that may carry sound. For stopping: the one stream."""


class Admission(Struct, frozen=True, kw_only=True):
    """Somebody who may join a room, for whom credentials are to be made."""

    room: str
    """The platform's id of it."""
    user: str = ""
    """Empty for somebody who is not known to the application."""
    name: str = ""
    role: str = ""
    """As the application calls it: never a role of the platform's."""
    may_share_screen: bool = True
    expires_at: int
    """When nobody may join with them any more, in milliseconds by the gateway's clock."""
    extra: dict[str, str] = {}
    """What shall stand with the person where the platform has room for it, such as the ids of rtcStats."""

    def identified(self) -> str:
        """The user, for platforms that let nobody in who is nobody. Raises Rejected."""
        if not self.user:
            raise Rejected("On this platform everybody has a user id: name this person's.")
        return self.user


class Finding(Struct, frozen=True):
    """One thing that `check` looked at."""

    ok: bool
    what: str
    remedy: str = ""
    reported: bool = False
    """The platform was made to report something, of which a running gateway should hear."""
    todo: bool = False
    """Nothing is wrong (`ok`), but what it says is for people to do, or to look after."""
    webhooks: bool = False
    """About where the platform reports to: says nothing of whether the account works."""


class Provider(Protocol):
    """One configured account of a platform. Methods that ask the platform raise the errors of `providers.errors`."""

    Options: ClassVar[type[Struct]]
    """The provider's own configuration keys: a Struct that forbids unknown fields; secrets are plain strings in it."""

    capabilities: Mapping[str, Capability]

    finds_rooms: bool
    """Whether `list_rooms` finds rooms by itself; where not, it looks into the `known` ones only."""

    audible: AbstractSet[StreamKind]
    """The kinds of streams that may carry sound: what there is to mute."""

    mutes_people: bool
    """Whether the platform mutes a person whatever they publish, so that no stream has to be known."""

    credentials_last_ms: int
    """How long credentials are good for at most: whoever has them can join anew until then."""

    def __init__(self, source: str, options: Any, http: HttpClient, clock: Clock) -> None: ...

    def authenticate(self, delivery: Delivery) -> None:
        """Raise BadSignature unless the platform sent this."""

    @staticmethod
    def sign(options: Any, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        """The headers with which the platform would send this body, for replays."""
        ...

    def parse(self, delivery: Delivery) -> list[Event]:
        """Facts and notices with ids derived from the delivery's content.

        What is not understood becomes a notice; never raises.
        """

    def rejoin(self, target: Target, *, block: bool) -> Rejoin:
        """What keeps a person out who is disconnected with or without `block`.

        Who was not blocked can come back; the gateway keeps out only whom it knows by `user`.
        """
        ...

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        """Who is in the platform's rooms, or else in the `known` ones: see `finds_rooms`."""
        ...

    async def list_room(self, room: str) -> Listing:
        """Who is in this one room: asked to see whether a command had its effect."""
        ...

    async def disconnect(self, target: Target, *, block: bool) -> None:
        """Remove a participant; somebody who is gone already is no error. Returns when the platform accepted it."""

    async def readmit(self, target: Target) -> None:
        """Undo what `disconnect` with `block` did on the platform."""

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        """Move the end that the platform keeps for the room to `ends_at`, and return what the platform then says.

        All are milliseconds by the platform's clock. `expected` is where the end was known to be, None without a limit:
        raises Moved, and changes nothing, when the platform's end is neither that nor `ends_at` already. So asked twice
        for the same end, it adds nothing the second time. Only where the capability `extend` is the provider's.
        """
        ...

    async def mute(self, target: Target) -> None:
        """Silence `target.streams` once; where the capability `revoke` stands beside it, the person can undo it."""

    async def revoke(self, target: Target) -> None:
        """Silence this person, and take the right to be heard away until `restore`."""

    async def restore(self, target: Target) -> None:
        """Give the right to be heard back. The microphone stays off until the person turns it on."""

    async def stop_stream(self, target: Target) -> None: ...

    async def end_room(self, target: Target) -> None: ...

    async def send_message(self, target: Target, text: str) -> None: ...

    async def tell(self, target: Target, text: str) -> None:
        """Send a message to this participant and to nobody else. Not sent again where it may have arrived."""

    async def open_room(self, name: str) -> str:
        """Make a room for a name that has none, and return the platform's id of it.

        Where rooms go by names, or the same name brings the same room, it may be there already.
        """
        ...

    async def credentials(self, admission: Admission) -> dict[str, str]:
        """What the platform's client SDK joins with, and no more rights than that takes: never a moderator's.

        Named as clients want it: `applicationId`, `apiKey` or `url`; `sessionId` or `room`; `token`. They end at
        `expires_at` where the platform's tokens end at all, and tell who it is in the platform's own field, so that
        `parse` reads it there. Nothing of them is logged.
        """
        ...

    async def check(self, webhook_url: str) -> list[Finding]:
        """Whether this account works, and what to do where it does not."""
