"""What stood already when the known events of a room begin: worked out backwards from the room as it is. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from moderator.domain.decided import Decided
from moderator.domain.events import (
    DeadlineCleared,
    DeadlineExtended,
    DeadlineSet,
    Event,
    PersonBlocked,
    PersonReadmitted,
)
from moderator.domain.presence import Presence, Seat
from moderator.domain.rooms import Block, Deadline

_MOVES = (DeadlineSet, DeadlineExtended, DeadlineCleared)


def blocks_before(now: Sequence[Block], events: Sequence[Event]) -> tuple[Block, ...]:
    """Blocks from before the events: nothing among them made these, but they are there, or somebody lifted one."""
    first: dict[str, Event] = {}
    for event in events:
        if isinstance(event.data, PersonBlocked | PersonReadmitted):
            first.setdefault(event.data.user, event)
    standing = tuple(block for block in now if block.user not in first)
    lifted = (user for user, event in first.items() if isinstance(event.data, PersonReadmitted))
    return (*standing, *(Block(user=user, until=None, by="", reason="") for user in lifted))


def presence_before(now: Presence, at: int) -> Presence:
    """What was reported of people and streams until then: marks only ever get added."""
    return Presence(
        seats={key: _seat_before(seat, at) for key, seat in now.seats.items()},
        starts=tuple(one for one in now.starts if one < at),
        ends=tuple(one for one in now.ends if one < at),
    )


def _seat_before(seat: Seat, at: int) -> Seat:
    marks = tuple(mark for mark in seat.marks if mark.at < at)
    streams = {id_: tuple(mark for mark in known if mark.at < at) for id_, known in seat.streams.items()}
    return Seat(marks, {id_: known for id_, known in streams.items() if known})


def decided_before(now: Decided, events: Sequence[Event]) -> Decided:
    """The deadline that the first known change of it was about; of everything else nothing is known.

    A change that came after `now` is no part of it: the events go on while somebody looks back.
    """
    all_moves = (event.data for event in events if isinstance(event.data, _MOVES))
    moves = [move for move in all_moves if move.version <= now.deadline_version]
    if not moves:
        return Decided(deadline=now.deadline, deadline_version=now.deadline_version)
    version = moves[0].version - 1
    extensions = [move for move in moves if isinstance(move, DeadlineExtended)]
    if now.deadline is None or len(extensions) < len(moves):
        return Decided(deadline_version=version)
    added_ms = sum(move.seconds for move in extensions) * 1000
    return Decided(deadline=_earlier(now.deadline, version, added_ms), deadline_version=version)


def _earlier(deadline: Deadline, version: int, added_ms: int) -> Deadline:
    return replace(
        deadline,
        ends_at=deadline.ends_at - added_ms,
        extended_ms=deadline.extended_ms - added_ms,
        version=version,
        changed_by="",
        changed_by_name="",
        expired=False,
    )
