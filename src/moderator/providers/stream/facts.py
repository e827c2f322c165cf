"""What an event of Stream's says, as facts. Pure, and knows nothing of deliveries or HTTP.

Whatever describes a session proves that it is there and who is in it, and says so in the same words, dated by when it
began or they came: so each is told once, whichever event it comes with. When the session ends is dated by the event,
since the newest counts; so only those events tell it after which it may be another end.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from moderator.domain.events import (
    DeadlineReported,
    ParticipantJoined,
    ParticipantLeft,
    RoomEnded,
    RoomStarted,
)
from moderator.domain.kinds import Data
from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.stream.calls import Call, Participant, Session, User, instance_id, shortened, told_apart
from moderator.providers.stream.times import Time, moment_ms

BY_FORCE: Final = ("kick", "block")
"""Words in the reason of a leave that say that somebody else wanted it."""


class Body(Struct, frozen=True):
    """The union of what events hold; which members are there depends on `type`."""

    type: str
    call_cid: str
    created_at: Time = None
    session_id: str | None = None
    call: Call | None = None
    participant: Participant | None = None
    user: User | None = None
    reason: str | None = None


class Told(Struct, frozen=True):
    """A fact, the session it is about, and its time by the platform's clock."""

    at: int
    instance: str
    data: Data


class Reading(Struct, frozen=True):
    """One event, being read."""

    body: Body
    at: int

    def instance(self) -> str:
        """The session that the event names itself."""
        if not self.body.session_id:
            raise NotUnderstoodError("no session is named")
        return instance_id(self.body.session_id)

    def participant(self) -> Participant:
        if self.body.participant is None:
            raise NotUnderstoodError("nobody is named")
        return self.body.participant

    def live(self) -> tuple[Call, Session] | None:
        """The call with its session, where the event describes one that goes on."""
        call = self.body.call
        session = call.session if call else None
        if call is None or session is None or not session.id or moment_ms(session.ended_at) is not None:
            return None
        return call, session


def facts_of(body: Body) -> list[Told] | None:
    """The facts in one event; None when this version does not know it. Raises NotUnderstoodError when it makes no
    sense.
    """
    reader = _READERS.get(body.type)
    if reader is None:
        return None
    at = moment_ms(body.created_at)
    if at is None:
        raise NotUnderstoodError("no time")
    return reader(Reading(body, at))


# --- readers -------------------------------------------------------------------------------------------------------


def _described(reading: Reading) -> list[Told]:
    """An event about something else, with a call in it."""
    live = reading.live()
    return _session(*live) if live else []


def _timed(reading: Reading) -> list[Told]:
    """An event after which the session may end at another time."""
    live = reading.live()
    if live is None:
        return []
    call, session = live
    deadline = DeadlineReported(ends_at=session.timer_ms(reading.at))
    return [*_session(call, session), Told(reading.at, instance_id(session.id), deadline)]


def _started(reading: Reading) -> list[Told]:
    described = _timed(reading)
    if any(isinstance(one.data, RoomStarted) for one in described):
        return described
    return [Told(reading.at, reading.instance(), RoomStarted()), *described]


def _joined(reading: Reading) -> list[Told]:
    return [join(reading.participant(), reading.instance(), reading.at)]


def _left(reading: Reading) -> list[Told]:
    participant, reason = reading.participant(), shortened(reading.body.reason)
    forced = any(word in reason.lower() for word in BY_FORCE)
    left = ParticipantLeft(participant=participant.key, reason=reason, forced=forced)
    return [*_presence(participant, reading.instance()), Told(reading.at, reading.instance(), left)]


def _ended(reading: Reading) -> list[Told]:
    """Of one that never had a session, there is nothing to end."""
    call = reading.body.call
    session = call.session if call else None
    id_ = reading.body.session_id or (session.id if session else "") or (call.current_session_id if call else "")
    if not id_:
        return []
    of_session = moment_ms(session.ended_at) if session and session.id == id_ else None
    ended_at = of_session or (moment_ms(call.ended_at) if call else None) or reading.at
    return [Told(ended_at, instance_id(id_), RoomEnded(reason=_why_ended(reading.body)))]


_READERS: Final[dict[str, Callable[[Reading], list[Told]]]] = {
    "call.session_started": _started,
    "call.session_participant_joined": _joined,
    "call.session_participant_left": _left,
    "call.session_ended": _ended,
    "call.ended": _ended,
    "call.deleted": _ended,
    "call.created": _timed,
    "call.updated": _timed,
    "call.session_participant_count_updated": _described,
    "call.live_started": _described,
    "call.member_added": _described,
    "call.member_updated": _described,
    "call.member_updated_permission": _described,
    "call.member_removed": _described,
    "call.notification": _described,
    "call.ring": _described,
    "call.accepted": _described,
    "call.rejected": _described,
    "call.missed": _described,
    "call.reaction_new": _described,
    "custom": _described,
}


def _why_ended(body: Body) -> str:
    if body.type == "call.session_ended":
        return "the session ended"
    if body.type == "call.deleted":
        return "the call was deleted"
    by = (body.user.name or body.user.id) if body.user else "the platform"
    return shortened(f"ended by {by}: {body.reason or ''}".removesuffix(": "))


# --- what is said of a session --------------------------------------------------------------------------------------


def _session(call: Call, session: Session) -> list[Told]:
    instance, started_at = instance_id(session.id), moment_ms(session.started_at)
    told = [] if started_at is None else [Told(started_at, instance, RoomStarted(name=call.name))]
    for participant in told_apart(session.participants or ()):
        told += _presence(participant, instance)
    return told


def join(participant: Participant, instance: str, at: int) -> Told:
    """That a participant is there since it joined, or since `at` where that is not told."""
    joined_at = moment_ms(participant.joined_at)
    data = ParticipantJoined(
        participant=participant.key,
        user=participant.user.id,
        name=shortened(participant.user.name),
        role=shortened(participant.role),
    )
    return Told(at if joined_at is None else joined_at, instance, data)


def _presence(participant: Participant, instance: str) -> list[Told]:
    """That a participant was there, said by something else about it."""
    joined_at = moment_ms(participant.joined_at)
    return [] if joined_at is None else [join(participant, instance, joined_at)]
