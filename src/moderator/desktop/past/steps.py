"""From one moment to another by key: to the event before, the next one, ten of them, the beginning, now. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final, Literal

Step = Literal["back", "on", "far_back", "far_on", "begin", "live"]
FAR: Final = 10
"""So many events at once."""
_BY: Final[dict[Step, int]] = {"back": -1, "on": 1, "far_back": -FAR, "far_on": FAR}


def stepped(step: Step, moments: Sequence[int], begin: int, at: int | None) -> int | None:
    """The moment to look at next; None: now. `moments`, in their order, are those at which something happened."""
    places = sorted({begin, *(one for one in moments if one > begin)})
    if step == "begin":
        return places[0]
    if step == "live" or (at is None and _BY[step] > 0):
        return None
    by = _BY[step]
    here = len(places) if at is None else bisect_left(places, at) if by < 0 else bisect_right(places, at) - 1
    place = here + by
    return places[max(0, place)] if place < len(places) else None
