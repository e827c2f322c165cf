"""Parts of the rooms that the overview counts and a table can show by itself. Pure: no Qt, no clock.

One predicate serves both, so that a part has as many rows as its number says.
"""

from bisect import bisect_right
from typing import Final, Literal

from msgspec import Struct

from moderator.domain.rooms import Room
from moderator.domain.settings import MINUTE_MS

SOON_MS: Final = 5 * MINUTE_MS
ANSWER_MS: Final = 20_000
"""So long a warning waits for whom it is meant, by the gateway's clock: from then on it is everybody's."""
BUCKETS_MS: Final = (MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS)
"""Where one stretch of the histogram ends and the next begins; after the last everything is later."""


class Part(Struct, frozen=True):
    """Which rooms. `bucket` is for "ends", `source` for "source"."""

    name: Literal["ends", "unowned", "unacknowledged", "source"]
    bucket: int = 0
    source: str = ""


def is_in(room: Room, part: Part, now_ms: int) -> bool:
    """Whether a live room belongs to the part now."""
    match part.name:
        case "ends":
            return room.deadline is not None and bucket_of(room.deadline.ends_at - now_ms) == part.bucket
        case "unowned":
            soon = room.deadline is not None and room.deadline.ends_at - now_ms <= SOON_MS
            return soon and room.owner is None
        case "unacknowledged":
            since = unacknowledged_since(room)
            return since is not None and now_ms - since > ANSWER_MS
        case "source":
            return room.source == part.source


def bucket_of(left_ms: int) -> int:
    """The stretch of the histogram: `[0, 1 min)` and all that is over is the first, what is later the last."""
    return bisect_right(BUCKETS_MS, left_ms)


def unacknowledged_since(room: Room) -> int | None:
    """When the newest warning was raised that nobody has acknowledged; None where there is none."""
    deadline = room.deadline
    if deadline is None or deadline.expired:
        return None
    raised = [one for one in room.warnings if one.deadline_version == deadline.version]
    tightest = min(raised, key=lambda one: one.threshold_ms, default=None)
    return tightest.raised_at if tightest is not None and tightest.acknowledged_by is None else None
