"""The answer of `GET /v1/policies/report`: what policies would have done, had their mode been `enforce`."""

from typing import Literal

from msgspec import Struct

Would = Literal["disconnect", "stop", "mute", "end", "alert"]


class WouldBe(Struct, frozen=True, kw_only=True):
    """One thing that was found, and only observed. Times in milliseconds since the epoch, UTC."""

    at: int
    source: str
    room: str
    room_name: str
    type: str = ""
    """The room's type; empty where it has none any more."""
    policy: str
    reason: str
    participant: str
    user: str = ""
    would: Would
    """What would have been done now: the rules, and what the platform can do, may have changed since."""


class RanOut(Struct, frozen=True, kw_only=True):
    """A time limit that ran out in a room where that ended nothing."""

    at: int
    source: str
    room: str
    room_name: str
    type: str = ""
    deadline_version: int
    people: int
    """How many were in the room, and would have had to go."""
    would: Would


class Total(Struct, frozen=True):
    """How often a policy objected for this reason."""

    policy: str
    reason: str
    count: int


class PolicyReport(Struct, frozen=True, kw_only=True):
    """From `since` to `until`, oldest first."""

    since: int
    until: int
    actions: tuple[WouldBe, ...]
    totals: tuple[Total, ...]
    time_limits: tuple[RanOut, ...]
