"""The live stretches of a room: named by the platform, or by the end before them."""

from bisect import bisect_left
from typing import Final

from msgspec import Struct

from moderator.domain.ids import REUSED
from moderator.domain.presence import Presence
from moderator.domain.stays import Stay, stays_of

FIRST_INSTANCE: Final = "0"


class Instance(Struct, frozen=True, gc=False, kw_only=True):
    """One live stretch of a room."""

    id: str
    started_at: int
    ended_at: int | None
    stays: tuple[Stay, ...]


def named_by_platform(instance: str) -> bool:
    """Ids of our own are all digits. (A provider whose platform's ids are too puts a letter before them.)"""
    return not instance.isdigit()


def instance_at(presence: Presence, at: int) -> tuple[str, int | None]:
    """Which stretch of a room without ids of its own `at` falls into: its id and its end.

    An instance is named by the end before it, which no late report can move; a join at the very time of an end is
    closed by it.
    """
    index = bisect_left(presence.ends, at)
    began_after = str(presence.ends[index - 1]) if index else FIRST_INSTANCE
    return began_after, presence.ends[index] if index < len(presence.ends) else None


def instances_by_ends(presence: Presence, restarts: tuple[int, ...]) -> list[Instance]:
    """The instances of a room whose platform does not name them, oldest first."""
    cuts = tuple(sorted({*presence.ends, *restarts}))
    found: dict[str, list[Stay]] = {instance_at(presence, at)[0]: [] for at in presence.starts}
    for key, seat in presence.seats.items():
        for stay in stays_of(key, seat, cuts, presence.ends):
            found.setdefault(instance_at(presence, stay.joined_at)[0], []).append(stay)
    result = []
    for id_, stays in found.items():
        begins = [stay.joined_at for stay in stays]
        begins += [at for at in presence.starts if instance_at(presence, at)[0] == id_]
        result.append(_instance(id_, stays, min(begins), instance_at(presence, min(begins))[1]))
    return sorted(result, key=lambda one: (one.started_at, one.id))


def named_instance(id_: str, presence: Presence, restarts: tuple[int, ...]) -> Instance | None:
    """The instance that a platform names itself; None as long as nothing but its end is known."""
    end = presence.ends[-1:]
    cuts = tuple(sorted({*end, *restarts}))
    stays: list[Stay] = []
    for key, seat in presence.seats.items():
        found = stays_of(key, seat, cuts, end)
        stays += found if key.endswith(REUSED) else found[:1]  # signs of life after the end are of no other instance
    begins = [*presence.starts[:1], *(stay.joined_at for stay in stays)]
    if not begins:
        return None
    return _instance(id_, stays, min(begins), max(end, default=None))


def _instance(id_: str, stays: list[Stay], started_at: int, ended_at: int | None) -> Instance:
    ordered = sorted(stays, key=lambda stay: (stay.joined_at, stay.key))
    return Instance(id=id_, started_at=started_at, ended_at=ended_at, stays=tuple(ordered))
