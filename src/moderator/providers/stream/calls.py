"""What Stream says of a call, its session and the people in it; the same in webhooks and in replies. Pure.

Everything that may be left out may be null as well.
"""

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from moderator.domain.ids import REUSED
from moderator.domain.presence import EVERYBODY
from moderator.providers.errors import Rejected
from moderator.providers.provider import ListedParticipant
from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.stream.times import Time, moment_ms

MAX_NAME: Final = 200
"""Longer names and roles are cut: everybody who watches has to carry them."""
FARTHEST_MS: Final = 366 * 24 * 3_600_000
"""A session that is to end later than this is a misunderstanding."""
_RESERVED: Final = {ord(one): f"%{ord(one):02X}" for one in ("%", REUSED)}


class User(Struct, frozen=True):
    """A person, as the application knows them."""

    id: str
    name: str | None = None


class Participant(Struct, frozen=True):
    """One device of a person in a session."""

    user: User
    user_session_id: str
    role: str | None = None
    joined_at: Time = None

    @property
    def key(self) -> str:
        """What it is told apart by. Raises NotUnderstoodError where it has no id.

        Clients choose the id: what means something else here is written as in addresses, so that it stays one of its
        own.
        """
        if not self.user_session_id:
            raise NotUnderstoodError("nobody is named")
        if self.user_session_id == EVERYBODY:
            return f"%{ord(EVERYBODY):02X}"
        return self.user_session_id.translate(_RESERVED)


class Session(Struct, frozen=True):
    """One live stretch of a call."""

    id: str
    started_at: Time = None
    ended_at: Time = None
    timer_ends_at: Time = None
    participants: tuple[Participant, ...] | None = None
    participants_count_by_role: dict[str, int] | None = None
    anonymous_participant_count: int | None = None

    @property
    def count(self) -> int:
        """How many are there by the platform's own count, or by `participants`, who may be fewer in a large call."""
        counted = sum((self.participants_count_by_role or {}).values()) + (self.anonymous_participant_count or 0)
        return max(counted, len(self.participants or ()))

    def timer_ms(self, now_ms: int) -> int | None:
        """When it ends by itself; None without a limit. Raises NotUnderstoodError for an end that cannot be."""
        ends_at = moment_ms(self.timer_ends_at)
        if ends_at is not None and ends_at > now_ms + FARTHEST_MS:
            raise NotUnderstoodError("an end that is years ahead")
        return ends_at


class Limits(Struct, frozen=True):
    max_duration_seconds: int | None = None
    """Of each session, from its start; 0 is none."""


class Settings(Struct, frozen=True):
    limits: Limits | None = None


class Call(Struct, frozen=True):
    """A room. `cid` is `type:id`."""

    cid: str
    custom: dict[str, Any] | None = None
    current_session_id: str | None = None
    ended_at: Time = None
    session: Session | None = None
    settings: Settings | None = None

    @property
    def name(self) -> str:
        """What the application calls it, if that is text."""
        name = (self.custom or {}).get("name")
        return name[:MAX_NAME] if isinstance(name, str) else ""

    @property
    def max_duration_s(self) -> int:
        """The limit of each session; 0 without one."""
        limits = self.settings.limits if self.settings else None
        return (limits.max_duration_seconds or 0) if limits else 0


def shortened(text: str | None) -> str:
    """A name or a reason, no longer than it may be."""
    return (text or "")[:MAX_NAME]


def instance_id(session_id: str) -> str:
    """A session's id as that of an instance. Ids of all digits are the domain's own, so those get a letter before."""
    return f"s{session_id}" if session_id.isdigit() else session_id


def is_address(cid: str) -> bool:
    """Whether it has the two parts of a call's address."""
    return all(cid.partition(":"))


def type_and_id(cid: str) -> tuple[str, str]:
    """The two parts of a call's address. Raises Rejected."""
    type_, _, id_ = cid.partition(":")
    if not is_address(cid):
        raise Rejected("That is no call of Stream's: those are named by their type, a colon and an id.")
    return type_, id_


def told_apart(participants: Iterable[Participant]) -> list[Participant]:
    """Those who have an id of their own: of several with the same one, which clients may bring about, the first."""
    found: dict[str, Participant] = {}
    for one in participants:
        if one.user_session_id:
            found.setdefault(one.key, one)
    return list(found.values())


def people(participants: Iterable[Participant]) -> tuple[ListedParticipant, ...]:
    """Participants as lists have them; who cannot be told apart is missing. Raises NotUnderstoodError."""
    return tuple(
        ListedParticipant(
            participant=one.key,
            user=one.user.id,
            name=shortened(one.user.name),
            role=shortened(one.role),
            joined_at=moment_ms(one.joined_at),
        )
        for one in told_apart(participants)
    )
