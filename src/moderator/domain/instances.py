"""The live stretches of a room: named by the platform, or by the end before them."""

from bisect import bisect_left
from operator import attrgetter
from typing import Final

from msgspec import Struct

from moderator.domain.ids import REUSED, is_time
from moderator.domain.presence import Presence, everybody_left, last_sign
from moderator.domain.rooms import ReportedEnd
from moderator.domain.stays import SeatStays, Stay

FIRST_INSTANCE: Final = "0"


class Instance(Struct, frozen=True, gc=False, kw_only=True):
    """One live stretch of a room."""

    id: str
    started_at: int
    ended_at: int | None
    stays: tuple[Stay, ...]
    reported_end: ReportedEnd | None = None
    reported_start: int | None = None
    """As the platform told it, whoever came before."""
    end_is_inferred: bool = False


def named_by_platform(instance: str) -> bool:
    """Ids of our own are times. (A provider whose platform's ids are too puts a letter before them.)"""
    return not is_time(instance)


def instance_at(ends: tuple[int, ...], at: int) -> tuple[str, int | None]:
    """Which stretch of a room without ids of its own `at` falls into: its id and its end.

    An instance is named by the end before it, so reports of joins never rename it; only an end that was not known
    before can. A join at the very time of an end is closed by it.
    """
    index = bisect_left(ends, at)
    began_after = str(ends[index - 1]) if index else FIRST_INSTANCE
    return began_after, ends[index] if index < len(ends) else None


def ends_of(presence: Presence, restarts: tuple[int, ...]) -> tuple[int, ...]:
    """When the instances of a room ended: as the platform told, and by emptiness where nobody is known to have come."""
    return _ends(presence, _all_stays(presence, restarts)) if presence.empties else presence.ends


def standing_empties(presence: Presence, stays: list[Stay]) -> list[tuple[int, int]]:
    """The stretches without anybody, as far as none of all the stays shows that somebody was there."""
    return [
        (since, end)
        for since, end in presence.empties
        if not any(stay.joined_at <= end and (stay.left_at is None or stay.left_at > since) for stay in stays)
    ]


def stays_by_seat(
    presence: Presence, restarts: tuple[int, ...], known: SeatStays | None = None
) -> dict[str, tuple[Stay, ...]]:
    """Who was there when, by participant key. `known` is what was read of the same room before."""
    cuts = tuple(sorted({*presence.ends, *restarts, *everybody_left(presence)}))
    return (known or SeatStays()).read(presence.seats, cuts, presence.ends)


def _ends(presence: Presence, stays: list[Stay]) -> tuple[int, ...]:
    return tuple(sorted({*presence.ends, *(end for _, end in standing_empties(presence, stays))}))


def _all_stays(presence: Presence, restarts: tuple[int, ...], known: SeatStays | None = None) -> list[Stay]:
    return [stay for stays in stays_by_seat(presence, restarts, known).values() for stay in stays]


def instances_by_ends(presence: Presence, restarts: tuple[int, ...], known: SeatStays | None = None) -> list[Instance]:
    """The instances of a room whose platform does not name them, oldest first."""
    stays = _all_stays(presence, restarts, known)
    ends = _ends(presence, stays) if presence.empties else presence.ends
    result = [
        _instance_by_ends(id_, members, starts, ends, presence.reported_end)
        for id_, (members, starts) in _by_instance(ends, stays, presence.starts).items()
    ]
    return sorted(result, key=attrgetter("started_at", "id"))


def _instance_by_ends(
    id_: str, stays: list[Stay], starts: list[int], ends: tuple[int, ...], told: ReportedEnd | None
) -> Instance:
    began_at = min([*(stay.joined_at for stay in stays), *starts])
    return Instance(
        id=id_,
        started_at=began_at,
        ended_at=instance_at(ends, began_at)[1],
        stays=_in_order(stays),
        reported_end=told if told and instance_at(ends, told.at)[0] == id_ else None,
        reported_start=min(starts, default=None),
    )


def _by_instance(
    ends: tuple[int, ...], stays: list[Stay], starts: tuple[int, ...]
) -> dict[str, tuple[list[Stay], list[int]]]:
    """Who came, and when it was said to have started, by instance."""
    if not ends:  # as in most rooms: to look at each stay costs
        return {FIRST_INSTANCE: (stays, list(starts))} if stays or starts else {}
    found: dict[str, tuple[list[Stay], list[int]]] = {}
    for stay in stays:
        found.setdefault(instance_at(ends, stay.joined_at)[0], ([], []))[0].append(stay)
    for at in starts:
        found.setdefault(instance_at(ends, at)[0], ([], []))[1].append(at)
    return found


def named_instance(
    id_: str, presence: Presence, restarts: tuple[int, ...], known: SeatStays | None = None
) -> Instance | None:
    """The instance that a platform names itself; None as long as nothing but its end is known."""
    end = presence.ends[-1:] or _inferred_end(presence)
    cuts = tuple(sorted({*end, *restarts, *everybody_left(presence)}))
    stays: list[Stay] = []
    for key, found in (known or SeatStays()).read(presence.seats, cuts, end).items():
        stays += found if key.endswith(REUSED) else found[:1]  # signs of life after the end are of no other instance
    begins = [*presence.starts[:1], *(stay.joined_at for stay in stays)]
    if not begins:
        return None
    return Instance(
        id=id_,
        started_at=min(begins),
        ended_at=max(end, default=None),
        stays=_in_order(stays),
        reported_end=presence.reported_end,
        reported_start=min(presence.starts, default=None),
        end_is_inferred=not presence.ends,
    )


def _inferred_end(presence: Presence) -> tuple[int, ...]:
    """The first end that lists showed after all that showed the instance; none as long as there is none."""
    if not presence.inferred_ends:
        return ()  # as nearly always, and reading every mark costs
    since = last_sign(presence)
    return tuple(at for at in presence.inferred_ends if at >= since)[:1]


def _in_order(stays: list[Stay]) -> tuple[Stay, ...]:
    return tuple(sorted(stays, key=attrgetter("joined_at", "key")))
