"""What all orders of moderators share: a proposal to the log, the verdict read back, the same answer to a repeat."""

from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from moderator.clock import Clock
from moderator.domain.events import Event
from moderator.domain.ids import EventId, InstanceId, RoomId, SourceName
from moderator.domain.kinds import Data
from moderator.domain.rooms import Room
from moderator.domain.state import Verdict
from moderator.gateway.ledger import Ledger
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Call, json_response

ALREADY_SO: Final = frozenset(
    {"already_requested", "already_allowed", "already_acknowledged", "already_locked", "not_locked"}
)
"""Refusals that mean that somebody else has just done the same."""
NOTHING_THERE: Final = frozenset({"unknown_warning", "not_blocked"})
Make = Callable[[], tuple[Room | None, Data]]
"""Checks what a request asks for and makes the decision of it. Raises Problem."""


class Orders:
    """Puts decisions of moderators to the log."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self.ledger = ledger
        self.clock = clock

    def event(self, call: Call, event_id: EventId, room: Room | None, data: Data, source: str = "") -> Event:
        """What goes to the log: about the room's current instance, about a source, or about neither."""
        about = room.source if room else source
        return Event(
            id=event_id,
            source=SourceName(about) if about else None,
            room=RoomId(room.room) if room else None,
            instance=InstanceId(room.instance) if room else None,
            at=self.clock.now_ms(),
            actor=call.actor,
            data=data,
        )

    async def verdict(self, call: Call, event_id: EventId, make: Make) -> Verdict:
        """What became of a decision. A repeat is not checked again: the room may have changed by then."""
        known = self.ledger.verdict(event_id)
        if known is not None:
            return known
        room, data = make()
        (verdict,) = await self.ledger.propose([self.event(call, event_id, room, data)])
        return verdict

    async def accept(self, call: Call, make: Make, status: int = 200) -> Response:
        """Decide, and answer with `status` and the `seq`. Raises Problem when it was refused."""
        verdict = await self.verdict(call, call.event_id(), make)
        must_stand(verdict)
        return json_response({"seq": verdict.seq}, status)


def must_stand(verdict: Verdict) -> None:
    """Raise Problem for a decision that lost, unless what it asked for is so anyway."""
    if verdict.code and verdict.code not in ALREADY_SO:
        raise Problem(404 if verdict.code in NOTHING_THERE else 409, verdict.code, verdict.why)


def require(room: Room, capability: str) -> None:
    """Raise Problem when neither the platform nor the gateway can do this."""
    found = room.capabilities.get(capability)
    if found is None or found.by is None:
        why = found.why if found else "this source is not configured any more"
        raise Problem(409, "not_supported", why or f"{room.provider} cannot do this")
