"""What happened to the media of a connection between two readings of its counters. Pure: no dump format, no judgement.

Bytes and packets are counted and may be added up. Jitter, round trip and the like are readings: side by side the worst
counts, one after the other their mean.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from moderator.quality.compression import Report, Reports

MAX_NUMBER: Final = 1e15
"""A browser writes the dump: a larger number measures nothing."""
READINGS: Final = ("loss_up_pct", "jitter_ms", "round_trip_ms", "fps", "mos")


class Stream(Struct, frozen=True, kw_only=True):
    """The counters and readings of one RTP stream."""

    is_inbound: bool
    bytes: float
    packets: float
    lost: float = 0
    frames: float | None = None
    jitter_ms: float | None = None


class Far(Struct, frozen=True, kw_only=True):
    """What the other side reports about a stream that is sent, `of`."""

    of: str | None
    loss_pct: float | None
    jitter_ms: float | None
    round_trip_ms: float | None


class Reading(Struct, frozen=True, kw_only=True):
    """What matters of one getStats of one connection."""

    at: int
    streams: dict[str, Stream]
    far: tuple[Far, ...]
    path_round_trip_ms: float | None
    """Of the pair of addresses in use."""


class Interval(Struct, frozen=True, kw_only=True):
    """From `at` on, for `duration_ms`. None: not measured."""

    at: int
    duration_ms: int
    bytes_down: float | None = None
    bytes_up: float | None = None
    received: float = 0
    lost: float = 0
    loss_up_pct: float | None = None
    jitter_ms: float | None = None
    round_trip_ms: float | None = None
    fps: float | None = None
    mos: float | None = None

    @property
    def loss_down_pct(self) -> float | None:
        """Of the packets that should have come; None when none should have."""
        expected = self.received + self.lost
        return 100 * self.lost / expected if expected else None


def reading(at: int, reports: Reports) -> Reading:
    """The counters as they stand; whatever else a browser wrote is passed over."""
    by_type: dict[Any, list[tuple[str, Report]]] = {}
    for id_, report in reports.items():
        if isinstance(kind := report.get("type"), str):
            by_type.setdefault(kind, []).append((id_, report))
    inbound = {id_: _inbound(report) for id_, report in by_type.get("inbound-rtp", ())}
    outbound = {id_: _outbound(report) for id_, report in by_type.get("outbound-rtp", ())}
    pairs = (report for _, report in by_type.get("candidate-pair", ()) if report.get("nominated") is True)
    return Reading(
        at=at,
        streams=inbound | outbound,
        far=tuple(_far(report) for _, report in by_type.get("remote-inbound-rtp", ())),
        path_round_trip_ms=_highest(_scaled(pair, "currentRoundTripTime", 1000) for pair in pairs),
    )


def _inbound(report: Report) -> Stream:
    return Stream(
        is_inbound=True,
        bytes=_number(report, "bytesReceived") or 0,
        packets=_number(report, "packetsReceived") or 0,
        lost=_number(report, "packetsLost") or 0,
        frames=_number(report, "framesDecoded"),
        jitter_ms=_scaled(report, "jitter", 1000),
    )


def _outbound(report: Report) -> Stream:
    sent = (_number(report, "bytesSent") or 0, _number(report, "packetsSent") or 0)
    return Stream(is_inbound=False, bytes=sent[0], packets=sent[1])


def _far(report: Report) -> Far:
    of = report.get("localId")
    return Far(
        of=of if isinstance(of, str) else None,
        loss_pct=_scaled(report, "fractionLost", 100),
        jitter_ms=_scaled(report, "jitter", 1000),
        round_trip_ms=_scaled(report, "roundTripTime", 1000),
    )


def _number(report: Report, name: str) -> float | None:
    value = report.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_NUMBER:
        return None
    return value


def _scaled(report: Report, name: str, factor: int) -> float | None:
    value = _number(report, name)
    return None if value is None else max(0.0, value * factor)


def between(before: Reading, after: Reading) -> Interval | None:
    """What happened in between; None when no time passed. Streams count from the second reading on."""
    duration_ms = after.at - before.at
    if duration_ms <= 0:
        return None
    both = {id_: (before.streams[id_], stream) for id_, stream in after.streams.items() if id_ in before.streams}
    moving = {id_: pair for id_, pair in both.items() if _grown(pair, "packets")}
    inbound = [pair for pair in both.values() if pair[1].is_inbound]
    outbound = [pair for pair in both.values() if not pair[1].is_inbound]
    heard = [pair[1] for pair in moving.values() if pair[1].is_inbound]
    far = [one for one in after.far if one.of is None or one.of in moving] if moving else []
    return Interval(
        at=before.at,
        duration_ms=duration_ms,
        bytes_down=sum(_grown(pair, "bytes") for pair in inbound) if inbound else None,
        bytes_up=sum(_grown(pair, "bytes") for pair in outbound) if outbound else None,
        received=sum(_grown(pair, "packets") for pair in inbound),
        lost=sum(_grown(pair, "lost") for pair in inbound),
        loss_up_pct=_highest(one.loss_pct for one in far),
        jitter_ms=_highest(one.jitter_ms for one in heard or far),
        round_trip_ms=_round_trip(far, after.path_round_trip_ms if moving else None),
        fps=_highest(_frames(pair, duration_ms) for pair in inbound),
    )


def _round_trip(far: Sequence[Far], path_ms: float | None) -> float | None:
    media_ms = _highest(one.round_trip_ms for one in far)
    return path_ms if media_ms is None else media_ms


def _frames(pair: tuple[Stream, Stream], duration_ms: int) -> float | None:
    before, after = pair[0].frames, pair[1].frames
    return None if before is None or after is None else max(0.0, after - before) * 1000 / duration_ms


def _grown(pair: tuple[Stream, Stream], name: str) -> float:
    """Never negative: a counter that went back began anew, and packets that came late are no longer lost."""
    return max(0.0, float(getattr(pair[1], name) - getattr(pair[0], name)))


def side_by_side(intervals: Sequence[Interval]) -> Interval:
    """Several connections of one person, over the same time."""
    return _joined(intervals, max(one.duration_ms for one in intervals), lambda name: _highest(_each(intervals, name)))


def one_after_another(intervals: Sequence[Interval]) -> Interval:
    """The same connections, over time."""
    return _joined(intervals, sum(one.duration_ms for one in intervals), lambda name: _mean(intervals, name))


def _joined(intervals: Sequence[Interval], duration_ms: int, reading_of: Callable[[str], float | None]) -> Interval:
    return Interval(
        at=min(one.at for one in intervals),
        duration_ms=duration_ms,
        bytes_down=_total(_each(intervals, "bytes_down")),
        bytes_up=_total(_each(intervals, "bytes_up")),
        received=sum(one.received for one in intervals),
        lost=sum(one.lost for one in intervals),
        **{name: reading_of(name) for name in READINGS},
    )


def _each(intervals: Iterable[Interval], name: str) -> Iterator[float | None]:
    return (getattr(one, name) for one in intervals)


def _mean(intervals: Iterable[Interval], name: str) -> float | None:
    known = [(getattr(one, name), one.duration_ms) for one in intervals if getattr(one, name) is not None]
    return math.fsum(value * ms for value, ms in known) / sum(ms for _, ms in known) if known else None


def _highest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
