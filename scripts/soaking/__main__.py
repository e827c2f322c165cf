"""Runs the world for some minutes, prints a table, and ends with status 1 where something grew."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final

import psutil

from scripts.soaking.sampling import Sample, Watched
from scripts.soaking.verdict import complaints, slope, warm
from scripts.soaking.world import running

EVERY_S: Final = 3.0
LINES: Final = 10
"""Of the table, for each process."""
BROKEN_OFF: Final = 130
"""The exit status after Ctrl+C, as shells count it."""


async def soak(minutes: float, rooms: int, speed: float, folder: Path) -> list[str]:
    """Returns what grew, as sentences. Raises OSError when it cannot run."""
    async with running(folder, rooms, speed) as watched:
        began = time.monotonic()
        while (now := time.monotonic() - began) < minutes * 60:
            for one in watched:
                try:
                    one.sample(now)
                except psutil.NoSuchProcess:
                    print(last_words(folder), file=sys.stderr)
                    return [f"{one.name}: it ended after {now:.0f} s"]
            await asyncio.sleep(EVERY_S)
    for one in watched:
        print_table(one)
    return [complaint for one in watched for complaint in complaints(one.name, one.samples)]


def last_words(folder: Path) -> str:
    """The ends of what the programs wrote into their logs."""
    return "\n".join(f"{log.name}:\n{log.read_text('utf-8', 'replace')[-4_000:]}" for log in folder.glob("*.log"))


def print_table(watched: Watched) -> None:
    """The course of one process, and what became of it."""
    samples = watched.samples
    kinds = list(samples[-1].counts())
    print(f"\n{watched.name}")
    print("".join(f"{title:>12}" for title in ("s", "MB", *kinds)) + "   sockets")
    for sample in samples[:: max(1, len(samples) // LINES)]:
        print(_line(sample, kinds))
    counted = warm(samples)
    took_s = counted[-1].at_s - counted[0].at_s
    rise = slope(counted, lambda sample: sample.rss_mb) * took_s
    size = median(sample.rss_mb for sample in counted)
    print(f"after {counted[0].at_s:.0f} s: {size:.0f} MB in the median, {rise:+.1f} MB within {took_s:.0f} s")


def _line(sample: Sample, kinds: Sequence[str]) -> str:
    counts = "".join(f"{sample.counts().get(kind, 0):>12}" for kind in kinds)
    states = ", ".join(f"{count} {state.lower()}" for state, count in sorted(sample.states.items()))
    return f"{sample.at_s:>12.0f}{sample.rss_mb:>12.1f}{counts}   {states}"


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (%(default)g)")
    parser.add_argument("--rooms", type=int, default=500, help="rooms at a time (%(default)s)")
    parser.add_argument("--speed", type=float, default=10.0, help="how much quicker than in life (%(default)g)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="moderator-soak-") as folder:
        try:
            found = asyncio.run(soak(arguments.minutes, arguments.rooms, arguments.speed, Path(folder)))
        except KeyboardInterrupt:
            print("\nsoak: broken off; nothing can be said", file=sys.stderr)
            return BROKEN_OFF
    nothing = f"\nsoak: nothing grew by more than is chance within {arguments.minutes:g} minutes"
    print("".join(f"\nsoak: {complaint}" for complaint in found) or nothing)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
