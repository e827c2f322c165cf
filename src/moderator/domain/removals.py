"""Removing people: when an automatic disconnect may be tried, and who has to go because somebody blocked them."""

from collections.abc import Iterator
from typing import Final, cast

from moderator.domain.events import DisconnectRequested
from moderator.domain.kinds import Reason
from moderator.domain.proposals import POLICY, Proposal
from moderator.domain.rooms import Room

RETRY_MS: Final = 15_000
"""After a failed disconnect the next one waits this long for every failure in a row, at most five times as long."""


def attempt(room: Room, participant: str, now: int) -> int | None:
    """Which attempt at disconnecting this participant is due; None while one is under way or has just failed.

    Without a participant: at ending the room. Those that succeeded count too: who is there after all has to be
    disconnected by a new order, not by a repeat.
    """
    order = ("disconnect" if participant else "room_end", participant)
    if any((one.command, one.target) == order for one in room.pending):
        return None
    failure = next((one for one in room.failures if (one.command, one.target) == order), None)
    if failure is not None and now < _retry_at(failure.at, failure.count):
        return None
    return room.disconnects.get(participant, 0)


def retry_times(room: Room) -> Iterator[int]:
    """Moments at which failed disconnects may be tried again."""
    here = {one.id for one in room.here()}
    failed = [one for one in room.failures if one.target in here or (one.command == "room_end" and here)]
    yield from (_retry_at(one.at, one.count) for one in failed)


def blocked_proposals(room: Room, now: int, held: bool) -> Iterator[Proposal]:
    """Blocked people are disconnected again whenever they are back, whatever the mode: a moderator said so."""
    blocks = {block.user: block for block in room.blocks if block.holds(now)}
    if held or not blocks:
        return
    for participant in room.here():
        block = blocks.get(participant.user) if participant.user else None
        tries = attempt(room, participant.id, now)
        if block is not None and tries is not None:
            reason = cast("Reason", block.reason)
            data = DisconnectRequested(participant=participant.id, reason=reason, block=block.until is None)
            yield Proposal(data, POLICY, ("blocked", participant.id, tries))


def _retry_at(failed_at: int, count: int) -> int:
    return failed_at + RETRY_MS * min(count, 5)
