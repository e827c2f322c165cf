"""How the time that a target takes grows with its input: a webhook may have 512 KiB, of any shape."""

import gc
import time
from collections.abc import Iterator
from typing import Final

from tests.hostile.fuzzing.faults import words_of
from tests.hostile.fuzzing.shapes import LARGE, SMALL, grown
from tests.hostile.fuzzing.target import Target

LIMIT_S: Final = 1.0
"""Of processor time, for any one input."""
QUICK_S: Final = 0.1
"""Of processor time: what takes less at full size may grow as it likes."""
MOST_GROWTH: Final = 8.0
"""For four times the input: four would be linear, sixteen quadratic."""


def slow_shapes(target: Target, samples: int = 2) -> Iterator[str]:
    """What takes too long at full size, or far longer than a quarter of it does; in words."""
    for sample in target.samples()[:samples]:
        for (what, small), (_, large) in zip(grown(sample, SMALL), grown(sample, LARGE), strict=True):
            try:
                problem = _problem(target, small, large)
            except Exception as error:  # noqa: BLE001 - any is a find
                problem = words_of(error)
            if problem:
                yield f"{target.name}, {what}: {problem}"


def _problem(target: Target, small: bytes, large: bytes) -> str:
    took_s = processor_s(target, large)
    if took_s > LIMIT_S:
        return f"takes {took_s:.1f} s"
    growth = took_s / max(processor_s(target, small), 1e-6) if took_s > QUICK_S else 0.0
    return f"takes {growth:.1f} times as long for four times as much" if growth > MOST_GROWTH else ""


def processor_s(target: Target, body: bytes) -> float:
    """What the check takes, the shortest of three times; turns of the garbage collector would hide how it grows."""
    times = []
    gc.disable()
    try:
        for _ in range(3):
            begun_s = time.process_time()
            list(target.check(body))
            times.append(time.process_time() - begun_s)
            if times[-1] < QUICK_S:
                break
    finally:
        gc.enable()
    return min(times)
