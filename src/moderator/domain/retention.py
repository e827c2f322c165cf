"""What the state forgets, so that it stays as large as what is going on. The log keeps everything."""

from typing import Final

from msgspec.structs import replace

from moderator.domain.ids import RoomKey
from moderator.domain.presence import Presence
from moderator.domain.state import UNNAMED, RoomState, State

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
    """Drop instances that ended before the horizon. The last end stays: it names the next instance."""
    room = state.rooms[key]
    instances = state.instances(room)
    old = {one.id for one in instances if one.ended_at is not None and one.ended_at < horizon}
    if not instances and room.told_at < horizon and not room.blocks:
        room = replace(
            room, presences={id_: Presence(ends=one.ends) for id_, one in room.presences.items()}, decided={}
        )
    elif not old:
        return
    presences = {
        id_: _after(presence, horizon) if id_ == UNNAMED else presence
        for id_, presence in room.presences.items()
        if id_ not in old
    }
    decided = {id_: one for id_, one in room.decided.items() if id_ not in old}
    state.rooms[key] = replace(room, presences=presences, decided=decided)
    state.forget_views(key)
    if not _worth_keeping(state.rooms[key]):
        del state.rooms[key]


def _after(presence: Presence, horizon: int) -> Presence:
    """The part of a presence that began after the last end before the horizon."""
    past = [at for at in presence.ends if at < horizon]
    if not past:
        return presence
    last_end = past[-1]
    seats = {
        key: kept
        for key, seat in presence.seats.items()
        if (
            kept := replace(
                seat,
                marks=tuple(mark for mark in seat.marks if mark.at > last_end),
                streams={id_: marks for id_, marks in seat.streams.items() if marks[-1].at > last_end},
            )
        ).marks
    }
    return Presence(seats, tuple(at for at in presence.starts if at > last_end), presence.ends[len(past) - 1 :])


def _worth_keeping(room: RoomState) -> bool:
    return bool(room.blocks or room.decided or any(one.seats or one.ends for one in room.presences.values()))
