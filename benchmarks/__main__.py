"""`python -m benchmarks [NAME...]`: benchmarks, each beside the naive way in the same run, as one table."""

import argparse
import asyncio
from collections.abc import Sequence

from benchmarks import desktop, feed, ingest, jetstream, lateness, pipeline, reaction, table
from benchmarks.figures import Row
from benchmarks.figures import table as as_table

BENCHMARKS = {
    "ingest": ingest,
    "reaction": reaction,
    "lateness": lateness,
    "pipeline": pipeline,
    "feed": feed,
    "jetstream": jetstream,
    "desktop": desktop,
    "table": table,
}


async def main(names: Sequence[str]) -> None:
    """Run these benchmarks, one after the other."""
    rows: list[Row] = []
    for name in names:
        print(f"running {name} ...", flush=True)
        rows += await BENCHMARKS[name].measure()
    print(as_table(rows))


def _names() -> list[str]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure how quickly things are done.")
    every = ", ".join(BENCHMARKS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which to run, of {every}; default: all")
    names: list[str] = parser.parse_args().names
    if unknown := [name for name in names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]!r}: choose of {every}")
    return names or list(BENCHMARKS)


if __name__ == "__main__":
    asyncio.run(main(_names()))
