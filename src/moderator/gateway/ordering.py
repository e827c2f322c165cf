"""The routes by which moderators decide: each puts a proposal to the log and answers with the verdict that was read
back.
"""

from typing import Final, Literal

from starlette.responses import Response

from moderator.clock import Clock
from moderator.domain import events as e
from moderator.domain.ids import EventId, InstanceId, RoomId, RoomKey, SourceName
from moderator.domain.rooms import Deadline, Participant, Room
from moderator.domain.state import Verdict
from moderator.gateway.actions import target_of
from moderator.gateway.ledger import Ledger
from moderator.gateway.limiter import Urgency
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Body, Call, json_response
from moderator.gateway.sources import LiveSource
from moderator.providers.errors import ProviderError

MAX_EXTENSION_S: Final = 24 * 3600
MAX_TEXT: Final = 1_000
TRIES_WITHOUT_VERSION: Final = 5
ALREADY_SO: Final = frozenset({"already_requested", "already_allowed", "already_acknowledged"})
"""Refusals that mean that somebody else has just done the same."""


class Extend(Body, frozen=True, kw_only=True):
    seconds: int = 0
    expected_version: int | None = None
    ends_at: int | None = None
    reason: str = ""


class WithReason(Body, frozen=True, kw_only=True):
    reason: e.Reason = "other"


class Disconnect(Body, frozen=True, kw_only=True):
    reason: e.Reason = "other"
    block: bool | int = False


class Message(Body, frozen=True, kw_only=True):
    text: str


class Owner(Body, frozen=True, kw_only=True):
    moderator: str = ""
    name: str = ""


class Hold(Body, frozen=True, kw_only=True):
    reason: str = ""


class Nothing(Body, frozen=True, kw_only=True):
    pass


class Ordering:
    """Turns requests into proposals."""

    def __init__(self, ledger: Ledger, sources: dict[str, LiveSource], clock: Clock) -> None:
        self._ledger = ledger
        self._sources = sources
        self._clock = clock

    # --- deadlines -------------------------------------------------------------------------------------------------

    async def extend(self, call: Call) -> Response:
        """`POST .../extend`: add seconds to the deadline of an expected version, or set one where there is none."""
        room, body = call.live_room(), await call.body(Extend)
        event_id = call.event_id()
        for _ in range(TRIES_WITHOUT_VERSION):
            known = self._ledger.verdict(event_id)
            verdict = known or await self._propose_extension(call, room, event_id, body)
            room = call.room()
            if verdict.code != "conflict" or body.expected_version is not None:
                break
            event_id = call.event_id("again", verdict.seq)
        if verdict.code:
            raise self._conflict(room, verdict)
        return json_response({"deadline": room.deadline, "seq": verdict.seq})

    async def _propose_extension(self, call: Call, room: Room, event_id: EventId, body: Extend) -> Verdict:
        (verdict,) = await self._ledger.propose([self._event(call, room, event_id, self._extension(room, body))])
        return verdict

    def _extension(self, room: Room, body: Extend) -> e.Data:
        deadline = room.deadline
        if body.ends_at is not None:
            return self._absolute(room, body, body.ends_at)
        if deadline is None:
            raise Problem(409, "no_deadline", "the room has no deadline: send ends_at to set one")
        if body.expected_version is not None and body.expected_version != deadline.version:
            raise self._conflict(room, Verdict(0, 0, "conflict", "the deadline was changed meanwhile"))
        if body.seconds == 0 or abs(body.seconds) > MAX_EXTENSION_S:
            raise Problem(422, "invalid_seconds", f"seconds is between -{MAX_EXTENSION_S} and {MAX_EXTENSION_S}, not 0")
        allowance = deadline.allowance_ms
        if allowance is not None and body.seconds * 1000 > allowance:
            sentence = f"at most {allowance // 1000} more seconds are allowed for this room"
            raise Problem(422, "over_allowance", sentence, allowance_ms=allowance)
        return e.DeadlineExtended(version=deadline.version + 1, seconds=body.seconds, reason=body.reason[:MAX_TEXT])

    def _absolute(self, room: Room, body: Extend, ends_at: int) -> e.Data:
        if room.deadline is not None:
            raise Problem(422, "has_deadline", "the room has a deadline: send seconds to move it")
        if not 0 < ends_at - self._clock.now_ms() <= MAX_EXTENSION_S * 1000:
            raise Problem(422, "invalid_ends_at", "ends_at is a time within the next 24 hours, in milliseconds")
        warn_ms = room.limits.warn_ms if room.limits else ()
        version = room.deadline_version + 1
        return e.DeadlineSet(
            version=version, ends_at=ends_at, warn_ms=warn_ms, basis="moderator", reason=body.reason[:MAX_TEXT]
        )

    def _conflict(self, room: Room, verdict: Verdict) -> Problem:
        deadline: Deadline | None = room.deadline
        changed_by = deadline.changed_by if deadline else ""
        return Problem(409, verdict.code, verdict.why, deadline=deadline, changed_by=changed_by)

    # --- participants ----------------------------------------------------------------------------------------------

    async def disconnect(self, call: Call) -> Response:
        """`POST .../participants/{id}/disconnect`: 202; the confirmation comes through the feed."""
        room, body = call.room(), await call.body(Disconnect)
        participant = call.participant(room)
        self._require(room, "disconnect")
        block = body.block is not False
        event_id = call.event_id()
        events = self._blocking(call, room, participant, body) if block else []
        known = self._ledger.verdict(event_id)
        if known is None and (not participant.here or room.state == "ended"):
            if events:
                await self._decide(events)
            return self._answer("already_gone", self._rejoin(room, participant, block), self._ledger.state.seq)
        data = e.DisconnectRequested(participant=participant.id, reason=body.reason, block=block)
        verdicts = await self._decide([*events, self._event(call, room, event_id, data)])
        return self._answer("requested", self._rejoin(room, participant, block), verdicts[-1].seq)

    def _blocking(self, call: Call, room: Room, participant: Participant, body: Disconnect) -> list[e.Event]:
        if not participant.user:
            return []
        if body.block is not True and not 0 < int(body.block) <= 366 * MAX_EXTENSION_S:
            raise Problem(422, "invalid_block", "block is true, false or a number of seconds above zero")
        until = None if body.block is True else self._clock.now_ms() + int(body.block) * 1000
        data = e.PersonBlocked(user=participant.user, until=until, reason=body.reason)
        return [self._event(call, room, call.event_id("block"), data)]

    def _rejoin(self, room: Room, participant: Participant, block: bool) -> str:
        source = self._sources.get(room.source)
        key = RoomKey(SourceName(room.source), RoomId(room.room))
        stay = self._ledger.state.stay(key, participant.id)
        return source.provider.rejoin(target_of(room, stay), block=block) if source else "possible"

    def _answer(self, outcome: Literal["requested", "already_gone"], rejoin: str, seq: int) -> Response:
        return json_response({"outcome": outcome, "rejoin": rejoin, "seq": seq}, 202)

    async def allow(self, call: Call) -> Response:
        """`POST .../participants/{id}/allow`: let this person stay although policy objects."""
        room = call.live_room()
        await call.body(Nothing)
        participant = call.participant(room)
        data = e.PersonAllowed(person=participant.person, participant=participant.id)
        return await self._accept(call, room, data, 200)

    async def mute(self, call: Call) -> Response:
        """`POST .../participants/{id}/mute`"""
        room = call.live_room()
        await call.body(Nothing)
        self._require(room, "mute")
        participant = call.participant(room)
        if not any(stream.kind == "microphone" for stream in participant.streams):
            raise Problem(409, "no_microphone", "this participant publishes no microphone")
        return await self._accept(call, room, e.MuteRequested(participant=participant.id), 202)

    async def stop_stream(self, call: Call) -> Response:
        """`POST .../streams/{id}/stop`"""
        room = call.live_room()
        await call.body(Nothing)
        self._require(room, "stop_stream")
        stream = call.path_id("stream")
        participant = next((one for one in room.here() if any(found.id == stream for found in one.streams)), None)
        if participant is None:
            raise Problem(404, "unknown_stream", "nobody in the room publishes such a stream")
        return await self._accept(call, room, e.StreamStopRequested(participant=participant.id, stream=stream), 202)

    async def readmit(self, call: Call) -> Response:
        """`DELETE .../blocks/{user}`"""
        room, user = call.room(), call.path_id("user")
        (verdict,) = await self._decide([self._event(call, room, call.event_id(), e.PersonReadmitted(user=user))])
        answer = {"seq": verdict.seq, "rejoin": "possible", "detail": ""}
        try:
            await self._readmit_on_platform(room, user)
        except ProviderError as error:
            answer |= {"rejoin": "blocked_by_provider", "detail": str(error)}
        return json_response(answer)

    async def _readmit_on_platform(self, room: Room, user: str) -> None:
        """Undo on the platform what a disconnect with block did there. Raises ProviderError."""
        last = next((one for one in reversed(room.participants) if one.user == user), None)
        source = self._sources.get(room.source)
        if last is None or source is None or self._rejoin(room, last, True) != "blocked_by_provider":
            return
        stay = self._ledger.state.stay(RoomKey(SourceName(room.source), RoomId(room.room)), last.id)
        async with source.limiter.turn(Urgency.COMMAND):
            await source.provider.readmit(target_of(room, stay))

    # --- rooms -----------------------------------------------------------------------------------------------------

    async def end(self, call: Call) -> Response:
        """`POST .../end`"""
        room, body = call.live_room(), await call.body(WithReason)
        self._require(room, "end")
        return await self._accept(call, room, e.RoomEndRequested(reason=body.reason), 202)

    async def message(self, call: Call) -> Response:
        """`POST .../message`"""
        room, body = call.live_room(), await call.body(Message)
        self._require(room, "message")
        if not 0 < len(body.text) <= MAX_TEXT:
            raise Problem(422, "invalid_text", f"a message has 1 to {MAX_TEXT} characters")
        return await self._accept(call, room, e.MessageRequested(text=body.text), 202)

    async def claim(self, call: Call) -> Response:
        """`PUT .../owner`: claim, or hand over."""
        room, body = call.live_room(), await call.body(Owner)
        mine = not body.moderator or body.moderator == call.access.subject
        data = e.RoomClaimed(
            moderator=call.access.subject if mine else body.moderator[:200],
            name=call.access.name if mine else body.name[:200],
        )
        return await self._accept(call, room, data, 200)

    async def release(self, call: Call) -> Response:
        """`DELETE .../owner`"""
        return await self._accept(call, call.live_room(), e.RoomReleased(), 200)

    async def acknowledge(self, call: Call) -> Response:
        """`POST .../warnings/{id}/acknowledge`"""
        room = call.live_room()
        await call.body(Nothing)
        return await self._accept(call, room, e.WarningAcknowledged(warning=call.path_id("warning")), 200)

    # --- enforcement -----------------------------------------------------------------------------------------------

    async def hold(self, call: Call) -> Response:
        """`PUT /v1/enforcement/hold`: pause every automatic disconnect."""
        body = await call.body(Hold)
        return await self._accept(call, None, e.EnforcementHeld(reason=body.reason[:MAX_TEXT]), 200)

    async def resume(self, call: Call) -> Response:
        """`DELETE /v1/enforcement/hold`"""
        return await self._accept(call, None, e.EnforcementResumed(), 200)

    # --- common ----------------------------------------------------------------------------------------------------

    def _require(self, room: Room, capability: str) -> None:
        found = room.capabilities.get(capability)
        if found is None or found.by is None:
            why = found.why if found else "this source is not configured any more"
            raise Problem(409, "not_supported", why or f"{room.provider} cannot do this")

    def _event(self, call: Call, room: Room | None, event_id: EventId, data: e.Data) -> e.Event:
        return e.Event(
            id=event_id,
            source=SourceName(room.source) if room else None,
            room=RoomId(room.room) if room else None,
            instance=InstanceId(room.instance) if room else None,
            at=self._clock.now_ms(),
            actor=call.actor,
            data=data,
        )

    async def _accept(self, call: Call, room: Room | None, data: e.Data, status: int) -> Response:
        (verdict,) = await self._decide([self._event(call, room, call.event_id(), data)])
        return json_response({"seq": verdict.seq}, status)

    async def _decide(self, events: list[e.Event]) -> list[Verdict]:
        verdicts = await self._ledger.propose(events)
        for verdict in verdicts:
            if verdict.code and verdict.code not in ALREADY_SO:
                status = 404 if verdict.code in {"unknown_warning", "not_blocked"} else 409
                raise Problem(status, verdict.code, verdict.why)
        return verdicts
