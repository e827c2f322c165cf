"""Nothing grows when everything runs for long; and what is looked at for that tells growth from chance."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from scripts.soaking.sampling import Sample
from scripts.soaking.verdict import complaints, slope

MINUTES = 5


def course(mb: Callable[[float], float], tasks: Callable[[float], float] = lambda s: 20) -> list[Sample]:
    """Five minutes of one process, where nothing is ever the same twice."""
    dice = random.Random(1)
    return [
        Sample(s, mb(s) + dice.uniform(-3, 3), 30, 7, {}, {"tasks": round(tasks(s) + dice.randrange(6))})
        for s in range(0, 300, 3)
    ]


def test_what_settles_does_not_grow() -> None:
    assert complaints("gateway", course(lambda s: 60 + 40 * min(1.0, s / 100))) == []


def test_a_peak_is_no_growth() -> None:
    assert (
        complaints("gateway", course(lambda s: 300 if 200 < s < 230 else 100, lambda s: 90 if 200 < s < 230 else 20))
        == []
    )


def test_a_leak_is_told_with_how_much() -> None:
    (complaint,) = complaints("desktop", course(lambda s: 100 + s / 10))
    assert complaint.startswith("desktop: memory grew by 1")


def test_tasks_that_are_never_done_are_told() -> None:
    (complaint,) = complaints("gateway", course(lambda s: 100, lambda s: s / 3))
    assert complaint.startswith("gateway: tasks went from ")


def test_a_slope_is_by_the_second() -> None:
    assert slope(course(lambda s: 2 * s), lambda sample: sample.rss_mb) == pytest.approx(2, rel=0.05)


def test_of_too_little_nothing_is_said() -> None:
    assert "too few samples" in complaints("gateway", course(lambda s: 100)[:5])[0]


def test_a_window_without_rooms_is_none() -> None:
    seen = [replace(one, told={"rows": 0}) for one in course(lambda s: 100)]
    assert complaints("desktop", seen) == ["desktop: it shows no rooms"]


@pytest.mark.soak
@pytest.mark.timeout(MINUTES * 60 + 120)
@pytest.mark.skipif(os.environ.get("CI") != "true", reason=f"takes {MINUTES} minutes: run scripts/soak")
def test_nothing_grows() -> None:
    words = [sys.executable, "-m", "scripts.soaking", "--minutes", str(MINUTES)]
    ran = subprocess.run(words, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
