"""The routes about one person: disconnect, block and re-admit, allow, mute, stop a stream."""

from typing import Final, Literal

from msgspec.structs import replace
from starlette.responses import Response

from moderator.domain import events as e
from moderator.domain.kinds import Data, MuteMode, Reason
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Participant, Room
from moderator.domain.state import Verdict
from moderator.gateway.commands.targets import target_of
from moderator.gateway.orders.orders import Orders, must_stand, require
from moderator.gateway.platforms.asking import ask
from moderator.gateway.platforms.limiter import Urgency
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Body, Call, Nothing, json_response
from moderator.gateway.rules import PARTICIPANT, ROOM, Rule
from moderator.providers.errors import ProviderError
from moderator.providers.provider import Rejoin, Target

MAX_BLOCK_S: Final = 366 * 24 * 3600


class Disconnect(Body, frozen=True, kw_only=True):
    reason: Reason = "other"
    block: bool | int = False


class Mute(Body, frozen=True, kw_only=True):
    mode: MuteMode = "mute"


class Removing:
    """Decides about people."""

    def __init__(self, orders: Orders, sources: dict[str, LiveSource]) -> None:
        self._orders = orders
        self._sources = sources

    def rules(self) -> tuple[Rule, ...]:
        """The routes about one person."""
        remove, mute = "participants:disconnect", "participants:mute"
        stop = ROOM + "/streams/{stream}/stop"
        return (
            Rule("POST", PARTICIPANT + "/disconnect", remove, self.disconnect, "Remove somebody", Disconnect, 202),
            Rule("POST", PARTICIPANT + "/allow", remove, self.allow, "Let somebody stay whom policy refuses", Nothing),
            Rule("PUT", ROOM + "/allowed/{user}", remove, self.let_in, "Let somebody in who was refused", Nothing),
            Rule("POST", PARTICIPANT + "/mute", mute, self.mute, "Silence somebody, or no more", Mute, 202),
            Rule("POST", stop, mute, self.stop_stream, "End one published stream", Nothing, 202),
            Rule("DELETE", ROOM + "/blocks/{user}", remove, self.readmit, "Let a blocked person come back"),
        )

    async def disconnect(self, call: Call) -> Response:
        """`POST .../participants/{id}/disconnect`: 202; the confirmation comes through the feed."""
        body, event_id = await call.body(Disconnect), call.event_id()
        room, block, for_good = call.room(), body.block is not False, body.block is True
        known = self._orders.ledger.verdict(event_id)
        if known is not None:
            must_stand(known)
            return self._answer("requested", room, call.path_id("participant"), block, known.seq, not for_good)
        participant = call.participant(room)
        require(room, "disconnect")
        events = self._blocking(call, room, participant, body) if block else []
        if not participant.here or room.state == "ended":
            if events:
                must_stand((await self._orders.ledger.propose(events))[0])
            return self._answer("already_gone", room, participant.id, block, self._orders.ledger.state.seq, True)
        data = e.DisconnectRequested(participant=participant.id, reason=body.reason, block=for_good)
        verdicts = await self._orders.ledger.propose([*events, self._orders.event(call, event_id, room, data)])
        for verdict in verdicts:
            must_stand(verdict)
        # Somebody else's order without a block is under way: the platform will not be told of ours.
        by_gateway = not for_good or verdicts[-1].code == "already_requested"
        return self._answer("requested", room, participant.id, block, verdicts[-1].seq, by_gateway)

    def _blocking(self, call: Call, room: Room, participant: Participant, body: Disconnect) -> list[e.Event]:
        if not participant.user:
            return []
        if body.block is not True and not 0 < int(body.block) <= MAX_BLOCK_S:
            raise Problem(422, "invalid_block", "block is true, false or a number of seconds above zero")
        until = None if body.block is True else self._orders.clock.now_ms() + int(body.block) * 1000
        data = e.PersonBlocked(user=participant.user, until=until, reason=body.reason)
        return [self._orders.event(call, call.event_id("block"), room, data)]

    def _answer(
        self,
        outcome: Literal["requested", "already_gone"],
        room: Room,
        participant: str,
        block: bool,
        seq: int,
        by_gateway: bool,
    ) -> Response:
        stay = self._orders.ledger.state.stay(room.key, participant)
        rejoin = self._rejoin(room.source, target_of(room, stay), block)
        if by_gateway and rejoin == "blocked_by_provider":
            rejoin = "blocked_by_gateway" if stay and stay.user else "possible"
        return json_response({"outcome": outcome, "rejoin": rejoin, "seq": seq}, 202)

    def _rejoin(self, name: str, target: Target, block: bool) -> Rejoin:
        source = self._sources.get(name)
        return source.provider.rejoin(target, block=block) if source else "possible"

    async def readmit(self, call: Call) -> Response:
        """`DELETE .../blocks/{user}`. Also undoes on the platform what a disconnect with block did there."""
        room, user = call.known_room(), call.path_id("user")
        verdict = await self._readmitted(call, room, user)
        shown, stay = self._orders.ledger.room(room.key), self._orders.ledger.state.last_stay_of(room.key, user)
        # The platform goes on blocking when the last stay was forgotten long ago.
        target = target_of(shown, stay) if shown and stay else Target(room=room.room, user=user)
        on_platform = self._rejoin(room.source, target, True) == "blocked_by_provider"
        if not on_platform:
            must_stand(verdict)
        answer = {"seq": verdict.seq, "rejoin": "possible", "detail": ""}
        try:
            if on_platform:
                await self._readmit_on_platform(room.source, target)
        except ProviderError as error:
            answer |= {"rejoin": "blocked_by_provider", "detail": str(error)}
        return json_response(answer)

    async def _readmitted(self, call: Call, room: RoomState, user: str) -> Verdict:
        """Blocks are the room's: they stand, and fall, without an instance."""
        event_id, shown = call.event_id(), self._orders.ledger.room(room.key)
        known = self._orders.ledger.verdict(event_id)
        if known is not None:
            return known
        event = self._orders.event(call, event_id, shown, e.PersonReadmitted(user=user), room.source)
        (verdict,) = await self._orders.ledger.propose([replace(event, room=room.key.room)])
        return verdict

    async def _readmit_on_platform(self, name: str, target: Target) -> None:
        source = self._sources[name]

        async def readmitted() -> None:
            await source.limiter.turn(Urgency.COMMAND)
            await source.provider.readmit(target)

        await ask(source, readmitted())

    async def allow(self, call: Call) -> Response:
        """`POST .../participants/{id}/allow`: let this person stay, or come back, although policy objects."""
        await call.body(Nothing)

        def make() -> tuple[Room, Data]:
            room = call.live_room()
            participant = call.participant(room)
            if not participant.here and not participant.user:
                why = "nobody can tell who this was, so they will not be known when they come back"
                raise Problem(409, "no_identity", why)
            self._must_not_be_blocked(room, participant.user)
            return room, e.PersonAllowed(person=participant.person, participant=participant.id)

        return await self._orders.accept(call, make)

    async def let_in(self, call: Call) -> Response:
        """`PUT .../allowed/{user}`: as `allow`, for somebody who was refused before they could come in."""
        await call.body(Nothing)

        def make() -> tuple[Room, Data]:
            room, user = call.live_room(), call.path_id("user")
            self._must_not_be_blocked(room, user)
            return room, e.PersonAllowed(person=user)

        return await self._orders.accept(call, make)

    def _must_not_be_blocked(self, room: Room, user: str) -> None:
        now = self._orders.clock.now_ms()
        if any(block.user == user and block.holds(now) for block in room.blocks if user):
            raise Problem(409, "blocked", "a moderator has blocked this person: let them come back first")

    async def mute(self, call: Call) -> Response:
        """`POST .../participants/{id}/mute`: once; until it is given back; given back."""
        body = await call.body(Mute)

        def make() -> tuple[Room, Data]:
            room = call.live_room()
            require(room, "mute" if body.mode == "mute" else "revoke")
            participant = call.participant(room)
            if body.mode == "mute" and not self._can_be_muted(room, participant):
                raise Problem(409, "no_microphone", "this participant publishes no microphone")
            return room, e.MuteRequested(participant=participant.id, mode=body.mode)

        return await self._orders.accept(call, make, 202)

    def _can_be_muted(self, room: Room, participant: Participant) -> bool:
        source = self._sources.get(room.source)
        if source is None:
            return False
        return source.provider.mutes_people or any(one.kind in source.provider.audible for one in participant.streams)

    async def stop_stream(self, call: Call) -> Response:
        """`POST .../streams/{id}/stop`"""
        await call.body(Nothing)

        def make() -> tuple[Room, Data]:
            room, stream = call.live_room(), call.path_id("stream")
            require(room, "stop_stream")
            participant = next((one for one in room.here() if any(found.id == stream for found in one.streams)), None)
            if participant is None:
                raise Problem(404, "unknown_stream", "nobody in the room publishes such a stream")
            return room, e.StreamStopRequested(participant=participant.id, stream=stream)

        return await self._orders.accept(call, make, 202)
