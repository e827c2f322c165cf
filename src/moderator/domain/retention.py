"""What the state forgets, so that it stays as large as what is going on. The log keeps everything."""

from math import inf
from typing import Final

from msgspec.structs import replace

from moderator.domain.decided import Decided
from moderator.domain.ids import RoomKey
from moderator.domain.instances import ends_of, standing_empties, stays_by_seat
from moderator.domain.presence import EVERYBODY, Presence, Seat
from moderator.domain.room_states import RoomState
from moderator.domain.state import State
from moderator.domain.stays import Stay
from moderator.domain.viewing import forget_viewers

HOUR_MS: Final = 3_600_000
MEMORY_MS: Final = 24 * HOUR_MS
"""Facts may come this late; event ids are remembered this long. (Vonage retries a delivery for 24 h.)"""

AHEAD_MS: Final = HOUR_MS
"""A platform's clock may be ahead by this much. A fact dated later would hide everything until then."""


def is_believable(at: int, recorded_at: int) -> bool:
    """Whether the platform's time can be true. Later news of it would have to sort after this."""
    return recorded_at - MEMORY_MS <= at <= recorded_at + AHEAD_MS


def prune(state: State, now: int) -> None:
    """Once an hour of log time, forget what no acceptable report can be about any more."""
    hour = now - now % HOUR_MS
    if hour <= state.pruned_at < hour + MEMORY_MS:  # beyond that the clock had been set wrong, and is right again
        return
    state.pruned_at = hour
    horizon = hour - MEMORY_MS - HOUR_MS
    for event_id in [id_ for id_, verdict in state.verdicts.items() if verdict.recorded_at < horizon]:
        del state.verdicts[event_id]
    state.revoked = {jti: until for jti, until in state.revoked.items() if until is None or until >= horizon}
    state.announced.prune(horizon, lambda key: _is_going_on_or_blocks(state, key, horizon))
    for key in list(state.rooms):
        forget_viewers(state, key, hour)
        _prune_room(state, key, horizon)
    state.restarts = {
        source: kept
        for source, times in state.restarts.items()
        if (kept := tuple(at for at in times if at >= horizon or at == times[-1]))
    }


def _is_going_on_or_blocks(state: State, key: RoomKey, horizon: int) -> bool:
    """Another room under the same name would part people from each other, and let in who is kept out of this one."""
    room = state.rooms.get(key)
    if room is None:
        return False
    blocks = any(block.holds(horizon) for block in room.blocks)
    return blocks or any(one.ended_at is None for one in state.instances(room))


def _prune_room(state: State, key: RoomKey, horizon: int) -> None:
    """Drop instances that ended before the horizon, and who left before it. The last end names the next instance, also
    of the next room when this one is forgotten: no instance ever has the name of an earlier one.
    """
    room, restarts = state.rooms[key], state.restarts.get(key.source, ())
    if _is_young(room, horizon):
        return
    instances = state.instances(room)
    old = {one.id for one in instances if one.ended_at is not None and one.ended_at < horizon}
    if not instances and room.told_at < horizon:
        presences = {id_: Presence(ends=ends_of(one, restarts)) for id_, one in room.presences.items()}
        decided: dict[str, Decided] = {}
    else:
        presences = {id_: _after(one, restarts, horizon) for id_, one in room.presences.items() if id_ not in old}
        decided = {id_: one for id_, one in room.decided.items() if id_ not in old}
    blocks = tuple(block for block in room.blocks if block.holds(horizon))
    told = room.unavailable
    is_going_on = any(one.id not in old for one in instances)
    unavailable = told if told and (is_going_on or told.at >= horizon) else None
    state.rooms[key] = replace(room, presences=presences, decided=decided, blocks=blocks, unavailable=unavailable)
    if not _worth_keeping(state.rooms[key], horizon):
        ends = [end for presence in presences.values() for end in presence.ends]
        state.forgotten_end = max(state.forgotten_end, *ends, 0)
        state.forget_room(key)
    elif is_going_on:
        state.forget_views(key)
    else:
        state.forget_work(key)


def _is_young(room: RoomState, horizon: int) -> bool:
    """Nothing in it is older than the horizon, as in nearly every room: then nothing is forgotten, and no stay has to
    be worked out. With twenty thousand people that would take a fifth of a second.
    """
    return (
        room.told_at >= horizon
        and all(block.holds(horizon) for block in room.blocks)
        and (room.unavailable is None or room.unavailable.at >= horizon)
        and all(_oldest(presence) >= horizon for presence in room.presences.values())
        and _worth_keeping(room, horizon)
    )


def _oldest(presence: Presence) -> float:
    """The earliest time in it; endless where there is none. Marks are sorted."""
    seats = presence.seats.values()
    return min(
        min((seat.marks[0].at for seat in seats if seat.marks), default=inf),
        min((of[0].at for seat in seats if seat.streams for of in seat.streams.values() if of), default=inf),
        *presence.starts,
        *presence.ends,
        *(at for empty in presence.empties for at in empty),
        *presence.inferred_ends,
    )


def _after(presence: Presence, restarts: tuple[int, ...], horizon: int) -> Presence:
    """The part of a presence that still matters: after the last end before the horizon, and who was there since."""
    stays = stays_by_seat(presence, restarts)
    everybody = [stay for found in stays.values() for stay in found]
    standing = standing_empties(presence, everybody)
    ends = (*presence.ends, *(end for _, end in standing))
    last_end = max((at for at in ends if at < horizon), default=None)
    since = -1 if last_end is None else last_end
    gone_before = _gone_before([stay for stay in everybody if stay.joined_at > since], horizon)
    seats, old_starts = {}, [at for at in presence.starts if since < at < horizon]
    for key, seat in presence.seats.items():
        current = [stay for stay in stays[key] if stay.joined_at > since]
        # When everybody left is forgotten with the instance: without it they would be there again.
        if key != EVERYBODY and _is_forgettable(seat, current, horizon, gone_before):
            old_starts += [stay.joined_at for stay in current]
        else:
            seats[key] = _since(seat, since)
    kept_ends = tuple(at for at in presence.ends if at > since)
    return Presence(
        seats,
        # An instance goes on having started when the first of those did who are forgotten now.
        (*sorted(old_starts)[:1], *(at for at in presence.starts if at >= horizon)),
        kept_ends if last_end is None else (last_end, *kept_ends),
        # What proved an end void may be forgotten, and then the end must be too.
        tuple(one for one in presence.empties if one[1] > since and (one in standing or one[0] >= horizon)),
        presence.reported_end,
        tuple(at for at in presence.inferred_ends if at > since),
    )


def _gone_before(stays: list[Stay], horizon: int) -> int:
    """Who left before that may be forgotten; of an empty room the last one stays, since its end follows from that."""
    if any(stay.left_at is None for stay in stays):
        return horizon
    return min(horizon, max((stay.left_at or 0 for stay in stays), default=horizon))


def _is_forgettable(seat: Seat, stays: list[Stay], horizon: int, gone_before: int) -> bool:
    """Nothing was reported since the horizon, and whoever it was left before."""
    reported = [mark.at for mark in seat.marks] + [mark.at for marks in seat.streams.values() for mark in marks]
    return max(reported, default=0) < horizon and all(
        stay.left_at is not None and stay.left_at < gone_before for stay in stays
    )


def _since(seat: Seat, since: int) -> Seat:
    marks = tuple(mark for mark in seat.marks if mark.at > since)
    return Seat(marks, {id_: known for id_, known in seat.streams.items() if known[-1].at > since})


def _worth_keeping(room: RoomState, horizon: int) -> bool:
    """More is known of it than when it ended, or that is not long ago."""
    if room.unavailable is not None or room.blocks or room.decided:
        return True
    known = room.presences.values()
    return any(one != Presence(ends=one.ends) or any(end >= horizon for end in one.ends) for one in known)
