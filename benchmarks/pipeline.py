"""What a webhook costs between the socket and the feed, without both: decoded, folded, encoded; one core, no I/O.

Ours are the real parts: the decoder of OpenTok's webhooks, the domain's fold, the feed's codec. The other way does as
much as it needs for the same feed, out of the standard library (`pipeline_naive`).
"""

import gc
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from benchmarks.figures import Row, Target, Value
from benchmarks.opentok import CREATED, DESTROYED, event
from benchmarks.pipeline_naive import NaivePipeline
from benchmarks.stage import PROJECT, SOURCE
from moderator.domain.events import Entry, Event
from moderator.domain.fold import fold
from moderator.domain.ids import EventId
from moderator.domain.state import State
from moderator.feed.codec import encode_event
from moderator.providers.provider import Delivery
from moderator.providers.vonage.webhooks import Parser

ROOMS: Final = 500
COUNT: Final = 40_000
PASSES: Final = 5


class Pipeline:
    """The gateway's."""

    def __init__(self) -> None:
        self._parser = Parser(SOURCE, "opentok", PROJECT, None)
        self._state = State()

    def decode(self, body: bytes, now: int) -> list[Event]:
        return self._parser.parse(Delivery({}, body, "127.0.0.1", now))

    def apply(self, events: Sequence[Event], now: int) -> list[Event]:
        entry = Entry(id=EventId(events[0].id), recorded_at=now, events=tuple(events), seq=self._state.seq + 1)
        return fold(self._state, entry)

    def encode(self, events: Sequence[Event]) -> list[bytes]:
        return [encode_event(one) for one in events]


async def measure() -> list[Row]:
    """Medians of several passes, in turns, over the same webhooks."""
    now = time.time_ns() // 1_000_000
    bodies = _bodies(now)
    ours, theirs = [], []
    for _ in range(PASSES):
        ours.append(_pass(Pipeline, bodies, now))
        theirs.append(_pass(NaivePipeline, bodies, now))
    rows: list[Row] = []
    for index, what in enumerate(("decode", "fold", "encode", "all")):
        best, other = (sorted(one[index] for one in times)[PASSES // 2] for times in (ours, theirs))
        rows.append(Value(f"pipeline: {what}", "moderator", best, "us a webhook"))
        rows.append(Value(f"pipeline: {what}", "json, frozen dataclasses, replace", other, "us a webhook"))
    times = rows[-1].value / rows[-2].value if isinstance(rows[-1], Value) and isinstance(rows[-2], Value) else 0.0
    return [*rows, Target("webhooks parsed, folded, encoded", times, "at least", 10, "x")]


def _bodies(now: int) -> list[bytes]:
    """Rooms in turns; each gets two joins, then both leave, then others come."""
    found = []
    for number in range(COUNT):
        room, phase, visit = number % ROOMS, number // ROOMS % 4, number // ROOMS // 4
        name = CREATED if phase < 2 else DESTROYED
        at_s = (now - COUNT + number) / 1000
        found.append(
            event(name, f"2_MX40NjE5OTQxMn5-{visit:03}-{room:05}", f"c053fcc8-{visit}-{room}-{phase % 2}", at_s)
        )
    return found


def _pass(kind: Callable[[], "Pipeline | NaivePipeline"], bodies: Sequence[bytes], now: int) -> tuple[float, ...]:
    """Microseconds of the processor for decoding, folding, encoding one webhook, and for all three."""
    pipeline = kind()
    gc.collect()
    marks = [time.process_time()]
    decoded = [pipeline.decode(body, now) for body in bodies]
    marks.append(time.process_time())
    folded = [pipeline.apply(events, now) for events in decoded]  # type: ignore[arg-type]
    marks.append(time.process_time())
    encoded = [pipeline.encode(events) for events in folded]  # type: ignore[arg-type]
    marks.append(time.process_time())
    assert all(encoded)
    parts = [(after - before) / len(bodies) * 1e6 for before, after in pairwise(marks)]
    return (*parts, sum(parts))
