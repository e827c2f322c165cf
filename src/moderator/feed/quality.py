"""What `/v1/quality` answers, as both sides of the wire know it. No look-up and no formula here: `moderator.quality`.

Ids are the opaque ones of rtcStats, never those of a platform or a person.
"""

from typing import Final, Literal

from msgspec import Struct

Grade = Literal["good", "fair", "bad", "no_data"]
"""`no_data` is a state of its own: nothing was measured, which is neither good nor bad."""
SessionState = Literal["ended", "unknown"]
"""`unknown`: no end is recorded, as of a session that goes on and of one whose server was lost. Whoever knows the room
knows which.
"""
GRADES: Final[tuple[Grade, ...]] = ("no_data", "good", "fair", "bad")
"""The better first."""


class QualityScores(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What rtcStats' own analysis says, from 0 to 100; None where it says nothing."""

    experience: float | None = None
    audio: float | None = None
    video: float | None = None
    connectivity: float | None = None


class QualitySession(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of rtcStats: somebody was connected once."""

    id: int
    """Of the row. `session` is no key: a token that was used twice has two rows."""
    user: str | None = None
    conference: str | None = None
    session: str | None = None
    started_at: int | None = None
    """By rtcStats' server, or by the client for what was uploaded later."""
    ended_at: int | None = None
    state: SessionState
    joins: int = 1
    """So many rows have this user and this conference: 1 is "never came back"."""
    has_dump: bool = False
    """Whether the measurements were kept, so that a series may be had."""
    embed_url: str | None = None
    """A page of rtcstats.com, outside of one's own systems: ask before it is opened."""
    scores: QualityScores | None = None


class QualityPage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Sessions, the latest first."""

    sessions: tuple[QualitySession, ...]
    next: str | None = None
    """The `cursor` of the page after this one; None when this is the last."""
    notice: str | None = None
    """A sentence about what is missing from this answer, and who can do something about it."""


class QualitySample(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was measured from `at` on, for `duration_ms`. None: not measured then."""

    at: int
    duration_ms: int
    down_kbps: float | None = None
    """Media received, without headers."""
    up_kbps: float | None = None
    loss_down_pct: float | None = None
    """Of the packets that should have come."""
    loss_up_pct: float | None = None
    """Of the packets that were sent, as the other side reports it."""
    jitter_ms: float | None = None
    """Of the worst stream."""
    round_trip_ms: float | None = None
    fps: float | None = None
    """Of the received video that moves most."""
    mos: float | None = None
    """An estimate, 1 to 4.5, by the formula that the summary names."""
    grade: Grade = "no_data"
    """The worst during this time; one bad second alone makes no bad grade."""


class QualitySummary(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All samples in a line. Figures are means over the time in which there was one."""

    formula: str
    """How `mos` was estimated."""
    grade: Grade = "no_data"
    """Of the means."""
    mos: float | None = None
    down_kbps: float | None = None
    up_kbps: float | None = None
    loss_down_pct: float | None = None
    loss_up_pct: float | None = None
    jitter_ms: float | None = None
    round_trip_ms: float | None = None
    fps: float | None = None
    graded_ms: dict[Grade, int] = {}
    """How long each grade lasted."""


class QualitySeries(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One session over time."""

    session: QualitySession
    samples: tuple[QualitySample, ...]
    summary: QualitySummary
    notice: str | None = None
    """A sentence about what could not be read."""
