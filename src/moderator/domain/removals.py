"""Removing people: when an automatic disconnect may be tried, and who has to go because somebody blocked them."""

from collections.abc import Iterator
from typing import Final, cast

from moderator.domain.events import DisconnectRequested
from moderator.domain.kinds import Reason
from moderator.domain.proposals import POLICY, Proposal
from moderator.domain.rooms import Failure, Room

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
    if failure is not None and failure.at - RETRY_MS < now < retry_at(failure):  # earlier: the clock was set back
        return None
    return room.disconnects.get(participant, 0)


def retry_at(failure: Failure) -> int:
    """When what failed may be tried again."""
    return failure.at + RETRY_MS * min(failure.count, 5)


def retry_times(room: Room) -> Iterator[int]:
    """Moments at which failed disconnects may be tried again."""
    if not room.failures:
        return
    here = {one.id for one in room.here()}
    failed = [one for one in room.failures if one.target in here or (one.command == "room_end" and here)]
    yield from map(retry_at, failed)


def blocked(room: Room, now: int) -> frozenset[str]:
    """The ids of the participants who are there although they are blocked."""
    if not room.blocks:
        return frozenset()
    users = {block.user for block in room.blocks if block.holds(now)}
    return frozenset(one.id for one in room.here() if one.user and one.user in users)


def block_ends(room: Room) -> Iterator[int]:
    """Moments at which somebody who is there is not blocked any more, and counts as anybody else does."""
    if not room.blocks:
        return
    users = {one.user for one in room.here()}
    yield from (block.until for block in room.blocks if block.until is not None and block.user in users)


def blocked_proposals(room: Room, now: int, held: bool) -> Iterator[Proposal]:
    """Blocked people are disconnected again whenever they are back, whatever the mode: a moderator said so."""
    if not room.blocks:
        return
    blocks = {block.user: block for block in room.blocks}
    there = blocked(room, now) if not held else ()
    for participant in room.here():
        tries = attempt(room, participant.id, now) if participant.id in there else None
        if tries is not None:
            block = blocks[participant.user]
            reason = cast("Reason", block.reason)
            data = DisconnectRequested(participant=participant.id, reason=reason, block=block.until is None)
            yield Proposal(data, POLICY, ("blocked", participant.id, tries))
