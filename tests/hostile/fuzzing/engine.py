"""Tries a target with one input after the other; those that reach something new are parents of those that follow."""

import random
import time
from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from tests.hostile.fuzzing.faults import Crash, crash_of, mark_of
from tests.hostile.fuzzing.growth import LIMIT_S, processor_s
from tests.hostile.fuzzing.mutation import mutated
from tests.hostile.fuzzing.reached import Reached
from tests.hostile.fuzzing.target import Target

NEWEST: Final = 20
"""So many of the inputs found last are parents more often than others."""
NEWEST_PART: Final = 0.3
TRACED_PART: Final = 0.3
"""Of the inputs: to follow the lines takes five to ten times as long."""
MOST_CRASHES: Final = 20


class Run(Struct):
    """What came of a target's turn."""

    target: str
    runs: int = 0
    reached: int = 0
    new: int = 0
    """Inputs that reached something that no sample and nothing of the corpus does."""
    slowest_s: float = 0.0
    """As it is traced, which takes several times as long."""
    crashes: list[Crash] = field(default_factory=list)


class Fuzzing:
    """One target, with the inputs that are known to reach something."""

    def __init__(self, target: Target, kept: Sequence[bytes], dice: random.Random) -> None:
        self.target = target
        self.run = Run(target.name)
        self.pool: list[bytes] = []
        """Inputs that each reached something new."""
        self._dice = dice
        self._reached = Reached()
        self._faults: set[str] = set()
        self._samples = list(target.samples())
        for body in sorted((*self._samples, *kept), key=len):  # of two that reach the same, the shorter is the parent
            self._try(body, traced=True)
        self._begun_with = len(self.pool)

    def go_on(self, seconds: float) -> Run:
        """Try changed inputs for so long."""
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at and len(self._faults) < MOST_CRASHES:
            parents = self.pool or self._samples
            newest = self._dice.random() < NEWEST_PART
            body = mutated(self._dice.choice(parents[-NEWEST:] if newest else parents), parents, self._dice)
            self._try(body, traced=self._dice.random() < TRACED_PART)
        self.run.new = len(self.pool) - self._begun_with
        self.run.reached = len(self._reached.known)
        return self.run

    def _try(self, body: bytes, *, traced: bool) -> None:
        self.run.runs += 1
        begun_s = time.process_time()
        try:
            if traced:
                self._follow(body)
            else:
                list(self.target.check(body))
            took_s = time.process_time() - begun_s
            if took_s > LIMIT_S and (untraced_s := processor_s(self.target, body)) > LIMIT_S:
                raise AssertionError(f"takes {untraced_s:.0f} s")
        except Exception as error:  # noqa: BLE001 - any is a find
            self._note(body, error)
        else:
            self.run.slowest_s = max(self.run.slowest_s, took_s)

    def _follow(self, body: bytes) -> None:
        if self._reached.by(self.target, body):
            self.pool.append(body)

    def _note(self, body: bytes, error: Exception) -> None:
        mark = mark_of(error)
        if mark not in self._faults:
            self._faults.add(mark)
            self.run.crashes.append(crash_of(self.target, body, error))
