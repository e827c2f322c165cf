"""What the state forgets, so that it stays as large as what is going on. The log keeps everything."""

from typing import Final

from msgspec.structs import replace

from moderator.domain.decisions import Decided
from moderator.domain.ids import RoomKey
from moderator.domain.instances import ends_of
from moderator.domain.presence import Presence, Seat
from moderator.domain.state import RoomState, State
from moderator.domain.stays import Stay, stays_of

HOUR_MS: Final = 3_600_000
MEMORY_MS: Final = 24 * HOUR_MS
"""Facts may come this late; event ids are remembered this long. (Vonage retries a delivery for 24 h.)"""


def prune(state: State, now: int) -> None:
    """Once an hour of log time, forget what no acceptable report can be about any more."""
    hour = now - now % HOUR_MS
    if hour <= state.pruned_at:
        return
    state.pruned_at = hour
    horizon = hour - MEMORY_MS - HOUR_MS
    for event_id in [id_ for id_, verdict in state.verdicts.items() if verdict.recorded_at < horizon]:
        del state.verdicts[event_id]
    state.restarts = {
        source: kept
        for source, times in state.restarts.items()
        if (kept := tuple(at for at in times if at >= horizon or at == times[-1]))
    }
    for key in list(state.rooms):
        _prune_room(state, key, horizon)


def _prune_room(state: State, key: RoomKey, horizon: int) -> None:
    """Drop instances that ended before the horizon, and who left before it. The last end names the next instance."""
    room = state.rooms[key]
    instances = state.instances(room)
    old = {one.id for one in instances if one.ended_at is not None and one.ended_at < horizon}
    restarts = state.restarts.get(key.source, ())
    if not instances and room.told_at < horizon:
        presences = {id_: Presence(ends=one.ends) for id_, one in room.presences.items()}
        decided: dict[str, Decided] = {}
    else:
        presences = {id_: _after(one, restarts, horizon) for id_, one in room.presences.items() if id_ not in old}
        decided = {id_: one for id_, one in room.decided.items() if id_ not in old}
    blocks = tuple(block for block in room.blocks if block.holds(horizon))
    state.rooms[key] = replace(room, presences=presences, decided=decided, blocks=blocks)
    state.forget_views(key)
    if not _worth_keeping(state.rooms[key]):
        del state.rooms[key]


def _after(presence: Presence, restarts: tuple[int, ...], horizon: int) -> Presence:
    """The part of a presence that still matters: after the last end before the horizon, and who was there since."""
    ends = ends_of(presence, restarts)
    last_end = max((at for at in ends if at < horizon), default=None)
    since = -1 if last_end is None else last_end
    cuts = tuple(sorted({*presence.ends, *restarts}))
    seats, gone_starts = {}, []
    for key, seat in presence.seats.items():
        stays = [stay for stay in stays_of(key, seat, cuts, presence.ends) if stay.joined_at > since]
        if _is_forgettable(seat, stays, horizon):
            gone_starts += [stay.joined_at for stay in stays]
        else:
            seats[key] = _since(seat, since)
    # An instance goes on having started when the first of those did who are forgotten now.
    starts = sorted({*(at for at in presence.starts if at > since), *_first(gone_starts)})
    kept_ends = tuple(at for at in presence.ends if at > since)
    return Presence(
        seats,
        tuple(starts),
        kept_ends if last_end is None else (last_end, *kept_ends),
        tuple(one for one in presence.empties if one[1] > since),
    )


def _is_forgettable(seat: Seat, stays: list[Stay], horizon: int) -> bool:
    """Nothing was reported since the horizon, and nobody is here."""
    reported = [mark.at for mark in seat.marks] + [mark.at for marks in seat.streams.values() for mark in marks]
    return max(reported, default=0) < horizon and all(stay.left_at is not None for stay in stays)


def _since(seat: Seat, since: int) -> Seat:
    marks = tuple(mark for mark in seat.marks if mark.at > since)
    return Seat(marks, {id_: known for id_, known in seat.streams.items() if known[-1].at > since})


def _first(times: list[int]) -> list[int]:
    return [min(times)] if times else []


def _worth_keeping(room: RoomState) -> bool:
    return bool(
        room.blocks or room.decided or any(one.seats or one.ends or one.starts for one in room.presences.values())
    )
