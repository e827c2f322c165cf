"""The breaker: when policies want to remove suddenly many, they are held until a moderator has looked.

So many within a minute are rather a mistake in the rules, or in a list, than so many people who may not be there. Who
resumes has looked: for a minute then nothing is counted, so that all those may go.
"""

import math
from collections.abc import Sequence
from typing import Final

from moderator.domain.events import DisconnectRequested, EnforcementHeld, Event, RoomEndRequested
from moderator.domain.ids import derive_event_id
from moderator.domain.proposals import POLICY
from moderator.domain.settings import MINUTE_MS
from moderator.domain.state import State

REMOVALS: Final = (DisconnectRequested, RoomEndRequested)


def is_held(state: State, now: int) -> bool:
    """Whether automatic removals are paused: somebody holds them, or more than may be were ordered within a minute.

    Two gateways may order at once what only one of them may: then both see that it was too much, before it is done.
    """
    return state.hold is not None or _left(state, now) < 0


def is_removal(event: Event) -> bool:
    """Whether a policy orders somebody out by it."""
    return isinstance(event.data, REMOVALS) and event.actor == POLICY


def admitted(state: State, proposed: Sequence[Event], now: int) -> list[Event]:
    """What may go to the log of what is proposed; instead of removals that would be too many, that they are held."""
    removals = [event for event in proposed if is_removal(event)]
    left = _left(state, now)
    if state.hold is not None or len(removals) <= left:
        return list(proposed)
    refused = {event.id for event in removals}
    return [*(event for event in proposed if event.id not in refused), _hold(state, len(removals), now)]


def _left(state: State, now: int) -> float:
    """How many removals there may still be; below zero where there were too many."""
    most = state.settings.hold_above
    if most is None or abs(now - state.resumed_at) < MINUTE_MS:
        return math.inf
    return most - _recent(state, now)


def _recent(state: State, now: int) -> int:
    # Times yet to come are from before the clock was set back.
    return sum(abs(now - at) < MINUTE_MS for at in state.automatic_removals)


def _hold(state: State, more: int, now: int) -> Event:
    """The same on every gateway that sees the same removals."""
    count, most = _recent(state, now) + more, state.settings.hold_above
    reason = f"policies asked for {count} removals within a minute, and may for {most}: see whom they mean, then resume"
    return Event(
        id=derive_event_id("enforcement_held", most, state.resumed_at, *state.automatic_removals),
        at=now,
        actor=POLICY,
        data=EnforcementHeld(reason=reason),
    )
